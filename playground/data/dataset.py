"""A data set is a value: points, their labels, and the names of both."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

PLANE = ("x1", "x2")  # the inputs of points in the plane
LINE = ("x1",)  # the input of points on a line


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples and their labels.

    `x` is (n, d) float64. `y` is (n,): float64 for regression, int64 in 0..k-1 for classification.
    `class_names[c]` names class c; a regression has none. Names that come from a file are text, whatever they contain:
    show them as text, or through `playground.data.words.shown`.

    `curve`, where it is known, is the value without noise: of data on a line, a function of x1 that keeps its shape.
    """

    x: np.ndarray
    y: np.ndarray
    kind: str  # "classification" or "regression"
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    curve: Callable[[np.ndarray], np.ndarray] | None = None

    def fingerprint(self) -> str:
        """A word that tells this data set from others."""
        names = (self.x.shape, self.kind, self.feature_names, self.class_names)
        return sha256(repr(names).encode() + self.x.tobytes() + self.y.tobytes()).hexdigest()[:16]

    @property
    def n_classes(self) -> int:
        return len(self.class_names)
