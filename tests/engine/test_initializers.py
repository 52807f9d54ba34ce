"""A good start keeps signals alive and neurons different; zeros do neither."""

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, Network, Training, start, step

WIDE = (300, 200)  # enough weights to measure their spread
DRAWN = [key for key in INITIALIZERS if key not in ("zeros", "constant")]
X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def drawn(key, fan_in=WIDE[0], fan_out=WIDE[1], seed=0):
    return INITIALIZERS[key].weights(np.random.default_rng(seed), fan_in, fan_out)


@pytest.mark.parametrize("key", INITIALIZERS)
def test_the_matrix_has_a_row_for_each_input_and_a_column_for_each_neuron(key):
    assert drawn(key, 3, 5).shape == (3, 5)


@pytest.mark.parametrize("key", [key for key in INITIALIZERS if key != "constant"])
def test_weights_start_without_a_bias_to_either_side(key):
    assert abs(drawn(key).mean()) < 0.005


@pytest.mark.parametrize("key", INITIALIZERS)
def test_the_same_seed_draws_the_same_weights(key):
    assert drawn(key, seed=7).tobytes() == drawn(key, seed=7).tobytes()


@pytest.mark.parametrize("key", DRAWN)
def test_another_seed_draws_others(key):
    assert not np.array_equal(drawn(key, seed=7), drawn(key, seed=8))


@pytest.mark.parametrize(
    ("key", "variance"),
    [
        *(("xavier", 1 / np.mean(WIDE)), ("xavier-normal", 1 / np.mean(WIDE))),
        *(("he", 2 / WIDE[0]), ("he-uniform", 2 / WIDE[0])),
        *(("lecun", 1 / WIDE[0]), ("orthogonal", 1 / WIDE[0]), ("normal", 0.5**2), ("uniform", 1 / 12)),
    ],
)
def test_the_spread_of_the_weights_is_the_one_of_the_paper(key, variance):
    assert drawn(key).var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("key", ["xavier", "he-uniform", "uniform"])
def test_uniform_weights_fill_their_bounds_evenly(key):
    w = drawn(key)
    bound = np.sqrt(3) * w.std()  # a uniform distribution reaches √3 standard deviations
    assert np.abs(w).max() == pytest.approx(bound, rel=0.01)
    assert np.abs(w).mean() == pytest.approx(bound / 2, rel=0.02)


@pytest.mark.parametrize("key", ["xavier-normal", "he", "lecun", "normal"])
def test_normal_weights_are_a_bell_curve(key):
    w = drawn(key)
    assert np.mean(np.abs(w) < w.std()) == pytest.approx(0.683, abs=0.01)


@pytest.mark.parametrize("fans", [(5, 5), (5, 3), (3, 5), (1, 4), (4, 1), (1, 1)], ids=str)
def test_an_orthogonal_matrix_turns_and_never_stretches(fans):
    w = drawn("orthogonal", *fans)
    assert np.linalg.svd(w)[1] == pytest.approx(1)


def test_every_rotation_is_as_likely_as_its_mirror_image():
    corners = np.array([drawn("orthogonal", 3, 3, seed)[0, 0] for seed in range(400)])
    assert np.mean(corners > 0) == pytest.approx(0.5, abs=0.06)
    assert corners.var() == pytest.approx(1 / 3, rel=0.1)


def test_a_constant_is_a_tenth_everywhere():
    assert (drawn("constant") == 0.1).all()


@pytest.mark.parametrize("key", INITIALIZERS)
def test_every_initializer_has_a_sentence(key):
    note = INITIALIZERS[key].note
    assert note[0].isupper()
    assert note.endswith(".")


def test_uniform_stays_within_a_half_whatever_the_fans():
    for fans in (WIDE, (4, 10_000)):
        w = drawn("uniform", *fans)
        assert 0.49 < np.abs(w).max() <= 0.5
        assert w.var() == pytest.approx(1 / 12, rel=0.03)


def test_zeros_are_zeros():
    assert not drawn("zeros").any()


@pytest.mark.parametrize("key", INITIALIZERS)
def test_every_bias_starts_at_zero_but_for_the_uniform_start(key):
    network = Network(2, (4, 3), 1)
    for _, b in network.layers(start(network, Training(init=key)).theta):
        assert (b == (0.1 if key == "uniform" else 0)).all()


@pytest.mark.parametrize(
    ("key", "activation"),
    [
        *(("he", "relu"), ("he-uniform", "relu"), ("lecun", "selu")),
        *((key, "identity") for key in ("xavier", "xavier-normal", "lecun", "orthogonal")),
    ],
)
def test_a_fitting_start_carries_a_signal_through_thirty_layers(key, activation):
    assert 0.1 < signal_after_thirty_layers(key, activation) < 10


def test_an_orthogonal_start_carries_a_signal_through_a_line_of_layers_without_the_least_loss():
    assert signal_after_thirty_layers("orthogonal", "identity") == pytest.approx(1, rel=1e-9)


def test_a_bell_curve_that_ignores_the_fan_in_explodes():
    assert signal_after_thirty_layers("normal", "identity") > 1e20


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


@pytest.mark.parametrize("init", ["zeros", "constant"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_equal_weights_never_break_symmetry(activation, optimizer, init):
    neurons = trained(init, activation, optimizer, steps=40)
    assert neurons == pytest.approx(neurons[:, :1].repeat(4, 1), abs=1e-9)


def test_neurons_that_learn_from_zero_learn_the_same():
    assert np.abs(trained("zeros", "sigmoid", "adam")).min() > 0.01  # they did learn


def test_a_random_start_breaks_symmetry():
    assert np.ptp(trained("xavier", "sigmoid", "adam"), axis=1).min() > 0.1
