"""How a gradient becomes a step: each rule is a pure function of one array."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Optimizer:
    """`update(theta, gradient, slots, rate, t)` gives the new theta and slots; t = 1 at the first step.

    `slots` (n_slots, P) is what the rule remembers between steps, zero at the start.
    """

    name: str
    n_slots: int
    update: Callable[[Array, Array, Array, float, int], tuple[Array, Array]]


def _sgd(theta: Array, g: Array, slots: Array, rate: float, t: int) -> tuple[Array, Array]:
    return theta - rate * g, slots


def _momentum(theta: Array, g: Array, slots: Array, rate: float, t: int, mu: float = 0.9) -> tuple[Array, Array]:
    """Polyak (1964), in the form of Sutskever et al. (ICML 2013), equations 1 and 2."""
    velocity = mu * slots[0] - rate * g
    return theta + velocity, velocity[None]


def _adam(
    theta: Array, g: Array, slots: Array, rate: float, t: int, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> tuple[Array, Array]:
    """Kingma & Ba (ICLR 2015), algorithm 1."""
    m = b1 * slots[0] + (1 - b1) * g
    v = b2 * slots[1] + (1 - b2) * g * g
    m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
    return theta - rate * m_hat / (np.sqrt(v_hat) + eps), np.stack([m, v])


OPTIMIZERS = {
    "sgd": Optimizer("SGD", 0, _sgd),
    "momentum": Optimizer("momentum", 1, _momentum),
    "adam": Optimizer("Adam", 2, _adam),
}
