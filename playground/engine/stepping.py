"""The start of a run, and the one step that leads on from any state of it.

A state is a value and a step is pure, so a run can be replayed, rewound and branched by keeping states. All
randomness is a function of the seed and of the epoch or step; no generator is ever stored. Both hold for many
networks at once, whatever the options: see `start_many`.
"""

from dataclasses import replace

import numpy as np

from playground.engine.activations import ACTIVATIONS
from playground.engine.batches import batch, batch_length, following
from playground.engine.checks import check_whole
from playground.engine.initializers import INITIALIZERS
from playground.engine.network import Network
from playground.engine.objective import at_once, check_learnable, loss, mean_delta, quietly, targets
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.regularizers import constrained, regularized, thinning
from playground.engine.state import State
from playground.engine.training import Training, check_pair

Array = np.ndarray

LENGTHS = np.array([0, *2.0 ** np.arange(-20, 11)])  # the steps a line search tries, in learning rates


def start(network: Network, training: Training) -> State:
    """The state before the first step, drawn from `training.seed`."""
    check_pair(network, training)
    initializer, rng = INITIALIZERS[training.init], np.random.default_rng(training.seed)
    theta = np.empty(network.n_parameters)
    for weights, bias in network.layers(theta):
        weights[...] = initializer.weights(rng, *weights.shape)
        bias[...] = initializer.bias if training.bias is None else training.bias
    return State(theta, empty_slots(training, theta))


def start_many(network: Network, training: Training, seeds: tuple[int, ...]) -> State:
    """The starts of many networks, one for each of `seeds`, as one state with `theta` (seeds, P).

    `step` takes it on like any other, for every option of `Training`: each network learns what it would learn alone
    with its seed, up to rounding.
    """
    for seed in seeds:
        check_whole("seeds", seed, 0, 2**32 - 1)
    check_whole("number of seeds", len(seeds), 1, 4096)
    theta = np.stack([start(network, replace(training, seed=seed)).theta for seed in seeds])
    return State(theta, empty_slots(training, theta), seeds=tuple(map(int, seeds)))


def empty_slots(training: Training, theta: Array) -> Array:
    """The memory (n_slots, …, P) of an optimizer that has seen nothing yet."""
    return np.zeros((OPTIMIZERS[training.optimizer].n_slots, *theta.shape))


@quietly
def step(state: State, network: Network, training: Training, x: Array, y: Array) -> State:
    """One step on the next mini-batch of x (n, inputs), y (n,): a new state, the old one untouched.

    Raises `ValueError` for data that the network cannot learn from.
    """
    x, y = check_learnable(network, training, x, y)
    n = x.shape[-2]
    some = batch(state, training, n)
    theta, slots = learn(state, network, training, _pick(x, some, x.ndim - 2), _pick(y, some, x.ndim - 2))
    epoch, position = following(batch_length(training, n), n, state.epoch, state.position)
    return State(theta, slots, state.step + 1, state.age + 1, epoch, position, state.seeds)


@quietly
def learn(state: State, network: Network, training: Training, x: Array, y: Array) -> tuple[Array, Array]:
    """The parameters (…, P) and slots that a step from `state` makes of these very examples, all of them."""
    return {"gradient": _descend, "perceptron": _correct}[training.rule](state, network, training, x, y)


def _descend(state: State, network: Network, training: Training, x: Array, y: Array) -> tuple[Array, Array]:
    rule, g = OPTIMIZERS[training.optimizer], _slope(state, network, training, x, y)
    rate = step_rate(state, network, training, g, x, y)
    theta, slots = rule.update(state.theta, g, state.slots, rate, state.age + 1)
    return constrained(network, training, rate, state.theta, theta), slots


def _slope(state: State, network: Network, training: Training, x: Array, y: Array) -> Array:
    """The gradient (…, P) to follow: thinned by dropout, with the penalty, no longer than `clip`."""
    thin = thinning(network, training, state.step, state.seeds) if training.dropout else 1.0
    theta = state.theta * thin
    trace = network.forward(theta, x)
    t = targets(network, y, trace.z[-1].dtype)
    g = network.backward(theta, trace, mean_delta(network, training, trace.z[-1], trace.a[-1], t))
    return regularized(network, training, state.theta, g * thin)


def step_rate(state: State, network: Network, training: Training, g: Array, x: Array, y: Array) -> float | Array:
    """The learning rate of the step from `state` that follows `g` (…, P): the schedule's, or what a line search finds.

    The latter is a length (…, 1) for each network.
    """
    searches = OPTIMIZERS[training.optimizer].searches
    return _best_length(state, network, training, g, x, y) if searches else training.rate(state.step)


@quietly
def _best_length(state: State, network: Network, training: Training, g: Array, x: Array, y: Array) -> Array:
    """The length (…, 1) of those in `LENGTHS` that leads lowest; 0 where every one leads up."""
    lengths = training.learning_rate * LENGTHS.reshape(-1, *[1] * g.ndim)  # (lengths, …, 1)
    ends = constrained(network, training, lengths, state.theta, state.theta - lengths * g)
    chunk = at_once(network, g[..., 0].size * x.shape[-2])  # all lengths together would take much memory
    losses = np.concatenate([loss(network, training, ends[i : i + chunk], x, y) for i in range(0, len(ends), chunk)])
    return lengths.ravel()[np.where(np.isfinite(losses), losses, np.inf).argmin(0)][..., None]


def _correct(state: State, network: Network, training: Training, x: Array, y: Array) -> tuple[Array, Array]:
    """Rosenblatt's rule (Psychological Review 1958): w ← w + rate·(target − answer)·x, the mean over the batch.

    A neuron answers 1 where it fires, z ≥ 0, and 0 where not.
    """
    trace = network.forward(state.theta, x)
    error = ACTIVATIONS["step"].f(trace.z[-1]) - (targets(network, y) > 0)
    g = network.backward(state.theta, trace, error / x.shape[-2])
    return state.theta - training.rate(state.step) * g, state.slots


def _pick(values: Array, some: Array | slice, axis: int) -> Array:
    """The rows `some` along `axis` of values: the same for all networks, or (networks, rows)."""
    if isinstance(some, slice) or some.ndim == 1:
        return values if isinstance(some, slice) else values.take(some, axis)
    return values[some] if axis == 0 else values[np.arange(len(some))[:, None], some]
