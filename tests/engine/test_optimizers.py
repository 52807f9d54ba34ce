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


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if key != "rmsprop"])
def test_every_rule_but_one_finds_the_bottom_of_a_bowl(key):
    path = walk(key, lambda theta: STEEPNESS * theta, [1.0, -2.0, 3.0], 3000)
    assert path[-1] == pytest.approx(0, abs=1e-4)


def test_rmsprop_rattles_about_the_bottom_half_a_learning_rate_to_each_side():
    """Its steps never get shorter than the rate; only a smaller rate brings it to rest."""
    path = walk("rmsprop", lambda theta: STEEPNESS * theta, [1.0, -2.0, 3.0], 3000)
    assert np.abs(path[-1]) == pytest.approx(RATE / 2, rel=1e-4)
    assert path[-1] == pytest.approx(-path[-2], rel=1e-4)


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


def test_nesterov_overshoots_less_than_momentum_and_its_swings_die_down_sooner():
    path = {key: walk(key, lambda theta: 4 * theta, [1.0], 50) for key in ("momentum", "nesterov")}
    assert path["momentum"].min() < path["nesterov"].min() < 0
    assert np.abs(path["nesterov"][25:]).max() < np.abs(path["momentum"][25:]).max() / 100


def test_nesterov_is_as_fast_as_momentum_on_a_steady_slope():
    steps = np.diff(walk("nesterov", lambda _: np.ones(1), np.zeros(1), 200), axis=0)
    assert steps[-1] == pytest.approx(-10 * RATE)


STEEP_AND_FLAT = np.array([1e-3, -1.0, 1e3])


def test_the_steps_of_adagrad_are_the_learning_rate_over_the_root_of_their_number_on_a_steady_slope():
    steps = np.diff(walk("adagrad", lambda _: STEEP_AND_FLAT, np.zeros(3), 100), axis=0)
    expected = -RATE * np.sign(STEEP_AND_FLAT) / np.sqrt(np.arange(1, 101))[:, None]
    assert steps == pytest.approx(expected, rel=1e-4)


def test_rmsprop_starts_with_a_leap_and_calms_down_to_the_learning_rate_on_a_steady_slope():
    steps = np.diff(walk("rmsprop", lambda _: STEEP_AND_FLAT, np.zeros(3), 200), axis=0)
    assert np.abs(steps[0]) == pytest.approx(RATE * np.sqrt(10), rel=1e-4)  # the newest slope counts a tenth
    assert np.abs(steps[-1]) == pytest.approx(RATE, rel=1e-4)


def test_rmsprop_forgets_a_cliff_that_adagrad_remembers():
    slopes = iter(2 * [1000.0, *[1.0] * 200])
    after = {
        key: np.abs(np.diff(walk(key, lambda _: np.full(1, next(slopes)), np.zeros(1), 201), axis=0)[-1]).item()
        for key in ("rmsprop", "adagrad")
    }
    assert after["rmsprop"] == pytest.approx(RATE, rel=0.01)
    assert after["adagrad"] == pytest.approx(RATE / 1000, rel=0.01)


@pytest.mark.parametrize("key", ["adam", "adagrad", "rmsprop"])
def test_where_the_slope_is_no_larger_than_1e_8_the_steps_get_short(key):
    level, first = np.array([1e-8, -1e-12]), 1 if key == "adagrad" else 200
    steps = np.diff(walk(key, lambda _: level, np.zeros(2), first), axis=0)
    assert steps[-1] == pytest.approx([-RATE / 2, RATE * 1e-4], rel=1e-3)


@ALL
def test_every_rule_has_a_sentence(key):
    note = OPTIMIZERS[key].note
    assert note[0].isupper()
    assert note.endswith(".")


def test_only_adamw_decays():
    assert {key: rule.decay for key, rule in OPTIMIZERS.items() if rule.decay} == {"adamw": 0.01}
