"""What is measured on samples a network has not seen: what scaling shows it of them, leaks, and k folds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from playground.data import Dataset, Part, Prepared, Scaler, folds
from playground.engine import Diverged, Run, Training, accuracy, loss, r2, steps_per_epoch
from playground.engine.tape import work
from playground.experiment import Config, Experiment, in_parts, split_of
from playground.limits import MOST_PRODUCTS

Array = np.ndarray


# --- what scaling does


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What there is of each input: arrays (features,)."""

    smallest: Array
    largest: Array
    mean: Array
    deviation: Array


def column(x: Array) -> Column:
    """The range, mean and deviation of each column of x (n, features)."""
    return Column(x.min(0), x.max(0), x.mean(0), x.std(0))


def learned_from(data: Prepared) -> Array:
    """The inputs (n, features), as the network sees them, of all samples of the training part, labels known or not."""
    return np.vstack([data.train.x, data.unlabelled.x])


def affine(scaler: Scaler) -> tuple[Array, Array]:
    """The centre and the scale (features,) of a scaler, one of `SCALINGS`: it makes (x − centre) / scale of x."""
    features = scaler.n_features_in_
    zero, one = scaler.transform(np.vstack([np.zeros(features), np.ones(features)]))
    return -zero / (one - zero), 1 / (one - zero)


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """How a scaler changes when it is fitted on all samples, the test part included; arrays (features,)."""

    shift: Array  # of its centre, in deviations of the training part
    stretch: Array  # of its scale: 1.02 is 2 percent wider


def leak(experiment: Experiment, dataset: Dataset) -> tuple[Leak, Scaler]:
    """How far fitting on all rows of `dataset` moves the scaler of an experiment, and the scaler that is so fitted."""
    leaky = fitted_on_all(experiment.config, dataset)
    honest = experiment.data.scaler
    (centre, scale), (all_centre, all_scale) = affine(honest), affine(leaky)
    deviation = honest.inverse_transform(learned_from(experiment.data)).std(0)
    shift = np.divide(all_centre - centre, deviation, out=np.zeros_like(centre), where=deviation > 0)
    return Leak(shift, all_scale / scale), leaky


def fitted_on_all(config: Config, dataset: Dataset) -> Scaler:
    """The scaler of a config as it must not be: fitted on every row there is."""
    every = np.arange(len(dataset.x))
    return in_parts(replace(config, labels=100), dataset, every, every[:0], every[:0])[1].scaler


# --- training anew


@dataclass(frozen=True, slots=True)
class Score:
    """How good a network is on some samples: the loss without penalty, and accuracy or R²."""

    loss: float
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a network that was trained anew: its scores on the training and on the test part.

    `steps` are fewer than were asked for where the loss stopped being finite.
    """

    train: Score
    test: Score
    n_train: int
    n_test: int
    steps: int
    diverged: bool


def affordable(experiment: Experiment, step: int, runs: int, n: int) -> int:
    """How many steps each of some runs on n examples can take: those of the stage, an epoch at least.

    All are within `MOST_PRODUCTS`: where even one epoch is more work than that, it is fewer.
    """
    training = _rule(experiment, n)
    most = MOST_PRODUCTS // (runs * work(experiment.network, training, n))
    return max(1, min(max(step, steps_per_epoch(training, n)), most))


def with_leak(experiment: Experiment, dataset: Dataset, steps: int) -> Iterator[Outcome | float]:
    """The experiment trained for `steps` steps from its start, as it should be and then with a leak: two outcomes.

    The second time the inputs are scaled by what all rows reveal; all else is the same. In between come the shares of
    a run that are through.
    """
    config = experiment.config
    parts = split_of(config, dataset)
    for scaler in (None, fitted_on_all(config, dataset)):
        _, data = in_parts(config, dataset, *parts, scaler=scaler)
        yield from _trained(experiment, data, steps)


def cross_validate(experiment: Experiment, dataset: Dataset, k: int, steps: int) -> Iterator[Outcome | float]:
    """An outcome for each of k folds of all rows of `dataset`: the experiment trained on the others, tested on it.

    Each fold is prepared by itself: scaled by the rows it is trained on, labels hidden as the experiment has it. In
    between come the shares of a fold that are through. Raises `ValueError` for a bad k, and for a fold that leaves
    nothing to learn from.
    """
    config = experiment.config
    for train, test in folds(dataset, k, config.seed):
        _, data = in_parts(config, dataset, train, test[:0], test)
        yield from _trained(experiment, data, steps)


def _trained(experiment: Experiment, data: Prepared, steps: int) -> Iterator[Outcome | float]:
    run = Run(experiment.network, _rule(experiment, len(data.train.x)), data.train.x, data.train.y)
    diverged = False
    while run.state.step < steps and not diverged:
        try:
            run.approach(steps)
        except Diverged:
            diverged = True
        yield run.state.step / steps
    scores = [scored(experiment, run.state.theta, part) for part in (data.train, data.test)]
    yield Outcome(*scores, len(data.train.y), len(data.test.y), run.state.step, diverged)


def _rule(experiment: Experiment, n: int) -> Training:
    """The experiment's training rule for n examples."""
    batch = experiment.config.batch
    return replace(experiment.training, batch_size=None if batch is None or batch >= n else batch)


def scored(experiment: Experiment, theta: Array, part: Part) -> Score:
    """How good parameters (P,) of the experiment's network are on a part of its data."""
    network, plain = experiment.network, replace(experiment.training, l1=0.0, l2=0.0)
    measure = r2 if network.output == "identity" else accuracy
    with np.errstate(over="ignore", invalid="ignore"):
        value, score = loss(network, plain, theta, part.x, part.y), measure(network, theta, part.x, part.y)
    return Score(float(value), float(score))


def spread(values: Array) -> tuple[float, float]:
    """The mean of the scores of some folds and their standard deviation, that of a sample."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
