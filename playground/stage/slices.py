"""The slice of the loss landscape on the stage: which plane, which loss, how far it reaches, what it leaves out."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from playground.engine import Diverged, Network, Run, State, Training, batch, gradient, landscape, loss, planes
from playground.engine.objective import quietly
from playground.engine.planes import Plane
from playground.limits import MOST_SLICES, SURFACE_PRODUCTS, SURFACE_SAMPLES
from playground.stage.look import LOSSES_OF, Look
from playground.stage.scene import Scene

Array = np.ndarray

ALONG = np.array([0.5, 0.0]), np.array([1.0, 1.0])  # of a line from 0 to 1, half as much again at both ends
LINE_POINTS = 101  # of a slice along a line
REFIT = 1.1  # the path's own plane is found anew when it has grown, or shrunk, by this factor
SMALLEST_LOSS = 1e-9  # the surface is drawn on a logarithmic scale that ends here
NOT_FINITE = 65535  # a loss on the surface that is infinite or not a number


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """A plane, the names of its directions, and the part of it to show: `centre` ± `half`, both (2,).

    It is shifted to go through the present weights, unless it is `anchored` to where it was laid.
    """

    plane: Plane
    titles: tuple[str, str]
    centre: Array
    half: Array
    anchored: bool = False

    @property
    def is_line(self) -> bool:
        """Whether it has one direction only."""
        return not self.plane.d2.any()


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Losses (m, k) at the coordinates a (m,), b (k,) of a slice, and what there is to say of it.

    `at` is where the present weights stand on it; `path` (t, 2) where it stood before.
    """

    slice: Slice
    a: Array
    b: Array
    losses: Array
    at: Array
    here: float
    path: Array
    share: float
    off: float
    samples: int


def surface_of(scene: Scene, look: Look, state: State, side: int) -> Surface:
    """The slice through the landscape that `look` asks for at a state of the scene's run, `side` points a side."""
    return surfaces_of(scene, look, [state], side)[0]


@quietly
def surfaces_of(scene: Scene, look: Look, states: list[State], side: int) -> list[Surface]:
    """The slices at some states under one rule, in order, as the run passes them."""
    before, surfaces = scene.trail.path(before=states[0].step), []
    path = np.stack([*before, *(state.theta for state in states)])
    views = ((state, *_view(slice_of(scene, look, state), state, side)) for state in states)
    for _, alike in groupby(views, lambda view: (view[1], view[2].tobytes(), look.of == "batch" and view[0].step)):
        some, slices, ticks = zip(*alike, strict=True)
        seen = path[: len(before) + len(surfaces) + len(some)]
        surfaces += _surfaces(scene, look, list(some), slices[0], ticks[0], seen)
    return surfaces


def _view(chosen: Slice, state: State, side: int) -> tuple[Slice, Array]:
    """A slice, and the coordinates (2, side) at which it is looked at from a state."""
    low, high = _box(chosen, chosen.plane.position(state.theta))
    return chosen, np.linspace(low, high, LINE_POINTS if chosen.is_line else side, axis=1)


def _surfaces(scene: Scene, look: Look, states: list[State], chosen: Slice, ticks: Array, path: Array) -> list[Surface]:
    """The surfaces at states that are looked at alike, the last ones of `path` (t, P)."""
    network, plane, thetas = scene.run.network, chosen.plane, path[-len(states) :]
    training, x, y, samples = material(scene, look, states[0])
    a, b = ticks[0], np.zeros(1) if chosen.is_line else ticks[1]
    at = plane.position(thetas)
    roots = plane.origin[None] if chosen.anchored else thetas - at[:, :1] * plane.d1 - at[:, 1:] * plane.d2
    losses = landscape.surface(network, training, single(roots), plane.d1, plane.d2, a, b, x, y)
    heights = loss(network, training, thetas, x, y)
    positions, shares = plane.position(path), plane.shares(path)
    off = plane.distance(thetas if chosen.anchored else plane.origin + path[0] - thetas)  # of what it does not touch
    ends = range(len(path) - len(states), len(path))
    return [
        Surface(
            *(chosen, a, b, losses[-1 if chosen.anchored else i], at[i], float(heights[i])),
            *(positions[: end + 1], float(shares[end]), float(off[i]), samples),
        )
        for i, end in enumerate(ends)
    ]


def place_on(chosen: Slice, state: State, a: float, b: float) -> Array:
    """The parameters (P,) at a place of a slice."""
    if chosen.anchored:
        return chosen.plane.at(a, b)
    here = chosen.plane.position(state.theta)
    return state.theta + (a - here[0]) * chosen.plane.d1 + (b - here[1]) * chosen.plane.d2


def slice_of(scene: Scene, look: Look, state: State) -> Slice:
    """The slice that `look` asks for at a state; those that stay are found once and kept by the scene."""
    look = replace(look, picks=_within(scene, look))
    kind = PLANES[look.plane]
    key = (look.plane, look.picks)
    kept = scene.slices.get(key)
    grown = kept and look.plane == "path" and not kept[0] / REFIT <= state.step <= kept[0] * REFIT
    if kept is None or kind.moves or grown:
        kept = scene.slices[key] = (state.step, kind.find(scene, look, state))
        while len(scene.slices) > MOST_SLICES:
            del scene.slices[next(iter(scene.slices))]
    return kept[1]


def rule_at(scene: Scene, state: State) -> Training:
    """The rule of the step that follows a state of the scene's run, which may stand at another one."""
    return scene.run.rule(state.step)[1]


def material(scene: Scene, look: Look, state: State) -> tuple[Training, Array, Array, int]:
    """The rule whose loss is drawn, the examples x, y it is the mean over, and how many of more these are, else 0."""
    run, data = scene.run, scene.experiment.data
    rule = rule_at(scene, state)
    training = rule if look.penalty else replace(rule, l1=0, l2=0)
    if look.of == "batch":
        rows = batch(state, rule, len(run.x))
        return training, run.x[rows], run.y[rows], 0
    x, y = (run.x, run.y) if look.of == "train" else (data.test.x, data.test.y)
    return training, *sampled(run.network, x, y, rule.seed)


def sampled(network: Network, x: Array, y: Array, seed: int) -> tuple[Array, Array, int]:
    """As many of the examples as a surface can be the mean over, drawn by lot; how many of more these are, else 0."""
    most = min(SURFACE_SAMPLES, SURFACE_PRODUCTS // network.n_parameters)
    if len(x) <= most:
        return x, y, 0
    rows = _lot(seed, len(x))[:most]
    return x[rows], y[rows], most


@lru_cache(maxsize=64)
def _lot(seed: int, n: int) -> Array:
    return np.random.default_rng(seed).permutation(n)


def walked(scene: Scene, state: State) -> Array:
    """The path as far as it is kept (t, P): the parameters of some steps before `state`, and its own."""
    return np.stack([*scene.trail.path(before=state.step), state.theta])


def losses_along(scene: Scene, look: Look, state: State) -> Array:
    """The loss that `look` draws at every step of the path up to `state` (t,), as `Surface.path` has them."""
    training, x, y, _ = material(scene, look, state)
    return np.array([loss(scene.run.network, training, theta, x, y) for theta in walked(scene, state)])


def next_moves(scene: Scene, states: list[State]) -> Array:
    """From each of some states under one rule (f, 2, P): −η·gradient of the next mini-batch, and the next step itself.

    The step is what the optimizer makes of that gradient.
    """
    run, rule, slopes = scene.run, rule_at(scene, states[0]), []
    batches = [(state.theta, batch(state, rule, len(run.x))) for state in states]
    for length, alike in groupby(batches, lambda each: None if isinstance(each[1], slice) else len(each[1])):
        thetas, rows = map(list, zip(*alike, strict=True))
        some = slice(None) if length is None else np.stack(rows)  # all examples are the same for all
        slopes.append(gradient(run.network, rule, np.stack(thetas), run.x[some], run.y[some])[1])
    rates = np.array([[rule.rate(state.step)] for state in states])
    steps = np.stack([run.after(state).theta - state.theta for state in states])
    return np.stack([-rates * np.concatenate(slopes), steps], axis=1)


# The planes


def _ahead(scene: Scene, look: Look, state: State) -> Slice:
    plane = planes.path_plane(scene.scouted, seed=scene.experiment.training.seed)
    return Slice(plane, ("component 1", "component 2"), *around(plane.position(scene.scouted)))


def _path(scene: Scene, look: Look, state: State) -> Slice:
    path = walked(scene, state)
    previous = scene.slices.get(("path", look.picks))
    plane = planes.path_plane(path, previous[1].plane if previous else None, scene.experiment.training.seed)
    return Slice(plane, ("component 1", "component 2"), *around(plane.position(path)))


def _frozen(scene: Scene, look: Look, state: State) -> Slice:
    at = scene.run.at(look.picks[0])
    return _path(scene, replace(look, plane="path"), at)


def _downhill(scene: Scene, look: Look, state: State) -> Slice:
    training, x, y, _ = material(scene, look, state)
    _, g = gradient(scene.run.network, training, state.theta, x, y)
    g = np.where(np.isfinite(g).all(), g, 0)
    last = state.theta - scene.run.at(state.step - 1).theta if state.step > scene.run.first else None
    plane = planes.gradient_plane(state.theta, g, last, scene.experiment.training.seed)
    longest = max(training.rate(state.step) * np.linalg.norm(g), 0 if last is None else np.linalg.norm(last), 1e-6)
    half = np.full(2, 2.0 ** np.ceil(np.log2(8 * longest)))  # in powers of two, so that it seldom changes
    return Slice(plane, ("downhill", "last step, across"), np.zeros(2), half)


def _random(scene: Scene, look: Look, state: State) -> Slice:
    plane = planes.random_plane(scene.run.network, state.theta, look.picks[0])
    return Slice(plane, ("random 1", "random 2"), np.zeros(2), np.ones(2))


def _weights(scene: Scene, look: Look, state: State) -> Slice:
    first, second, _ = look.picks
    plane = planes.weights_plane(np.zeros_like(state.theta), first, second)  # from zero: coordinates are the weights
    plane = replace(plane, note="")  # one weight twice is no mistake here
    centre, half = around(plane.position(walked(scene, state)))
    names = scene.parameter_name(first), "" if first == second else scene.parameter_name(second)
    return Slice(plane, names, centre, np.maximum(half, 2))


def _states(scene: Scene, look: Look, state: State) -> Slice:
    steps = look.picks
    thetas = np.stack([scene.run.at(each).theta for each in steps])
    plane = planes.states_plane(*thetas, seed=scene.experiment.training.seed)
    titles = (f"from step {steps[0]:,} to {steps[1]:,}", f"towards step {steps[2]:,}")
    return Slice(plane, titles, *around(plane.position(thetas)), anchored=True)


def _line(scene: Scene, look: Look, state: State) -> Slice:
    one, two, _ = look.picks
    plane = planes.line(scene.run.at(one).theta, scene.run.at(two).theta)
    titles = (f"from step {one:,} to {two:,}", "")
    return Slice(plane, titles, *ALONG, anchored=True)


def _seeds(scene: Scene, look: Look, state: State) -> Slice:
    twin = scene.twin(look.picks[0])
    note = _bring(scene, twin, state.step)
    plane = planes.line(state.theta, twin.state.theta)
    plane = replace(plane, note=note or plane.note)
    titles = (f"from this seed to seed {look.picks[0]}", "")
    return Slice(plane, titles, *ALONG, anchored=True)


def _bring(scene: Scene, twin: Run, step: int) -> str:
    """Take the twin to a step, or as far as the time of the answer goes; why it is not there, in a sentence."""
    twin.seek(min(step, twin.reached))
    while twin.state.step < step:
        try:
            twin.approach(step)
        except Diverged:
            return f"The other seed stands at step {twin.state.step:,}: its loss is not finite after that."
        if twin.state.step < step and scene.spent():
            return f"The other seed has come to step {twin.state.step:,} so far; every new picture brings it on."
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of plane: how it is found, and what its picks are: "steps" of a run, "parameters" of it, or "" for else.

    Those that move are found anew at every step, the others once for their picks.
    """

    find: Callable[[Scene, Look, State], Slice]
    picks: str = ""
    moves: bool = False


PLANES = {
    "ahead": Kind(_ahead),
    "path": Kind(_path),
    "frozen": Kind(_frozen, picks="steps"),
    "gradient": Kind(_downhill, moves=True),
    "random": Kind(_random, moves=True),
    "weights": Kind(_weights, picks="parameters"),
    "states": Kind(_states, picks="steps"),
    "line": Kind(_line, picks="steps"),
    "seeds": Kind(_seeds, moves=True),
}
LARGEST_PICK = 2**32 - 1


def inherited(look: Look) -> Look:
    """What is left of a look for another run: steps and parameters that were picked mean nothing there."""
    return replace(look, plane="ahead", picks=Look().picks) if PLANES[look.plane].picks else look


def parse_look(message: object) -> Look | None:
    """The look in a message from the browser; None where it is anything else."""
    if not isinstance(message, dict) or set(message) != {field.name for field in fields(Look)}:
        return None
    plane, of, picks = message["plane"], message["of"], message["picks"]
    if not isinstance(plane, str) or plane not in PLANES or not isinstance(of, str) or of not in LOSSES_OF:
        return None
    if type(message["penalty"]) is not bool or not isinstance(picks, list) or len(picks) != 3:
        return None
    if not all(type(pick) is int and 0 <= pick <= LARGEST_PICK for pick in picks):
        return None
    return Look(plane, of, message["penalty"], tuple(picks))


def _within(scene: Scene, look: Look) -> tuple[int, ...]:
    """The picks as far as this run has come, or this network has parameters."""
    least, most = {
        "steps": (scene.run.first, scene.run.reached),
        "parameters": (0, scene.run.network.n_parameters - 1),
    }.get(PLANES[look.plane].picks, (0, LARGEST_PICK))
    return tuple(max(least, min(pick, most)) for pick in look.picks)


def around(positions: Array) -> tuple[Array, Array]:
    """Centre and half width, both (2,), of a box around positions (t, 2) with room to spare."""
    low, high = positions.min(0), positions.max(0)
    half = np.maximum((high - low) / 2 * 1.4, 1e-3)
    return (low + high) / 2, np.maximum(half, half.max() / 2)  # neither axis stretched more than twice


def _box(chosen: Slice, position: Array) -> tuple[Array, Array]:
    """The corners of what is shown: as large as the slice says, doubled until `position` is inside."""
    reach = np.max(np.abs(position - chosen.centre) / chosen.half)  # 1 is the edge
    times = 2 ** max(0, np.ceil(np.log2(reach / 0.95))) if 0 < reach < 1e100 else 1
    return chosen.centre - chosen.half * times, chosen.centre + chosen.half * times


def encode(losses: Array) -> tuple[Array, list[float]]:
    """The logarithms of `losses` as uint16 from 0 to 65534, and the `[lowest, highest]` loss these stand for."""
    finite = np.isfinite(losses)
    if not finite.any():
        return np.full(losses.size, NOT_FINITE, np.uint16), [1.0, 1.0]
    logs = np.log(np.where(finite, np.maximum(losses, SMALLEST_LOSS), 1).astype(np.float64))
    low, high = logs[finite].min(), logs[finite].max()
    shares = (logs - low) / max(high - low, 1e-12)
    codes = np.where(finite, np.rint(65534 * np.clip(shares, 0, 1)), NOT_FINITE)
    return codes.astype(np.uint16).ravel(), [float(np.exp(low)), float(np.exp(high))]


def single(theta: Array) -> Array:
    """Parameters in single precision; what is too large for it stays finite."""
    return np.clip(theta, -3e38, 3e38).astype(np.float32)
