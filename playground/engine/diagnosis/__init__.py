"""What is wrong with a network: each fault with its evidence, and nothing where there is nothing to say."""

import numpy as np

from playground.engine.curvature import largest_stable_rate
from playground.engine.diagnosis import course, neurons, suits
from playground.engine.diagnosis.finding import Finding
from playground.engine.diagnosis.symptoms import constant_loss, example_losses, gradient_sizes, update_ratios
from playground.engine.metrics import accuracy, r2
from playground.engine.network import Network
from playground.engine.objective import gradient
from playground.engine.training import Training

Array = np.ndarray


def diagnose(
    network: Network,
    training: Training,
    theta: Array,
    x: Array,
    y: Array,
    *,
    test: tuple[Array, Array] | None = None,
    losses: Array | None = None,
    before: Array | None = None,
    every: float = 1,
) -> list[Finding]:
    """The faults of one network `theta` (P,) being trained on x (n, inputs), y (n,); the plainest causes come first.

    What else is given is looked at too: the `test` examples (x, y), the training `losses` (t,) from the start until
    now, `every` so many steps, and `before` (P,), the parameters one step ago. Where the loss is not finite, that is
    all there is to say.

    Raises `ValueError` for several networks at once, and where x and y do not match.
    """
    _check(network, theta, x, y)
    theta, losses = theta.astype(np.float64), np.array([] if losses is None else losses, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        now = float(example_losses(network, training, theta, x, y).mean())
        constant = constant_loss(network, training, y)
        found = course.diverged(now, losses, constant)
        if not np.isfinite(now):
            return found
        found += [*suits.unscaled(x), *suits.straight(network, x, y)]
        found += _of_neurons(network, theta, x, course.unsolved(now, constant))
        if course.unsolved(now, constant):
            found += _of_steps(network, training, theta, x, y, losses, before)
            _, g = gradient(network, training, theta, x, y)
            found += course.stalled(now, losses, constant, float(np.linalg.norm(g)), every)
        if test is not None:
            found += _overfitting(network, training, theta, (x, y), test, constant)
    return found


def _of_neurons(network: Network, theta: Array, x: Array, unsolved: bool) -> list[Finding]:
    trace = network.forward(theta, x)
    found = [
        *neurons.no_slope(network),
        *neurons.copies(network, theta, trace),
        *neurons.dead(network, trace),
    ]
    return [*found, *neurons.saturated(network, trace)] if unsolved else found


def _of_steps(
    network: Network, training: Training, theta: Array, x: Array, y: Array, losses: Array, before: Array | None
) -> list[Finding]:
    sizes, errors = gradient_sizes(network, training, theta, x, y)
    found = [*course.vanishing(sizes), *course.exploding(errors)]
    if before is not None and sizes.any():  # without a gradient a step is short for another reason
        ratios = update_ratios(network, before, theta)
        found += [*course.long_steps(ratios, losses), *course.short_steps(ratios)]
    if training.optimizer == "sgd":
        found += course.unstable(training.learning_rate, largest_stable_rate(network, training, theta, x, y))
    return found


def _overfitting(
    network: Network, training: Training, theta: Array, seen: tuple, unseen: tuple, constant: float
) -> list[Finding]:
    name, score = ("R²", r2) if network.output == "identity" else ("accuracy", accuracy)
    losses = [example_losses(network, training, theta, *part) for part in (seen, unseen)]
    scores = tuple(float(score(network, theta, *part)) for part in (seen, unseen))
    return course.overfitting(*losses, scores, name, constant)


def _check(network: Network, theta: Array, x: Array, y: Array) -> None:
    if theta.shape != (network.n_parameters,):
        raise ValueError(f"theta has shape {theta.shape}; a diagnosis needs one network, ({network.n_parameters},).")
    if not 0 < len(x) == len(y):
        raise ValueError(f"x has {len(x)} examples and y {len(y)}; there must be as many, and at least one.")
