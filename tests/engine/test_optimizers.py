"""Every rule walks downhill; each has a habit of its own. Against scikit-learn they are held in test_training.py."""

import numpy as np
import pytest

from playground.engine import OPTIMIZERS

ALL = pytest.mark.parametrize("key", OPTIMIZERS)
RATE = 0.1
STEEPNESS = np.array([1.0, 0.3, 4.0])


def walk(key, slope, theta, steps):
    """The points (steps + 1, P) of a walk that meets the gradient `slope(theta)`."""
    rule, path = OPTIMIZERS[key], [np.asarray(theta, float)]
    slots = np.zeros((rule.n_slots, path[0].size))
    for t in range(1, steps + 1):
        theta, slots = rule.update(path[-1], slope(path[-1]), slots, RATE, t)
        path.append(theta)
    return np.array(path)


@ALL
def test_every_rule_finds_the_bottom_of_a_bowl(key):
    path = walk(key, lambda theta: STEEPNESS * theta, [1.0, -2.0, 3.0], 1000)
    assert path[-1] == pytest.approx(0, abs=1e-3)


@ALL
def test_the_first_step_goes_downhill_in_every_coordinate(key):
    slope = np.array([3.0, -0.01, 200.0])
    first = np.diff(walk(key, lambda _: slope, np.zeros(3), 1), axis=0)[0]
    assert (np.sign(first) == -np.sign(slope)).all()


@ALL
def test_on_level_ground_a_rule_at_rest_stays_at_rest(key):
    assert np.ptp(walk(key, np.zeros_like, [1.0, -2.0, 0.0], 5), axis=0).tolist() == [0, 0, 0]


@ALL
def test_a_step_leaves_what_it_was_given_untouched_and_remembers_as_much_as_it_said(key):
    rule = OPTIMIZERS[key]
    given = [np.ones(3), STEEPNESS.copy(), np.full((rule.n_slots, 3), 0.5)]
    before = [array.copy() for array in given]
    theta, slots = rule.update(*given, RATE, 3)
    assert all(np.array_equal(now, then) for now, then in zip(given, before, strict=True))
    assert theta.shape == (3,)
    assert slots.shape == (rule.n_slots, 3)
    assert theta is not given[0]


def test_gradient_descent_steps_twice_as_far_where_it_is_twice_as_steep():
    steps = np.diff(walk("sgd", lambda _: np.array([1.0, 2.0]), np.zeros(2), 3), axis=0)
    assert steps[:, 1] == pytest.approx(2 * steps[:, 0])
    assert steps[:, 0] == pytest.approx(-RATE)


def test_momentum_ends_up_ten_times_as_fast_on_a_steady_slope():
    steps = np.diff(walk("momentum", lambda _: np.ones(1), np.zeros(1), 200), axis=0)
    assert steps[0] == pytest.approx(-RATE)
    assert steps[-1] == pytest.approx(-10 * RATE)


def test_momentum_overshoots_where_gradient_descent_creeps():
    bottom = {key: walk(key, lambda theta: theta, [1.0], 50).min() for key in ("sgd", "momentum")}
    assert bottom["sgd"] > 0
    assert bottom["momentum"] < -0.1


@pytest.mark.parametrize("steepness", [1e-3, 1.0, 1e3])
def test_every_step_of_adam_is_the_learning_rate_long_however_steep_a_steady_slope(steepness):
    steps = np.diff(walk("adam", lambda _: np.array([steepness, -steepness]), np.zeros(2), 20), axis=0)
    assert steps == pytest.approx(np.tile([-RATE, RATE], (20, 1)), rel=1e-4)
