"""The line on screen is where the weighted sum is zero, and each half has its own colour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.figures import LIGHT, describe_half_planes, half_planes, threshold

AXIS1, AXIS2 = np.linspace(-1, 2, 7), np.linspace(0, 1, 5)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Y = np.array([0, 1, 1, 0])
RIGHT = np.array([True, True, False, True])
NUMBER = st.floats(-100, 100).map(lambda x: x if abs(x) > 1e-6 else 0.0)


def drawn(answers, **other):
    line = threshold([1, 1], -0.5, AXIS1, AXIS2)
    return half_planes(AXIS1, AXIS2, answers, line, X, Y, RIGHT, 3, theme=LIGHT, **other)


@given(NUMBER, NUMBER, NUMBER)
def test_the_threshold_is_where_the_sum_is_zero(w1, w2, b):
    line = threshold([w1, w2], b, AXIS1, AXIS2)
    if w1 * w1 + w2 * w2 == 0:
        assert line is None
        return
    size = max(abs(w1), abs(w2)) * np.abs(line).max() + abs(b)
    assert line @ [w1, w2] + b == pytest.approx(0, abs=1e-9 * size)
    assert np.linalg.norm(line[1] - line[0]) > np.hypot(3, 1)  # longer than the plane's diagonal


def test_the_half_that_fires_and_the_other_differ_in_sign_however_pale():
    fires = AXIS1[:, None] + AXIS2 >= 0.5
    ground = drawn(np.where(fires, 0.501, 0.499)).data[0]
    np.testing.assert_array_equal(np.array(ground.z).T > 0, fires)
    assert np.abs(ground.z).min() >= 0.35
    assert (ground.zmin, ground.zmax) == (-1, 1)


def test_points_keep_their_label_by_shape_and_wrong_ones_are_crossed_out():
    _, zeros, ones, wrong, chosen, _ = drawn(np.ones((7, 5))).data
    np.testing.assert_array_equal(np.c_[zeros.x, zeros.y], X[Y == 0])
    np.testing.assert_array_equal(np.c_[ones.x, ones.y], X[Y == 1])
    assert zeros.marker.symbol != ones.marker.symbol
    np.testing.assert_array_equal(np.c_[wrong.x, wrong.y], X[~RIGHT])
    np.testing.assert_array_equal(np.c_[chosen.x, chosen.y], X[[3]])


def test_answers_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"^answers has shape \(5, 7\), not \(7, 5\)"):
        drawn(np.ones((5, 7)))


def test_the_description_tells_the_line_and_the_count():
    assert describe_half_planes(np.array([0.5, -1]), 0.25, Y, RIGHT) == (
        "The neuron fires where 0.5·x₁ + -1·x₂ ≥ -0.25, and is silent on the other side of the line. "
        "3 of 4 points are on their right side."
    )
    assert "is silent everywhere" in describe_half_planes(np.zeros(2), -1.0, Y, RIGHT)
    assert "fires everywhere" in describe_half_planes(np.zeros(2), 0.0, Y, RIGHT)
