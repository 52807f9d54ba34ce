"""A visual neural network playground: a step-able NumPy engine and the pages that show it at work."""

VERSION = "1.0"  # of the app; the only place where it is written
