"""One neuron by two rules: Rosenblatt's own sums by hand, scikit-learn's perceptron, and circles on xor."""

import numpy as np
import pytest
from sklearn.linear_model import Perceptron

from playground.data import load
from playground.data.gates import GATES, gate
from playground.engine import ACTIVATIONS, batch, targets
from playground.engine.one_neuron import LOSS_OF, met_before, right, side_by_side


def order_of(run, steps):
    """The numbers of the examples that the first steps learn from."""
    return [int(np.arange(len(run.x))[batch(run.at(s), run.training, len(run.x))][0]) for s in range(steps)]


@pytest.mark.parametrize("name", GATES)
def test_the_perceptron_corrects_by_hand(name):
    data = gate(name)
    run, _ = side_by_side(data.x, data.y, "sigmoid", 0.5, 0)
    run.seek(24)
    w = [0.0, 0.0, 0.0]
    for s, i in enumerate(order_of(run, 24)):
        assert list(run.at(s).theta) == w
        x1, x2, y = *data.x[i], data.y[i]
        error = y - (1 if w[0] * x1 + w[1] * x2 + w[2] >= 0 else 0)
        w = [w[0] + 0.5 * error * x1, w[1] + 0.5 * error * x2, w[2] + 0.5 * error]


def test_scikit_learn_takes_the_same_steps_on_the_clouds():
    """Where no sum is exactly zero: there scikit-learn's perceptron corrects and Rosenblatt's fires."""
    data = load("gaussian", n=40, seed=7)
    run, _ = side_by_side(data.x, data.y, "sigmoid", 0.5, 3)
    run.seek(40)
    begin = run.at(0).theta
    theirs = Perceptron(eta0=0.5, shuffle=False, tol=None, max_iter=1)
    i = order_of(run, 40)
    theirs.fit(data.x[i], data.y[i], coef_init=begin[None, :2], intercept_init=begin[2:])
    np.testing.assert_allclose(run.state.theta, [*theirs.coef_[0], *theirs.intercept_], atol=1e-12)


@pytest.mark.parametrize("name", ["and", "or"])
def test_both_rules_learn_what_a_line_can_part(name):
    data = gate(name)
    for run in side_by_side(data.x, data.y, "sigmoid", 0.5, 5):
        run.seek(400)
        assert right(run, run.state.theta).all()
        before = run.state.theta
        run.seek(440)
        assert np.array_equal(run.state.theta, before) == (run.training.rule == "perceptron")


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_on_xor_the_perceptron_goes_round_in_circles(rate, seed):
    data = gate("xor")
    run, _ = side_by_side(data.x, data.y, "sigmoid", rate, seed)
    run.seek(200)
    before = met_before(run)
    assert before is not None
    np.testing.assert_allclose(run.at(before).theta, run.state.theta, atol=1e-9)
    assert any(not np.allclose(run.at(s).theta, run.state.theta) for s in range(before, 200))
    assert max(right(run, run.at(s).theta).sum() for s in range(201)) <= 3


def test_a_rule_at_rest_has_not_been_in_a_circle():
    data = gate("and")
    run, _ = side_by_side(data.x, data.y, "sigmoid", 0.5, 0)
    run.seek(200)
    assert met_before(run) is None


def test_the_binary_step_has_no_slope_to_walk_down():
    data = gate("or")
    _, run = side_by_side(data.x, data.y, "step", 0.5, 3)
    begin = run.state.theta
    assert np.array_equal(run.seek(50).theta, begin)


@pytest.mark.parametrize("output", LOSS_OF)
def test_both_begin_alike_and_see_the_same_points(output):
    data = gate("xor")
    perceptron, descent = side_by_side(data.x, data.y, output, 0.1, 9)
    assert np.array_equal(perceptron.state.theta, descent.state.theta)
    for run in (perceptron, descent):
        run.seek(12)
    assert order_of(perceptron, 12) == order_of(descent, 12)


@pytest.mark.parametrize("output", LOSS_OF)
def test_a_neuron_fires_half_way_between_what_it_is_taught(output):
    data = gate("or")
    _, run = side_by_side(data.x, data.y, output, 0.1, 3)
    middle = targets(run.network, run.y).mean(where=run.y[:, None] == run.y.max()) / 2
    middle += targets(run.network, run.y).mean(where=run.y[:, None] == run.y.min()) / 2
    z = np.array([-1e-9, 0, 1e-9])
    np.testing.assert_array_equal(ACTIVATIONS[output].f(z) >= middle, z >= 0)
    assert np.array_equal(run.y == 1, data.y == 1)
