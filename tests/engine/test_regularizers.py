"""Penalties, clipping, decay, weights that stay zero, and dropout that can be replayed."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Lasso

from playground.engine import Network, Training, advance, gradient, start, step
from playground.engine.network import weight_mask
from playground.engine.regularizers import clipped, penalty, penalty_slope, thinning

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 5))
Y = X @ np.array([2.0, -1.0, 0.0, 0.0, 0.0]) + 0.1 * RNG.normal(size=40)
LINE = Network(5, (), 1, output="identity")
NETWORK = Network(5, (4, 3), 1, output="identity")


def test_the_slope_of_the_penalty_is_its_slope():
    training, theta = Training(l1=0.3, l2=0.2), RNG.normal(size=NETWORK.n_parameters)
    bumps = 1e-6 * np.eye(theta.size)
    slopes = (penalty(NETWORK, training, theta + bumps) - penalty(NETWORK, training, theta - bumps)) / 2e-6
    assert penalty_slope(NETWORK, 0.3, 0.2, theta) == pytest.approx(slopes, abs=1e-8)


# --- clipping


@pytest.mark.parametrize("lead", [(), (3,), (2, 3)], ids=str)
def test_a_long_gradient_is_shortened_in_its_own_direction_and_a_short_one_left(lead):
    g = RNG.normal(size=(*lead, 7))
    lengths = np.linalg.norm(g, axis=-1)
    short = clipped(g, 0.5)
    assert np.linalg.norm(short, axis=-1) == pytest.approx(np.minimum(lengths, 0.5))
    assert short / np.linalg.norm(short, axis=-1, keepdims=True) == pytest.approx(g / lengths[..., None])
    assert np.array_equal(clipped(g, lengths.max() + 1), g)


def test_a_gradient_of_nothing_is_no_division_by_zero():
    assert not clipped(np.zeros(4), 1.0).any()


def test_no_step_of_plain_descent_is_longer_than_rate_times_clip():
    training = Training("mse", "sgd", learning_rate=0.1, batch_size=8, clip=0.5)
    state = start(NETWORK, training)
    for _ in range(20):
        after = step(state, NETWORK, training, X, 100 * Y)
        assert np.linalg.norm(after.theta - state.theta) == pytest.approx(0.05)
        state = after


# --- L1 that keeps zeros


def test_weights_that_reach_zero_are_exactly_zero_and_stay():
    training = Training("mse", "adam", learning_rate=0.02, batch_size=8, l1=0.5, keep_zeros=True)
    state, mask = start(NETWORK, training), weight_mask(NETWORK) > 0
    dead = np.zeros(NETWORK.n_parameters, bool)
    for _ in range(300):
        state = step(state, NETWORK, training, X, Y)
        assert not state.theta[dead].any()
        dead = mask & (state.theta == 0)
    assert 5 < dead.sum() < mask.sum()
    assert state.theta[~mask].all()


def test_without_the_option_weights_only_tremble_around_zero():
    training = Training("mse", "adam", learning_rate=0.02, batch_size=8, l1=0.5)
    assert advance(start(NETWORK, training), NETWORK, training, X, Y, 300).theta.all()


def test_the_weights_found_are_those_of_the_lasso():
    training = Training("half-mse", "sgd", 0.05, None, l1=0.2, keep_zeros=True)
    theta = advance(start(LINE, training), LINE, training, X, Y, 2000).theta
    lasso = Lasso(alpha=0.2, tol=1e-12).fit(X, Y)
    assert theta == pytest.approx([*lasso.coef_, lasso.intercept_], abs=1e-8)
    assert (theta == 0).sum() == (lasso.coef_ == 0).sum() == 3


def test_zeros_are_kept_by_l1_alone():
    training = Training("mse", "sgd", batch_size=None, init="zeros", keep_zeros=True)
    assert step(start(LINE, training), LINE, training, X, Y).theta.all()
    stuck = replace(training, l1=1e-9)
    assert not step(start(LINE, stuck), LINE, stuck, X, Y).theta[:5].any()


# --- dropout


def test_a_silenced_neuron_sends_nothing_on_and_the_others_make_up_for_it():
    factor = thinning(NETWORK, Training(dropout=0.25), step=3)
    (first, first_bias), *rest = NETWORK.layers(factor)
    assert (first == 1).all()
    assert (first_bias == 1).all()
    for weights, bias in rest:
        assert set(np.unique(weights)) <= {0, 1 / 0.75}
        assert (weights == weights[:, :1]).all()
        assert (bias == 1).all()


def test_the_share_silenced_is_the_one_asked_for_and_what_is_sent_on_is_the_same_on_average():
    network, training = Network(2, (50,), 1), Training(dropout=0.3)
    rows = np.stack([network.layers(thinning(network, training, t))[1][0][:, 0] for t in range(400)])
    assert (rows == 0).mean() == pytest.approx(0.3, abs=0.015)  # 20,000 throws: five standard deviations
    assert rows.mean() == pytest.approx(1, abs=0.025)


def test_dropout_is_a_function_of_seed_and_step():
    drawn = [
        thinning(NETWORK, Training(dropout=0.5, seed=seed), step).tobytes() for seed in range(3) for step in range(3)
    ]
    assert drawn[4] == thinning(NETWORK, Training(dropout=0.5, seed=1, learning_rate=3), 1).tobytes()
    assert len(set(drawn)) > 6


def test_a_step_with_dropout_follows_the_gradient_of_the_thinned_network():
    training = Training("mse", "sgd", 0.1, None, dropout=0.5, seed=2)
    state = start(NETWORK, training)
    thin = thinning(NETWORK, training, 0)
    _, g = gradient(NETWORK, training, state.theta * thin, X, Y)
    assert step(state, NETWORK, training, X, Y).theta == pytest.approx(state.theta - 0.1 * thin * g, rel=1e-12)


def test_what_is_shown_and_tested_is_the_whole_network():
    with_dropout, without = Training("mse", dropout=0.5), Training("mse")
    theta = start(NETWORK, without).theta
    for one, other in zip(*(gradient(NETWORK, t, theta, X, Y) for t in (with_dropout, without)), strict=True):
        assert np.array_equal(one, other)
