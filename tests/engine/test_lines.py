"""Xor is three of four: what a straight line can do, counted and tried out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data import load
from playground.engine.lines import most_right_by_a_line

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)


@pytest.mark.parametrize(
    ("labels", "most"),
    [([0, 0, 0, 1], 4), ([0, 1, 1, 1], 4), ([0, 1, 1, 0], 3), ([1, 0, 0, 1], 3), ([0, 0, 0, 0], 4), ([1, 0, 0, 0], 4)],
)
def test_all_functions_of_two_bits_but_xor_and_its_opposite(labels, most):
    assert most_right_by_a_line(CORNERS, np.array(labels)) == most


def tried(x, y, n=4000, seed=0):
    """The most right of many lines drawn by lot."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    side = x @ np.stack([np.cos(angle), np.sin(angle)])
    fires = side >= rng.uniform(side.min() - 0.1, side.max() + 0.1, n)
    return (fires == (y == 1)[:, None]).sum(0).max()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7))
def test_lines_by_lot_never_do_better_and_get_there_among_few_points(seed, n):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, 2)), rng.integers(0, 2, n)
    most = most_right_by_a_line(x, y)
    assert most - 1 <= tried(x, y, seed=seed) <= most


@pytest.mark.parametrize("name", ["gaussian", "moons", "circle", "xor"])
def test_the_clouds_are_separable_and_the_others_are_not(name):
    data = load(name, n=60, seed=7)
    most = most_right_by_a_line(data.x, data.y)
    assert (most == 60) == (name == "gaussian")
    assert tried(data.x, data.y) <= most


def test_points_in_a_row_are_cut_once():
    row = np.stack([np.arange(5.0), np.zeros(5)], -1)
    assert most_right_by_a_line(row, np.array([0, 0, 1, 1, 1])) == 5
    assert most_right_by_a_line(row, np.array([0, 1, 0, 1, 1])) == 4
    assert most_right_by_a_line(row, np.array([1, 0, 1, 0, 1])) == 3
