"""Learning: the loss of a network on data, its gradient, and the one step that follows from it.

A state is a value and `step` is pure, so a run can be replayed, rewound and branched by keeping states.
All randomness is a function of the seed and the epoch; no generator is ever stored.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from playground.engine.checks import check_choice, check_number, check_whole
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.engine.optimizers import OPTIMIZERS

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Training:
    """How a network learns; every default is one that teaches.

    `loss`, `optimizer` and `init` are keys of `LOSSES`, `OPTIMIZERS` and `INITIALIZERS`. `batch_size` is the
    number of examples in a step, `None` the whole training set. The penalty is l1·Σ|w| + ½·l2·Σw² over the
    weights, never the biases.

    Raises `ValueError` naming the field for an unknown key or an impossible value.
    """

    loss: str = "cross-entropy"
    optimizer: str = "adam"
    learning_rate: float = 0.1
    batch_size: int | None = 32
    init: str = "xavier"
    l1: float = 0.0
    l2: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_number("learning_rate", self.learning_rate, 1e-9, 1e6)
        if self.batch_size is not None:
            check_whole("batch_size", self.batch_size, 1, 10**6)
        check_choice("init", self.init, INITIALIZERS)
        check_number("l1", self.l1, 0, 1e6)
        check_number("l2", self.l2, 0, 1e6)
        check_whole("seed", self.seed, 0, 2**32 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a run stands: parameters `theta` (P,), the optimizer's memory `slots` (n_slots, P), steps done.

    `batch_loss` is the loss of the mini-batch as the step that led here met it; not a number at the start.
    """

    theta: Array
    slots: Array
    step: int = 0
    batch_loss: float = math.nan


def start(network: Network, training: Training) -> State:
    """The state before the first step, drawn from `training.seed`."""
    _check_pair(network, training)
    initializer, rng = INITIALIZERS[training.init], np.random.default_rng(training.seed)
    theta = np.empty(network.n_parameters)
    for weights, bias in network.layers(theta):
        weights[...] = initializer.weights(rng, *weights.shape)
        bias[...] = initializer.bias
    return State(theta, np.zeros((OPTIMIZERS[training.optimizer].n_slots, theta.size)))


def step(state: State, network: Network, training: Training, x: Array, y: Array) -> State:
    """One gradient step on the next mini-batch of x (n, inputs), y (n,): a new state, the old one untouched."""
    rows = batch(training, state.step, len(x))
    value, g = gradient(network, training, state.theta, x[rows], y[rows])
    rule, rate = OPTIMIZERS[training.optimizer], training.learning_rate
    theta, slots = rule.update(state.theta, g, state.slots, rate, state.step + 1)
    if rule.decay:
        theta = theta - rate * rule.decay * _weight_mask(network) * state.theta  # decoupled from the gradient
    return State(theta, slots, state.step + 1, float(value))


def loss(network: Network, training: Training, theta: Array, x: Array, y: Array) -> Array:
    """Mean loss over x (n, inputs), y (n,) plus the penalty; shape (…) for `theta` (…, P)."""
    z = network.forward(theta, x).z[-1]
    return mean_loss(network, training, theta, z, targets(network, y, z.dtype))


def mean_loss(network: Network, training: Training, theta: Array, z: Array, t: Array) -> Array:
    """`loss`, from the pre-activation z (…, n, outputs) of the output and the targets t (n, outputs)."""
    _check_pair(network, training)
    value = LOSSES[training.loss].value(z, t, network.output).mean(-1)
    if training.l1 or training.l2:
        w = theta * _weight_mask(network).astype(theta.dtype)
        value = value + training.l1 * np.abs(w).sum(-1) + training.l2 / 2 * (w * w).sum(-1)
    return value


def gradient(network: Network, training: Training, theta: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """`(loss, gradient)`: the number `loss` gives, shape (…), and its derivative with respect to `theta` (…, P)."""
    trace = network.forward(theta, x)
    z, a = trace.z[-1], trace.a[-1]
    t = targets(network, y, z.dtype)
    value = mean_loss(network, training, theta, z, t)
    g = network.backward(theta, trace, LOSSES[training.loss].delta(z, a, t, network.output) / len(x))
    if training.l1 or training.l2:
        w = theta * _weight_mask(network)
        g += training.l1 * np.sign(w) + training.l2 * w
    return value, g


def batch(training: Training, step: int, n: int) -> Array | slice:
    """The rows of the mini-batch that step number `step` (from 0) learns from, out of `n`.

    Each epoch visits every row once in an order drawn anew; the last batch may be smaller.
    """
    if training.batch_size is None or training.batch_size >= n:
        return slice(None)
    epoch, i = divmod(step, steps_per_epoch(training, n))
    return _order(training.seed, epoch, n)[i * training.batch_size : (i + 1) * training.batch_size]


def steps_per_epoch(training: Training, n: int) -> int:
    """Gradient steps in which every one of `n` examples is seen once: 1000 examples in batches of 10 make 100."""
    return -(-n // min(training.batch_size or n, n))


def targets(network: Network, y: Array, dtype: np.dtype = np.float64) -> Array:
    """What the output should be for labels `y` (n,): shape (n, outputs).

    Softmax, and several sigmoids or tanhs: one output a class, on for the right one. One sigmoid or tanh:
    classes 0 and 1 at its two ends (0 and 1, −1 and +1). Identity: the number itself.
    """
    y = np.asarray(y)
    if network.output == "identity":
        return y.reshape(len(y), network.outputs).astype(dtype, copy=False)
    on = y[:, None] == np.arange(network.outputs) if network.outputs > 1 else y[:, None] == 1
    return np.where(on, 1, -1 if network.output == "tanh" else 0).astype(dtype)


def _check_pair(network: Network, training: Training) -> None:
    if network.output not in (allowed := LOSSES[training.loss].outputs):
        raise ValueError(
            f"loss is {training.loss!r}, which does not go with the output {network.output!r}; "
            f"it needs one of {', '.join(allowed)}."
        )


@lru_cache(maxsize=64)
def _weight_mask(network: Network) -> Array:
    mask = np.zeros(network.n_parameters)
    for weights, _ in network.layers(mask):
        weights[...] = 1
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=256)
def _order(seed: int, epoch: int, n: int) -> Array:
    order = np.random.default_rng((seed, *b"order", epoch)).permutation(n)  # a stream apart from that of the weights
    order.flags.writeable = False
    return order
