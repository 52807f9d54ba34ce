"""Toy data: small point clouds in the plane, each made to show one thing a network must be able to do.

circle, xor, gaussian, spiral, plane and multi-gaussian follow TensorFlow Playground's formulas (its `dataset.ts`); its
label +1 is class 1, blue, and its -1 is class 0, orange. Below `load`, noise is a share, 0 to 0.5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from sklearn.datasets import make_blobs, make_moons

from playground.data.dataset import Dataset
from playground.engine.checks import check_choice, check_number, check_whole

DOMAIN = 6.0  # the plane shown is [-6, 6]²
COLOURS = ("orange", "blue", "green", "pink", "yellow", "grey", "violet", "red", "cyan", "olive")

Points = tuple[np.ndarray, np.ndarray]  # x (n, 2), y (n,)


def load(name: str, n: int = 500, noise: float = 0.0, seed: int = 0) -> Dataset:
    """Make the toy data set `name`: n samples in random order, with inputs x1 and x2.

    `n` is 20 to 5000, `noise` 0 to 50 percent. The same arguments give the same arrays, bit for bit. Noise only scales
    what the seed has drawn, so turning it up disturbs the same samples further. Raises ValueError naming the bad field.
    """
    check_choice("data set name", name, DATASETS)
    check_whole("n", n, 20, 5000)
    check_number("noise", noise, 0, 50)
    check_whole("seed", seed, 0)
    recipe = DATASETS[name]
    rng = np.random.default_rng((seed, n, *name.encode()))
    x, y = recipe.make(rng, n, noise / 100)
    order = rng.permutation(n)
    label = np.int64 if recipe.kind == "classification" else np.float64
    return Dataset(x[order], y[order].astype(label), recipe.kind, ("x1", "x2"), recipe.class_names)


def circle(rng: np.random.Generator, n: int, noise: float) -> Points:
    inside, outside = _halves(n)
    radius = np.concatenate([rng.uniform(0, 2.5, inside), rng.uniform(3.5, 5, outside)])
    x = _polar(radius, rng.uniform(0, 2 * np.pi, n))
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return x, np.linalg.norm(seen, axis=1) < 2.5


def xor(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-5, 5, (n, 2))
    x += np.where(x > 0, 0.3, -0.3)  # a gap along both axes
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return x, seen[:, 0] * seen[:, 1] >= 0


def gaussian(rng: np.random.Generator, n: int, noise: float) -> Points:
    blue = np.repeat([True, False], _halves(n))
    centre = np.where(blue, 2.0, -2.0)[:, None]
    variance = 0.5 + 7 * noise  # 0.5 to 4
    return centre + np.sqrt(variance) * rng.standard_normal((n, 2)), blue


def spiral(rng: np.random.Generator, n: int, noise: float) -> Points:
    halves = _halves(n)
    blue = np.repeat([True, False], halves)
    along = np.concatenate([np.arange(half) / half for half in halves])  # 0 at the origin, towards 1 at the arm's end
    angle = 1.75 * 2 * np.pi * along + np.where(blue, 0, np.pi)
    return _polar(5 * along, angle) + noise * rng.uniform(-1, 1, (n, 2)), blue


def moons(rng: np.random.Generator, n: int, noise: float) -> Points:
    x, y = make_moons(_halves(n), shuffle=False)
    x = (x - [0.5, 0.25]) * [10 / 3, 20 / 3]  # from [-1, 2] x [-0.5, 1] to [-5, 5]²
    return x + 2 * noise * rng.standard_normal((n, 2)), y


def blobs(rng: np.random.Generator, n: int, noise: float, k: int) -> Points:
    centres = _polar(3.5, 2 * np.pi * np.arange(k) / k)
    spread = (0.6 + 2.8 * noise) * min(1, 5 / k)  # 0.6 to 2; less where there is less room
    return make_blobs(n, centers=centres, cluster_std=spread, shuffle=False, random_state=int(rng.integers(2**32)))


def plane(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-6, 6, (n, 2))
    return x, seen.sum(axis=1) / 10


HILLS = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
SIGNS = np.array([1, -1, 1, -1, 1, -1])  # a hill or a hollow


def multi_gaussian(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-6, 6, (n, 2))
    distance = np.linalg.norm(seen[:, None] - HILLS, axis=-1)  # (n, 6)
    height = np.maximum(1 - distance.min(axis=1) / 2, 0)
    return x, SIGNS[distance.argmin(axis=1)] * height + 0.0  # + 0.0: no -0.0 on flat ground


def _halves(n: int) -> tuple[int, int]:
    return n - n // 2, n // 2


def _polar(radius: np.ndarray | float, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)  # clockwise from the top


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a data set: `make(rng, n, noise)` gives x (n, 2) and y (n,); `note` tells a learner what it shows."""

    make: Callable[[np.random.Generator, int, float], Points]
    kind: str
    class_names: tuple[str, ...]
    note: str


def _classes(make: Callable[..., Points], note: str, k: int = 2) -> Recipe:
    return Recipe(make, "classification", COLOURS[:k], note)


def _values(make: Callable[..., Points], note: str) -> Recipe:
    return Recipe(make, "regression", (), note)


DATASETS = {
    "circle": _classes(circle, "A disc inside a ring: no straight line parts them, a closed curve does."),
    "xor": _classes(xor, "Opposite quadrants share a colour: neither input alone says anything, only both together."),
    "gaussian": _classes(gaussian, "Two round clouds: one straight line is enough, so one neuron is too."),
    "spiral": _classes(spiral, "Two arms wound around each other: the hardest shape here, it asks for many neurons."),
    "moons": _classes(moons, "Two crescents hooked into each other: a line parts most points, a bent line all."),
    "blobs-3": _classes(partial(blobs, k=3), "Three clouds, three classes: one output neuron for each colour.", 3),
    "blobs-5": _classes(partial(blobs, k=5), "Five clouds, five classes: neighbours overlap first as noise grows.", 5),
    "blobs-10": _classes(partial(blobs, k=10), "Ten clouds side by side: one output for each, as for ten digits.", 10),
    "plane": _values(plane, "A value that rises evenly to the upper right: a network without hidden layers fits it."),
    "multi-gaussian": _values(multi_gaussian, "Three hills and three hollows on flat ground: a bumpy surface to fit."),
}
