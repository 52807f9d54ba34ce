"""The features of a point are the formulas their labels say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data import FEATURES, expand

FORMULAS = {
    "x1": ("x₁", lambda a, b: a),
    "x2": ("x₂", lambda a, b: b),
    "x1sq": ("x₁²", lambda a, b: a * a),
    "x2sq": ("x₂²", lambda a, b: b * b),
    "x1x2": ("x₁x₂", lambda a, b: a * b),
    "sinx1": ("sin x₁", lambda a, b: math.sin(a)),
    "sinx2": ("sin x₂", lambda a, b: math.sin(b)),
}

coordinates = st.floats(-6, 6)
choices = st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True)


def test_the_menu_is_these_seven_in_this_order():
    labels = {key: label for key, (label, _) in FORMULAS.items()}
    assert [(key, feature.label) for key, feature in FEATURES.items()] == list(labels.items())


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8), choices)
def test_expand_writes_one_column_a_formula_in_the_order_asked(points, keys):
    expected = [[FORMULAS[key][1](a, b) for key in keys] for a, b in points]
    assert expand(points, keys) == pytest.approx(np.array(expected), rel=1e-12)


def test_a_grid_keeps_its_shape():
    grid = np.random.default_rng(0).uniform(-6, 6, (3, 4, 2))
    assert np.array_equal(expand(grid, list(FEATURES))[1, 2], expand(grid[1, 2], list(FEATURES)))


def test_expanding_never_changes_the_points():
    points = np.ones((3, 2))
    expand(points, ["x1", "x2"])[:] = 7
    assert (points == 1).all()


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ([], "features must name at least one"),
        (["x1", "x3"], "features must be one of x1, .* not 'x3'"),
        ("x1", "features must be one of x1, .* not 'x'"),
        (["x1", None], "features must be one of x1, .* not None"),
        (["x1", "x2", "x1"], "features must name each feature once, not x1, x2, x1"),
    ],
)
def test_an_impossible_choice_is_refused(keys, sentence):
    with pytest.raises(ValueError, match=sentence):
        expand(np.zeros((4, 2)), keys)


@pytest.mark.parametrize("shape", [(4, 3), (4, 1), (2, 4), (4,), ()])
def test_points_without_two_columns_are_refused(shape):
    with pytest.raises(ValueError, match="x must have 2 columns"):
        expand(np.zeros(shape), ["x1"])
