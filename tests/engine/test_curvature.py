"""The Hessian–vector product is the Hessian's; beyond 2/λ gradient descent leaves the minimum it stands beside."""

from unittest.mock import patch

import numpy as np
import pytest

from playground.data import load
from playground.engine import (
    ACTIVATIONS,
    LOSSES,
    OUTPUTS,
    Network,
    Training,
    curvature,
    extremes,
    gradient,
    hessian_product,
    largest_curvature,
    largest_stable_rate,
    start,
)
from playground.engine.curvature import bend

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2)) * [3, 1]
PAIRS = [(key, output) for key in LOSSES for output in LOSSES[key].outputs]
LINE, SQUARED = Network(2, (), 1, output="identity"), Training(loss="mse")


def labels(network):
    return np.arange(len(X)) % 3 if network.outputs > 1 else np.arange(len(X)) % 2


def place(network, seed=0):
    return np.random.default_rng(seed).normal(size=network.n_parameters), labels(network)


def hessian(network, training, theta, x, y, gap=1e-5):
    """Column by column, from differences of the gradient."""
    shifts = gap * np.eye(theta.size)
    ahead, behind = (gradient(network, training, at, x, y)[1] for at in (theta + shifts, theta - shifts))
    return (ahead - behind) / (2 * gap)


def of_a_line(x):
    """The Hessian of the mean squared error of w·x + b, by hand: 2/n · ΣX̃ᵀX̃, where X̃ has a column of ones."""
    extended = np.column_stack([x, np.ones(len(x))])
    return 2 * extended.T @ extended / len(x)


def descend(theta, rate, y, steps):
    for _ in range(steps):
        theta = theta - rate * gradient(LINE, SQUARED, theta, X, y)[1]
    return theta


# --- the product


@pytest.mark.parametrize("l2", [0, 0.3])
@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_the_product_is_that_of_the_hessian(key, output, l2):
    network = Network(2, (4, 3), 1 if output == "identity" else 3, output=output)
    training, (theta, y) = Training(loss=key, l2=l2), place(network)
    product = hessian_product(network, training, theta, np.eye(theta.size), X, y)
    assert product == pytest.approx(hessian(network, training, theta, X, y), abs=1e-7)
    assert product == pytest.approx(product.T, abs=1e-8)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, ("relu", "sine")], ids=str)
def test_the_product_knows_every_activation(activation):
    network, training = Network(2, (4, 3), 1, activation), Training()
    theta, y = place(network)
    product = hessian_product(network, training, theta, np.eye(theta.size), X, y)
    assert product == pytest.approx(hessian(network, training, theta, X, y), abs=1e-7)


def test_the_product_is_linear_and_has_no_direction_of_its_own():
    network, training = Network(2, (4,), 1), Training()
    (theta, y), (v, w) = place(network), RNG.normal(size=(2, network.n_parameters))
    one, other, both, none = hessian_product(network, training, theta, np.stack([v, w, v + 1e3 * w, 0 * v]), X, y)
    assert both == pytest.approx(one + 1e3 * other)
    assert not none.any()


def test_many_networks_at_once_are_each_one_alone():
    network, training = Network(2, (4,), 3, output="softmax"), Training(l2=0.1)
    thetas, v = RNG.normal(size=(2, 5, 2, network.n_parameters))
    together = hessian_product(network, training, thetas, v, X, labels(network))
    alone = hessian_product(network, training, thetas[3, 1], v[3, 1], X, labels(network))
    assert together[3, 1] == pytest.approx(alone)


def test_at_a_kink_nothing_bends():
    network, training = Network(2, (4,), 1, "relu"), Training(l1=0.5)
    theta = np.zeros(network.n_parameters)
    network.layers(theta)[1][0][...] = 1.0  # every z is exactly 0, so a difference of gradients would see a jump
    v = RNG.normal(size=theta.size)
    assert np.abs(hessian_product(network, training, theta, v, X, place(network)[1])).max() < 1e3


def at_one(network):
    """A place where every output is z = 1: so far have the absolute error of a label 1, and the hinge, their kink."""
    theta = place(network)[0]
    weights, bias = network.layers(theta)[-1]
    weights[...], bias[...] = 0, 1
    return theta


KINKED = pytest.mark.parametrize(("key", "output"), [("mae", "identity"), ("hinge", "tanh"), ("hinge", "sigmoid")])


@KINKED
def test_an_example_on_the_kink_of_the_loss_bends_nothing(key, output):
    network, training = Network(2, (4, 3), 1, output=output), Training(loss=key)
    theta, y = at_one(network), labels(network)
    product = hessian_product(network, training, theta, np.eye(theta.size), X, y)
    others = y == 0
    expected = hessian(network, training, theta, X[others], y[others]) * others.mean()
    assert np.abs(expected).max() > 0.1
    assert product == pytest.approx(expected, abs=1e-7)


@KINKED
@pytest.mark.parametrize("side", [-1, 1])
def test_beside_the_kink_of_the_loss_the_product_is_that_of_its_own_side(key, output, side):
    network, training = Network(2, (4, 3), 1, output=output), Training(loss=key)
    theta, y = at_one(network), labels(network)
    network.layers(theta)[-1][1][...] += side * 1e-6  # less than the differences of the product reach
    product = hessian_product(network, training, theta, np.eye(theta.size), X, y)
    assert product == pytest.approx(hessian(network, training, theta, X, y, gap=1e-8), abs=1e-6)


@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_a_loss_names_every_kink_it_has(key, output):
    """Seen from the function itself: where its slope jumps within a hair's breadth."""
    loss, f, z = LOSSES[key], OUTPUTS[output].f, np.linspace(-5, 5, 1001)[:, None, None]
    z, t = z * [1, 0], np.array([[1.0, 0.0]])  # two outputs, of which the first one moves
    before, after = (loss.delta(at, f(at), t, output)[:, 0, 0] for at in (z - 1e-9, z + 1e-9))
    jumps = np.abs(after - before) > 1e-6
    if loss.kink:
        before, after = (np.sign(loss.kink(at, f(at), t))[:, 0, 0] for at in (z - 1e-9, z + 1e-9))
        jumps &= before == after  # what is not named
    assert not jumps.any()


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_the_second_derivative_is_that_of_the_function(key):
    function, h = ACTIVATIONS[key], 1e-4
    z = np.linspace(-4.05, 4.05, 82)  # beside every kink
    twice = (function.f(z + h) - 2 * function.f(z) + function.f(z - h)) / h**2
    assert bend(function, z) == pytest.approx(twice, abs=1e-6)
    assert not bend(function, np.array(function.kinks)).any()


# --- the largest eigenvalue


@pytest.mark.parametrize("seed", range(5))
def test_the_curvature_of_a_line_is_known_in_closed_form(seed):
    x = np.random.default_rng(seed).normal([0, 2], size=(20, 2))
    expected = np.linalg.eigvalsh(of_a_line(x))[-1]
    assert largest_curvature(LINE, SQUARED, RNG.normal(size=3), x, x[:, 0]) == pytest.approx(expected)


def test_the_penalty_bends_along_the_weights_and_spares_the_bias():
    penalised = Training(loss="mse", l2=5.0, l1=7.0)
    expected = np.linalg.eigvalsh(of_a_line(X) + np.diag([5, 5, 0]))[-1]
    assert largest_curvature(LINE, penalised, np.zeros(3), X, X[:, 0]) == pytest.approx(expected)


def spectrum(network, training, theta, y):
    return np.linalg.eigvalsh(hessian(network, training, theta, X, y))


@pytest.mark.parametrize("seed", range(10))
def test_the_curvature_is_the_largest_eigenvalue_of_the_whole_hessian(seed):
    network, training = Network(2, (4, 3), 1, "tanh"), Training()
    theta, y = place(network, seed)
    expected = spectrum(network, training, theta, y)[-1]
    assert largest_curvature(network, training, theta, X, y) == pytest.approx(expected, rel=1e-6)


def test_a_deeper_valley_across_does_not_hide_the_largest_curvature():
    network, training = Network(2, (4, 3), 1, output="identity"), Training(loss="huber")
    places = [place(network, seed) for seed in range(30)]
    spectra = [spectrum(network, training, theta, y) for theta, y in places]
    hidden = [i for i, values in enumerate(spectra) if -values[0] > 1.2 * values[-1]]
    assert len(hidden) > 3
    for i in hidden:
        theta, y = places[i]
        assert largest_curvature(network, training, theta, X, y) == pytest.approx(spectra[i][-1], rel=1e-5)


def test_few_products_suffice_for_a_large_network_and_never_tell_too_much():
    network, training = Network(2, (8,) * 4, 1), Training()
    theta, y = place(network)
    few, some, exact = (largest_curvature(network, training, theta, X, y, k) for k in (3, 32, network.n_parameters))
    assert few < exact * (1 + 1e-9)
    assert some == pytest.approx(exact, rel=1e-3)


def test_no_product_is_spent_where_nothing_new_can_come():
    network, training = Network(2, (8,) * 4, 1), Training(init="zeros")
    theta, y = start(network, training).theta, labels(network)  # only the output's bias and weights matter yet
    with patch.object(curvature, "hessian_product", wraps=hessian_product) as product:
        found = largest_curvature(network, training, theta, X, y)
    assert found == pytest.approx(spectrum(network, training, theta, y)[-1])
    assert product.call_count < 8


def test_no_more_products_are_spent_than_allowed():
    network = Network(2, (8,) * 4, 1)
    with patch.object(curvature, "hessian_product", wraps=hessian_product) as product:
        largest_curvature(network, Training(), place(network)[0], X, labels(network), products=5)
    assert product.call_count == 5


# --- both ends of the spectrum


def dense(network, training, theta, y):
    """Column by column, by the product."""
    return np.stack([hessian_product(network, training, theta, v, X, y) for v in np.eye(theta.size)], -1)


@pytest.mark.parametrize("way", [dense, lambda *case: hessian(*case[:3], X, case[3])], ids=["product", "differences"])
@pytest.mark.parametrize("seed", range(5))
def test_both_ends_are_those_of_the_whole_hessian(seed, way):
    network, training = Network(2, (4, 3), 1), Training()
    theta, y = place(network, seed)
    whole, found = way(network, training, theta, y), extremes(network, training, theta, X, y)
    expected = np.linalg.eigvalsh((whole + whole.T) / 2)
    assert (found.smallest, found.largest) == pytest.approx((expected[0], expected[-1]), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_along_its_directions_the_gradient_changes_by_the_eigenvalue(seed):
    network, training = Network(2, (4, 3), 1), Training(l2=0.01)
    theta, y = place(network, seed)
    whole, found = hessian(network, training, theta, X, y), extremes(network, training, theta, X, y)
    for value, v in ((found.smallest, found.smallest_direction), (found.largest, found.largest_direction)):
        assert np.linalg.norm(v) == pytest.approx(1, abs=1e-12)
        assert whole @ v == pytest.approx(value * v, abs=1e-4 * found.largest)
    assert found.smallest_direction @ found.largest_direction == pytest.approx(0, abs=1e-9)


def test_with_few_products_both_ends_lie_inside_the_spectrum():
    network, training = Network(2, (8,) * 4, 1), Training()
    theta, y = place(network)
    values = spectrum(network, training, theta, y)
    for products in (1, 3, 10, 32):
        found = extremes(network, training, theta, X, y, products)
        assert values[0] - 1e-7 <= found.smallest <= found.largest <= values[-1] + 1e-7


def test_where_every_direction_bends_alike_both_ends_are_one():
    found = extremes(LINE, Training(loss="mae"), np.ones(3), X, X[:, 0])
    assert (found.smallest, found.largest) == (0, 0)
    assert np.array_equal(found.smallest_direction, found.largest_direction)


def test_where_the_loss_overflows_no_end_is_known():
    with np.errstate(all="ignore"):
        found = extremes(LINE, SQUARED, np.array([1e200, 0, np.inf]), X, X[:, 0])
    assert np.isnan([found.smallest, found.largest, *found.smallest_direction, *found.largest_direction]).all()


def test_where_nothing_bends_any_rate_is_stable():
    network, training = Network(2, (), 1, output="identity"), Training(loss="mae")
    theta, y = place(network)
    assert largest_curvature(network, training, theta, X, y) == 0
    assert largest_stable_rate(network, training, theta, X, y) == np.inf


def test_weights_of_zero_have_no_sharp_kink():
    """Targets of exactly 0 lie on the kink of the absolute error there, and were once all its curvature."""
    network, training = Network(2, (4, 2), 1, output="identity"), Training(loss="mae", init="zeros")
    data = load("multi-gaussian")
    assert (data.y == 0).any()
    assert largest_stable_rate(network, training, start(network, training).theta, data.x, data.y) > 1


def test_where_the_loss_overflows_no_rate_is_known():
    theta = np.array([1e200, 0, np.inf])
    with np.errstate(all="ignore"):
        assert np.isnan(largest_stable_rate(LINE, SQUARED, theta, X, X[:, 0]))


# --- the rate


@pytest.mark.parametrize("seed", range(5))
def test_below_the_stable_rate_descent_arrives_and_above_it_leaves(seed):
    truth = np.random.default_rng(seed).normal(size=3)
    y = X @ truth[:2] + truth[2]
    rate = largest_stable_rate(LINE, SQUARED, truth, X, y)
    near = truth + 1e-3
    assert np.abs(descend(near, 0.98 * rate, y, 2000) - truth).max() < 1e-6
    assert np.abs(descend(near, 1.02 * rate, y, 2000) - truth).max() > 1e6


def test_the_curvature_changes_nothing_and_is_the_same_each_time():
    network, training = Network(2, (4,), 1), Training()
    theta = start(network, training).theta
    given = [theta, X, labels(network)]
    before = [array.copy() for array in given]
    assert largest_curvature(network, training, *given) == largest_curvature(network, training, *given)
    assert all(np.array_equal(now, then) for now, then in zip(given, before, strict=True))


@pytest.mark.parametrize("ask", [extremes, largest_curvature, largest_stable_rate])
def test_many_networks_have_many_curvatures_so_only_one_is_taken(ask):
    with pytest.raises(ValueError, match=r"^theta has shape \(2, 3\); it must be one network, \(3,\)\.$"):
        ask(LINE, SQUARED, np.zeros((2, 3)), X, X[:, 0])
