"""The loss surface is the loss, point by point, whatever the plane."""

from unittest.mock import patch

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, LOSSES, Network, Training, landscape, loss

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 2))
A, B = np.linspace(-2, 2, 9), np.linspace(-1, 3, 7)  # 63 points, not square
PAIRS = [(key, output) for key in LOSSES for output in LOSSES[key].outputs]


def place(network):
    """A point (P,), two directions (P,) and labels (20,) for a network."""
    theta, d1, d2 = np.random.default_rng(1).normal(size=(3, network.n_parameters))
    return theta, d1, d2, np.arange(20) % 3 if network.outputs > 1 else np.arange(20) % 2


def one_by_one(network, training, theta, d1, d2, y):
    return np.array([[loss(network, training, theta + a * d1 + b * d2, X, y) for b in B] for a in A])


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.1}, {"l2": 0.1}, {"l1": 0.1, "l2": 0.2}], ids=str)
@pytest.mark.parametrize("hidden", [(), (4, 3)], ids=str)
@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_the_surface_is_the_loss_at_each_point(key, output, hidden, penalty):
    network = Network(2, hidden, 1 if output == "identity" else 3, output=output)
    training, (theta, d1, d2, y) = Training(loss=key, **penalty), place(network)
    expected = one_by_one(network, training, theta, d1, d2, y)
    double = landscape.surface(network, training, theta, d1, d2, A, B, X, y)
    single = landscape.surface(network, training, theta.astype(np.float32), d1, d2, A, B, X, y)
    assert double == pytest.approx(expected, rel=1e-12)
    assert single == pytest.approx(expected, rel=1e-4)
    assert (double.dtype, single.dtype) == (np.float64, np.float32)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, ("relu", "tanh")], ids=str)
def test_the_surface_knows_every_activation(activation):
    network, training = Network(2, (4, 3), 1, activation), Training()
    theta, d1, d2, y = place(network)
    surface = landscape.surface(network, training, theta, d1, d2, A, B, X, y)
    assert surface == pytest.approx(one_by_one(network, training, theta, d1, d2, y), rel=1e-12)


@pytest.mark.parametrize("chunk", [1, 10, 62, 63, 64])
def test_the_surface_is_pieced_together_without_a_seam(chunk):
    network, training = Network(2, (4, 3), 1), Training()
    theta, d1, d2, y = place(network)
    with patch.object(landscape, "CHUNK", chunk):
        surface = landscape.surface(network, training, theta, d1, d2, A, B, X, y)
    assert surface == pytest.approx(one_by_one(network, training, theta, d1, d2, y), rel=1e-12)


def test_rows_follow_the_first_direction_and_columns_the_second():
    network, training = Network(1, (), 1, output="identity"), Training(loss="mse")
    w, b, origin = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.zeros(2)
    x, y = np.array([[0.0]]), np.array([0.0])  # only the bias counts: the loss is b²
    surface = landscape.surface(network, training, origin, w, b, np.array([5.0, 6.0]), np.array([1.0, 2.0, 3.0]), x, y)
    assert surface.tolist() == [[1, 4, 9], [1, 4, 9]]


def test_many_surfaces_at_once_are_each_one_alone():
    network, training = Network(2, (4,), 1), Training(l2=0.1)
    _, d1, d2, y = place(network)
    thetas = RNG.normal(size=(2, 3, network.n_parameters))
    together = landscape.surface(network, training, thetas, d1, d2, A, B, X, y)
    assert together.shape == (2, 3, 9, 7)
    assert together[1, 2] == pytest.approx(landscape.surface(network, training, thetas[1, 2], d1, d2, A, B, X, y))


def test_directions_of_another_network_are_refused():
    network, training = Network(2, (4,), 1), Training()
    theta, d1, d2, y = place(network)
    for wrong, name in (((d1[1:], d2), "d1"), ((d1, d2[None]), "d2")):
        with pytest.raises(ValueError, match=rf"^{name} has shape .*; it must be \(17,\)\.$"):
            landscape.surface(network, training, theta, *wrong, A, B, X, y)


def test_where_the_surface_overflows_it_is_not_finite_and_says_no_more():
    network, training = Network(2, (4,), 1, "relu", "identity"), Training(loss="mse")
    theta, d1, d2, _ = place(network)
    far = np.array([0.0, 1e200])
    surface = landscape.surface(network, training, theta, d1, d2, far, far, X, X[:, 0])
    assert np.isfinite(surface).tolist() == [[True, False], [False, False]]


def test_a_loss_that_does_not_go_with_the_output_has_no_surface():
    network = Network(2, (4,), 1, output="tanh")
    with pytest.raises(ValueError, match=r"^loss is 'cross-entropy', .* output 'tanh'"):
        landscape.surface(network, Training(), *place(network)[:3], A, B, X, np.arange(20) % 2)


def test_drawing_the_surface_changes_nothing():
    network, training = Network(2, (4,), 1), Training(l1=0.1)
    given = [*place(network)[:3], A.copy(), B.copy(), X.copy(), np.arange(20) % 2]
    before = [array.copy() for array in given]
    landscape.surface(network, training, *given)
    assert all(np.array_equal(now, then) for now, then in zip(given, before, strict=True))
