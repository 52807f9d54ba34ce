"""A flat picture of data with many inputs: a plane laid through them, and the way there and back."""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from playground.engine.checks import check_whole

MARGIN = 0.1  # of the range of the data, left free around them


@dataclass(frozen=True, slots=True, eq=False)
class PlaneView:
    """A plane in the space of d inputs: what to draw of samples, and which inputs a place of the picture stands for.

    `lift` and `project` are affine, and projecting what was lifted gives it back.
    """

    origin: np.ndarray  # (d,), the inputs at (0, 0)
    out: np.ndarray  # (2, d), what a step of 1 along each axis of the plane does to the inputs
    back: np.ndarray  # (d, 2), what a step of 1 in each input does on the plane
    columns: tuple[int, int] | None = None  # the two inputs that are the axes; None for principal components

    def lift(self, points: np.ndarray) -> np.ndarray:
        """The inputs (..., d) at points (..., 2) of the plane."""
        return self.origin + np.asarray(points, float) @ self.out

    def project(self, x: np.ndarray) -> np.ndarray:
        """Where inputs x (..., d) lie on the plane, seen straight from above: (..., 2)."""
        return (np.asarray(x, float) - self.origin) @ self.back

    def window(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lower left and upper right corner (2,) of a picture that shows all of x (n, d), with a margin."""
        places = self.project(x)
        low, high = places.min(axis=0), places.max(axis=0)
        rim = np.where(high > low, MARGIN * (high - low), 1.0)
        return low - rim, high + rim


def plane_of_columns(train: np.ndarray, first: int, second: int) -> PlaneView:
    """The plane of two different inputs, all others held at their mean over `train` (n, d)."""
    d = _width(train)
    check_whole("first", first, 0, d - 1)
    check_whole("second", second, 0, d - 1)
    if first == second:
        raise ValueError(f"second must be another column than first, not {second} again.")
    out = np.eye(d)[[first, second]]
    origin = np.where(out.any(axis=0), 0.0, train.mean(axis=0))
    return PlaneView(origin, out, out.T, (first, second))


def plane_of_components(train: np.ndarray) -> tuple[PlaneView, float]:
    """The plane of the first two principal components of `train` (n, d), and their share of the variance.

    Each input is measured in its standard deviations.
    """
    _width(train)
    scaler = StandardScaler().fit(train)
    with np.errstate(invalid="ignore"):  # rows that are all alike have no variance to share
        pca = PCA(2, svd_solver="full").fit(scaler.transform(train))
    origin = scaler.inverse_transform(pca.mean_[None])[0]
    plane = PlaneView(origin, pca.components_ * scaler.scale_, (pca.components_ / scaler.scale_).T)
    return plane, float(np.nan_to_num(pca.explained_variance_ratio_.sum(), nan=1.0))


def _width(train: np.ndarray) -> int:
    n, d = train.shape
    if n < 2 or d < 2:
        raise ValueError(f"train must have at least 2 rows and 2 columns to lay a plane through, not {n} and {d}.")
    return d
