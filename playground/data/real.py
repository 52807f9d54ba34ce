"""Real data: five small sets that come with scikit-learn, so that nothing is downloaded."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from playground.data.dataset import Dataset
from playground.engine.checks import check_choice


@dataclass(frozen=True, slots=True)
class Source:
    """Where a data set comes from: `fetch` is scikit-learn's own function, `image_shape` rows × columns of pixels."""

    fetch: Callable[[], object]
    kind: str
    note: str
    image_shape: tuple[int, int] | None = None


REAL = {
    "iris": Source(
        load_iris, "classification", "150 irises by the size of their leaves: one kind stands apart, two overlap."
    ),
    "wine": Source(load_wine, "classification", "178 wines from three growers, by 13 measurements of their chemistry."),
    "breast-cancer": Source(
        load_breast_cancer, "classification", "569 growths by 30 measurements of their cells: malignant or benign."
    ),
    "digits": Source(
        load_digits, "classification", "1,797 handwritten digits of 8 × 8 pixels, 64 inputs and ten classes.", (8, 8)
    ),
    "diabetes": Source(
        partial(load_diabetes, scaled=False),
        "regression",
        "442 patients by 10 measurements, and how far their illness went in a year.",
    ),
}


def real(name: str) -> Dataset:
    """The real data set `name`, a key of `REAL`, complete, in scikit-learn's order and units; its arrays are read-only.

    Raises ValueError for another name.
    """
    check_choice("data set name", name, REAL)
    return _fetched(name)


@lru_cache
def _fetched(name: str) -> Dataset:
    source = REAL[name]
    bunch = source.fetch()
    x, y = np.array(bunch.data, float), np.array(bunch.target, np.int64 if source.kind == "classification" else float)
    x.setflags(write=False)
    y.setflags(write=False)
    classes = tuple(map(str, bunch.target_names)) if source.kind == "classification" else ()
    return Dataset(x, y, source.kind, tuple(map(str, bunch.feature_names)), classes)
