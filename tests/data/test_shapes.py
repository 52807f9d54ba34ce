"""Each shape against the formula its note promises, and TensorFlow Playground's six against its own words."""

import math

import numpy as np
import pytest

from playground.data import DATASETS, load
from playground.data.toy import COLOURS

BIG = 5000


# --- TensorFlow Playground's six, written as its dataset.ts says it, one point at a time


def tfp_labels(name, x1, x2):
    """The label it gives a point without noise."""
    cones = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    match name:
        case "circle":
            return 1 if math.hypot(x1, x2) < 5 * 0.5 else 0
        case "xor":
            return 1 if x1 * x2 >= 0 else 0
        case "plane":
            return -1 + (x1 + x2 + 10) / 20 * 2  # a linear scale from [-10, 10] to [-1, 1]
        case "multi-gaussian":
            label = 0
            for c1, c2, sign in cones:
                new = sign * min(max(1 - math.hypot(x1 - c1, x2 - c2) / 2, 0), 1)
                label = new if abs(new) > abs(label) else label
            return label


@pytest.mark.parametrize("name", ["circle", "xor", "plane", "multi-gaussian"])
def test_a_clean_label_is_tensorflow_playgrounds(name):
    data = load(name, 1000, seed=3)
    assert data.y == pytest.approx([tfp_labels(name, *point) for point in data.x], abs=1e-12)


def test_a_clean_spiral_is_tensorflow_playgrounds_point_by_point():
    expected = []
    for turn, label in [(0, 1), (math.pi, 0)]:
        for i in range(250):
            r, t = i / 250 * 5, 1.75 * i / 250 * 2 * math.pi + turn
            expected.append((r * math.sin(t), r * math.cos(t), label))
    data = load("spiral", 500)
    rows = sorted(zip(*np.round([*data.x.T, data.y], 9) + 0.0, strict=True))
    assert np.allclose(rows, sorted(map(tuple, np.round(expected, 9) + 0.0)))


# --- spirals, blobs and rings in more than two classes


def test_two_arms_are_the_spiral_of_always():
    assert load("spiral", 301, 20, classes=2).x.tobytes() == load("spiral", 301, 20).x.tobytes()
    assert load("spiral", 301, 20, classes=2).y.tobytes() == load("spiral", 301, 20).y.tobytes()


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_arms_of_a_spiral_are_turned_evenly(k):
    data = load("spiral", 60 * k, classes=k)
    angle = np.arctan2(*data.x.T) - 1.75 * 2 * np.pi * np.hypot(*data.x.T) / 5
    turn = {label: angle[(data.y == label) & (np.hypot(*data.x.T) > 0.1)] for label in range(k)}
    for label in range(k):
        whole = (turn[label] * k / (2 * np.pi) - (1 - label) % k) % k
        assert np.minimum(whole, k - whole) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("name", "most"), [("blobs", 10), ("spiral", 5), ("rings", 5)])
def test_classes_are_equally_large_and_named_by_their_colours(name, most):
    for k in range(2, most + 1):
        data = load(name, 307, classes=k)
        assert data.class_names == COLOURS[:k]
        assert np.ptp(np.bincount(data.y, minlength=k)) == (307 % k > 0)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_ring_has_one_radius_and_they_grow_evenly(k):
    data = load("rings", 500, classes=k)
    assert np.hypot(*data.x.T) == pytest.approx(5 * (data.y + 1) / k)


# --- borders


BORDERS = {
    "checkerboard": lambda a, b: (math.floor(a / 3) + math.floor(b / 3)) % 2,
    "heart": lambda a, b: ((a / 4) ** 2 + (b / 4) ** 2 - 1) ** 3 - (a / 4) ** 2 * (b / 4) ** 3 <= 0,
    "above-line": lambda a, b: b > 0.5 * a + 0.5,
    "above-sine": lambda a, b: b > 3 * math.sin(a),
    "above-cubic": lambda a, b: b > a * (a * a / 20 - 1),
    "above-abs": lambda a, b: b > max(a, -a) - 3,
}


@pytest.mark.parametrize("name", BORDERS)
def test_a_clean_label_is_the_side_of_the_border(name):
    data = load(name, 1000)
    assert [BORDERS[name](*point) for point in data.x.tolist()] == data.y.tolist()


@pytest.mark.parametrize("name", BORDERS)
def test_noise_turns_labels_and_moves_no_point(name):
    clean, noisy = load(name, 1000), load(name, 1000, 10)
    assert np.array_equal(clean.x, noisy.x)
    assert 0 < np.mean(clean.y != noisy.y) < 0.3


@pytest.mark.parametrize("name", BORDERS)
def test_points_lie_evenly_in_the_plane_shown_and_both_classes_are_common(name):
    data = load(name, BIG)
    assert np.abs(data.x).max() <= 6
    assert data.x.std(axis=0) == pytest.approx([6 / math.sqrt(3)] * 2, rel=0.05)
    assert 0.25 < data.y.mean() < 0.75


@pytest.mark.parametrize("name", [name for name in BORDERS if name.startswith("above")])
def test_the_border_can_be_drawn(name):
    a = np.linspace(-6, 6, 50)
    assert all(
        BORDERS[name](x, y + 1e-6) and not BORDERS[name](x, y - 1e-6)
        for x, y in zip(a, DATASETS[name].truth(a), strict=True)
    )


# --- values


def test_ripples_depend_on_the_distance_alone():
    data = load("ripples", 500)
    assert data.y == pytest.approx([math.cos(math.pi * math.hypot(*point) / 2) for point in data.x])


LINES = ["sine-1d", "step-1d", "polynomial-1d"]


@pytest.mark.parametrize("name", LINES)
def test_a_line_has_one_input_and_clean_samples_lie_on_its_curve(name):
    data = load(name, 200)
    assert data.x.shape == (200, 1)
    assert np.array_equal(data.y, data.curve(data.x[:, 0]))
    assert data.curve(np.zeros((3, 4))).shape == (3, 4)
    assert np.abs(data.y).max() <= 2


@pytest.mark.parametrize("name", LINES)
def test_noise_scatters_around_the_same_curve(name):
    noisy, clean = load(name, BIG, 30), load(name, BIG)
    assert np.array_equal(noisy.x, clean.x)
    assert (noisy.y - noisy.curve(noisy.x[:, 0])).std() == pytest.approx(0.3, rel=0.05)


def test_the_curves_are_a_sine_a_step_and_a_polynomial_of_degree_four():
    a = np.linspace(-6, 6, 101)
    assert load("sine-1d").curve(a) == pytest.approx([math.sin(x) for x in a])
    assert load("step-1d").curve(a).tolist() == [-1 if x < 0 else 1 for x in a]
    for seed in range(5):
        y = load("polynomial-1d", seed=seed).curve(a)
        assert np.diff(y, 5) == pytest.approx(0, abs=1e-9)
    assert not np.array_equal(y, load("polynomial-1d", seed=0).curve(a))
