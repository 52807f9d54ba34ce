"""A visual neural network playground: a step-able NumPy engine and the pages that show it at work."""
