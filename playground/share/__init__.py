"""Taking an experiment along: links."""
