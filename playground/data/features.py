"""Features: what the network sees of a point, from plain coordinates to curved ones that make a hard task easy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from playground.engine.checks import check_choice


@dataclass(frozen=True, slots=True)
class Feature:
    """A number computed from each point: `f` maps (..., 2) to (...)."""

    label: str
    f: Callable[[np.ndarray], np.ndarray]


FEATURES = {
    "x1": Feature("x₁", lambda x: x[..., 0]),
    "x2": Feature("x₂", lambda x: x[..., 1]),
    "x1sq": Feature("x₁²", lambda x: x[..., 0] ** 2),
    "x2sq": Feature("x₂²", lambda x: x[..., 1] ** 2),
    "x1x2": Feature("x₁x₂", lambda x: x[..., 0] * x[..., 1]),
    "sinx1": Feature("sin x₁", lambda x: np.sin(x[..., 0])),
    "sinx2": Feature("sin x₂", lambda x: np.sin(x[..., 1])),
}


def expand(x: ArrayLike, keys: Sequence[str]) -> np.ndarray:
    """The chosen features of the points x (n, 2), one column each in the order of `keys`: (n, len(keys)).

    More leading axes are kept. Raises ValueError for no key, an unknown or repeated key, and x without 2 columns.
    """
    x = np.asarray(x, dtype=float)
    if x.shape[-1:] != (2,):
        raise ValueError(f"x must have 2 columns, one row a point, not the shape {x.shape}.")
    _check_keys(keys)
    return np.stack([FEATURES[key].f(x) for key in keys], axis=-1)


def _check_keys(keys: Sequence[str]) -> None:
    if not keys:
        raise ValueError(f"features must name at least one of {', '.join(FEATURES)}, not none.")
    for key in keys:
        check_choice("features", key, FEATURES)
    if len(set(keys)) < len(keys):
        raise ValueError(f"features must name each feature once, not {', '.join(keys)}.")
