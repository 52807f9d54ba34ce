"""A run in time: the present state, and enough past states to go back to any step exactly."""

import numpy as np

from playground.engine.checks import check_whole
from playground.engine.network import Network
from playground.engine.training import State, Training, loss, start, step, steps_per_epoch

Array = np.ndarray

RECENT = 128  # latest states, kept one by one so that Back is at once
KEYFRAMES = 256  # states kept for good; when there are more, every second one is dropped


class Diverged(ArithmeticError):
    """The loss stopped being finite; the run stands at the last step where it was."""


class Run:
    """A network being trained on x (n, inputs), y (n,), movable to any step.

    Because a step is pure, a past state is recomputed from the nearest one kept before it, to the bit.
    Memory is bounded: at most `RECENT` + `KEYFRAMES` states, however long the run.
    """

    def __init__(self, network: Network, training: Training, x: Array, y: Array) -> None:
        self.network, self.training, self.x, self.y = network, training, x, y
        self.state = start(network, training)
        self.reached = 0  # the furthest step so far
        self._harmless = _harmless(network, x, y)
        self._interval = 32
        self._keyframes = {0: self.state}
        self._recent: dict[int, State] = {}

    @property
    def epoch(self) -> float:
        """How often every training example has been seen so far, on average."""
        return self.state.step / steps_per_epoch(self.training, len(self.x))

    def loss(self) -> float:
        """The training loss at the present state, penalty included; infinite or NaN where it overflows."""
        return self._loss(self.state)

    def seek(self, target: int) -> State:
        """Move to step `target`, forwards or back, and return the state there.

        Raises `Diverged` where the loss stops being finite on the way; the last finite state is then the present one.
        """
        check_whole("step", target, 0)
        self.state = self._reach(target)
        self.reached = max(self.reached, self.state.step)
        if self.state.step < target:
            raise Diverged(f"The loss is not finite after step {self.state.step:,}.")
        return self.state

    def at(self, step: int) -> State:
        """The state at a step already `reached`; the run stays where it is."""
        check_whole("step", step, 0, self.reached)
        return self._reach(step)

    def _reach(self, target: int) -> State:
        state = self._nearest(target)
        with np.errstate(over="ignore", invalid="ignore"):
            while state.step < target:
                following = step(state, self.network, self.training, self.x, self.y)
                if not self._finite(following):
                    break
                state = following
                self._keep(state)
        return state

    def _loss(self, state: State) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(loss(self.network, self.training, state.theta, self.x, self.y))

    def _finite(self, state: State) -> bool:
        """Whether the loss is finite; where no parameter is large enough to make it overflow it is not computed."""
        if not np.isfinite(state.batch_loss):
            return False
        return np.abs(state.theta).max() < self._harmless or np.isfinite(self._loss(state))

    def _nearest(self, target: int) -> State:
        if self.state.step in (target, target - 1):
            return self.state
        kept = self._keyframes | self._recent
        return kept[max(step for step in kept if step <= target)]

    def _keep(self, state: State) -> None:
        self._recent[state.step] = state
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        if state.step % self._interval == 0:
            self._keyframes[state.step] = state
        if len(self._keyframes) > KEYFRAMES:
            self._interval *= 2
            self._keyframes = {s: kept for s, kept in self._keyframes.items() if s % self._interval == 0}


def _harmless(network: Network, x: Array, y: Array) -> float:
    """Parameters up to this size give squares of outputs below 1e300.

    A layer multiplies by its width at most, and no activation makes more than twice as much of a sum.
    """
    widest = 2 * (1 + max(fan_in for fan_in, _ in network.shapes))
    largest = max(1.0, np.abs(x).max(), np.abs(y).max())
    return (1e150 / largest) ** (1 / len(network.shapes)) / widest
