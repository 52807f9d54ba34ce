"""Gradient descent on a single weight: the smallest network there is, without its bias.

One input x, one example, the answer w·x, and ½(w·x − y)² as loss. Its slope (w·x − y)·x is x² times the distance
from the lowest point, so a step of `rate` multiplies that distance by 1 − rate·x²: one number decides what happens.
"""

from dataclasses import dataclass

import numpy as np

from playground.engine.network import Network
from playground.engine.objective import gradient
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.training import Training

Array = np.ndarray

LARGEST = 1e9  # a weight beyond this has diverged
NEAR = 1e-9  # two factors closer than this are the same: their decimals have been rounded
NETWORK = Network(1, (), 1, output="identity")


@dataclass(frozen=True, slots=True)
class OneWeight:
    """A neuron without bias, learning the label `y` of the one input `x` at the learning rate `rate`."""

    x: float
    y: float
    rate: float

    def prediction(self, w: float) -> float:
        """What the neuron answers: w·x."""
        return float(NETWORK.forward(_theta(w), np.array([[self.x]])).a[-1][0, 0])

    def loss(self, w: float) -> float:
        """½(w·x − y)²."""
        return float(self._gradient(w)[0])

    def losses(self, w: Array) -> Array:
        """The loss at every weight of w (n,)."""
        return self._gradient(w)[0]

    def slope(self, w: float) -> float:
        """The derivative of the loss by w: the network's gradient without the bias's entry."""
        return float(self._gradient(w)[1][0])

    def step(self, w: float) -> float:
        """The weight after one step of gradient descent."""
        theta, g = _theta(w), self._gradient(w)[1]
        moved, _ = OPTIMIZERS["sgd"].update(theta[:1], g[:1], np.empty((0, 1)), self.rate, 1)
        return float(moved[0])

    @property
    def optimum(self) -> float | None:
        """The weight of no loss; None where x² = 0, for then the weight changes nothing."""
        return self.y / self.x if self.x**2 else None

    @property
    def factor(self) -> float:
        """What a step multiplies the distance from the optimum by."""
        return 1 - self.rate * self.x**2

    def _gradient(self, w: float | Array) -> tuple[Array, Array]:
        training = Training("half-mse", "sgd", self.rate, batch_size=None)
        return gradient(NETWORK, training, _theta(w), np.array([[self.x]]), np.array([self.y]))


def diverged(w: float) -> bool:
    """Whether a weight has left all bounds."""
    return not abs(w) <= LARGEST


def behaviour(factor: float) -> str:
    """What gradient descent on a parabola does, by the `factor` its distance is multiplied by at each step.

    One of "still", "creeps", "at once", "jumps", "for ever" and "diverges".
    """
    for special, word in ((1, "still"), (0, "at once"), (-1, "for ever")):
        if abs(factor - special) < NEAR:
            return word
    return "diverges" if abs(factor) > 1 else "creeps" if factor > 0 else "jumps"


def _theta(w: float | Array) -> Array:
    """Parameters (…, 2) with the weight w (…) and the bias 0."""
    return np.stack([np.asarray(w, float), np.zeros(np.shape(w))], -1)
