"""A bowl of which every number is known by hand: its depths, how sharply it bends, and when descent leaves it."""

import numpy as np
import pytest

from playground.engine import (
    Diverged,
    Network,
    Run,
    State,
    Training,
    advance,
    extremes,
    gradient,
    landscape,
    largest_stable_rate,
    planes,
)

# Inputs whose columns, and the column of ones for the bias, are orthogonal: the Hessian of the loss is then diagonal.
X = np.array([[3.0, 0.5], [3.0, -0.5], [-3.0, 0.5], [-3.0, -0.5]])
MINIMUM = np.array([0.7, -2.0, 0.4])  # w1, w2, b
NOISE = 0.3 * np.array([1.0, -1.0, -1.0, 1.0])  # orthogonal to all three columns, so that it stays as it is
Y = X @ MINIMUM[:2] + MINIMUM[2] + NOISE
NETWORK = Network(2, (), 1, output="identity")
FACTORS = {"half-mse": 1, "mse": 2}
BENDS = np.array([9.0, 0.25, 1.0])  # the mean squares of the columns


def closed_form(theta, factor):
    return factor / 2 * ((BENDS * (theta - MINIMUM) ** 2).sum(-1) + 0.09)


def descending(loss, rate):
    training = Training(loss=loss, optimizer="sgd", batch_size=None, learning_rate=rate)
    return training, State(MINIMUM + np.array([1.0, -1.0, 0.5]), np.zeros((0, 3)))


@pytest.mark.parametrize(("loss", "factor"), FACTORS.items())
def test_the_surface_is_the_bowl_in_closed_form(loss, factor):
    plane = planes.states_plane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]))
    a = b = np.linspace(-5, 5, 21)
    surface = landscape.surface(NETWORK, Training(loss=loss), plane.origin, plane.d1, plane.d2, a, b, X, Y)
    expected = [[closed_form(plane.at(u, v), factor) for v in b] for u in a]
    assert surface == pytest.approx(np.array(expected), rel=1e-12)


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_over_two_parameters_the_minimum_is_where_it_was_put(pair):
    plane = planes.weights_plane(MINIMUM, *pair)
    steps = np.linspace(-1, 1, 11)
    training = Training(loss="half-mse")
    surface = landscape.surface(NETWORK, training, plane.origin, plane.d1, plane.d2, steps, steps, X, Y)
    assert np.unravel_index(surface.argmin(), surface.shape) == (5, 5)
    assert surface == pytest.approx(
        0.045 + (BENDS[pair[0]] * steps[:, None] ** 2 + BENDS[pair[1]] * steps**2) / 2, rel=1e-12
    )


@pytest.mark.parametrize(("loss", "factor"), FACTORS.items())
@pytest.mark.parametrize("theta", [MINIMUM, np.array([5.0, -3, 8])], ids=["at the minimum", "elsewhere"])
def test_it_bends_alike_everywhere_and_most_along_the_widest_input(theta, loss, factor):
    found = extremes(NETWORK, Training(loss=loss), theta, X, Y)
    assert (found.smallest, found.largest) == pytest.approx((0.25 * factor, 9 * factor))
    assert np.abs(found.largest_direction) == pytest.approx([1, 0, 0], abs=1e-7)
    assert np.abs(found.smallest_direction) == pytest.approx([0, 1, 0], abs=1e-7)


@pytest.mark.parametrize(("loss", "factor"), FACTORS.items())
def test_just_below_the_stable_rate_descent_arrives_and_just_above_it_leaves(loss, factor):
    stable = largest_stable_rate(NETWORK, Training(loss=loss), MINIMUM, X, Y)
    assert stable == pytest.approx(2 / (9 * factor))
    training, begin = descending(loss, 0.95 * stable)
    assert advance(begin, NETWORK, training, X, Y, 1000).theta == pytest.approx(MINIMUM, abs=1e-9)
    training, begin = descending(loss, 1.05 * stable)
    with pytest.raises(Diverged):
        Run(NETWORK, training, X, Y, begin).seek(10_000)


def test_each_step_shrinks_each_distance_by_its_own_factor():
    training, begin = descending("half-mse", 0.2)
    distance = advance(begin, NETWORK, training, X, Y, 7).theta - MINIMUM
    assert distance == pytest.approx((begin.theta - MINIMUM) * (1 - 0.2 * BENDS) ** 7, rel=1e-9)


def test_downhill_is_the_way_the_gradient_plane_goes_first():
    theta = MINIMUM + np.array([1.0, 1.0, 0.0])
    plane = planes.gradient_plane(theta, gradient(NETWORK, Training(loss="half-mse"), theta, X, Y)[1], None)
    assert plane.d1 == pytest.approx(-np.array([9, 0.25, 0]) / np.hypot(9, 0.25))
