"""How wrong an answer is, and which way each output would have to move to be less wrong.

Cross-entropy is computed from the logits z, never from the logarithm of a probability: for both the
sigmoid and the softmax it is A(z) − t·z, where A is the log-partition function of that output, and its
derivative is the same a − t (Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.6).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from playground.engine.activations import OUTPUTS, softplus

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss of each example and its derivative, as one value.

    `value(z, t, output)` gives (…, n), the loss of each of n examples, summed over the k outputs, from the output's
    pre-activation z (…, n, k) and target t (…, n, k); `delta(z, a, t, output)` gives its derivative (…, n, k) with
    respect to z, where a = f(z) is already known. `outputs` names the output activations it can be combined with.

    Where `kink(z, a, t)` (…, n, k) changes its sign, the derivative jumps; None for a loss without a kink.

    `formula` is LaTeX, for one example with k outputs; `note` one sentence a learner understands.
    """

    name: str
    value: Callable[[Array, Array, str], Array]
    delta: Callable[[Array, Array, Array, str], Array]
    formula: str
    note: str
    outputs: tuple[str, ...] = tuple(OUTPUTS)
    kink: Callable[[Array, Array, Array], Array] | None = None


LOG_PARTITION = {
    "sigmoid": lambda z: softplus(z).sum(-1),
    "softmax": lambda z: logsumexp(z, axis=-1),
}


def _of_output(
    cost: Callable[[Array, Array], Array], slope: Callable[[Array, Array], Array]
) -> tuple[Callable, Callable]:
    """`value` and `delta` of a loss that is a sum of `cost(a, t)` over the outputs, with ∂cost/∂a = `slope(a, t)`."""

    def value(z: Array, t: Array, output: str) -> Array:
        return cost(OUTPUTS[output].f(z), t).sum(-1)

    def delta(z: Array, a: Array, t: Array, output: str) -> Array:
        return OUTPUTS[output].pull(z, a, slope(a, t))

    return value, delta


def _huber(a: Array, t: Array) -> Array:
    bounded = _within_one(a, t)
    return bounded * (a - t - bounded / 2)  # ½e² where |e| ≤ 1, |e| − ½ beyond


def _within_one(a: Array, t: Array) -> Array:
    return np.clip(a - t, -1, 1)


def _side(t: Array) -> Array:
    return np.sign(t - 0.5)  # +1 for the class 1, −1 for the other, be it written 0 or −1


LOSSES = {
    "cross-entropy": Loss(
        "cross-entropy",
        lambda z, t, output: LOG_PARTITION[output](z) - (t * z).sum(-1),
        lambda z, a, t, output: a - t,
        formula=r"-\sum_{i=1}^{k} t_i \ln a_i \quad \text{(softmax)}, \qquad"
        r"-\sum_{i=1}^{k} \left[t_i \ln a_i + (1 - t_i) \ln(1 - a_i)\right] \quad \text{(sigmoid)}",
        note="How surprised a network is by the right answer; being surely wrong costs without limit.",
        outputs=tuple(LOG_PARTITION),
    ),
    "mse": Loss(
        "squared error",
        *_of_output(lambda a, t: (a - t) ** 2, lambda a, t: 2 * (a - t)),
        formula=r"\sum_{i=1}^{k} (a_i - t_i)^2",
        note="The distance from the target, squared: twice as far off costs four times as much.",
    ),
    "half-mse": Loss(
        "½ squared error",
        *_of_output(lambda a, t: (a - t) ** 2 / 2, lambda a, t: a - t),
        formula=r"\tfrac{1}{2} \sum_{i=1}^{k} (a_i - t_i)^2",
        note="Half the squared error, so that its slope is the error itself.",
    ),
    "mae": Loss(  # Laplace, 1774
        "absolute error",
        *_of_output(lambda a, t: np.abs(a - t), lambda a, t: np.sign(a - t)),
        formula=r"\sum_{i=1}^{k} |a_i - t_i|",
        note="The plain distance from the target: every error pulls equally hard, so an outlier counts for little.",
        outputs=("identity", "step", "tanh", "sigmoid"),
        kink=lambda z, a, t: a - t,
    ),
    "huber": Loss(  # Huber, Annals of Mathematical Statistics 1964, with δ = 1
        "Huber",
        *_of_output(_huber, _within_one),
        formula=r"\sum_{i=1}^{k} \begin{cases} \tfrac{1}{2} e_i^2 & |e_i| \le 1 \\"
        r" |e_i| - \tfrac{1}{2} & |e_i| > 1 \end{cases} \quad e_i = a_i - t_i",
        note="Squared for small errors, absolute for those larger than 1: smooth at the target, calm about outliers.",
        outputs=("identity", "step", "tanh", "sigmoid"),
    ),
    "hinge": Loss(  # Cortes & Vapnik, Machine Learning 1995; with several outputs, each against all others
        "hinge",
        lambda z, t, output: np.maximum(1 - _side(t) * z, 0).sum(-1),
        lambda z, a, t, output: -_side(t) * (_side(t) * z < 1),
        formula=r"\sum_{i=1}^{k} \max(0,\ 1 - s_i z_i), \quad s_i = \pm 1",
        note="Costs nothing once the sum is on its right side by a margin of 1; the loss of support vector machines.",
        outputs=("tanh", "sigmoid"),
        kink=lambda z, a, t: 1 - _side(t) * z,
    ),
}
