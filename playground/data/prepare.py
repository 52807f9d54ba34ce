"""Before training: choose features, set a test part aside, and scale by what the training part alone reveals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from playground.data.dataset import Dataset
from playground.data.features import expand
from playground.engine.checks import check_whole


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Data as the network sees it (`*_x`, features standardised) and as the plane shows it (`*_points`, raw)."""

    train_x: np.ndarray  # (n_train, features)
    train_y: np.ndarray  # (n_train,)
    test_x: np.ndarray  # (n_test, features)
    test_y: np.ndarray  # (n_test,)
    train_points: np.ndarray  # (n_train, 2)
    test_points: np.ndarray  # (n_test, 2)
    features: tuple[str, ...]
    scaler: StandardScaler

    def inputs(self, points: ArrayLike) -> np.ndarray:
        """What the network sees of any raw points (..., 2) of the plane: (m, features), m the number of points."""
        return _inputs(points, self.features, self.scaler)


def prepare(dataset: Dataset, features: Sequence[str] = ("x1", "x2"), split: int = 50, seed: int = 0) -> Prepared:
    """Split off `split` percent (10 to 90) for training, expand the features, standardise by the training part.

    Each class keeps its share in both parts when it has members enough; each part gets at least one sample.
    Raises ValueError for a bad split, seed or feature, and for a data set too small to split.
    """
    check_whole("split", split, 10, 90)
    check_whole("seed", seed, 0)
    train_points, test_points, train_y, test_y = _part(dataset, split, seed)
    features = tuple(features)
    scaler = StandardScaler().fit(expand(train_points, features))
    train_x, test_x = _inputs(train_points, features, scaler), _inputs(test_points, features, scaler)
    return Prepared(train_x, train_y, test_x, test_y, train_points, test_points, features, scaler)


def _inputs(points: ArrayLike, features: tuple[str, ...], scaler: StandardScaler) -> np.ndarray:
    return scaler.transform(expand(points, features).reshape(-1, len(features)))


def _part(dataset: Dataset, split: int, seed: int) -> list[np.ndarray]:
    n = len(dataset.x)
    if n < 2:
        raise ValueError(f"dataset must have at least 2 samples, one to train on and one to test on, not {n}.")
    n_train = min(max(round(n * split / 100), 1), n - 1)
    return train_test_split(
        dataset.x,
        dataset.y,
        train_size=n_train,
        test_size=n - n_train,
        stratify=dataset.y if _can_stratify(dataset, n_train) else None,
        random_state=int(np.random.default_rng((seed, *b"split")).integers(2**32)),
    )


def _can_stratify(dataset: Dataset, n_train: int) -> bool:
    if dataset.kind == "regression":
        return False
    members = np.unique_counts(dataset.y).counts
    return members.min() >= 2 and len(members) <= min(n_train, len(dataset.y) - n_train)
