"""What a run has left behind: the losses of its steps for the curves, and some of its states for the path."""

import numpy as np

from playground.limits import LOSSES_KEPT, STATES_KEPT

Array = np.ndarray


class Trail:
    """The past of a run as far as it has been drawn; when it is full, every second step is dropped."""

    def __init__(self) -> None:
        self._losses: dict[int, list[float]] = {}
        self._states: dict[int, Array] = {}

    def remember(self, step: int, losses: list[float], theta: Array) -> None:
        """Keep the losses of a step, training, test and validation loss where there is one, and its parameters (P,)."""
        self._losses = _kept(self._losses, step, losses, LOSSES_KEPT)
        self._states = _kept(self._states, step, theta, STATES_KEPT)

    def recall(self, rows: list[list[float]]) -> None:
        """Take over rows that `rows` once gave: the past of a run that goes on here."""
        for step, *losses in rows:
            self._losses = _kept(self._losses, step, losses, LOSSES_KEPT)

    def forget(self, after: int) -> None:
        """Drop the steps after `after`: the run has taken another way from there."""
        for kept in (self._losses, self._states):
            for step in [step for step in kept if step > after]:
                del kept[step]

    def rows(self, before: int) -> list[list[float]]:
        """The steps kept up to `before`, in order: each with its losses, as `remember` was given them."""
        return [[step, *self._losses[step]] for step in sorted(self._losses) if step < before]

    def path(self, before: int) -> list[Array]:
        """The parameters of the steps kept up to `before`, in order."""
        return [self._states[step] for step in sorted(self._states) if step < before]


def _kept(kept: dict, step: int, value: object, most: int) -> dict:
    kept[step] = value
    return kept if len(kept) <= most else dict(sorted(kept.items())[::2])
