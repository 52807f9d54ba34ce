"""Real sets are scikit-learn's, number by number."""

import numpy as np
import pytest
from sklearn import datasets

from playground.data import REAL, prepare, real

EVERY = pytest.mark.parametrize("name", REAL)


@pytest.mark.parametrize("name", ["iris", "wine", "breast-cancer", "digits", "diabetes"])
def test_a_real_set_is_scikit_learns(name):
    extra = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name.replace('-', '_')}")(**extra)
    data = real(name)
    assert np.array_equal(data.x, bunch.data)
    assert np.array_equal(data.y, bunch.target)
    assert list(data.feature_names) == list(bunch.feature_names)
    assert data.x.shape == bunch.data.shape


def test_the_made_up_table_has_the_size_of_the_articles():
    data = real("eight-inputs")
    assert data.x.shape == (768, 8)
    assert 0.4 < data.y.mean() < 0.6


@EVERY
def test_its_kind_fits_its_labels(name):
    data = real(name)
    assert data.kind == REAL[name].kind
    assert data.y.dtype == (np.int64 if data.kind == "classification" else np.float64)
    assert data.n_classes == (len(set(data.y)) if data.kind == "classification" else 0)
    assert all(type(word) is str for word in data.feature_names + data.class_names)


@EVERY
def test_it_cannot_be_changed_by_accident_and_is_read_once(name):
    assert real(name) is real(name)
    with pytest.raises(ValueError, match="read-only"):
        real(name).x[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        real(name).y[0] = 1


@EVERY
def test_it_can_be_prepared_whatever_its_width(name):
    parts = prepare(real(name), validation=20, scaling="robust")
    assert parts.train.x.shape[1] == len(real(name).feature_names)
    assert np.isfinite(parts.train.x).all()


@EVERY
def test_the_note_is_one_sentence(name):
    assert REAL[name].note.endswith(".")
    assert REAL[name].note.count(".") == 1


def test_digits_are_pictures_of_eight_by_eight():
    assert REAL["digits"].image_shape == (8, 8)
    assert np.array_equal(real("digits").x.reshape(-1, 8, 8), datasets.load_digits().images)


@pytest.mark.parametrize("name", ["boston", "", None, ["iris"]])
def test_another_name_is_refused(name):
    with pytest.raises(ValueError, match=r"^data set name must be one of iris, wine, breast-cancer, digits, diabetes"):
        real(name)
