"""The step, recorded: what `step` computes, as a list of bound calls into prepared buffers.

Most of the time of a small network's step goes into finding out what to do. For a network, a training rule and a
length of batch that never changes, so it is found out once: every product, activation and update becomes a call with
its arguments bound, and a step is `for call in calls: call()`. In here examples are columns, and a bias is the weight
of an input that is always 1: just as `theta` has it, where the biases of a layer follow its weights. `step` remains
the definition, and a test holds the two together.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter

import numpy as np
from scipy.special import expit

from playground.engine.activations import ACTIVATIONS, OUTPUTS
from playground.engine.batches import batch_length, following, order
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.engine.objective import check_learnable, quietly, targets
from playground.engine.optimizers import BETA1, BETA2, EPSILON, OPTIMIZERS
from playground.engine.regularizers import constrained, regularized
from playground.engine.state import State
from playground.engine.stepping import LENGTHS, empty_slots, step
from playground.engine.training import Training

Array = np.ndarray
Call = Callable[[], object]
Walk = Callable[[State, int], tuple[State, float]]  # (state, steps) -> the state then, the largest Σθ² on the way

RECORDED, STEPPED = 60_000, 600_000  # as many products take as long as all else in a step

ZERO, ONE = np.zeros(()), np.ones(())  # as operands they cost half of what a Python number does


def advance(state: State, network: Network, training: Training, x: Array, y: Array, steps: int) -> State:
    """What `steps` calls of `step` lead to, up to rounding, and for one network several times sooner."""
    return walker(network, training, x, y, many=state.theta.ndim > 1)(state, steps)[0]


def walker(network: Network, training: Training, x: Array, y: Array, many: bool = False) -> Walk:
    """The fastest way on: `walk(state, steps)` gives the state then, and the largest Σθ² met on the way to it.

    Recorded is what does not change from step to step, of one network; `many` networks, dropout, a line search and
    the perceptron's rule are stepped.

    Raises `ValueError` for data that the network cannot learn from.
    """
    x, y = check_learnable(network, training, x, y)
    if many or not _recorded(training):
        return partial(_step_by_step, network, training, x, y)
    return Tape(network, training, x, y).play


def work(network: Network, training: Training, n: int) -> int:
    """What a step on data of n examples costs, roughly, in products: of an example and a parameter, for each length.

    Where they are few, what all else takes is counted as if it were products.
    """
    tried = len(LENGTHS) if OPTIMIZERS[training.optimizer].searches else 1
    products = batch_length(training, n) * network.n_parameters * tried
    return products + (RECORDED if _recorded(training) else STEPPED)


def _recorded(training: Training) -> bool:
    return not (training.rule == "perceptron" or training.dropout or OPTIMIZERS[training.optimizer].searches)


@quietly
def _step_by_step(
    network: Network, training: Training, x: Array, y: Array, state: State, steps: int
) -> tuple[State, float]:
    squares = [0.0]
    for _ in range(steps):
        state = step(state, network, training, x, y)
        squares.append((state.theta**2).sum())
    return state, np.max(squares)


class Tape:
    """The steps of one network on x (n, inputs), y (n,), recorded for each length of batch when it is first met."""

    def __init__(self, network: Network, training: Training, x: Array, y: Array) -> None:
        self.network, self.training, self.n = network, training, len(x)
        self.data = np.vstack([x.T, np.ones(len(x)), targets(network, y).T])  # (inputs + 1 + outputs, n)
        self.theta, self.g = np.empty((2, network.n_parameters))
        self.slots = empty_slots(training, self.theta)
        self.age, self.rate, self.corrections = 0, np.empty(()), np.empty(2)
        self.records: dict[int, tuple[Array, list[Call]]] = {}  # by length: the batch's buffer, and the calls

    @quietly
    def play(self, state: State, steps: int) -> tuple[State, float]:
        """The state `steps` later, and the largest Σθ² met on the way to it: a `Walk`, as `walker` gives."""
        self.theta[...], self.slots[...], self.age = state.theta, state.slots, state.age
        length, epoch, position, squares = batch_length(self.training, self.n), state.epoch, state.position, [0.0]
        for number in range(state.step, state.step + steps):
            calls = self._load(length, epoch, position)
            self._tell_time(number)
            for call in calls:
                call()
            squares.append(self.theta.dot(self.theta))
            epoch, position = following(length, self.n, epoch, position)
        return State(self.theta.copy(), self.slots.copy(), state.step + steps, self.age, epoch, position), np.max(
            squares
        )

    def _load(self, length: int, epoch: int, position: int) -> list[Call]:
        """The calls of a step on the batch at `position`, with its examples in their buffer."""
        if length == self.n:
            return self._record(length)[1]
        rows = order(self.training.seed, epoch, self.n)[position : position + length]
        buffer, calls = self._record(len(rows))
        self.data.take(rows, 1, buffer, "clip")
        return calls

    def _tell_time(self, number: int) -> None:
        self.age += 1
        self.rate[()] = self.training.rate(number)

    def _record(self, length: int) -> tuple[Array, list[Call]]:
        if length not in self.records:
            buffer = self.data if length == self.n else np.empty((len(self.data), length))
            self.records[length] = buffer, [*self._gradient_calls(buffer), *self._update_calls()]
        return self.records[length]

    def _gradient_calls(self, buffer: Array) -> Iterator[Call]:
        """The gradient of the mean loss, as in `Network.forward` and `Network.backward`."""
        x, t = np.split(buffer, [self.network.inputs + 1])
        matrices, slots, layers = (
            _matrices(self.network, self.theta),
            _matrices(self.network, self.g),
            _rows(self.network),
        )
        z, a, slope, delta = np.ones((4, layers[-1].stop, buffer.shape[1]))  # between two layers stays a row of ones
        inputs = [x, *(a[rows.start : rows.stop + 1] for rows in layers[:-1])]
        for source, matrix, rows, key in zip(
            inputs, matrices, layers, (*self.network.activations, self.network.output), strict=True
        ):
            yield partial(matrix.T.dot, source, z[rows])
            yield from activation_calls(key, z[rows], a[rows])
        for key, rows in _blocks(self.network.activations, layers):
            yield from slope_calls(key, z[rows], a[rows], slope[rows])
        last = layers[-1]
        yield from delta_calls(self.training.loss, self.network.output, z[last], a[last], t, delta[last])
        for i in reversed(range(len(layers))):
            yield partial(inputs[i].dot, delta[layers[i]].T, slots[i])
            if i:
                below = delta[layers[i - 1]]
                yield partial(matrices[i][:-1].dot, delta[layers[i]], below)
                yield partial(np.multiply, below, slope[layers[i - 1]], below)

    def _update_calls(self) -> Iterator[Call]:
        """What `step` makes of the gradient."""
        training, rule = self.training, OPTIMIZERS[self.training.optimizer]
        before = np.empty_like(self.theta)
        if rule.decay or training.keep_zeros:
            yield partial(np.copyto, before, self.theta)
        if training.l1 or training.l2 or training.clip is not None:
            yield partial(_into, self.g, regularized, self.network, training, self.theta, self.g)
        if rule.update is OPTIMIZERS["sgd"].update:
            yield partial(np.multiply, self.g, self.rate, self.g)
            yield partial(np.subtract, self.theta, self.g, self.theta)
        elif rule.update is OPTIMIZERS["adam"].update:
            yield from self._adam_calls(np.empty_like(self.theta))
        else:
            yield self._update
        if rule.decay or training.keep_zeros:
            yield partial(_into, self.theta, constrained, self.network, training, self.rate, before, self.theta)

    def _update(self) -> None:
        rule = OPTIMIZERS[self.training.optimizer]
        self.theta[...], self.slots[...] = rule.update(self.theta, self.g, self.slots, self.rate, self.age)

    def _adam_calls(self, way: Array) -> Iterator[Call]:
        """Kingma & Ba (ICLR 2015), algorithm 1."""
        (m, v), g = self.slots, self.g
        beta1, beta2, rest1, rest2, epsilon = map(np.array, (BETA1, BETA2, 1 - BETA1, 1 - BETA2, EPSILON))
        first, second = self.corrections[:, None]
        yield self._correct
        yield partial(np.multiply, m, beta1, m)
        yield partial(np.multiply, g, rest1, way)
        yield partial(np.add, m, way, m)
        yield partial(np.multiply, v, beta2, v)
        yield partial(np.multiply, g, g, g)
        yield partial(np.multiply, g, rest2, g)
        yield partial(np.add, v, g, v)
        yield partial(np.multiply, v, second, way)
        yield partial(np.sqrt, way, way)
        yield partial(np.add, way, epsilon, way)
        yield partial(np.divide, m, way, way)
        yield partial(np.multiply, way, first, way)
        yield partial(np.subtract, self.theta, way, self.theta)

    def _correct(self) -> None:
        self.corrections[:] = self.rate / (1 - BETA1**self.age), 1 / (1 - BETA2**self.age)


def activation_calls(key: str, z: Array, a: Array) -> list[Call]:
    """a = f(z)."""
    match key:
        case "tanh":
            return [partial(np.tanh, z, a)]
        case "sigmoid":
            return [partial(expit, z, a)]
        case "relu":
            return [partial(np.maximum, z, ZERO, out=a)]
    return [partial(_into, a.T, (ACTIVATIONS | OUTPUTS)[key].f, z.T)]


def slope_calls(key: str, z: Array, a: Array, slope: Array) -> list[Call]:
    """slope = f′(z)."""
    match key:
        case "tanh":
            return [partial(np.multiply, a, a, slope), partial(np.subtract, ONE, slope, slope)]
        case "sigmoid":
            return [partial(np.subtract, ONE, a, slope), partial(np.multiply, a, slope, slope)]
        case "relu":
            return [partial(np.heaviside, z, ZERO, slope)]
    return [partial(_into, slope, ACTIVATIONS[key].df, z, a)]


def delta_calls(loss: str, output: str, z: Array, a: Array, t: Array, delta: Array) -> list[Call]:
    """delta = the derivative of the mean loss with respect to z."""
    mean = partial(np.divide, delta, np.array(float(delta.shape[1])), delta)
    if loss == "cross-entropy" or (loss, output) == ("half-mse", "identity"):
        return [partial(np.subtract, a, t, delta), mean]
    return [partial(_into, delta.T, LOSSES[loss].delta, z.T, a.T, t.T, output), mean]


def _into(out: Array, f: Callable[..., Array], *arguments: object) -> None:
    out[...] = f(*arguments)


def _matrices(network: Network, vector: Array) -> list[Array]:
    """Each layer's part of `vector` (P,), (fan_in + 1, fan_out): its weights, and its biases as one row more."""
    sizes = [(fan_in + 1) * fan_out for fan_in, fan_out in network.shapes]
    parts = np.split(vector, np.cumsum(sizes)[:-1])
    return [part.reshape(-1, fan_out) for part, (_, fan_out) in zip(parts, network.shapes, strict=True)]


def _rows(network: Network) -> list[slice]:
    """The rows of each layer where all layers stand below each other, with one row between two."""
    ends = np.cumsum([fan_out + 1 for _, fan_out in network.shapes]) - 1
    return [slice(int(end) - fan_out, int(end)) for end, (_, fan_out) in zip(ends, network.shapes, strict=True)]


def _blocks(keys: tuple[str, ...], layers: list[slice]) -> Iterator[tuple[str, slice]]:
    """Neighbouring hidden layers of one activation, as one."""
    for key, group in groupby(zip(keys, layers[:-1], strict=True), key=itemgetter(0)):
        rows = [part for _, part in group]
        yield key, slice(rows[0].start, rows[-1].stop)
