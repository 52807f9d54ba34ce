"""A loss and its derivative are one value; being surely wrong is costly, never infinite."""

import numpy as np
import pytest
from scipy.special import expit, huber, softmax
from sklearn.metrics import hinge_loss, log_loss, mean_absolute_error, mean_squared_error

from playground.engine import LOSSES, OUTPUTS

EACH = [(key, output) for key in LOSSES for output in LOSSES[key].outputs]
PAIRS = pytest.mark.parametrize(("key", "output"), EACH)
H = 1e-5
CLASSES = np.random.default_rng(0).integers(0, 3, 40)
T = np.eye(3)[CLASSES]  # (40, 3), one class on
Z = np.random.default_rng(1).normal(0, 2, (40, 3))


@PAIRS
def test_delta_is_the_slope_of_the_value(key, output):
    value, delta = LOSSES[key].value, LOSSES[key].delta
    nudge = H * np.eye(3)[:, None, :]  # (3, 1, 3): one logit at a time
    slope = (value(Z + nudge, T, output) - value(Z - nudge, T, output)).T / (2 * H)
    assert delta(Z, OUTPUTS[output].f(Z), T, output) == pytest.approx(slope, rel=1e-6, abs=1e-8)


@PAIRS
def test_each_example_has_its_own_loss(key, output):
    value = LOSSES[key].value(Z, T, output)
    assert value.shape == (40,)
    assert LOSSES[key].value(Z[7:8], T[7:8], output) == pytest.approx(value[7:8], rel=1e-12)


@PAIRS
def test_a_wrong_answer_costs_and_no_answer_pays(key, output):
    wrong = np.abs(Z) * (1 - 2 * T)
    assert (LOSSES[key].value(wrong, T, output) > 0).all()
    assert (LOSSES[key].value(Z, T, output) >= 0).all()


@PAIRS
@pytest.mark.parametrize("size", [1000, -1000])
def test_the_surest_answers_overflow_nothing(key, output, size):
    z = size * (2 * T - 1)  # every example surely right, or surely wrong
    value, delta = LOSSES[key].value(z, T, output), LOSSES[key].delta(z, OUTPUTS[output].f(z), T, output)
    assert np.isfinite(value).all()
    assert np.isfinite(delta).all()
    assert (value >= 0).all()


@PAIRS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(key, output, dtype):
    z, t = Z.astype(dtype), T.astype(dtype)
    assert LOSSES[key].value(z, t, output).dtype == dtype
    assert LOSSES[key].delta(z, OUTPUTS[output].f(z), t, output).dtype == dtype


def test_cross_entropy_of_two_classes_is_the_log_loss():
    z, y = Z[:, :1], (CLASSES > 0).astype(float)
    value = LOSSES["cross-entropy"].value(z, y[:, None], "sigmoid")
    assert value.mean() == pytest.approx(log_loss(y, expit(z[:, 0])), rel=1e-12)


def test_cross_entropy_of_many_classes_is_the_log_loss():
    value = LOSSES["cross-entropy"].value(Z, T, "softmax")
    assert value.mean() == pytest.approx(log_loss(CLASSES, softmax(Z, axis=-1)), rel=1e-12)


@pytest.mark.parametrize(("output", "cost"), [("sigmoid", 1000), ("softmax", 2000)])
def test_cross_entropy_grows_with_the_logit_where_a_probability_would_be_zero(output, cost):
    z, t = np.array([[-1000.0, 1000.0]]), np.array([[1.0, 0.0]])
    first = slice(0, 1) if output == "sigmoid" else slice(None)  # a sigmoid alone, or the two of a softmax
    assert LOSSES["cross-entropy"].value(z[:, first], t[:, first], output) == pytest.approx(cost)


def test_cross_entropy_still_pulls_where_the_squared_error_is_blind():
    z, t = np.array([[-30.0]]), np.array([[1.0]])
    pull = {key: LOSSES[key].delta(z, expit(z), t, "sigmoid").item() for key in ("cross-entropy", "mse")}
    assert pull["cross-entropy"] == pytest.approx(-1)
    assert abs(pull["mse"]) < 1e-12  # a saturated sigmoid hides the error


def test_squared_error_is_the_one_statistics_knows():
    value = LOSSES["mse"].value(Z[:, :1], T[:, :1], "identity")
    assert value.mean() == pytest.approx(mean_squared_error(T[:, 0], Z[:, 0]), rel=1e-12)


@pytest.mark.parametrize("output", LOSSES["mse"].outputs)
def test_half_the_squared_error_is_half_of_it_and_has_half_its_slope(output):
    whole, half, a = LOSSES["mse"], LOSSES["half-mse"], OUTPUTS[output].f(Z)
    assert 2 * half.value(Z, T, output) == pytest.approx(whole.value(Z, T, output))
    assert 2 * half.delta(Z, a, T, output) == pytest.approx(whole.delta(Z, a, T, output))


@pytest.mark.parametrize(("key", "output"), [pair for pair in EACH if pair[0] not in ("cross-entropy", "hinge")])
def test_an_error_is_nothing_for_a_perfect_answer(key, output):
    a = OUTPUTS[output].f(Z)
    assert not LOSSES[key].value(Z, a, output).any()
    assert not LOSSES[key].delta(Z, a, a, output).any()


def test_absolute_error_is_the_one_statistics_knows():
    value = LOSSES["mae"].value(Z[:, :1], T[:, :1], "identity")
    assert value.mean() == pytest.approx(mean_absolute_error(T[:, 0], Z[:, 0]), rel=1e-12)


def test_absolute_error_is_least_at_the_median_and_squared_error_at_the_mean():
    t, answers = np.array([[0.0], [1.0], [8.0]]), np.linspace(0, 8, 81)
    for key, best in {"mae": 1, "mse": 3}.items():
        costs = [LOSSES[key].value(np.full((3, 1), answer), t, "identity").mean() for answer in answers]
        assert answers[np.argmin(costs)] == pytest.approx(best)


def test_huber_is_half_the_squared_error_near_and_the_absolute_error_less_a_half_far_away():
    near, far, t = np.array([[0.3], [-1.0]]), np.array([[4.0], [-1.0], [-60.0]]), 0
    value = {key: [LOSSES[key].value(z, t, "identity") for z in (near, far)] for key in ("huber", "half-mse", "mae")}
    assert value["huber"][0] == pytest.approx(value["half-mse"][0])
    assert value["huber"][1] == pytest.approx(value["mae"][1] - 0.5)


def test_huber_is_scipys():
    error = np.linspace(-5, 5, 101)[:, None]
    assert LOSSES["huber"].value(error, np.zeros_like(error), "identity") == pytest.approx(huber(1, error[:, 0]))


def test_an_outlier_pulls_on_the_squared_error_only():
    z, t = np.array([[100.0]]), np.zeros((1, 1))
    pull = {key: LOSSES[key].delta(z, z, t, "identity").item() for key in ("mse", "half-mse", "mae", "huber")}
    assert pull == {"mse": 200, "half-mse": 100, "mae": 1, "huber": 1}


@pytest.mark.parametrize(("output", "labels"), [("sigmoid", (0, 1)), ("tanh", (-1, 1))])
def test_hinge_is_the_one_of_support_vector_machines(output, labels):
    y = np.where(CLASSES > 0, labels[1], labels[0])
    value = LOSSES["hinge"].value(Z[:, :1], y[:, None], output)
    assert value.mean() == pytest.approx(hinge_loss(y, Z[:, 0]), rel=1e-12)


def test_hinge_asks_no_more_of_an_answer_that_is_right_by_the_margin():
    z, t = np.array([[1.5], [0.5], [-0.5]]), np.ones((3, 1))
    assert LOSSES["hinge"].value(z, t, "sigmoid").tolist() == [0, 0.5, 1.5]
    assert LOSSES["hinge"].delta(z, z, t, "sigmoid").tolist() == [[0], [-1], [-1]]


@pytest.mark.parametrize("key", ["mae", "huber", "hinge"])
def test_shares_of_one_are_not_held_to_a_distance(key):
    assert "softmax" not in LOSSES[key].outputs


@pytest.mark.parametrize("key", LOSSES)
def test_every_loss_has_a_formula_and_a_sentence(key):
    formula, note = LOSSES[key].formula, LOSSES[key].note
    assert formula.count("{") == formula.count("}") > 0
    assert note[0].isupper()
    assert note.endswith(".")


def test_every_loss_names_outputs_that_exist():
    for loss in LOSSES.values():
        assert loss.outputs
        assert set(loss.outputs) <= set(OUTPUTS)
