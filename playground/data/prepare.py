"""Before training: choose inputs, set a test part aside, and scale by what the training part alone reveals."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import TransformerMixin
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from playground.data.dataset import LINE, PLANE, Dataset
from playground.data.features import expand
from playground.data.splitting import Rows, split_rows
from playground.engine.checks import check_choice

Scaler = TransformerMixin
SCALINGS = {
    "standardise": StandardScaler,  # mean 0, deviation 1
    "min-max": MinMaxScaler,  # smallest 0, largest 1
    "robust": RobustScaler,  # median 0, the middle half 1 wide: outliers have no say
    "none": partial(StandardScaler, with_mean=False, with_std=False),
}
LEARNED = {  # all that a fitted scaler goes by when it scales: an offset and a scale (features,)
    StandardScaler: ("mean_", "scale_"),
    MinMaxScaler: ("min_", "scale_"),
    RobustScaler: ("center_", "scale_"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some samples of a data set: as the network sees them, as they were, and what is asked of them."""

    x: np.ndarray  # (n, features), scaled
    y: np.ndarray  # (n,), scaled where the target is
    points: np.ndarray  # (n, d), the columns of the data set


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A data set made ready to learn from: its parts, and how it was scaled.

    `validation` is empty unless it was asked for. `unlabelled` are those to train with whose label stays hidden.
    """

    train: Part
    test: Part
    validation: Part
    unlabelled: Part
    features: tuple[str, ...]
    scaler: Scaler
    target: StandardScaler
    columns: tuple[str, ...]  # the names of the d columns

    def inputs(self, points: ArrayLike) -> np.ndarray:
        """What the network sees of any raw points (..., d): (m, features), m the number of points."""
        return _inputs(points, self.columns, self.features, self.scaler)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the network is measured by: training part, test part, and validation part where there is one."""
        return (self.train, self.test, self.validation)[: 3 if len(self.validation.y) else 2]


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
    return prepare_rows(dataset, *split_rows(dataset, split, seed, validation), features=features, scaling=scaling)


def prepare_rows(
    dataset: Dataset,
    train: Rows,
    validation: Rows,
    test: Rows,
    *,
    unlabelled: Rows = (),
    features: Sequence[str] | None = None,
    scaling: str = "standardise",
    scaler: Scaler | None = None,
) -> Prepared:
    """`prepare` for parts that are already chosen, such as one of `folds`.

    `unlabelled` rows are trained with, but their labels are not known; their inputs count for the scale. Values in
    units of their own, which a table has and a toy data set has not, are standardised as inputs are. A `scaler` that is
    given has been fitted before.
    """
    check_choice("scaling", scaling, SCALINGS)
    columns = dataset.feature_names
    features = columns if features is None else tuple(features)
    unlabelled = np.asarray(unlabelled, int)
    fitted = scaler or SCALINGS[scaling]().fit(_seen(dataset.x[np.append(train, unlabelled)], columns, features))
    raw = dataset.n_classes or columns in (PLANE, LINE) or scaling == "none"
    target = StandardScaler(with_mean=not raw, with_std=not raw).fit(dataset.y[train][:, None])

    def part(rows: Rows) -> Part:
        points, y = dataset.x[rows], dataset.y[rows]
        x = _inputs(points, columns, features, fitted) if len(rows) else np.empty((0, len(features)))
        return Part(x, y if raw or not len(rows) else target.transform(y[:, None])[:, 0], points)

    parts = map(part, (train, test, validation, unlabelled))
    return Prepared(*parts, features, fitted, target, columns)


def learned(scaler: Scaler) -> tuple[np.ndarray, np.ndarray] | None:
    """Offset and scale (features,) of a fitted scaler; None where it leaves all as it is."""
    offset, scale = (getattr(scaler, name) for name in LEARNED[type(scaler)])
    return None if scale is None else (offset, scale)


def with_learned(scaler: Scaler, offset: np.ndarray, scale: np.ndarray) -> Scaler:
    """A scaler of the same kind that goes by another offset and scale (features,)."""
    other = copy(scaler)
    for name, values in zip(LEARNED[type(scaler)], (offset, scale), strict=True):
        setattr(other, name, values)
    return other


def _inputs(points: ArrayLike, columns: tuple[str, ...], features: tuple[str, ...], scaler: Scaler) -> np.ndarray:
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
