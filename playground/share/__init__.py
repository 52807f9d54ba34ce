"""Taking an experiment along: as a link, or as a file of the whole run; and links of TensorFlow Playground."""
