"""A plane through many inputs: there and back, and scikit-learn's components."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from playground.data import REAL, load, plane_of_columns, plane_of_components, prepare, real

WIDE = pytest.mark.parametrize("name", REAL)
SPOTS = np.random.default_rng(0).uniform(-5, 5, (3, 4, 2))


def views(x):
    return plane_of_columns(x, 1, 0), plane_of_components(x)[0]


@WIDE
def test_a_place_lifted_and_projected_is_where_it_was(name):
    for view in views(real(name).x):
        assert view.lift(SPOTS).shape == (3, 4, real(name).x.shape[1])
        assert view.project(view.lift(SPOTS)) == pytest.approx(SPOTS)


@WIDE
def test_the_components_are_those_of_scikit_learn(name):
    x = real(name).x
    scaled = StandardScaler().fit_transform(x)
    theirs = PCA(2, svd_solver="full").fit_transform(scaled)
    assert plane_of_components(x)[0].project(x) == pytest.approx(theirs, abs=1e-8)


def test_the_plane_of_two_columns_holds_the_others_at_their_mean():
    x = real("wine").x
    view = plane_of_columns(x, 6, 2)
    assert np.array_equal(view.project(x), x[:, [6, 2]])
    lifted = view.lift(SPOTS)
    assert np.array_equal(lifted[..., [6, 2]], SPOTS)
    others = np.delete(np.arange(13), [6, 2])
    assert np.allclose(lifted[..., others], x.mean(axis=0)[others])


def test_the_plane_of_points_in_the_plane_is_the_plane():
    x = load("circle").x
    assert np.array_equal(plane_of_columns(x, 0, 1).lift(x), x)


def test_what_is_lifted_can_be_shown_to_the_network():
    parts = prepare(real("breast-cancer"))
    for view in views(parts.train.points):
        seen = parts.inputs(view.lift(SPOTS))
        assert seen.shape == (12, 30)
        assert np.isfinite(seen).all()


@WIDE
def test_the_window_shows_every_sample(name):
    x = real(name).x
    for view in views(x):
        low, high = view.window(x)
        assert ((low < view.project(x)) & (view.project(x) < high)).all()


def test_a_constant_column_is_no_obstacle():
    x = np.column_stack([np.arange(9.0), np.arange(9.0) ** 2, np.full(9, 3.0)])
    assert plane_of_components(x)[0].lift([0, 0])[2] == 3
    low, high = plane_of_columns(x, 0, 2).window(x)
    assert (low < high).all()


@pytest.mark.parametrize(
    ("x", "columns", "sentence"),
    [
        (np.zeros((5, 1)), (0, 1), "train must have at least 2 rows and 2 columns"),
        (np.zeros((1, 3)), (0, 1), "train must have at least 2 rows and 2 columns"),
        (np.zeros((5, 3)), (0, 3), "second must be a whole number from 0 to 2"),
        (np.zeros((5, 3)), (-1, 0), "first must be a whole number"),
        (np.zeros((5, 3)), (1, 1), "second must be another column than first"),
    ],
)
def test_an_impossible_plane_is_refused(x, columns, sentence):
    with pytest.raises(ValueError, match=sentence):
        plane_of_columns(x, *columns)
