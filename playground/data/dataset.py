"""A data set is a value: points, their labels, and the names of both."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples and their labels.

    `x` is (n, d) float64. `y` is (n,): float64 for regression, int64 in 0..k-1 for classification.
    `class_names[c]` names class c; a regression has none.
    """

    x: np.ndarray
    y: np.ndarray
    kind: str  # "classification" or "regression"
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()

    @property
    def n_classes(self) -> int:
        return len(self.class_names)
