"""Several training rules on the same network from the same start, side by side."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import thread_time

import numpy as np

from playground.engine import Diverged, Network, Run, State, Training, loss, start
from playground.engine.batches import draw
from playground.engine.checks import check_whole
from playground.engine.run import LONGEST_PIECE
from playground.engine.stepping import empty_slots
from playground.engine.tape import work
from playground.limits import MOST_LANES, MOST_PRODUCTS

Array = np.ndarray

POINTS = 101  # kept of a lane
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """What one training rule made of the start that all lanes share.

    At most `POINTS` points are kept, evenly spaced, the first and the last among them. The last one of a lane that
    `diverged` is the last step at which its own loss was finite.
    """

    training: Training
    steps: Array  # (t,) whole numbers, taken since the start of the race
    path: Array  # (t, P) float32; what is too large for that is its largest number
    losses: Array  # (t,) by the yardstick of the race
    milliseconds: float  # of the processor, for all steps of the lane together, and nothing else
    diverged: bool


def race(
    network: Network,
    trainings: Sequence[Training],
    x: Array,
    y: Array,
    steps: int,
    begin: State | None = None,
) -> Iterator[Lane | float]:
    """The lanes of `trainings`, each as soon as it is through: `steps` steps on x (n, inputs), y (n,).

    In between come the shares of a lane that are through, so that a race can be watched and left.

    All start from the same parameters: those the first training draws, or those of `begin`, whose step, epoch and
    place in it are then kept, too. Each optimizer begins with an empty memory. All are measured by one yardstick, the
    loss of the first training over all of x, y without penalty: numbers of two different losses do not compare.

    Raises `ValueError`, before the first lane begins, for more than `MOST_LANES` trainings or none, for a training by
    which this network cannot learn from this data, and for a state of another network or of several.
    """
    check_whole("number of trainings", len(trainings), 1, MOST_LANES)
    check_whole("steps", steps, 1)
    begin = start(network, trainings[0]) if begin is None else begin
    if begin.theta.shape != (size := (network.n_parameters,)):
        raise ValueError(f"begin has parameters of shape {begin.theta.shape}; it must be one network, {size}.")
    runs = [Run(network, training, x, y, _rested(begin, training)) for training in trainings]
    yardstick = replace(trainings[0], l1=0.0, l2=0.0)
    marks = np.linspace(0, steps, min(steps + 1, POINTS)).round().astype(int)
    return (leg for run in runs for leg in _lane(run, yardstick, marks))


def affordable(network: Network, trainings: Sequence[Training], n: int, steps: int) -> int:
    """How many of so many steps each lane can take on n examples, all within `MOST_PRODUCTS`; at least one."""
    return max(1, min(steps, MOST_PRODUCTS // sum(work(network, training, n) for training in trainings)))


def _rested(begin: State, training: Training) -> State:
    return replace(begin, slots=empty_slots(training, begin.theta), age=0)


def _lane(run: Run, yardstick: Training, marks: Array) -> Iterator[Lane | float]:
    states, losses, milliseconds, diverged = [], [], 0.0, False
    for goal in (run.first + marks).tolist():
        while run.state.step < goal and not diverged:
            seconds, diverged = _go_on(run, goal)
            milliseconds += 1e3 * seconds
            yield (run.state.step - run.first) / marks[-1]
        if not states or run.state.step > states[-1].step:
            states.append(run.state)
            losses.append(loss(run.network, yardstick, run.state.theta, run.x, run.y))
    path = np.clip([state.theta for state in states], -LARGEST, LARGEST).astype(np.float32)
    taken = np.array([state.step - run.first for state in states])
    yield Lane(run.training, taken, path, np.array(losses), milliseconds, diverged)


def _go_on(run: Run, goal: int) -> tuple[float, bool]:
    """Race on towards a step: the seconds of the processor that took, and whether the loss diverged."""
    draw(run.training, len(run.x), run.state.epoch, LONGEST_PIECE)  # else the first lane would do it for all
    began = thread_time()
    with suppress(Diverged):
        run.approach(goal)
        return thread_time() - began, False
    return thread_time() - began, True


def ahead(lanes: Sequence[Lane], target: float) -> list[dict[str, float]]:
    """When each lane first had a loss of at most `target`: a row for each, in their order, fit for `pandas.DataFrame`.

    `lane` is its number, from 0; `steps` and `milliseconds` are what it had taken by then, `place_in_steps` and
    `place_in_time` its place among all, 1 for the first; lanes that arrive together share a place. All four are not
    numbers for a lane that never arrived.

    Steps are told as finely as a lane's points lie. Milliseconds are the lane's own in proportion to its steps, which
    all cost the same.
    """
    steps = np.array([_arrival(lane, target) for lane in lanes])
    milliseconds = steps * [lane.milliseconds / max(1, lane.steps[-1]) for lane in lanes]
    columns = {
        "steps": steps,
        "milliseconds": milliseconds,
        "place_in_steps": _places(steps),
        "place_in_time": _places(milliseconds),
    }
    return [{"lane": i} | {name: float(column[i]) for name, column in columns.items()} for i in range(len(lanes))]


def _arrival(lane: Lane, target: float) -> float:
    there = lane.losses <= target
    return float(lane.steps[there.argmax()]) if there.any() else np.nan


def _places(values: Array) -> Array:
    earlier = (values[:, None] > values).sum(1)  # not a number is never earlier
    return np.where(np.isnan(values), np.nan, 1 + earlier)
