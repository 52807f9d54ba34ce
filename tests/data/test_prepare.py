"""A test part the network never sees: neither in the training samples nor in the scale of the inputs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from playground.data import DATASETS, FEATURES, REAL, SCALINGS, Dataset, expand, load, prepare, real

SEVEN = tuple(FEATURES)


def labelled(*y):
    """A small classification set with these labels on a diagonal of points."""
    points = np.repeat(np.arange(float(len(y)))[:, None], 2, axis=1)
    return Dataset(points, np.array(y), "classification", ("x1", "x2"), ("orange", "blue"))


def samples(points, y):
    return sorted(map(tuple, np.column_stack([points, y])))


@pytest.mark.parametrize("name", DATASETS)
def test_the_two_parts_together_are_the_whole(name):
    data = load(name, 101, noise=10)
    parts = prepare(data)
    both = samples(parts.train.points, parts.train.y) + samples(parts.test.points, parts.test.y)
    assert sorted(both) == samples(data.x, data.y)


@given(st.integers(10, 90), st.integers(20, 200))
def test_split_is_the_training_share_in_percent(split, n):
    parts = prepare(load("xor", n), split=split)
    assert len(parts.train.y) == round(n * split / 100)
    assert len(parts.train.y) + len(parts.test.y) == n


@given(st.integers(10, 90), st.lists(st.integers(0, 1), min_size=2, max_size=12))
def test_both_parts_always_hold_a_sample(split, y):
    parts = prepare(labelled(*y), split=split)
    assert len(parts.train.y) >= 1
    assert len(parts.test.y) >= 1


@pytest.mark.parametrize("name", ["circle", "moons", "blobs"])
def test_each_class_keeps_its_share_in_both_parts(name):
    parts = prepare(load(name, 500), split=30)
    for y in (parts.train.y, parts.test.y):
        assert np.ptp(np.bincount(y)) <= 1


def test_a_class_of_one_member_is_no_obstacle():
    assert len(prepare(labelled(0, 0, 0, 0, 0, 1)).train.y) == 3


@pytest.mark.parametrize("name", DATASETS)
def test_the_split_is_a_function_of_its_seed(name):
    data = load(name, 200)
    one, same, other = (prepare(data, seed=seed) for seed in (7, 7, 8))
    assert one.train.x.tobytes() == same.train.x.tobytes()
    assert one.test.y.tobytes() == same.test.y.tobytes()
    assert not np.array_equal(one.train.points, other.train.points)


def test_training_inputs_have_mean_0_and_deviation_1_and_test_inputs_only_nearly():
    parts = prepare(load("gaussian"), SEVEN)
    assert parts.train.x.mean(axis=0) == pytest.approx(np.zeros(7), abs=1e-12)
    assert parts.train.x.std(axis=0) == pytest.approx(np.ones(7))
    assert (np.abs(parts.test.x.mean(axis=0)) > 1e-6).all()
    assert (np.abs(parts.test.x.std(axis=0) - 1) > 1e-6).all()


def test_the_scale_comes_from_the_training_part_alone():
    parts = prepare(load("plane"), SEVEN, split=20)
    by_hand = StandardScaler().fit(expand(parts.train.points, SEVEN))
    assert np.array_equal(parts.train.x, by_hand.transform(expand(parts.train.points, SEVEN)))
    assert np.array_equal(parts.test.x, by_hand.transform(expand(parts.test.points, SEVEN)))


def test_the_scale_does_not_notice_an_outlier_in_the_test_part():
    data = load("circle", 100)
    parts = prepare(data)
    in_test = (data.x == parts.test.points[0]).all(axis=1)
    far = prepare(replace(data, x=np.where(in_test[:, None], 1e6, data.x)))
    assert far.test.points.max() == 1e6
    assert np.array_equal(far.train.x, parts.train.x)


@pytest.mark.parametrize("features", [("x1", "x2"), ("x2", "sinx1"), SEVEN])
def test_inputs_shows_the_network_any_point_as_it_saw_the_samples(features):
    parts = prepare(load("moons", noise=10), list(features))
    assert parts.features == features
    assert np.array_equal(parts.inputs(parts.train.points), parts.train.x)
    assert np.array_equal(parts.inputs(parts.test.points), parts.test.x)


def test_inputs_reads_a_grid_row_by_row():
    parts = prepare(load("xor"), SEVEN)
    grid = np.stack(np.meshgrid(np.linspace(-6, 6, 5), np.linspace(-6, 6, 4)), axis=-1)  # (4, 5, 2)
    assert np.array_equal(parts.inputs(grid), parts.inputs(grid.reshape(20, 2)))
    assert np.array_equal(parts.inputs(grid[1, 2]), parts.inputs(grid)[[7]])


def test_a_constant_feature_becomes_zero():
    data = load("circle", 50)
    flat = replace(data, x=data.x * [1, 0] + [0, 3])
    parts = prepare(flat, ("x1", "x2", "sinx2"))
    assert parts.train.x[:, 1:] == pytest.approx(0, abs=1e-12)
    assert parts.train.x[:, 0].std() == pytest.approx(1)


def test_preparing_never_changes_the_data():
    data = load("gaussian")
    before = data.x.copy()
    prepare(data).train.x[:] = 0
    assert np.array_equal(data.x, before)


@pytest.mark.parametrize("split", [9, 91, -50, 50.0, "50", None, True, float("nan")])
def test_an_impossible_split_is_refused_by_name(split):
    with pytest.raises(ValueError, match=r"^split must be a whole number from 10 to 90"):
        prepare(load("circle"), split=split)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None, False])
def test_an_impossible_seed_is_refused_by_name(seed):
    with pytest.raises(ValueError, match=r"^seed must be a whole number from 0 up"):
        prepare(load("circle"), seed=seed)


def test_impossible_features_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^features must be one of"):
        prepare(load("circle"), ("x1", "x9"))


def test_a_single_sample_cannot_be_split():
    with pytest.raises(ValueError, match=r"^dataset must have at least 2 samples"):
        prepare(labelled(0))


# --- scalings and columns


SCALERS = {"standardise": StandardScaler, "min-max": MinMaxScaler, "robust": RobustScaler}


@pytest.mark.parametrize("name", ["circle", "iris", "diabetes", "sine-1d"])
@pytest.mark.parametrize("scaling", SCALERS)
def test_a_scaling_is_scikit_learns_fitted_on_the_training_part_alone(name, scaling):
    parts = prepare(real(name) if name in REAL else load(name), split=30, scaling=scaling)
    by_hand = SCALERS[scaling]().fit(parts.train.points)
    assert np.array_equal(parts.train.x, by_hand.transform(parts.train.points))
    assert np.array_equal(parts.test.x, by_hand.transform(parts.test.points))


@pytest.mark.parametrize("data", [load("xor"), real("wine")], ids=["xor", "wine"])
def test_no_scaling_leaves_every_number_as_it_is(data):
    parts = prepare(data, scaling="none")
    assert np.array_equal(parts.train.x, parts.train.points)
    assert np.array_equal(parts.test.x, parts.test.points)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_every_scaling_can_be_undone(scaling):
    parts = prepare(real("breast-cancer"), scaling=scaling)
    assert parts.scaler.inverse_transform(parts.train.x) == pytest.approx(parts.train.points)


def test_without_a_choice_the_inputs_are_the_columns():
    assert prepare(load("circle")).features == ("x1", "x2")
    assert prepare(load("sine-1d")).features == ("x1",)
    assert prepare(real("iris")).features == real("iris").feature_names
    plane = load("moons", noise=20)
    assert prepare(plane).train.x.tobytes() == prepare(plane, ("x1", "x2")).train.x.tobytes()


def test_columns_are_chosen_by_name_in_the_order_asked():
    data = real("iris")
    parts = prepare(data, ("petal width (cm)", "sepal length (cm)"), scaling="none")
    assert np.array_equal(parts.train.x, parts.train.points[:, [3, 0]])
    assert parts.inputs(data.x[7]).shape == (1, 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"scaling": "log"}, "^scaling must be one of standardise, min-max, robust, none, not 'log'"),
        ({"scaling": None}, "^scaling must be one of"),
        ({"features": ("x1",)}, "^features must be one of sepal length"),
        ({"features": ()}, "^features must name at least one column"),
        ({"features": ("sepal length (cm)",) * 2}, "^features must name each column once"),
    ],
)
def test_an_impossible_preparation_is_refused_by_name(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        prepare(real("iris"), **arguments)


def test_points_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"^x must have 4 columns"):
        prepare(real("iris")).inputs(np.zeros((5, 2)))
