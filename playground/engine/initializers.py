"""Where the weights start: drawn so that signals neither fade nor explode, or not drawn at all."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Draw = Callable[[np.random.Generator, int, int], Array]


@dataclass(frozen=True, slots=True)
class Initializer:
    """`weights(rng, fan_in, fan_out)` gives the matrix (fan_in, fan_out); every bias starts at `bias`.

    `note` is one sentence a learner understands.
    """

    name: str
    weights: Draw
    note: str
    bias: float = 0.0


def _normal(variance: Callable[[int, int], float]) -> Draw:
    return lambda rng, i, o: rng.normal(0, np.sqrt(variance(i, o)), (i, o))


def _uniform(variance: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        limit = np.sqrt(3 * variance(fan_in, fan_out))  # the variance of U(−limit, limit) is limit²/3
        return rng.uniform(-limit, limit, (fan_in, fan_out))

    return draw


def _xavier(fan_in: int, fan_out: int) -> float:
    return 2 / (fan_in + fan_out)  # Glorot & Bengio, AISTATS 2010, equations 12 and 16


def _he(fan_in: int, fan_out: int) -> float:
    return 2 / fan_in  # He et al., ICCV 2015, equation 10


def _lecun(fan_in: int, fan_out: int) -> float:
    return 1 / fan_in  # LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998, equation 16


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
    """Orthonormal rows, or columns where those are fewer: Saxe, McClelland & Ganguli (ICLR 2014), section 3."""
    rows = orthonormal(rng.normal(size=sorted((fan_in, fan_out))))
    return rows if fan_in <= fan_out else rows.T


def orthonormal(vectors: Array) -> Array:
    """The rows of `vectors` (k, d), at most d of them, made orthonormal in the given order, as by Gram–Schmidt.

    Rows drawn from a normal distribution become uniformly distributed rotations; the signs see to that
    (Mezzadri, Notices of the AMS 2007).
    """
    q, r = np.linalg.qr(vectors.T)
    return (q * np.where(np.diag(r) < 0, -1, 1)).T


INITIALIZERS = {
    "xavier": Initializer(
        "Xavier (Glorot) uniform",
        _uniform(_xavier),
        "Spread by the connections on both sides, so that signals keep their size forwards and backwards; for tanh.",
    ),
    "xavier-normal": Initializer(
        "Xavier (Glorot) normal",
        _normal(_xavier),
        "Xavier with a bell curve: as much spread, with a few larger weights.",
    ),
    "he": Initializer(
        "He normal",
        _normal(_he),
        "Twice the variance that keeps a signal's size, because ReLU silences half of it.",
    ),
    "he-uniform": Initializer("He uniform", _uniform(_he), "He with every weight inside a bound; for ReLU."),
    "lecun": Initializer(
        "LeCun normal",
        _normal(_lecun),
        "Spread by the incoming connections alone, so that each sum has the size of its inputs; for SELU.",
    ),
    "orthogonal": Initializer(
        "orthogonal",
        _orthogonal,
        "A random rotation: it keeps lengths and angles, however many layers follow each other.",
    ),
    "normal": Initializer(
        "normal, σ = 0.5",
        _normal(lambda i, o: 0.25),
        "A bell curve as wide for two inputs as for two hundred; wide layers get sums that are too large.",
    ),
    "uniform": Initializer(
        "uniform ±½",
        lambda rng, i, o: rng.uniform(-0.5, 0.5, (i, o)),
        "Anything from −½ to ½, and biases of 0.1: the start of TensorFlow Playground.",
        bias=0.1,
    ),
    "constant": Initializer(
        "constant 0.1",
        lambda rng, i, o: np.full((i, o), 0.1),
        "All weights 0.1: neurons of a layer are copies of each other and stay so.",
    ),
    "zeros": Initializer(
        "zeros",
        lambda rng, i, o: np.zeros((i, o)),
        "All weights 0: no neuron differs from its neighbours, and most networks never start to learn.",
    ),
}
