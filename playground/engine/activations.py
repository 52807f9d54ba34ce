"""What a neuron makes of its weighted sum: a = f(z), and how a answers a change of z."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.special import softmax as _softmax

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Activation:
    """A function and its derivative, as one value.

    `f(z)` gives the activation; `df(z, a)` its derivative at z, where a = f(z) is already known.
    Both act element by element, except where `joint` is set: then `df` is the Jacobian (…, k, k).
    """

    name: str
    f: Callable[[Array], Array]
    df: Callable[[Array, Array], Array]
    joint: bool = False

    def pull(self, z: Array, a: Array, upstream: Array) -> Array:
        """∂L/∂z (…, k) from `upstream` = ∂L/∂a (…, k): the chain rule."""
        if self.joint:
            return np.einsum("...i,...ij->...j", upstream, self.df(z, a))
        return upstream * self.df(z, a)


def _softmax_jacobian(_: Array, a: Array) -> Array:
    return a[..., None] * (np.eye(a.shape[-1], dtype=a.dtype) - a[..., None, :])  # ∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ)


ACTIVATIONS = {
    "identity": Activation("identity", lambda z: z, lambda z, a: np.ones_like(z)),
    "sigmoid": Activation("sigmoid", expit, lambda z, a: a * (1 - a)),
    "tanh": Activation("tanh", np.tanh, lambda z, a: 1 - a * a),
    "relu": Activation("ReLU", lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(z.dtype)),
}

OUTPUTS = {
    "identity": ACTIVATIONS["identity"],
    "tanh": ACTIVATIONS["tanh"],
    "sigmoid": ACTIVATIONS["sigmoid"],
    "softmax": Activation("softmax", lambda z: _softmax(z, axis=-1), _softmax_jacobian, joint=True),
}
