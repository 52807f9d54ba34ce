"""How a gradient becomes a step: each rule is a pure function of one array."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # of Adam: how much of the past it keeps, and what keeps it from 0 / 0


@dataclass(frozen=True, slots=True)
class Optimizer:
    """`update(theta, gradient, slots, rate, t)` gives the new theta and slots; t = 1 at the first step.

    `slots` (n_slots, P) is what the rule remembers between steps, zero at the start.

    Each step also shrinks every weight by the share rate·`decay` of itself, apart from the gradient and sparing the
    biases. An update does not know which parameters are weights, so `step` does that part.

    Where `searches` is set, the rate is not the learning rate: each step takes the whole training set and the
    length that leads lowest.

    `note` is one sentence a learner understands.
    """

    name: str
    n_slots: int
    update: Callable[[Array, Array, Array, float, int], tuple[Array, Array]]
    note: str
    decay: float = 0.0
    searches: bool = False


def _sgd(theta: Array, g: Array, slots: Array, rate: float, t: int) -> tuple[Array, Array]:
    return theta - rate * g, slots


def _momentum(theta: Array, g: Array, slots: Array, rate: float, t: int, mu: float = 0.9) -> tuple[Array, Array]:
    """Polyak (1964), in the form of Sutskever et al. (ICML 2013), equations 1 and 2."""
    velocity = mu * slots[0] - rate * g
    return theta + velocity, velocity[None]


def _nesterov(theta: Array, g: Array, slots: Array, rate: float, t: int, mu: float = 0.9) -> tuple[Array, Array]:
    """Nesterov (1983), in the form of Sutskever et al. (ICML 2013), equations 3 and 4.

    There the gradient is taken at θ + μv, where the velocity is about to lead. Here `theta` is that point itself,
    so the gradient at hand is the right one, and the answer is the next such point.
    """
    velocity = mu * slots[0] - rate * g
    return theta - rate * g + mu * velocity, velocity[None]


def _adagrad(theta: Array, g: Array, slots: Array, rate: float, t: int, eps: float = 1e-8) -> tuple[Array, Array]:
    """Duchi, Hazan & Singer (JMLR 2011), figure 1, the diagonal form."""
    total = slots[0] + g * g
    return theta - rate * g / (np.sqrt(total) + eps), total[None]


def _rmsprop(
    theta: Array, g: Array, slots: Array, rate: float, t: int, rho: float = 0.9, eps: float = 1e-8
) -> tuple[Array, Array]:
    """Tieleman & Hinton (Coursera, Neural Networks for Machine Learning, 2012), lecture 6.5."""
    mean = rho * slots[0] + (1 - rho) * g * g
    return theta - rate * g / (np.sqrt(mean) + eps), mean[None]


def _adam(theta: Array, g: Array, slots: Array, rate: float, t: int) -> tuple[Array, Array]:
    """Kingma & Ba (ICLR 2015), algorithm 1."""
    m = BETA1 * slots[0] + (1 - BETA1) * g
    v = BETA2 * slots[1] + (1 - BETA2) * g * g
    m_hat, v_hat = m / (1 - BETA1**t), v / (1 - BETA2**t)
    return theta - rate * m_hat / (np.sqrt(v_hat) + EPSILON), np.stack([m, v])


OPTIMIZERS = {
    "sgd": Optimizer("SGD", 0, _sgd, "Straight down the slope, as far as it is steep."),
    "momentum": Optimizer(
        "momentum", 1, _momentum, "A heavy ball: it keeps nine tenths of its speed, rolls through dents and overshoots."
    ),
    "nesterov": Optimizer(
        "Nesterov",
        1,
        _nesterov,
        "Momentum that looks ahead: it feels the slope where it is about to be, and brakes earlier.",
    ),
    "adagrad": Optimizer(
        "AdaGrad",
        1,
        _adagrad,
        "Divides by all the slopes a weight has met so far, so the rate of that weight can only sink.",
    ),
    "rmsprop": Optimizer(
        "RMSProp", 1, _rmsprop, "Divides by the recent slopes only, so steep and flat directions go equally fast."
    ),
    "adam": Optimizer("Adam", 2, _adam, "Momentum and RMSProp together, corrected for their start from nothing."),
    "adamw": Optimizer(  # Loshchilov & Hutter (ICLR 2019), algorithm 2
        "AdamW", 2, _adam, "Adam, and every weight also shrinks by a share of rate × 0.01 in each step.", decay=0.01
    ),
    "line-search": Optimizer(  # Cauchy, Comptes Rendus 1847: steepest descent
        "line search",
        0,
        _sgd,
        "Tries 31 lengths on all the data and goes where it is lowest: the ideal step straight down, at its price.",
        searches=True,
    ),
}
