"""Logic gates as data: four points, the corners of a square, and what a gate makes of two bits."""

import numpy as np

from playground.data.dataset import Dataset
from playground.engine.checks import check_choice

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}  # a label for each corner


def gate(name: str) -> Dataset:
    """The gate `name`, a key of `GATES`: x (4, 2) and y (4,), both 0 or 1. Raises ValueError for another name."""
    check_choice("gate", name, GATES)
    x, y = np.array(CORNERS, float), np.array(GATES[name], np.int64)
    return Dataset(x, y, "classification", ("x1", "x2"), ("0", "1"))
