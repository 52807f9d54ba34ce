"""Every data set at a glance: a few of its points, for the gallery it is chosen in."""

from functools import cache

import numpy as np

from playground.data import DATASETS, PLANE, REAL, Dataset, load, prepare, real
from playground.stage.scene import reach, triples
from playground.stage.window import window_of

POINTS = 60
SEED = 224  # of the first 400 the one whose points are spread most evenly, with some on every hill


@cache
def thumbnails(kind: str) -> list[dict]:
    """What the gallery needs to know of each data set of a kind, as plain JSON.

    The kinds are "classification" and "regression" for toy data, and "table".
    """
    if kind == "table":
        return [_thumbnail(name, real(name), REAL[name].note) for name in REAL]
    return [
        _thumbnail(name, load(name, n=POINTS, seed=SEED), recipe.note)
        for name, recipe in DATASETS.items()
        if recipe.kind == kind
    ]


def _thumbnail(name: str, dataset: Dataset, note: str) -> dict:
    data = prepare(dataset, ("x1", "x2") if dataset.feature_names == PLANE else None, split=90)
    window, y = window_of(data, dataset.kind), np.concatenate([part.y for part in data.parts])
    places = np.concatenate([window.place(part) for part in data.parts])
    strength = np.abs(y) if dataset.kind == "regression" else np.zeros(len(y))
    order = np.argsort(strength, kind="stable")[:: -(-len(y) // POINTS)]  # strong values on top
    return {
        "name": name,
        "note": note,
        "kind": dataset.kind,
        "window": {"box": window.box},
        "reach": reach(data, dataset.kind),
        "points": [round(number, 2) for number in triples(places[order], y[order])],
    }
