"""Toy data spoiled on purpose: exactly as much as asked for, and nothing else touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, DOMAIN, load

CLASSES = [name for name, recipe in DATASETS.items() if recipe.kind == "classification"]
VALUES = [name for name, recipe in DATASETS.items() if recipe.kind == "regression"]
calm = settings(deadline=None)


@calm
@given(st.sampled_from(CLASSES), st.integers(20, 200), st.integers(5, 95), st.integers(0, 50))
def test_balance_is_the_share_of_the_first_class_whatever_the_noise(name, n, balance, noise):
    data = load(name, n, noise, balance=balance)
    counts = np.bincount(data.y, minlength=data.n_classes)
    assert counts.sum() == n == len(data.x)
    assert counts.min() >= 1
    assert np.ptp(counts[1:]) <= 1
    assert counts[0] == min(max(round(n * balance / 100), 1), n - data.n_classes + 1)


@pytest.mark.parametrize("name", CLASSES)
def test_a_balanced_set_is_of_the_same_shape(name):
    """Its points are points the recipe makes: the classes lie where they always lie."""
    plain, balanced = load(name, 3000), load(name, 1000, balance=20)
    for label in range(plain.n_classes):
        nearest = [
            np.abs(plain.x[plain.y == label] - point).sum(axis=1).min()
            for point in balanced.x[balanced.y == label][:30]
        ]
        assert np.median(nearest) < 0.6


@calm
@given(st.sampled_from(CLASSES), st.integers(20, 200), st.integers(0, 50))
def test_label_noise_replaces_exactly_that_many_labels_and_moves_nothing(name, n, share):
    clean, noisy = load(name, n), load(name, n, label_noise=share)
    assert np.array_equal(clean.x, noisy.x)
    assert (clean.y != noisy.y).sum() == round(n * share / 100)
    assert set(noisy.y) <= set(range(clean.n_classes))


def test_more_label_noise_keeps_the_wrong_labels_and_adds_to_them():
    clean, some, more = (load("blobs", classes=5, label_noise=share).y for share in (0, 10, 30))
    wrong = some != clean
    assert np.array_equal(some[wrong], more[wrong])


def test_a_wrong_label_is_any_other_class():
    clean, noisy = load("blobs", 5000), load("blobs", 5000, label_noise=50)
    wrong = noisy.y != clean.y
    step = (noisy.y - clean.y)[wrong] % 3
    assert np.mean(step == 1) == pytest.approx(0.5, abs=0.05)


@calm
@given(st.sampled_from(CLASSES), st.integers(20, 200), st.integers(0, 50))
def test_outliers_leave_the_plane_shown_and_keep_their_labels(name, n, share):
    clean, far = load(name, n), load(name, n, outliers=share)
    moved = (clean.x != far.x).any(axis=1)
    assert moved.sum() == round(n * share / 100)
    assert (np.abs(far.x[moved]).max(axis=1) > DOMAIN).all()
    assert (np.linalg.norm(far.x[moved], axis=1) <= 12 + 1e-9).all()
    assert np.array_equal(clean.y, far.y)


@pytest.mark.parametrize("name", VALUES)
def test_outliers_of_a_regression_are_values_that_jump(name):
    clean, far = load(name, 400), load(name, 400, outliers=5)
    moved = clean.y != far.y
    assert np.array_equal(clean.x, far.x)
    assert moved.sum() == 20
    jump = np.abs(far.y - clean.y)[moved] / clean.y.std()
    assert 5 <= jump.min() <= jump.max() <= 8


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"balance": 4}, r"^balance must be a number from 5 to 95, or None for that of the recipe, not 4\."),
        ({"balance": "50"}, "^balance must be"),
        ({"label_noise": 51}, r"^label_noise must be a number from 0 to 50, not 51\."),
        ({"label_noise": None}, "^label_noise must be"),
        ({"outliers": -1}, "^outliers must be a number from 0 to 50"),
        ({"name": "spiral", "classes": 6}, r"^classes must be a whole number from 2 to 5, not 6\."),
        ({"name": "blobs", "classes": 11}, "^classes must be a whole number from 2 to 10"),
        ({"name": "blobs", "classes": 3.0}, "^classes must be a whole number"),
        ({"classes": 2}, "^classes can be chosen for spiral, blobs, rings, not for circle: leave it at None"),
        ({"name": "plane", "balance": 50}, "^balance is about classes, and plane has values instead"),
        ({"name": "plane", "label_noise": 5}, "^label_noise is about classes"),
    ],
)
def test_an_impossible_spoiling_is_refused_by_name(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        load(**{"name": "circle", **arguments})
