"""What real data suffer from, done to toy data on purpose: one class too small, labels that lie, points far off."""

from collections.abc import Callable

import numpy as np

from playground.data.shapes import Points

NEAR, FAR = 9.0, 12.0  # an outlier's distance from the origin: just past the corners of the plane shown


def balanced(draw: Callable[[int], Points], n: int, k: int, percent: float, rng: np.random.Generator) -> Points:
    """n of the points that `draw(m)` makes: `percent` of them in class 0, the rest evenly in the other k − 1 classes.

    No class is left without a sample.
    """
    wanted = _wanted(n, k, percent)
    x, y = _enough(draw, wanted)
    rows = [rng.choice(np.flatnonzero(y == label), wanted[label], replace=False) for label in range(k)]
    return x[np.concatenate(rows)], y[np.concatenate(rows)]


def _enough(draw: Callable[[int], Points], wanted: np.ndarray) -> Points:
    """So many points that each class has at least as many as wanted."""
    m = wanted.sum()
    while True:
        m *= 2
        x, y = draw(m)
        if (np.bincount(y.astype(int), minlength=len(wanted)) >= wanted).all():
            return x, y


def _wanted(n: int, k: int, percent: float) -> np.ndarray:
    first = min(max(round(n * percent / 100), 1), n - (k - 1))
    rest = n - first
    return np.array([first, *(rest // (k - 1) + (i < rest % (k - 1)) for i in range(k - 1))])


def mislabelled(y: np.ndarray, k: int, percent: float, rng: np.random.Generator) -> np.ndarray:
    """y with that share of its labels replaced by another class; a larger share replaces the same ones and more."""
    rows = _chosen(len(y), percent, rng)
    wrong = y.copy()
    wrong[rows] = (y[rows] + rng.integers(1, k, len(y))[: len(rows)]) % k
    return wrong


def strayed(x: np.ndarray, percent: float, rng: np.random.Generator) -> np.ndarray:
    """x (n, 2) with that share of its points moved out of the plane shown, in any direction."""
    rows = _chosen(len(x), percent, rng)
    radius, angle = rng.uniform(NEAR, FAR, len(x)), rng.uniform(0, 2 * np.pi, len(x))
    far = x.copy()
    far[rows] = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)[: len(rows)]
    return far


def jumped(y: np.ndarray, percent: float, rng: np.random.Generator) -> np.ndarray:
    """The values y (n,) with that share of them moved up or down by 5 to 8 times their standard deviation."""
    rows = _chosen(len(y), percent, rng)
    jump = y.std() * rng.uniform(5, 8, len(y)) * rng.choice([-1, 1], len(y))
    far = y.copy()
    far[rows] += jump[: len(rows)]
    return far


def _chosen(n: int, percent: float, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(n)[: round(n * percent / 100)]
