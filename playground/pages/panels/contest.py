"""A race on its way, and what is kept of it: lanes as they come in, and the map they are drawn on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from playground.engine import OPTIMIZERS, Plane, Training, landscape, planes
from playground.pages.panels.trial import Trial, of
from playground.race import Lane, affordable, race
from playground.share import links
from playground.stage import Scene
from playground.stage.slices import around, sampled, single

Array = np.ndarray

SIDE = 41  # points a side of the map
FAR = 10  # points with a loss of so many times that of the start do not shape the map

Rival = tuple[str, float]  # optimizer, learning rate


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """The loss on the plane that holds the lanes best, and every lane's way over it."""

    plane: Plane
    a: Array
    b: Array
    losses: Array
    paths: list[Array]
    shares: list[float]
    samples: int


@dataclass(eq=False, kw_only=True)
class Contest(Trial):
    """A race on its way: its outcomes are lanes, the first of them that of the learner's own settings."""

    begin: int
    asked: int  # steps; `steps` are those that can be afforded
    trainings: list[Training]
    map: Map | None = None


def begin(scene: Scene, rivals: Sequence[Rival], asked: int, step: int) -> Contest:
    """A race of the scene's settings against `rivals`, from the state at a step, as long as asked for if affordable."""
    own = scene.experiment.training
    others = [rival for rival in rivals if rival != (own.optimizer, own.learning_rate)]
    trainings = [own, *(replace(own, optimizer=optimizer, learning_rate=rate) for optimizer, rate in others)]
    names = [f"{name((own.optimizer, own.learning_rate))} (yours)", *map(name, others)]
    network, data = scene.run.network, scene.experiment.data.train
    steps = affordable(network, trainings, len(data.x), asked)
    going = _lanes(network, trainings, data.x, data.y, steps, scene.onward(step))
    return Contest(of(scene), names, steps, going, begin=step, asked=asked, trainings=trainings)


def _lanes(*asked: object) -> Iterator[Lane | float]:
    yield from race(*asked)  # which so refuses what it cannot do where a trial hears it


def name(rival: Rival) -> str:
    """An optimizer and its learning rate, for people."""
    optimizer, rate = rival
    title = OPTIMIZERS[optimizer].name
    return f"{title[0].upper()}{title[1:]} · {links.word('lr', float(rate))}"


def chart(scene: Scene, contest: Contest) -> Map:
    """The map of a race: exact losses on the plane of the two principal components of all ways together."""
    network = scene.run.network
    yardstick = replace(contest.trainings[0], l1=0.0, l2=0.0)
    data = scene.experiment.data.train
    x, y, samples = sampled(network, data.x, data.y, yardstick.seed)
    tame = [lane.path[_tame(lane)] for lane in contest.outcomes]
    plane = planes.path_plane(np.vstack(tame), seed=yardstick.seed)
    centre, half = around(np.vstack([plane.position(path) for path in tame]))
    a, b = np.linspace(centre - half, centre + half, SIDE).T
    losses = landscape.surface(network, yardstick, single(plane.origin), plane.d1, plane.d2, a, b, x, y)
    paths = [plane.position(lane.path) for lane in contest.outcomes]
    return Map(plane, a, b, losses, paths, [plane.share(lane.path) for lane in contest.outcomes], samples)


def _tame(lane: Lane) -> Array:
    near = np.isfinite(lane.losses) & (lane.losses <= FAR * lane.losses[0])
    near[0] = True
    return near
