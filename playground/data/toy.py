"""Toy data: small point clouds, each made to show one thing a network must be able to do.

Data on a line has one column, x1, and its true `curve`. It has no features to choose: `prepare` takes the column as it
is, and a page draws y, the curve and the network's answer over x1 instead of colours over the plane.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from playground.data import shapes, spoil
from playground.data.dataset import LINE, PLANE, Dataset
from playground.data.shapes import Curve
from playground.engine.checks import check_choice, check_number, check_whole
from playground.limits import MOST_SAMPLES

DOMAIN = 6.0  # the plane shown is [-6, 6]²
COLOURS = ("orange", "blue", "green", "pink", "yellow", "grey", "violet", "red", "cyan", "olive")


def load(
    name: str,
    n: int = 500,
    noise: float = 0.0,
    seed: int = 0,
    *,
    classes: int | None = None,
    balance: float | None = None,
    label_noise: float = 0.0,
    outliers: float = 0.0,
) -> Dataset:
    """Make the toy data set `name`: n samples in random order, with inputs x1 and x2, or x1 alone.

    `n` is 20 to 5000, `noise` 0 to 50 percent. The same arguments give the same arrays, bit for bit. Noise only scales
    what the seed has drawn, so turning it up disturbs the same samples further. Raises ValueError naming the bad field.

    - `classes`: how many, where the recipe leaves the choice; `None` is as many as its class names.
    - `balance`: the share of class 0, 5 to 95 percent, the others being equally large; `None` is as the recipe has it.
    - `label_noise`: the percentage of labels, 0 to 50, replaced by another class.
    - `outliers`: the percentage, 0 to 50, of points moved out of the plane shown; of values that jump, in a regression.
    """
    check_choice("data set name", name, DATASETS)
    check_whole("n", n, 20, MOST_SAMPLES)
    check_number("noise", noise, 0, 50)
    check_whole("seed", seed, 0)
    recipe = DATASETS[name]
    class_names = _class_names(name, recipe, classes)
    _check_spoiling(name, recipe, balance, label_noise, outliers)
    x, y, *curve = _drawn(name, recipe, len(class_names), n, noise / 100, seed, balance)
    rng = {spoiling: np.random.default_rng((seed, n, *spoiling)) for spoiling in (b"labels", b"outliers")}
    if label_noise:
        y = spoil.mislabelled(y, len(class_names), label_noise, rng[b"labels"])
    if outliers and recipe.kind == "classification":
        x = spoil.strayed(x, outliers, rng[b"outliers"])
    elif outliers:
        y = spoil.jumped(y, outliers, rng[b"outliers"])
    return Dataset(x, y, recipe.kind, recipe.inputs, class_names, *curve)


def _class_names(name: str, recipe: "Recipe", classes: int | None) -> tuple[str, ...]:
    if classes is None:
        return recipe.class_names
    if recipe.most is None:
        raise ValueError(f"classes can be chosen for {', '.join(_with_classes())}, not for {name}: leave it at None.")
    check_whole("classes", classes, 2, recipe.most)
    return COLOURS[:classes]


def _with_classes() -> list[str]:
    return [name for name, recipe in DATASETS.items() if recipe.most]


def _check_spoiling(name: str, recipe: "Recipe", balance: float | None, label_noise: float, outliers: float) -> None:
    if balance is not None:
        check_number("balance", balance, 5, 95, or_none="for that of the recipe")
    check_number("label_noise", label_noise, 0, 50)
    check_number("outliers", outliers, 0, 50)
    if recipe.kind == "regression" and (balance is not None or label_noise):
        field = "label_noise" if balance is None else "balance"
        raise ValueError(f"{field} is about classes, and {name} has values instead: leave it out.")


def _drawn(name: str, recipe: "Recipe", k: int, n: int, noise: float, seed: int, balance: float | None) -> tuple:
    word = f"blobs-{k}" if name == "blobs" else name  # so that blobs in three classes are the blobs-3
    rng = np.random.default_rng((seed, n, *word.encode()))
    make = partial(recipe.make, k=k) if recipe.most else recipe.make
    if balance is None:
        x, y, *curve = make(rng, n, noise)
    else:
        x, y, *curve = spoil.balanced(lambda m: make(rng, m, noise)[:2], n, k, balance, rng)
    order = rng.permutation(n)
    label = np.int64 if recipe.kind == "classification" else np.float64
    return x[order], y[order].astype(label), *curve


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a data set: `make(rng, n, noise)` gives x (n, d) and y (n,); `note` tells a learner what it shows.

    Data on a line comes with its curve as a third value. Where `most` is set, `make` takes k, a choice of 2 to `most`
    classes. `truth` is the line a recipe draws between its classes, x2 as a function of x1.
    """

    make: Callable[..., tuple]
    kind: str
    class_names: tuple[str, ...]
    note: str
    inputs: tuple[str, ...] = PLANE
    most: int | None = None
    truth: Curve | None = None


def _classes(make: Callable[..., tuple], note: str, k: int = 2, most: int | None = None) -> Recipe:
    return Recipe(make, "classification", COLOURS[:k], note, most=most)


def _above(f: Curve, note: str) -> Recipe:
    return Recipe(partial(shapes.above, f=f), "classification", COLOURS[:2], note, truth=f)


def _values(make: Callable[..., tuple], note: str, inputs: tuple[str, ...] = PLANE) -> Recipe:
    return Recipe(make, "regression", (), note, inputs)


def _line(make: Callable[..., tuple], note: str) -> Recipe:
    return _values(make, note, LINE)


DATASETS = {
    "circle": _classes(shapes.circle, "A disc inside a ring: no straight line parts them, a closed curve does."),
    "xor": _classes(
        shapes.xor, "Opposite quadrants share a colour: neither input alone says anything, only both together."
    ),
    "gaussian": _classes(shapes.gaussian, "Two round clouds: one straight line is enough, so one neuron is too."),
    "spiral": _classes(
        shapes.spiral,
        "Arms wound around each other: the hardest shape here, it asks for many neurons.",
        most=5,
    ),
    "moons": _classes(shapes.moons, "Two crescents hooked into each other: a line parts most points, a bent line all."),
    "blobs": _classes(
        shapes.blobs, "Clouds on a circle, as many as you like: each class needs an output of its own.", 3, most=10
    ),
    "rings": _classes(shapes.rings, "Rings inside rings: each class lies around all those before it.", 3, most=5),
    "checkerboard": _classes(
        shapes.checkerboard, "Sixteen squares in two colours: xor many times over, and harder at every edge."
    ),
    "heart": _classes(shapes.heart, "A heart in a field: one closed curve, round in most places and pointed in two."),
    "above-line": _above(lambda a: a / 2 + 0.5, "Above or below a straight line: what a single neuron can draw."),
    "above-sine": _above(lambda a: 3 * np.sin(a), "Above or below a wave: a line that has to bend again and again."),
    "above-cubic": _above(lambda a: a**3 / 20 - a, "Above or below a cubic: a line that bends twice."),
    "above-abs": _above(lambda a: np.abs(a) - 3, "Above or below a corner: two straight pieces, two neurons."),
    "plane": _values(
        shapes.plane, "A value that rises evenly to the upper right: a network without hidden layers fits it."
    ),
    "multi-gaussian": _values(
        shapes.multi_gaussian, "Three hills and three hollows on flat ground: a bumpy surface to fit."
    ),
    "ripples": _values(
        shapes.ripples, "Rings of hills and valleys, as where a stone fell into water: many bends to fit."
    ),
    "sine-1d": _line(
        partial(shapes.on_curve, f=np.sin), "One input, one wave: each hidden neuron adds a bend to the curve."
    ),
    "step-1d": _line(
        partial(shapes.on_curve, f=lambda a: np.where(a < 0, -1.0, 1.0)),
        "One input, one jump: a smooth curve can only come near it.",
    ),
    "polynomial-1d": _line(
        shapes.polynomial, "A curve of degree four under noise, another for each seed: follow the curve, not the noise."
    ),
}
