"""What learning tries to make small: the loss of a network on data, with its penalty, and the gradient of it."""

import numpy as np

from playground.engine.batches import batch_length
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.engine.regularizers import penalty, penalty_slope
from playground.engine.training import Training, check_pair

Array = np.ndarray

HELD = 2**21  # activations that a stacked evaluation holds, of one layer or another, at most

quietly = np.errstate(over="ignore", invalid="ignore")  # what overflows is infinite or not a number, without a warning


@quietly
def loss(network: Network, training: Training, theta: Array, x: Array, y: Array) -> Array:
    """Mean loss over x (n, inputs), y (n,) plus the penalty; shape (…) for `theta` (…, P).

    x and y may have the leading axes of `theta`, so that each network has its own data.

    Raises `ValueError` for data that the network cannot take, and for a loss that does not go with its output.
    """
    x, y = checked(network, x, y)
    z = network.forward(theta, x).z[-1]
    return mean_loss(network, training, theta, z, targets(network, y, z.dtype))


@quietly
def gradient(network: Network, training: Training, theta: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """`(loss, gradient)`: the number `loss` gives, shape (…), and its derivative with respect to `theta` (…, P)."""
    x, y = checked(network, x, y)
    trace = network.forward(theta, x)
    t = targets(network, y, trace.z[-1].dtype)
    value = mean_loss(network, training, theta, trace.z[-1], t)
    g = network.backward(theta, trace, mean_delta(network, training, trace.z[-1], trace.a[-1], t))
    if training.l1 or training.l2:
        g += penalty_slope(network, training.l1, training.l2, theta)
    return value, g


def mean_loss(network: Network, training: Training, theta: Array, z: Array, t: Array) -> Array:
    """`loss`, from the pre-activation z (…, n, outputs) of the output and the targets t (…, n, outputs)."""
    check_pair(network, training)
    value = LOSSES[training.loss].value(z, t, network.output).mean(-1)
    return value + penalty(network, training, theta) if training.l1 or training.l2 else value


def mean_delta(network: Network, training: Training, z: Array, a: Array, t: Array) -> Array:
    """The derivative (…, n, outputs) of the mean data loss with respect to z, where the output is a."""
    check_pair(network, training)
    return LOSSES[training.loss].delta(z, a, t, network.output) / z.shape[-2]


def at_once(network: Network, examples: int) -> int:
    """How many networks to evaluate together on so many examples, so that no more than `HELD` activations are held."""
    return max(1, HELD // (examples * sum(fan_out for _, fan_out in network.shapes)))


def targets(network: Network, y: Array, dtype: type = np.float64) -> Array:
    """What the output should be for labels `y` (…, n): shape (…, n, outputs).

    Softmax, and several outputs of another kind: one a class, on for the right one. One output: classes 0 and 1 at
    its two ends (0 and 1, or −1 and +1 for tanh). Identity: the number itself, or y (…, n, outputs) for several.
    """
    y = np.asarray(y)
    if network.output == "identity":
        return (y[..., None] if network.outputs == 1 else y).astype(dtype, copy=False)
    on = y[..., None] == np.arange(network.outputs) if network.outputs > 1 else y[..., None] == 1
    return np.where(on, 1, -1 if network.output == "tanh" else 0).astype(dtype)


def checked(network: Network, x: Array, y: Array) -> tuple[Array, Array]:
    """x (…, n, inputs) and y (…, n) as arrays; y (…, n, outputs) where several quantities are learned.

    Raises `ValueError` that names what is wrong with them: shape, kind, numbers that are not finite, labels out of
    range.
    """
    x, y = _numeric("x", x), _numeric("y", y)
    if x.ndim < 2 or x.shape[-1] != network.inputs or not x.shape[-2]:
        raise ValueError(f"x has shape {x.shape}; it must be (examples, {network.inputs}) with at least one example.")
    several = network.output == "identity" and network.outputs > 1
    shape = (*x.shape[:-1], network.outputs) if several else x.shape[:-1]
    if y.shape != shape:
        raise ValueError(f"y has shape {y.shape}; it must be {shape}, a label for every example of x.")
    for name, values in (("x", x), ("y", y)):
        if not (finite := np.isfinite(values)).all():
            at = tuple(int(i) for i in np.argwhere(~finite)[0])
            raise ValueError(f"{name}{list(at)} is {values[at]}; every number in {name} must be finite.")
    if network.output != "identity":
        _check_labels(y, max(network.outputs, 2))
    return x, y


def check_learnable(network: Network, training: Training, x: Array, y: Array) -> tuple[Array, Array]:
    """`checked` data, and `ValueError` where nothing can be learned from it in that way.

    Several examples of one class only leave nothing to tell apart; a single example may be followed through a step.
    """
    check_pair(network, training)
    x, y = checked(network, x, y)
    batch_length(training, x.shape[-2])
    if network.output != "identity" and y.shape[-1] > 1 and (y == y[..., :1]).all(-1).any():
        raise ValueError(f"y holds one class only, {y.flat[0]}; there must be examples of two classes at least.")
    return x, y


def _numeric(name: str, values: object) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is of type {array.dtype}; it must be an array of numbers.")
    return array


def _check_labels(y: Array, n_classes: int) -> None:
    wrong = (y < 0) | (y >= n_classes) | (y % 1 != 0)
    if wrong.any():
        raise ValueError(f"y holds the label {y[wrong][0]}; with this output it must be one of 0 to {n_classes - 1}.")
