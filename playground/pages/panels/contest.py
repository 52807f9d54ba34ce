"""A race on its way, and what is kept of it: lanes as they come in, and the map they are drawn on."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex

import numpy as np

from playground.engine import OPTIMIZERS, Plane, Training, landscape, planes
from playground.limits import PATIENCE
from playground.race import Lane, affordable, race
from playground.share import links
from playground.stage import Scene
from playground.stage.look import Look
from playground.stage.slices import around, material, single

Array = np.ndarray

SIDE = 41  # points a side of the map
FAR = 10  # points with a loss of so many times that of the start do not shape the map

Rival = tuple[str, float]  # optimizer, learning rate


@dataclass(eq=False)
class Contest:
    """One race of a run: `going` until all lanes are through, or somebody stops it."""

    scene: str
    begin: int
    asked: int  # steps; `steps` are those that can be afforded
    steps: int
    trainings: list[Training]
    going: Iterator[Lane | float] | None
    lanes: list[Lane] = field(default_factory=list)
    through: float = 0.0  # of the lane that is on its way
    key: str = field(default_factory=lambda: token_hex(4))  # of its widgets
    settled: bool = False  # over, and the page knows
    map: "Map | None" = None

    @property
    def names(self) -> list[str]:
        """The lanes' names, the first of them that of the learner's own settings."""
        said = [name((training.optimizer, training.learning_rate)) for training in self.trainings]
        return [f"{said[0]} (yours)", *said[1:]]

    def work(self) -> bool:
        """Race on for a moment; whether there is more to do."""
        until = time.perf_counter() + PATIENCE
        while self.going and time.perf_counter() < until:
            leg = next(self.going, None)
            if leg is None:
                self.going = None
            elif isinstance(leg, Lane):
                self.lanes.append(leg)
                self.through = 0.0
            else:
                self.through = leg
        return self.going is not None

    def stop(self) -> None:
        """Leave it at the lanes that are through."""
        self.going = None


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


def begin(scene: Scene, rivals: Sequence[Rival], asked: int, step: int) -> Contest:
    """A race of the scene's settings against `rivals`, from the state at a step, as long as asked for if affordable.

    Raises `ValueError` as `race`.
    """
    own, run = scene.experiment.training, scene.run
    others = [rival for rival in rivals if rival != (own.optimizer, own.learning_rate)]
    trainings = [own, *(replace(own, optimizer=optimizer, learning_rate=rate) for optimizer, rate in others)]
    steps = affordable(run.network, trainings, len(run.x), asked)
    legs = race(run.network, trainings, run.x, run.y, steps, run.at(step))
    return Contest(scene.name, step, asked, steps, trainings, legs)


def name(rival: Rival) -> str:
    """An optimizer and its learning rate, for people."""
    optimizer, rate = rival
    title = OPTIMIZERS[optimizer].name
    return f"{title[0].upper()}{title[1:]} · {links.word('lr', float(rate))}"


def chart(scene: Scene, contest: Contest) -> Map:
    """The map of a race: exact losses on the plane of the two principal components of all ways together."""
    network = scene.run.network
    _, x, y, samples = material(scene, Look(), scene.run.state)
    yardstick = replace(contest.trainings[0], l1=0.0, l2=0.0)
    tame = [lane.path[_tame(lane)] for lane in contest.lanes]
    plane = planes.path_plane(np.vstack(tame), seed=yardstick.seed)
    centre, half = around(np.vstack([plane.position(path) for path in tame]))
    a, b = np.linspace(centre - half, centre + half, SIDE).T
    losses = landscape.surface(network, yardstick, single(plane.origin), plane.d1, plane.d2, a, b, x, y)
    paths = [plane.position(lane.path) for lane in contest.lanes]
    return Map(plane, a, b, losses, paths, [plane.share(lane.path) for lane in contest.lanes], samples)


def _tame(lane: Lane) -> Array:
    near = np.isfinite(lane.losses) & (lane.losses <= FAR * lane.losses[0])
    near[0] = True
    return near
