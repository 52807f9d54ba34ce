"""One gradient step seen from inside: every number of it, taken from the engine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from playground.engine import LOSSES, OPTIMIZERS, Network, State, Trace, Training, gradient, loss, targets
from playground.engine.objective import at_once, checked, mean_delta
from playground.engine.optimizers import BETA1, BETA2
from playground.engine.regularizers import penalty, regularized, thinning
from playground.engine.stepping import learn, step_rate

Array = np.ndarray

SYMBOLS = {  # of an optimizer's slots
    **dict.fromkeys(("momentum", "nesterov"), "v"),
    **dict.fromkeys(("adagrad", "rmsprop"), "s"),
    **dict.fromkeys(("adam", "adamw"), "mv"),
}
GAP = 1e-5  # between the two losses of a central difference, beside a parameter of size 1
CHUNK = 64  # parameters checked in one stacked evaluation, at most


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """A step from `state` to `following` on the examples x (n, inputs), whose outputs should be `target` (n, outputs).

    `losses` (n,) are those of each example, `loss` is their mean with the `penalty`. `deltas` hold δ = ∂loss/∂z of
    every layer (n, fan_out); `slope` (P,) is the gradient of the data alone and `gradient` (P,) what the optimizer
    is given: with the penalty, shortened where it is clipped. `rate` is the learning rate of this step. With dropout,
    the network is the thinned one of this step, whose parameters `theta` (P,) are those of `state` times `thin` (P,).
    """

    network: Network
    training: Training
    state: State
    following: State
    theta: Array
    thin: Array
    x: Array
    target: Array
    trace: Trace
    losses: Array
    penalty: float
    deltas: list[Array]
    slope: Array
    gradient: Array
    rate: float

    @property
    def loss(self) -> float:
        """The mean loss with the penalty."""
        return float(self.losses.mean() + self.penalty)


def examine(network: Network, training: Training, state: State, x: Array, y: Array) -> Examination:
    """Look into the step from `state` that learns from all of x (n, inputs), y (n,).

    Raises `ValueError` for data that the network cannot learn from, such as a number that is missing.
    """
    x, y = checked(network, x, y)
    thin = thinning(network, training, state.step) if training.dropout else np.ones(network.n_parameters)
    theta, target = state.theta * thin, targets(network, y)
    trace = network.forward(theta, x)
    deltas = network.errors(theta, trace, mean_delta(network, training, trace.z[-1], trace.a[-1], target))
    slope = network.backward(theta, trace, deltas[-1]) * thin
    followed = regularized(network, training, state.theta, slope)
    theta_after, slots = learn(state, network, training, x, y)
    following = replace(state, theta=theta_after, slots=slots, step=state.step + 1, age=state.age + 1)
    return Examination(
        network,
        training,
        state,
        following,
        theta,
        thin,
        x,
        target,
        trace,
        LOSSES[training.loss].value(trace.z[-1], target, network.output),
        float(penalty(network, training, state.theta)),
        deltas,
        slope,
        followed,
        float(np.squeeze(step_rate(state, network, training, followed, x, y))),
    )


def memory(examined: Examination) -> dict[str, Array]:
    """What the optimizer keeps and makes of it in this step: by its usual symbol, each (P,).

    The last one is the step itself, Δ: `following` is `state` + Δ, apart from what decay and kept zeros do.
    """
    state, t = examined.state, examined.state.age + 1
    rule = OPTIMIZERS[examined.training.optimizer]
    moved, slots = rule.update(state.theta, examined.gradient, state.slots, examined.rate, t)
    kept = {}
    for symbol, before, after in zip(SYMBOLS.get(examined.training.optimizer, ""), state.slots, slots, strict=True):
        kept |= {f"{symbol} before": before, symbol: after}
    if len(slots) == 2:  # Adam's moments, corrected for their start from nothing
        kept |= {"m̂": slots[0] / (1 - BETA1**t), "v̂": slots[1] / (1 - BETA2**t)}
    return kept | {"Δ": moved - state.theta}


def check_gradient(
    network: Network, training: Training, theta: Array, x: Array, y: Array
) -> Iterator[tuple[int, float, int]]:
    """Compare backpropagation with central differences of the loss, parameter by parameter of `theta` (P,).

    Yields, as it goes, how many are compared, the worst relative error so far and the parameter that has it. The
    error is |backpropagation − difference| beside the larger of the two, and of a ten-thousandth of the largest
    component: below that, differences are rounding.
    """
    _, exact = gradient(network, training, theta, x, y)
    gaps = GAP * np.maximum(1, np.abs(theta))
    least, worst, where = 1e-4 * np.abs(exact).max(), 0.0, 0
    chunk = min(CHUNK, at_once(network, len(x)))
    for first in range(0, theta.size, chunk):
        some = np.arange(first, min(first + chunk, theta.size))
        moves = np.zeros((some.size, theta.size))
        moves[np.arange(some.size), some] = gaps[some]
        ahead, behind = (loss(network, training, theta + sign * moves, x, y) for sign in (1, -1))
        differences = (ahead - behind) / (2 * gaps[some])
        size = np.maximum(np.maximum(np.abs(exact[some]), np.abs(differences)), max(least, 1e-12))
        errors = np.abs(exact[some] - differences) / size
        if not errors.max() <= worst:  # not a number is the worst of all
            worst, where = float(errors.max()), int(some[errors.argmax()])
        yield int(some[-1]) + 1, worst, where
