"""Before training: choose inputs, set a test part aside, and scale by what the training part alone reveals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import TransformerMixin
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from playground.data.dataset import PLANE, Dataset
from playground.data.features import expand
from playground.data.splitting import Rows, split_rows
from playground.engine.checks import check_choice

SCALINGS = {
    "standardise": StandardScaler,  # mean 0, deviation 1
    "min-max": MinMaxScaler,  # smallest 0, largest 1
    "robust": RobustScaler,  # median 0, the middle half 1 wide: outliers have no say
    "none": partial(StandardScaler, with_mean=False, with_std=False),
}


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Data as the network sees it (`*_x`, features scaled) and as it was (`*_points`, the columns of the data set).

    The validation part is empty unless it was asked for.
    """

    train_x: np.ndarray  # (n_train, features)
    train_y: np.ndarray  # (n_train,)
    test_x: np.ndarray  # (n_test, features)
    test_y: np.ndarray  # (n_test,)
    train_points: np.ndarray  # (n_train, d)
    test_points: np.ndarray  # (n_test, d)
    features: tuple[str, ...]
    scaler: TransformerMixin
    columns: tuple[str, ...]  # the names of the d columns
    validation_x: np.ndarray  # (n_validation, features)
    validation_y: np.ndarray  # (n_validation,)
    validation_points: np.ndarray  # (n_validation, d)

    def inputs(self, points: ArrayLike) -> np.ndarray:
        """What the network sees of any raw points (..., d): (m, features), m the number of points."""
        return _inputs(points, self.columns, self.features, self.scaler)


def prepare(
    dataset: Dataset,
    features: Sequence[str] | None = None,
    split: int = 50,
    seed: int = 0,
    *,
    scaling: str = "standardise",
    validation: int = 0,
) -> Prepared:
    """Split off `split` percent (10 to 90) for training, choose the features, scale by the training part.

    `features` are keys of `FEATURES` for points in the plane, and names of columns for any other data set; `None`
    takes the columns as they are. `scaling` is a key of `SCALINGS`. `validation` percent (0 to 50) are set aside from
    the test part. Each class keeps its share in every part when it has members enough; each gets at least one sample.
    Raises ValueError for a bad choice, and for a data set too small to split.
    """
    return prepare_rows(dataset, *split_rows(dataset, split, seed, validation), features, scaling)


def prepare_rows(
    dataset: Dataset,
    train: Rows,
    validation: Rows,
    test: Rows,
    features: Sequence[str] | None = None,
    scaling: str = "standardise",
) -> Prepared:
    """`prepare` for parts that are already chosen, such as one of `folds`."""
    check_choice("scaling", scaling, SCALINGS)
    columns = dataset.feature_names
    features = columns if features is None else tuple(features)
    x, y = dataset.x, dataset.y
    scaler = SCALINGS[scaling]().fit(_seen(x[train], columns, features))
    train_x, validation_x, test_x = (
        _inputs(x[rows], columns, features, scaler) if len(rows) else np.empty((0, len(features)))
        for rows in (train, validation, test)
    )
    return Prepared(
        train_x,
        y[train],
        test_x,
        y[test],
        x[train],
        x[test],
        features,
        scaler,
        columns,
        validation_x,
        y[validation],
        x[validation],
    )


def _inputs(
    points: ArrayLike, columns: tuple[str, ...], features: tuple[str, ...], scaler: TransformerMixin
) -> np.ndarray:
    return scaler.transform(_seen(points, columns, features).reshape(-1, len(features)))


def _seen(points: ArrayLike, columns: tuple[str, ...], features: tuple[str, ...]) -> np.ndarray:
    """The features of the points (..., d), unscaled: (..., features)."""
    if columns == PLANE:
        return expand(points, features)
    points = np.asarray(points, dtype=float)
    if points.shape[-1:] != (len(columns),):
        raise ValueError(f"x must have {len(columns)} columns, one row a point, not the shape {points.shape}.")
    return np.take(points, _positions(columns, features), axis=-1)


def _positions(columns: tuple[str, ...], features: tuple[str, ...]) -> list[int]:
    if not features:
        raise ValueError("features must name at least one column, not none.")
    for name in features:
        check_choice("features", name, columns)
    if len(set(features)) < len(features):
        raise ValueError(f"features must name each column once, not {', '.join(features)}.")
    return [columns.index(name) for name in features]
