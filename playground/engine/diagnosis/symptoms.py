"""What can be measured on a network that may not learn: its slopes, copies, gradients, steps and losses.

Here are numbers only; what they mean is judged in `diagnosis`. Leading axes of `theta` are many networks.
"""

from functools import lru_cache

import numpy as np
from scipy.special import logit

from playground.engine.activations import ACTIVATIONS, OUTPUTS
from playground.engine.losses import LOSSES
from playground.engine.network import Network, Trace
from playground.engine.objective import targets
from playground.engine.training import Training

Array = np.ndarray

LOGITS = {  # a z for which each output answers a, or as near to it as it can
    "identity": lambda a: a,
    "step": lambda a: a - 0.5,
    "sigmoid": logit,
    "tanh": np.arctanh,
    "softmax": np.log,
}
CONSTANTS = {  # the constant answer, as its z (k,), that costs least over targets t (n, k)
    "cross-entropy": lambda t, output: _answering(t.mean(0), output),
    "mse": lambda t, output: _answering(t.mean(0), output),
    "half-mse": lambda t, output: _answering(t.mean(0), output),
    "mae": lambda t, output: _answering(np.median(t, 0), output),
    "huber": lambda t, output: _answering(_huber_centre(t), output),
    "hinge": lambda t, output: np.where((t > 0).mean(0) < 0.5, -1, 1),  # the margin, on the side of the commoner class
}
HALVINGS = 60  # of an interval, after which nothing of it is left but rounding


@lru_cache
def steepest(key: str) -> float:
    """The largest |f′(z)| of the activation `key` of `ACTIVATIONS`, to four digits; 0 for a step."""
    z = np.linspace(-8, 8, 3201)  # every activation is steepest near 0; this grid holds 0 itself
    return float(np.abs(ACTIVATIONS[key].df(z, ACTIVATIONS[key].f(z))).max())


def flatness(network: Network, trace: Trace, below: float = 0.0) -> list[Array]:
    """For each hidden layer, and each unit (…, units) of it: the share of examples, 0 to 1, with hardly any slope.

    That is |f′(z)| of at most `below` times the largest slope of the activation; 0 asks for no slope at all.
    """
    hidden = zip(network.activations, trace.z, trace.a[1:], strict=False)  # the output comes last and is left out
    return [(np.abs(ACTIVATIONS[key].df(z, a)) <= below * steepest(key)).mean(-2) for key, z, a in hidden]


def differences(network: Network, theta: Array, trace: Trace) -> list[Array]:
    """For each hidden layer, how much any two of its units differ: (…, units, units), 0 for perfect copies.

    The largest difference of their activations, over all examples, or of their outgoing weights, as a share of the
    largest in the layer. Where it is 0 they receive the same gradient at every step, or its mirror image, and stay
    copies for good.
    """
    outgoing = [_swap(weights) for weights, _ in network.layers(theta)[1:]]
    return [np.maximum(_apart(a), _apart(w)) for a, w in zip(trace.a[1:-1], outgoing, strict=True)]


def _apart(columns: Array) -> Array:
    """The largest difference of any two columns of (…, n, units): (…, units, units)."""
    size = np.abs(columns).max((-2, -1), keepdims=True)
    units = range(columns.shape[-1])
    apart = np.stack([np.abs(columns - columns[..., i : i + 1]).max(-2) for i in units], -2)
    return apart / np.where(size > 0, size, 1)


def _swap(matrix: Array) -> Array:
    return np.swapaxes(matrix, -1, -2)


def example_gradients(network: Network, training: Training, theta: Array, x: Array, y: Array) -> Array:
    """The gradient of the loss of each example alone, penalty left out: (…, n, P) for `theta` (…, P)."""
    trace = network.forward(theta, x)
    t = targets(network, y, trace.z[-1].dtype)
    delta = LOSSES[training.loss].delta(trace.z[-1], trace.a[-1], t, network.output)
    alone = Trace([z[..., None, :] for z in trace.z], [a[..., None, :] for a in trace.a])  # n batches of one
    return network.backward(theta[..., None, :], alone, delta[..., None, :])


def gradient_sizes(network: Network, training: Training, theta: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Mean |∂L/∂w| and mean |∂L/∂b| of each layer, over the examples: two of (…, layers) for `theta` (…, P).

    ∂L/∂b is the error that arrives at a layer, ∂L/∂w that error times the layer's input. Each example counts by
    itself: in their sum they cancel wherever training has come to rest, at different times in different layers, and
    that has nothing to do with how well a layer is reached.
    """
    sizes = np.abs(example_gradients(network, training, theta, x, y)).mean(-2)
    weights, biases = zip(*network.layers(sizes), strict=True)
    return np.stack([w.mean((-1, -2)) for w in weights], -1), np.stack([b.mean(-1) for b in biases], -1)


def update_ratios(network: Network, before: Array, after: Array) -> Array:
    """‖ΔW‖/‖W‖ of each layer for the step from `before` (…, P) to `after` (…, P): (…, layers).

    Not a number where the weights were all 0, which have no size to compare with.
    """
    change, size = _norms(network, after - before), _norms(network, before)
    return np.divide(change, size, out=np.full_like(size, np.nan), where=size > 0)


def _norms(network: Network, theta: Array) -> Array:
    return np.stack([np.linalg.norm(weights, axis=(-1, -2)) for weights, _ in network.layers(theta)], -1)


def example_losses(network: Network, training: Training, theta: Array, x: Array, y: Array) -> Array:
    """The loss of each example, penalty left out: (…, n) for `theta` (…, P)."""
    z = network.forward(theta, x).z[-1]
    return LOSSES[training.loss].value(z, targets(network, y, z.dtype), network.output)


def constant_loss(network: Network, training: Training, y: Array) -> float:
    """The loss of the best constant answer to y (n,): what is reached without looking at x."""
    t = targets(network, y)
    z = CONSTANTS[training.loss](t, network.output)
    return float(LOSSES[training.loss].value(np.broadcast_to(z, t.shape), t, network.output).mean())


def _answering(a: Array, output: str) -> Array:
    low, high = OUTPUTS[output].range
    return LOGITS[output](np.clip(a, low + 1e-9, high - 1e-9))


def _huber_centre(t: Array) -> Array:
    """The a (k,) at which the errors a − t, each cut off at ±1, cancel."""
    low, high = t.min(0), t.max(0)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        short = np.clip(middle - t, -1, 1).mean(0) < 0
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return low


def excess(seen: Array, unseen: Array) -> tuple[float, float]:
    """How much larger the mean of the losses `unseen` (m,) is than of those `seen` (n,), and its standard error."""
    error = np.sqrt(seen.var() / len(seen) + unseen.var() / len(unseen))
    return float(unseen.mean() - seen.mean()), float(error)
