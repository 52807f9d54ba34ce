"""A good start keeps signals alive and neurons different; zeros do neither."""

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, Network, Training, start, step

WIDE = (300, 200)  # enough weights to measure their spread
X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def drawn(key, fan_in=WIDE[0], fan_out=WIDE[1], seed=0):
    return INITIALIZERS[key].weights(np.random.default_rng(seed), fan_in, fan_out)


@pytest.mark.parametrize("key", INITIALIZERS)
def test_the_matrix_has_a_row_for_each_input_and_a_column_for_each_neuron(key):
    assert drawn(key, 3, 5).shape == (3, 5)


@pytest.mark.parametrize("key", INITIALIZERS)
def test_weights_start_without_a_bias_to_either_side(key):
    assert abs(drawn(key).mean()) < 0.005


@pytest.mark.parametrize("key", INITIALIZERS)
def test_the_same_seed_draws_the_same_weights(key):
    assert drawn(key, seed=7).tobytes() == drawn(key, seed=7).tobytes()


@pytest.mark.parametrize("key", [key for key in INITIALIZERS if key != "zeros"])
def test_another_seed_draws_others(key):
    assert not np.array_equal(drawn(key, seed=7), drawn(key, seed=8))


def test_xavier_has_the_variance_between_its_two_fans():
    w = drawn("xavier")
    assert w.var() == pytest.approx(1 / np.mean(WIDE), rel=0.02)


def test_xavier_is_uniform_up_to_its_bound():
    w = drawn("xavier")
    bound = np.sqrt(3 / np.mean(WIDE))  # a uniform distribution reaches √3 standard deviations
    assert 0.999 * bound < np.abs(w).max() <= bound
    assert np.abs(w).mean() == pytest.approx(bound / 2, rel=0.02)


def test_he_is_normal_with_twice_the_variance_of_its_fan_in():
    w = drawn("he")
    assert w.var() == pytest.approx(2 / WIDE[0], rel=0.02)
    assert np.mean(np.abs(w) < w.std()) == pytest.approx(0.683, abs=0.01)


def test_uniform_stays_within_a_half_whatever_the_fans():
    for fans in (WIDE, (4, 10_000)):
        w = drawn("uniform", *fans)
        assert 0.49 < np.abs(w).max() <= 0.5
        assert w.var() == pytest.approx(1 / 12, rel=0.03)


def test_zeros_are_zeros():
    assert not drawn("zeros").any()


@pytest.mark.parametrize(("key", "bias"), [("xavier", 0), ("he", 0), ("uniform", 0.1), ("zeros", 0)])
def test_every_bias_starts_at_the_initializers_own(key, bias):
    network = Network(2, (4, 3), 1)
    for _, b in network.layers(start(network, Training(init=key)).theta):
        assert (b == bias).all()


@pytest.mark.parametrize(("key", "activation"), [("he", "relu"), ("xavier", "identity")])
def test_a_fitting_start_carries_a_signal_through_thirty_layers(key, activation):
    assert 0.1 < signal_after_thirty_layers(key, activation) < 10


def test_xavier_lets_a_signal_fade_behind_relu():
    assert signal_after_thirty_layers("xavier", "relu") < 1e-6


def signal_after_thirty_layers(key, activation):
    """Mean square of the last sums, as a share of that of the first."""
    network = Network(100, (100,) * 30, 100, activation, "identity")
    x = np.random.default_rng(1).normal(size=(50, 100))
    z = network.forward(start(network, Training("mse", init=key)).theta, x).z
    return np.mean(z[-1] ** 2) / np.mean(z[0] ** 2)


def trained(init, activation, optimizer, steps=200):
    network, training = Network(2, (4,), 1, activation), Training(init=init, optimizer=optimizer)
    state = start(network, training)
    for _ in range(steps):
        state = step(state, network, training, X, Y)
    (into, bias), (out, _) = network.layers(state.theta)
    return np.concatenate([into, bias[None], out.T])  # a column for each hidden neuron


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_zero_initialisation_never_breaks_symmetry(activation, optimizer):
    neurons = trained("zeros", activation, optimizer)
    assert neurons == pytest.approx(neurons[:, :1].repeat(4, 1), abs=1e-9)


def test_neurons_that_learn_from_zero_learn_the_same():
    assert np.abs(trained("zeros", "sigmoid", "adam")).min() > 0.01  # they did learn


def test_a_random_start_breaks_symmetry():
    assert np.ptp(trained("xavier", "sigmoid", "adam"), axis=1).min() > 0.1
