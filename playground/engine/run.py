"""A run in time: the present state, and enough past states to go back to any step exactly."""

from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from playground.engine.checks import check_whole
from playground.engine.network import Network
from playground.engine.objective import check_learnable, loss
from playground.engine.state import State
from playground.engine.stepping import empty_slots, start
from playground.engine.tape import Walk, walker, work
from playground.engine.training import Training
from playground.limits import CHANGES, KEYFRAME_BYTES, KEYFRAMES

Array = np.ndarray

GRAIN = 16  # of the latest states every 16th is kept, so that Back is at once
RECENT = 16  # that many of them

PIECE = 2**23  # products done in one piece, a few milliseconds of work
LONGEST_PIECE = 32  # steps in it

BEFORE_THE_START = ("init", "bias", "seed")  # fields of Training that cannot change on the way


class Diverged(ArithmeticError):
    """The loss stopped being finite; the run stands at the last step where it was."""


class Run:
    """A network being trained on x (n, inputs), y (n,), movable to any step, also where its training has changed.

    Because a step is pure, a past state is recomputed from the nearest one kept before it, to the bit. Memory is
    bounded however long the run: `KEYFRAMES` + `RECENT` states (4 MB for the keyframes of a large network), and one
    for each of at most `CHANGES` changes. The way back is at most one interval between keyframes: 1/128 of the run,
    more where a large network has fewer of them.

    `begin` is a state to go on from; without it the run begins at the start that `training` draws.
    """

    def __init__(self, network: Network, training: Training, x: Array, y: Array, begin: State | None = None) -> None:
        self.network = network
        self.state = start(network, training) if begin is None else begin
        self.reached = self.first = self.state.step  # how far this run reaches forward and back
        rule = Rule(training, *check_learnable(network, training, x, y), _harmless(network, x, y))
        self._walker = rule, walker(network, training, x, y)
        self._rules = {self.first: rule}  # by the step from which on each holds
        self._fixed = {self.first: self.state}  # the states in which a rule begins
        self._keyframes: dict[int, State] = {}
        self._recent: dict[int, State] = {}
        self._interval = 2 * GRAIN
        self._most = int(np.clip(KEYFRAME_BYTES // (24 * network.n_parameters), 2, KEYFRAMES))

    @property
    def training(self) -> Training:
        """The rule of the next step from here."""
        return self._rule_at(self.state.step).training

    @property
    def x(self) -> Array:
        """The inputs (n, inputs) that the next step from here learns from."""
        return self._rule_at(self.state.step).x

    @property
    def y(self) -> Array:
        """The targets (n,) that the next step from here learns from."""
        return self._rule_at(self.state.step).y

    @property
    def epoch(self) -> float:
        """How often every training example has been seen so far, on average."""
        return self.state.epoch + self.state.position / len(self.x)

    def loss(self) -> float:
        """The training loss at the present state, penalty included; infinite or NaN where it overflows."""
        return self._loss(self.state)

    def rule(self, step: int) -> tuple[int, Training]:
        """Since which step the present stretch of the run goes on at a step already reached, and by which rule.

        A stretch begins where the run does, where its rule has been changed, and where parameters have been.
        """
        check_whole("step", step, self.first, self.reached)
        return max(begin for begin in self._rules if begin <= step), self._rule_at(step).training

    def seek(self, target: int) -> State:
        """Move to step `target`, forwards or back, and return the state there.

        Raises `Diverged` where the loss stops being finite on the way; the last finite state is then the present one.
        """
        check_whole("step", target, self.first)
        self.state = self._reach(target)
        self.reached = max(self.reached, self.state.step)
        if self.state.step < target:
            raise Diverged(f"The loss is not finite after step {self.state.step:,}.")
        return self.state

    def approach(self, target: int) -> State:
        """`seek` step `target` ahead, but no further than a piece of work leads; return the state there.

        So one can look at the clock in between, or at anything else.
        """
        rule = self._rule_at(self.state.step)
        piece = PIECE // work(self.network, rule.training, len(rule.x))
        return self.seek(min(target, self.state.step + max(1, min(piece, LONGEST_PIECE))))

    def back(self, steps: int = 1) -> State:
        """Move back by `steps`, at most to where the run begins, and return the state there."""
        check_whole("steps", steps, 0)
        return self.seek(max(self.first, self.state.step - steps))

    def at(self, step: int) -> State:
        """The state at a step already `reached`; the run stays where it is."""
        check_whole("step", step, self.first, self.reached)
        return self._reach(step)

    def after(self, state: State) -> State:
        """The state one step after one already reached, by the rule there; the run stays where it is."""
        return self._walk(self._rule_at(state.step))(state, 1)[0]

    def change(self, training: Training, x: Array | None = None, y: Array | None = None) -> None:
        """Learn by another rule from the next step on, with the same weights; the steps ahead are forgotten.

        Another optimizer begins with an empty memory, other data with an epoch of their own. Raises `ValueError` for
        what belongs to the start of a run, and for a rule by which this network cannot learn from these data; the run
        is then as it was.
        """
        self._check_change(training)
        old, state = self._rule_at(self.state.step), self.state
        rule = replace(old, training=training)
        if x is not None and not (np.array_equal(x, old.x) and np.array_equal(y, old.y)):
            rule = Rule(training, *check_learnable(self.network, training, x, y), _harmless(self.network, x, y))
            state = replace(state, epoch=state.epoch + (state.position > 0), position=0)
        self._walk(rule)
        if training.optimizer != old.training.optimizer:
            state = replace(state, slots=empty_slots(training, state.theta), age=0)
        self._begin(state, rule)

    def edit(self, theta: Array) -> None:
        """Go on from other parameters (P,) at the present step; the steps ahead are forgotten.

        Raises `ValueError` for another shape, and for numbers that are not finite.
        """
        if np.shape(theta) != self.state.theta.shape:
            raise ValueError(f"theta has shape {np.shape(theta)}; it must be {self.state.theta.shape}.")
        if not np.isfinite(theta).all():
            raise ValueError("theta holds numbers that are not finite; a weight must be a finite number.")
        self._begin(replace(self.state, theta=np.array(theta, np.float64)), self._rule_at(self.state.step))

    def branch(self, training: Training | None = None) -> "Run":
        """A run with the same past that goes its own way from here, by another rule if `training` is given."""
        other = copy(self)
        other._rules, other._fixed = dict(self._rules), dict(self._fixed)
        other._keyframes, other._recent = dict(self._keyframes), dict(self._recent)
        other.change(self.training if training is None else training)
        return other

    def _begin(self, state: State, rule: "Rule") -> None:
        """Let a rule begin with `state` at the present step, which is then the last one reached."""
        self.state, self.reached = state, state.step
        self._rules[state.step], self._fixed[state.step] = rule, state
        if len(self._rules) > CHANGES:
            self.first = sorted(self._rules)[1]
        for kept in (self._rules, self._fixed, self._keyframes, self._recent):
            for step in [step for step in kept if not self.first <= step <= self.reached]:
                del kept[step]

    def _check_change(self, training: Training) -> None:
        for field in BEFORE_THE_START:
            if (new := getattr(training, field)) != (old := getattr(self.training, field)):
                raise ValueError(f"{field} must stay {old!r}, not {new!r}: it belongs to the start of a run.")

    def _rule_at(self, step: int) -> "Rule":
        return self._rules[max(begin for begin in self._rules if begin <= step)]

    def _reach(self, target: int) -> State:
        state = self._nearest(target)
        walk = self._walk(self._rule_at(state.step))  # a rule begins with a state that is kept: there is one only
        while state.step < target:
            stop = min(target, state.step - state.step % GRAIN + GRAIN)
            state = self._walk_finite(walk, state, stop - state.step)
            if state.step < stop:
                break
            self._keep(state)
        return state

    def _walk(self, rule: "Rule") -> Walk:
        if self._walker[0] != rule:
            self._walker = rule, walker(self.network, rule.training, rule.x, rule.y)
        return self._walker[1]

    def _walk_finite(self, walk: Walk, state: State, steps: int) -> State:
        """As far as the loss stays finite; where no parameter is large enough to overflow it is not computed."""
        arrived, square = walk(state, steps)
        if square < self._rule_at(state.step).harmless ** 2:
            return arrived
        for _ in range(steps):
            following, _ = walk(state, 1)
            if not np.isfinite(self._loss(following)):
                break
            state = following
        return state

    def _loss(self, state: State) -> float:
        rule = self._rule_at(state.step)
        return float(loss(self.network, rule.training, state.theta, rule.x, rule.y))

    def _nearest(self, target: int) -> State:
        if self.state.step in (target, target - 1) and target not in self._fixed:
            return self.state
        kept = self._keyframes | self._recent | self._fixed
        nearest = max(step for step in kept if step <= target)
        return self.state if nearest < self.state.step <= target else kept[nearest]

    def _keep(self, state: State) -> None:
        if state.step % GRAIN == 0:
            self._recent[state.step] = state
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        if state.step % self._interval == 0:
            self._keyframes[state.step] = state
        if len(self._keyframes) > self._most:
            self._interval *= 2
            self._keyframes = {s: kept for s, kept in self._keyframes.items() if s % self._interval == 0}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What a stretch of a run goes by: how it learns, and from what. Data are the same where they are one array."""

    training: Training
    x: Array
    y: Array
    harmless: float  # parameters up to this size leave the loss finite

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.training == other.training and self.x is other.x and self.y is other.y


def _harmless(network: Network, x: Array, y: Array) -> float:
    """Parameters up to this size give squares of outputs below 1e300.

    A layer multiplies by its width at most, and no activation makes more than twice as much of a sum.
    """
    widest = 2 * (1 + max(fan_in for fan_in, _ in network.shapes))
    largest = max(1.0, np.abs(x).max(), np.abs(y).max())
    return (1e150 / largest) ** (1 / len(network.shapes)) / widest
