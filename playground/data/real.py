"""Tables with many inputs that come with scikit-learn, so that nothing is downloaded: five real ones, one made up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
    make_classification,
)
from sklearn.utils import Bunch

from playground.data.dataset import Dataset
from playground.engine.checks import check_choice


@dataclass(frozen=True, slots=True)
class Source:
    """Where a data set comes from: `fetch` as scikit-learn does, `image_shape` in rows × columns of pixels."""

    fetch: Callable[[], object]
    kind: str
    note: str
    image_shape: tuple[int, int] | None = None


def _eight_inputs() -> Bunch:
    x, y = make_classification(768, 8, n_informative=5, n_redundant=1, flip_y=0.05, random_state=0)
    return Bunch(data=x, target=y, feature_names=[f"input {i}" for i in range(1, 9)], target_names=["no", "yes"])


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
    "eight-inputs": Source(
        _eight_inputs,
        "classification",
        "768 made-up cases of 8 numbers, yes or no: the size of table that first lessons in Keras begin with.",
    ),
}


def real(name: str) -> Dataset:
    """The data set `name`, a key of `REAL`, complete, in scikit-learn's order and units; its arrays are read-only.

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
