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
    pre-activation z (…, n, k) and target t (n, k); `delta(z, a, t, output)` gives its derivative (…, n, k) with
    respect to z, where a = f(z) is already known. `outputs` names the output activations it can be combined with.
    """

    name: str
    value: Callable[[Array, Array, str], Array]
    delta: Callable[[Array, Array, Array, str], Array]
    outputs: tuple[str, ...] = tuple(OUTPUTS)


LOG_PARTITION = {
    "sigmoid": lambda z: softplus(z).sum(-1),
    "softmax": lambda z: logsumexp(z, axis=-1),
}


def _squared_error(scale: float) -> tuple[Callable, Callable]:
    def value(z: Array, t: Array, output: str) -> Array:
        return scale * ((OUTPUTS[output].f(z) - t) ** 2).sum(-1)

    def delta(z: Array, a: Array, t: Array, output: str) -> Array:
        return OUTPUTS[output].pull(z, a, 2 * scale * (a - t))

    return value, delta


LOSSES = {
    "cross-entropy": Loss(
        "cross-entropy",
        lambda z, t, output: LOG_PARTITION[output](z) - (t * z).sum(-1),
        lambda z, a, t, output: a - t,
        outputs=tuple(LOG_PARTITION),
    ),
    "mse": Loss("squared error", *_squared_error(1.0)),
    "half-mse": Loss("½ squared error", *_squared_error(0.5)),
}
