"""Every data set at a glance: a few of its points, for the gallery it is chosen in."""

from functools import cache

import numpy as np

from playground.data import DATASETS, DOMAIN, load
from playground.stage.scene import reach, triples

POINTS = 60
SEED = 224  # of the first 400 the one whose points are spread most evenly, with some on every hill


@cache
def thumbnails() -> list[dict]:
    """What the gallery needs to know of each data set, as plain JSON."""
    return [_thumbnail(name) for name in DATASETS]


def _thumbnail(name: str) -> dict:
    dataset = load(name, n=POINTS, seed=SEED)
    order = np.argsort(np.abs(dataset.y)) if dataset.kind == "regression" else np.arange(POINTS)  # strong ones on top
    return {
        "name": name,
        "note": DATASETS[name].note,
        "kind": dataset.kind,
        "domain": DOMAIN,
        "reach": reach(dataset),
        "points": [round(number, 2) for number in triples(dataset.x[order], dataset.y[order])],
    }
