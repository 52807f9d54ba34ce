"""What a learner does to the run on the stage, apart from moving in time."""

from collections.abc import Callable

import numpy as np

from playground.limits import MOST_UNDO
from playground.stage.scene import Scene
from playground.stage.slices import place_on, slice_of

LARGEST = 1e6  # a weight set by hand, in size


def do(scene: Scene, deed: str, index: int, value: float, other: float) -> None:
    """Do one of `DEEDS` at the present step of the scene's run.

    Done again, it changes nothing: the browser repeats what it got no answer to. What cannot be is left undone.
    """
    run, state = scene.run, scene.run.state
    DEEDS[deed](scene, index, value, other)
    if scene.run is not run or scene.run.state is not state:
        scene.renew()
    scene.edited = (scene.run.state.step, index) if deed == "edit" else None


def _edit(scene: Scene, index: int, value: float, other: float) -> None:
    """Set parameter number `index` to `value`; while it is dragged, that is one deed."""
    theta, step = scene.run.state.theta, scene.run.state.step
    if index < theta.size and theta[index] != value:
        edited = theta.copy()
        edited[index] = value
        if scene.edited != (step, index):
            _remember(scene)
            scene.run = scene.run.branch()
        scene.run.edit(edited)


def _jump(scene: Scene, index: int, value: float, other: float) -> None:
    """Go on from the place (`value`, `other`) of the slice of the loss landscape; `index` tells jumps apart."""
    if index == scene.jumped:
        return
    scene.jumped, state = index, scene.run.state
    theta = place_on(slice_of(scene, scene.look, state), state, value, other)
    if np.isfinite(theta).all() and not np.array_equal(theta, state.theta):
        _remember(scene)
        scene.run = scene.run.branch()
        scene.run.edit(theta)


def _branch(scene: Scene, index: int, value: float, other: float) -> None:
    """Forget the steps ahead."""
    if scene.run.reached > scene.run.state.step:
        _remember(scene)
        scene.run = scene.run.branch()


def _undo(scene: Scene, index: int, value: float, other: float) -> None:
    """Take back the latest of the `index` deeds that can be undone; the run stands where it stood.

    It goes on by the rule and from the data chosen by now, which may be others than then.
    """
    if index == len(scene.past) > 0:
        scene.run, rule, data = scene.past.pop(), scene.experiment.training, scene.experiment.data.train
        if scene.run.training != rule or not np.array_equal(scene.run.x, data.x):
            scene.run = scene.run.branch()
            scene.run.change(rule, data.x, data.y)


def _remember(scene: Scene) -> None:
    scene.past = [*scene.past, scene.run][-MOST_UNDO:]


DEEDS: dict[str, Callable[[Scene, int, float, float], None]] = {
    "": lambda scene, index, value, other: None,
    "edit": _edit,
    "jump": _jump,
    "branch": _branch,
    "undo": _undo,
}
