"""Which samples a network trains on, which it is measured by, and which labels it may know."""

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from playground.data.dataset import Dataset
from playground.engine.checks import check_number, check_whole

Rows = np.ndarray  # (m,) int, positions in a data set

PURPOSE = "one to train on"


def split_rows(dataset: Dataset, split: int = 50, seed: int = 0, validation: int = 0) -> tuple[Rows, Rows, Rows]:
    """The rows of the training, validation and test part, `split` and `validation` in percent of all samples.

    Each class keeps its share in every part when it has members enough; training and test, and validation where it is
    asked for, get at least one sample, and the training part two classes. It does not depend on the share for
    validation.
    """
    check_whole("split", split, 10, 90)
    check_whole("seed", seed, 0)
    check_whole("validation", validation, 0, 50)
    if split + validation > 95:
        raise ValueError(f"validation must leave 5 percent to test on beside a split of {split}, not be {validation}.")
    n, purposes = len(dataset.x), [PURPOSE, f"{PURPOSE}, one to validate with"][validation > 0]
    if n < (parts := 3 if validation else 2):
        raise ValueError(f"dataset must have at least {parts} samples, {purposes} and one to test on, not {n}.")
    train, rest = _parted(dataset, np.arange(n), _count(n, split, parts - 1), (seed, *b"split"))
    train, rest = _with_two_classes(dataset, train, rest)
    if not validation:
        return train, rest[:0], rest
    return train, *_parted(dataset, rest, min(_count(n, validation, 1), len(rest) - 1), (seed, *b"validation"))


def split_in_turn(dataset: Dataset, split: int = 50, validation: int = 0) -> tuple[Rows, Rows, Rows]:
    """`split_rows` for samples that come one by one: those of a class go to the parts in turn, in fixed shares.

    A sample that is added changes nothing about those before it.
    """
    check_whole("split", split, 10, 90)
    check_whole("validation", validation, 0, 50)
    n = len(dataset.x)
    if n < 2:
        raise ValueError(f"dataset must have at least 2 samples, {PURPOSE} and one to test on, not {n}.")
    train = _in_turn(dataset, np.arange(n), split / 100)
    train[-1] &= not train.all()
    rest = np.flatnonzero(~train)
    chosen = _in_turn(dataset, rest, min(validation / (100 - split), 1)) if validation else np.zeros(len(rest), bool)
    chosen[-1:] = False
    return np.flatnonzero(train), rest[chosen], rest[~chosen]


def _in_turn(dataset: Dataset, rows: Rows, share: float) -> np.ndarray:
    """Which of the rows are chosen, so that of the first m of each class as near to m·share are as can be."""
    labels = dataset.y[rows] if dataset.n_classes else np.zeros(len(rows), int)
    chosen = np.zeros(len(rows), bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        counted = np.ceil(np.arange(len(members) + 1) * share - 1e-9)
        chosen[members] = np.diff(counted) > 0
    return chosen


def folds(dataset: Dataset, k: int = 5, seed: int = 0) -> list[tuple[Rows, Rows]]:
    """k ways to part the rows in training and test: each row is in the test part of exactly one of them.

    Each class is spread evenly over the folds when it has at least k members. `k` is 2 to 20, at most the samples.
    """
    check_whole("k", k, 2, min(20, max(2, len(dataset.x))))
    check_whole("seed", seed, 0)
    if len(dataset.x) < k:
        raise ValueError(f"dataset must have at least {k} samples, one for each fold, not {len(dataset.x)}.")
    way = StratifiedKFold if _members(dataset, np.arange(len(dataset.y))).min() >= k else KFold
    return list(way(k, shuffle=True, random_state=_state((seed, *b"folds"))).split(dataset.x, dataset.y))


def known_labels(y: np.ndarray, share: float = 100, seed: int = 0, classes: int = 0) -> np.ndarray:
    """Which of the labels y (n,) a learner may know: a mask (n,), true for `share` percent of them.

    100 hides none and 0 hides all; for any share above that at least one is known, and one of each class where y are
    `classes`. With a larger share the labels known before stay known.
    """
    check_number("share", share, 0, 100)
    check_whole("seed", seed, 0)
    order = np.random.default_rng((seed, *b"labels")).permutation(len(y))
    first = np.unique(y[order], return_index=True)[1] if classes else np.zeros(1, int)
    order = np.concatenate([order[first], np.delete(order, first)])
    known = np.zeros(len(y), bool)
    known[order[: max(round(len(y) * share / 100), len(first) if share else 0)]] = True
    return known


def _count(n: int, percent: int, others: int) -> int:
    return min(max(round(n * percent / 100), 1), n - others)


def _parted(dataset: Dataset, rows: Rows, first: int, seed: tuple[int, ...]) -> tuple[Rows, Rows]:
    members = _members(dataset, rows)
    evenly = members.min() >= 2 and len(members) <= min(first, len(rows) - first)
    labels = dataset.y[rows] if evenly else None
    one, other = train_test_split(
        rows, train_size=first, test_size=len(rows) - first, stratify=labels, random_state=_state(seed)
    )
    return one, other


def _with_two_classes(dataset: Dataset, train: Rows, rest: Rows) -> tuple[Rows, Rows]:
    """Exchange one sample where those to train with would leave nothing to tell apart."""
    others = np.flatnonzero(dataset.y[rest] != dataset.y[train[0]])
    if dataset.kind == "classification" and len(train) > 1 and len(others) and np.ptp(dataset.y[train]) == 0:
        train, rest = train.copy(), rest.copy()
        train[-1], rest[others[0]] = rest[others[0]], train[-1]
    return train, rest


def _members(dataset: Dataset, rows: Rows) -> np.ndarray:
    """How many of the rows each class has; for a regression no class has enough of them to be kept even."""
    if dataset.kind == "regression":
        return np.zeros(1, int)
    return np.unique_counts(dataset.y[rows]).counts


def _state(seed: tuple[int, ...]) -> int:
    return int(np.random.default_rng(seed).integers(2**32))
