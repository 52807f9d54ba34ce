"""What a learner does to the run on the stage, apart from moving in time."""

from collections.abc import Callable

from playground.stage.scene import Scene

MOST_UNDO = 16  # deeds that can be undone; each keeps the run as it was, which shares most of its states

LARGEST = 1e6  # a weight set by hand, in size


def do(scene: Scene, deed: str, index: int, value: float) -> None:
    """Do one of `DEEDS` at the present step of the scene's run.

    Done again, it changes nothing: the browser repeats what it got no answer to. What cannot be is left undone.
    """
    DEEDS[deed](scene, index, value)
    scene.edited = (scene.run.state.step, index) if deed == "edit" else None


def _edit(scene: Scene, index: int, value: float) -> None:
    """Set parameter number `index` to `value`; while it is dragged, that is one deed."""
    theta, step = scene.run.state.theta, scene.run.state.step
    if index < theta.size and theta[index] != value:
        edited = theta.copy()
        edited[index] = value
        if scene.edited != (step, index):
            _remember(scene)
            scene.run = scene.run.branch()
        scene.run.edit(edited)


def _branch(scene: Scene, index: int, value: float) -> None:
    """Forget the steps ahead."""
    if scene.run.reached > scene.run.state.step:
        _remember(scene)
        scene.run = scene.run.branch()


def _undo(scene: Scene, index: int, value: float) -> None:
    """Take back the latest of the `index` deeds that can be undone; the run stands where it stood.

    It goes on by the rule chosen by now, which may be another one than then.
    """
    if index == len(scene.past) > 0:
        scene.run, rule = scene.past.pop(), scene.experiment.training
        if scene.run.training != rule:
            scene.run = scene.run.branch(rule)


def _remember(scene: Scene) -> None:
    scene.past = [*scene.past, scene.run][-MOST_UNDO:]


DEEDS: dict[str, Callable[[Scene, int, float], None]] = {
    "": lambda scene, index, value: None,
    "edit": _edit,
    "branch": _branch,
    "undo": _undo,
}
