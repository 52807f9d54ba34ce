"""A measurement is checked by hand, by a second way to compute it, or by scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import log_loss

from playground.engine import ACTIVATIONS, LOSSES, OPTIMIZERS, Network, Training, gradient, loss, start, step
from playground.engine.diagnosis.symptoms import (
    constant_loss,
    differences,
    example_gradients,
    example_losses,
    excess,
    flatness,
    gradient_sizes,
    steepest,
    update_ratios,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NETWORK = Network(2, (4, 3), 1)
THETAS = RNG.normal(size=(5, 2, NETWORK.n_parameters))
PAIRS = [(key, output) for key in LOSSES for output in LOSSES[key].outputs]


def pair(key, output):
    network = Network(2, (4,), 1 if output == "identity" else 3, output=output)
    y = Y if output == "identity" else np.arange(30) % 3
    return network, Training(loss=key, l1=0.2, l2=0.3), RNG.normal(size=network.n_parameters), y


# --- slopes


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_no_activation_is_steeper_than_its_steepest(key):
    z = np.linspace(-50, 50, 200_001)
    assert steepest(key) == pytest.approx(np.abs(ACTIVATIONS[key].df(z, ACTIVATIONS[key].f(z))).max(), rel=1e-3)


def test_the_steepest_slopes_are_the_known_ones():
    known = {
        "sigmoid": 1 / 4,
        "hard-sigmoid": 1 / 6,
        "tanh": 1,
        "relu": 1,
        "gaussian": math.sqrt(2 / math.e),
        "step": 0,
    }
    assert {key: steepest(key) for key in known} == pytest.approx(known, rel=1e-4)


def test_flatness_is_the_share_of_examples_on_the_flat_part():
    network = Network(1, (2,), 1, "relu")
    theta = np.array([1.0, -1, 0, 0, 1, 1, 0])  # z = x and z = −x
    shares = flatness(network, network.forward(theta, np.array([[-3.0], [1], [2], [3]])))
    assert [share.tolist() for share in shares] == [[0.25, 0.75]]


def test_a_tanh_is_flat_where_it_is_close_to_its_ends():
    network = Network(1, (1,), 1)
    x = np.array([[-5.0], [-2.3], [-2.1], [0], [2.1], [2.3], [5], [50]])  # 1 − tanh² is 1/20 at ±2.18
    trace = network.forward(np.array([1.0, 0, 1, 0]), x)
    assert flatness(network, trace, 0.05)[0].tolist() == [5 / 8]
    assert flatness(network, trace)[0].tolist() == [1 / 8]  # at 50 nothing is left in double precision


def test_a_sigmoid_is_flat_where_the_tanh_of_half_its_sum_is():
    x, shares = 9 * X[:, :1], []
    for activation, weight in (("tanh", 0.5), ("sigmoid", 1.0)):
        network = Network(1, (1,), 1, activation)
        shares += flatness(network, network.forward(np.array([weight, 0, 1, 0]), x), 0.05)
    assert 0 < shares[0] == shares[1] < 1


# --- copies


def test_units_differ_by_the_largest_difference_of_what_they_say_and_to_whom():
    network = Network(1, (3,), 1, "identity", "identity")
    theta = np.array([1.0, 1, 0.5, 0, 0, 0, 2, 1, 2, 0])  # weights in, biases, weights out, bias
    apart = differences(network, theta, network.forward(theta, np.array([[-4.0], [1]])))
    assert apart[0].tolist() == [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]


@pytest.mark.parametrize("key", ACTIVATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_copies_stay_copies(key, optimizer):
    network, training = (
        Network(2, (3, 2), 1, key),
        Training(init="constant", optimizer=optimizer, l2=0.01, batch_size=8),
    )
    state = start(network, training)
    for _ in range(30):
        state = step(state, network, training, X, Y)
    assert max(apart.max() for apart in differences(network, state.theta, network.forward(state.theta, X))) < 1e-12


def test_units_drawn_at_random_are_no_copies():
    apart = differences(NETWORK, THETAS, NETWORK.forward(THETAS, X))
    assert all((layer + np.eye(layer.shape[-1]) > 0.01).all() for layer in apart)


# --- gradients and steps


@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_the_gradients_of_the_examples_are_those_of_batches_of_one(key, output):
    network, training, theta, y = pair(key, output)
    alone = [gradient(network, Training(loss=key), theta, X[i : i + 1], y[i : i + 1])[1] for i in range(len(X))]
    assert example_gradients(network, training, theta, X, y) == pytest.approx(np.array(alone))


def test_the_size_of_a_gradient_is_its_mean_over_the_weights_of_a_layer():
    sizes, errors = gradient_sizes(NETWORK, Training(l2=1.0), THETAS[0, 0], X, Y)
    g = np.abs(example_gradients(NETWORK, Training(), THETAS[0, 0], X, Y))
    assert sizes == pytest.approx([g[:, :8].mean(), g[:, 12:24].mean(), g[:, 27:30].mean()])  # biases in between
    assert errors == pytest.approx([g[:, 8:12].mean(), g[:, 24:27].mean(), g[:, 30:].mean()])


def test_the_update_ratio_of_plain_descent_is_the_learning_rate_times_that_of_the_gradient():
    training = Training(optimizer="sgd", learning_rate=0.5, batch_size=None)
    state = start(NETWORK, training)
    after = step(state, NETWORK, training, X, Y).theta
    g = gradient(NETWORK, training, state.theta, X, Y)[1]
    expected = [
        0.5 * np.linalg.norm(g[i:j]) / np.linalg.norm(state.theta[i:j]) for i, j in ((0, 8), (12, 24), (27, 30))
    ]
    assert update_ratios(NETWORK, state.theta, after) == pytest.approx(expected)
    assert update_ratios(NETWORK, state.theta, state.theta).tolist() == [0, 0, 0]


def test_weights_of_zero_have_no_size_to_compare_with():
    zero, one = np.zeros(NETWORK.n_parameters), np.ones(NETWORK.n_parameters)
    assert np.isnan(update_ratios(NETWORK, zero, one)).all()
    assert update_ratios(NETWORK, one, zero).tolist() == [1, 1, 1]


def test_many_networks_at_once_are_each_one_alone():
    y, after, training = Y, THETAS * 1.1, Training()
    together = (
        *differences(NETWORK, THETAS, NETWORK.forward(THETAS, X)),
        *flatness(NETWORK, NETWORK.forward(THETAS, X), 0.05),
        *gradient_sizes(NETWORK, training, THETAS, X, y),
        update_ratios(NETWORK, THETAS, after),
        example_losses(NETWORK, training, THETAS, X, y),
    )
    one = THETAS[3, 1]
    alone = (
        *differences(NETWORK, one, NETWORK.forward(one, X)),
        *flatness(NETWORK, NETWORK.forward(one, X), 0.05),
        *gradient_sizes(NETWORK, training, one, X, y),
        update_ratios(NETWORK, one, after[3, 1]),
        example_losses(NETWORK, training, one, X, y),
    )
    assert all(many[3, 1] == pytest.approx(single) for many, single in zip(together, alone, strict=True))


# --- losses


@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_the_losses_of_the_examples_average_to_the_loss_without_its_penalty(key, output):
    network, training, theta, y = pair(key, output)
    plain = loss(network, Training(loss=key), theta, X, y)
    assert example_losses(network, training, theta, X, y).mean() == pytest.approx(plain)


def test_a_constant_answer_has_the_log_loss_of_scikit_learns_dummy():
    y = np.array([0, 0, 0, 1, 2, 2])
    dummy = DummyClassifier(strategy="prior").fit(y, y)
    three = Network(1, (), 3, output="softmax")
    assert constant_loss(three, Training(), y) == pytest.approx(log_loss(y, dummy.predict_proba(y)))


def test_a_constant_answer_to_a_quantity_misses_by_its_variance():
    y = RNG.normal(5, 3, 20)
    assert constant_loss(Network(1, (), 1, output="identity"), Training(loss="mse"), y) == pytest.approx(y.var())


@pytest.mark.parametrize("y", [[0, 0, 1], [1, 1, 0]])
def test_a_constant_answer_that_must_be_yes_or_no_is_that_of_the_majority(y):
    network = Network(1, (), 1, output="step")
    assert constant_loss(network, Training(loss="mse"), np.array(y)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8])
def test_no_constant_answer_to_two_classes_does_better_and_one_does_as_well(key, share):
    y = (np.arange(40) < 40 * share).astype(int)
    for output in set(LOSSES[key].outputs) - {"identity"}:
        outputs = 2 if output == "softmax" else 1
        found = constant_loss(Network(1, (), outputs, output=output), Training(loss=key), y)
        assert found == pytest.approx(best_of_a_grid(key, output, outputs, y), abs=1e-4)


@pytest.mark.parametrize("key", [key for key, output in PAIRS if output == "identity"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_no_constant_answer_to_a_quantity_does_better_and_one_does_as_well(key, outputs):
    y = 2 * np.random.default_rng(1).exponential(size=(41, outputs)) - 3  # far from symmetric
    y = y[:, 0] if outputs == 1 else y
    found = constant_loss(Network(1, (), outputs, output="identity"), Training(loss=key), y)
    assert found == pytest.approx(best_of_a_grid(key, "identity", outputs, y), abs=1e-4)


def best_of_a_grid(key, output, outputs, y):
    """The smallest loss of all constant answers z from −20 to 20, for each output alone where they are independent."""
    network, training = Network(1, (), outputs, output=output), Training(loss=key)
    constants, best = np.zeros((8001, network.n_parameters)), np.zeros(network.n_parameters)
    for i in range(outputs):  # of a softmax only differences count, so one output is enough for two
        constants[:] = best
        constants[:, outputs + i] = np.linspace(-20, 20, 8001)
        losses = example_losses(network, training, constants, np.zeros((len(y), 1)), y).mean(-1)
        best = constants[losses.argmin()].copy()
    return losses.min()


@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_no_other_constant_does_better(key, output):
    network, training, _, y = pair(key, output)
    constants = np.zeros((3**6, network.n_parameters))  # the biases of the output decide alone
    constants[:, -network.outputs :] = RNG.normal(scale=2, size=(3**6, network.outputs))
    least = example_losses(network, training, constants, X, y).mean(-1).min()
    assert constant_loss(network, training, y) <= least * (1 + 1e-9)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_where_all_labels_agree_nothing_is_left_to_learn(output):
    network = Network(1, (), 1 if output == "sigmoid" else 3, output=output)
    assert constant_loss(network, Training(), np.ones(9, int)) < 1e-6


def test_the_excess_is_a_difference_of_means_and_its_standard_error():
    samples = RNG.normal([1, 3], [1, 2], (2000, 200, 2))
    gaps, errors = zip(*(excess(seen, unseen) for seen, unseen in samples.transpose(0, 2, 1)), strict=True)
    assert np.mean(gaps) == pytest.approx(2, abs=0.02)
    assert np.mean(errors) == pytest.approx(np.std(gaps), rel=0.05)
