"""Whether network and data suit each other is told before the first step, and checked against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from playground.engine import Network, Training, diagnose, gradient, hessian_product, largest_curvature, start
from playground.engine.diagnosis.suits import _best_line, _neighbours, straight, unscaled
from playground.experiment import Config, build, losses_for

SEEDS = range(5)
CURVED = ["circle", "xor", "spiral", "moons", "multi-gaussian"]
STRAIGHT = ["gaussian", "blobs", "blobs", "blobs", "plane"]


def material(data, seed, **others):
    experiment = build(
        Config(**({"data": data, "loss": losses_for(Config(data=data))[0], "hidden": (), "seed": seed} | others))
    )
    return experiment.network, experiment.data.train.x, experiment.data.train.y


@pytest.mark.parametrize("data", CURVED)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layers", [{}, {"hidden": (4, 2), "activation": "identity"}])
def test_a_straight_network_hears_that_the_question_is_curved(data, seed, layers):
    network, x, y = material(data, seed, **layers)
    (finding,) = straight(network, x, y)
    line, near = finding.evidence.values()
    assert near > line + 0.05
    assert f"{line:.0%}" in finding.sentence
    assert f"{near:.0%}" in finding.sentence


@pytest.mark.parametrize("data", STRAIGHT)
@pytest.mark.parametrize("noise", [0, 25, 50])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_a_line_is_enough_nothing_is_said(data, noise, seed):
    assert straight(*material(data, seed, noise=noise)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nor_is_it_of_noise_of_curved_features_or_of_a_network_that_bends(seed):
    assert straight(*material("circle", seed, noise=50)) == []
    assert straight(*material("circle", seed, features=("x1sq", "x2sq"))) == []
    assert straight(*material("circle", seed, hidden=(2,))) == []
    network, x, y = material("circle", seed)
    assert straight(network, x, np.zeros_like(y)) == []
    assert straight(network, x[:29], y[:29]) == []


@pytest.mark.parametrize("data", ["circle", "moons", "blobs"])
def test_line_and_neighbours_are_scikit_learns(data):
    network, x, y = material(data, 1, noise=30)
    said = cross_val_predict(KNeighborsClassifier(5), x, y, cv=LeaveOneOut())
    assert (_neighbours(network, x, y) == said).mean() > 0.97  # where two classes are even, either may be said
    line = LogisticRegression(C=1e6).fit(x, y)
    assert (_best_line(network, x, y) == y).mean() == pytest.approx(line.score(x, y), abs=0.02)


def test_the_plane_through_quantities_is_scikit_learns():
    network, x, y = material("multi-gaussian", 1)
    np.testing.assert_allclose(_best_line(network, x, y), LinearRegression().fit(x, y).predict(x), atol=1e-9)


def clouds(seed, n=200):
    return np.random.default_rng(seed).normal(size=(n, 2))


@pytest.mark.parametrize("seed", SEEDS)
def test_features_on_two_scales_are_told_and_the_same_ones_scaled_are_not(seed):
    x = clouds(seed) * [1, 30]
    (finding,) = unscaled(x)
    assert finding.units == (1,)
    assert finding.layer is None
    assert finding.evidence["largest spread"] == pytest.approx(x[:, 1].std())
    assert unscaled((x - x.mean(0)) / x.std(0)) == []
    assert unscaled(clouds(seed) * [1, 5]) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_feature_far_from_zero_is_told(seed):
    (finding,) = unscaled(np.add(clouds(seed), [0, 100]))
    assert finding.units == (1,)
    assert unscaled(np.add(clouds(seed), [0, 5])) == []


def test_a_constant_feature_says_nothing():
    assert unscaled(clouds(0) * [1, 0] + [0, 7]) == []
    assert unscaled(np.full((9, 2), 3.0)) == []


@pytest.mark.parametrize("data", [*CURVED, *STRAIGHT])
def test_what_the_page_prepares_is_on_one_scale(data):
    assert unscaled(material(data, 0, features=("x1", "x2", "x1sq", "x2sq", "x1x2", "sinx1", "sinx2"))[1]) == []


@pytest.mark.parametrize(
    "spoil", [lambda x: x * [1, 30], lambda x: np.add(x, [0, 30])], ids=["two scales", "far from 0"]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_costs_descent_many_times_the_steps(seed, spoil):
    x = clouds(seed)
    network, training = Network(2, (), 1, output="identity"), Training(loss="mse", optimizer="sgd")
    bad = spoil(x)
    assert "data not scaled" in {f.kind for f in diagnose(network, training, np.zeros(3), bad, x.sum(1))}
    assert condition(network, training, bad) > 100 * condition(network, training, x)


def condition(network, training, x):
    """The sharpest curvature of the loss over the flattest: about the steps that descent needs."""
    theta, y = start(network, training).theta, x.sum(1)
    hessian = np.stack([hessian_product(network, training, theta, v, x, y) for v in np.eye(3)])
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    assert values[-1] == pytest.approx(largest_curvature(network, training, theta, x, y))
    assert np.isfinite(gradient(network, training, theta, x, y)[1]).all()
    return values[-1] / values[0]
