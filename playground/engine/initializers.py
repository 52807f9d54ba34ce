"""Where the weights start: drawn so that signals neither fade nor explode, or not drawn at all."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Initializer:
    """`weights(rng, fan_in, fan_out)` gives the matrix (fan_in, fan_out); every bias starts at `bias`."""

    name: str
    weights: Callable[[np.random.Generator, int, int], np.ndarray]
    bias: float = 0.0


def _xavier(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))  # Glorot & Bengio, AISTATS 2010, equation 16
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def _he(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))  # He et al., ICCV 2015, equation 10


INITIALIZERS = {
    "xavier": Initializer("Xavier", _xavier),
    "he": Initializer("He", _he),
    "uniform": Initializer("uniform ±½", lambda rng, i, o: rng.uniform(-0.5, 0.5, (i, o)), bias=0.1),
    "zeros": Initializer("zeros", lambda rng, i, o: np.zeros((i, o))),
}
