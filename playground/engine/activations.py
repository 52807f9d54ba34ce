"""What a neuron makes of its weighted sum: a = f(z), and how a answers a change of z."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr
from scipy.special import softmax as _softmax

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Activation:
    """A function and its derivative, as one value, with what a learner may read about it.

    `f(z)` gives the activation; `df(z, a)` its derivative at z, where a = f(z) is already known.
    Both act element by element, except where `joint` is set: then `df` is the Jacobian (…, k, k).

    `formula` is LaTeX; `range` the lowest and the highest value f comes close to, rounded outwards to four places;
    `note` one sentence. At `kinks` the derivative jumps, and `df` gives its value on one of the two sides.
    """

    name: str
    f: Callable[[Array], Array]
    df: Callable[[Array, Array], Array]
    formula: str
    range: tuple[float, float]
    note: str
    kinks: tuple[float, ...] = ()
    joint: bool = False

    def pull(self, z: Array, a: Array, upstream: Array) -> Array:
        """∂L/∂z (…, k) from `upstream` = ∂L/∂a (…, k): the chain rule."""
        if self.joint:
            return np.einsum("...i,...ij->...j", upstream, self.df(z, a))
        return upstream * self.df(z, a)


def softplus(z: Array) -> Array:
    """log(1 + eᶻ) without overflow; `logaddexp` is six times slower."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _negative(z: Array) -> Array:
    return np.minimum(z, 0)  # so that an exponential on the left half never overflows on the right


def _mish_slope(z: Array, _: Array) -> Array:
    t = np.tanh(softplus(z))
    return t + z * (1 - t * t) * expit(z)


def _softmax_jacobian(_: Array, a: Array) -> Array:
    return a[..., None] * (np.eye(a.shape[-1], dtype=a.dtype) - a[..., None, :])  # ∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ)


INF = math.inf
LEAK = 0.01
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # mean 0 and variance 1 are a fixed point of these

ACTIVATIONS = {
    "identity": Activation(
        "identity",
        lambda z: z,
        lambda z, a: np.ones_like(z),
        formula=r"a = z",
        range=(-INF, INF),
        note="Passes the sum on as it is; layers of it, however many, still draw one straight line.",
    ),
    "step": Activation(  # McCulloch & Pitts, Bulletin of Mathematical Biophysics 1943
        "binary step",
        lambda z: np.heaviside(z, 1),
        lambda z, a: np.zeros_like(z),
        formula=r"a = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}",
        range=(0, 1),
        note="On or off; its slope is 0 everywhere but at the jump, so no gradient reaches the weights in front of it.",
        kinks=(0,),
    ),
    "sigmoid": Activation(
        "sigmoid",
        expit,
        lambda z, a: a * (1 - a),
        formula=r"a = \sigma(z) = \frac{1}{1 + e^{-z}}",
        range=(0, 1),
        note="Squeezes any sum into 0 to 1, like a probability; far from 0 it is flat and learns slowly.",
    ),
    "hard-sigmoid": Activation(  # Howard et al., ICCV 2019, section 5.2
        "hard sigmoid",
        lambda z: np.clip(z / 6 + 0.5, 0, 1),
        lambda z, a: (np.abs(z) < 3).astype(z.dtype) / 6,
        formula=r"a = \min\left(1, \max\left(0, \tfrac{z}{6} + \tfrac{1}{2}\right)\right)",
        range=(0, 1),
        note="A sigmoid made of three straight lines: quick to compute, and dead outside −3 to 3.",
        kinks=(-3, 3),
    ),
    "tanh": Activation(
        "tanh",
        np.tanh,
        lambda z, a: 1 - a * a,
        formula=r"a = \tanh z = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}",
        range=(-1, 1),
        note="A sigmoid stretched to −1 to 1: centred on 0, which makes the next layer's work easier.",
    ),
    "softsign": Activation(  # Glorot & Bengio, AISTATS 2010, after Bergstra et al. 2009
        "softsign",
        lambda z: z / (1 + np.abs(z)),
        lambda z, a: (1 / (1 + np.abs(z))) ** 2,
        formula=r"a = \frac{z}{1 + |z|}",
        range=(-1, 1),
        note="Like tanh, but it comes to its ends slowly, so distant sums still learn a little.",
    ),
    "relu": Activation(  # Nair & Hinton, ICML 2010; Glorot, Bordes & Bengio, AISTATS 2011
        "ReLU",
        lambda z: np.maximum(z, 0),
        lambda z, a: (z > 0).astype(z.dtype),
        formula=r"a = \max(0, z)",
        range=(0, INF),
        note="Passes positive sums and silences negative ones; a neuron silent for every example is dead.",
        kinks=(0,),
    ),
    "leaky-relu": Activation(  # Maas, Hannun & Ng, ICML 2013
        "leaky ReLU",
        lambda z: np.maximum(z, LEAK * z),
        lambda z, a: np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK)),
        formula=rf"a = \max(z, {LEAK}\,z)",
        range=(-INF, INF),
        note="ReLU with a small slope for negative sums, so that no neuron dies for good.",
        kinks=(0,),
    ),
    "elu": Activation(  # Clevert, Unterthiner & Hochreiter, ICLR 2016, with α = 1
        "ELU",
        lambda z: np.maximum(z, 0) + np.expm1(_negative(z)),
        lambda z, a: np.exp(_negative(z)),
        formula=r"a = \begin{cases} z & z > 0 \\ e^{z} - 1 & z \le 0 \end{cases}",
        range=(-1, INF),
        note="ReLU with a smooth bend down to −1, which keeps the mean of the activations near 0.",
    ),
    "selu": Activation(  # Klambauer et al., NeurIPS 2017, equation 2
        "SELU",
        lambda z: SELU_SCALE * (np.maximum(z, 0) + SELU_ALPHA * np.expm1(_negative(z))),
        lambda z, a: SELU_SCALE * np.where(z > 0, z.dtype.type(1), SELU_ALPHA * np.exp(_negative(z))),
        formula=r"a = \lambda \begin{cases} z & z > 0 \\ \alpha\,(e^{z} - 1) & z \le 0 \end{cases}"
        rf"\quad \lambda \approx {SELU_SCALE:.4f},\ \alpha \approx {SELU_ALPHA:.4f}",
        range=(-1.7581, INF),
        note="ELU with two numbers chosen so that signals keep mean 0 and variance 1 from layer to layer.",
        kinks=(0,),
    ),
    "gelu": Activation(  # Hendrycks & Gimpel, arXiv:1606.08415, the exact form
        "GELU",
        lambda z: z * ndtr(z),
        lambda z, a: ndtr(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi),
        formula=r"a = z\,\Phi(z), \quad \Phi(z) = P(Z \le z),\ Z \sim \mathcal{N}(0, 1)",
        range=(-0.17, INF),
        note="A smooth ReLU that weighs a sum by the chance that a random one is smaller; at home in transformers.",
    ),
    "silu": Activation(  # Elfwing, Uchibe & Doya, Neural Networks 2018; "Swish": Ramachandran, Zoph & Le 2017
        "SiLU (Swish)",
        lambda z: z * expit(z),
        lambda z, a: expit(z) + a * expit(-z),
        formula=r"a = z\,\sigma(z)",
        range=(-0.2785, INF),
        note="A sum multiplied by its own sigmoid: a smooth ReLU that dips a little below 0 before it rises.",
    ),
    "mish": Activation(  # Misra, BMVC 2020
        "Mish",
        lambda z: z * np.tanh(softplus(z)),
        _mish_slope,
        formula=r"a = z \tanh\left(\ln(1 + e^{z})\right)",
        range=(-0.3089, INF),
        note="A close relative of SiLU, with a slightly deeper dip and a steeper rise.",
    ),
    "softplus": Activation(  # Dugas et al., NIPS 2000
        "softplus",
        softplus,
        lambda z, a: expit(z),
        formula=r"a = \ln(1 + e^{z})",
        range=(0, INF),
        note="ReLU with its corner rounded off; its slope is the sigmoid.",
    ),
    "sine": Activation(  # Sitzmann et al., NeurIPS 2020, with ω₀ = 1
        "sine",
        np.sin,
        lambda z, a: np.cos(z),
        formula=r"a = \sin z",
        range=(-1, 1),
        note="Goes up and down for ever, so one neuron can draw many stripes; good at waves and spirals.",
    ),
    "gaussian": Activation(  # Broomhead & Lowe, Complex Systems 1988, there of a distance instead of a sum
        "Gaussian",
        lambda z: np.exp(-z * z),
        lambda z, a: -2 * z * a,
        formula=r"a = e^{-z^2}",
        range=(0, 1),
        note="A bump: answers only to sums near 0, so one neuron marks a band across the plane.",
    ),
}

OUTPUTS = {
    "identity": ACTIVATIONS["identity"],
    "step": ACTIVATIONS["step"],
    "tanh": ACTIVATIONS["tanh"],
    "sigmoid": ACTIVATIONS["sigmoid"],
    "softmax": Activation(  # Bridle, Neurocomputing 1990
        "softmax",
        lambda z: _softmax(z, axis=-1),
        _softmax_jacobian,
        formula=r"a_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
        range=(0, 1),
        note="Turns the sums of all outputs into shares of 1: a probability for each class.",
        joint=True,
    ),
}
