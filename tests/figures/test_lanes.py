"""Profiles, races and curvature: what is drawn is what was given, and never told by colour alone."""

import numpy as np
import pytest

from playground.figures import (
    LIGHT,
    bend,
    describe_bend,
    describe_profile,
    describe_race,
    describe_rates,
    profile,
    race_curves,
    race_map,
    rates,
    surface_3d,
)

NAMES = list("abcdefgh")
AXIS = np.linspace(-1, 1, 5)
HILL = 1 + AXIS[:, None] ** 2 + 0.1 * AXIS
WAYS = [np.array([[0, 0], [0.1 * i, 0.2], [0.1 * i, 0.3]]) for i in range(8)]
LOSSES = [np.array([1.0, 0.5, 0.1 + 0.01 * i]) for i in range(8)]
STEPS = [np.arange(3)] * 8


def test_lanes_differ_in_dash_and_in_symbol_as_well():
    for figure in (
        race_map(AXIS, AXIS, HILL, WAYS, NAMES, theme=LIGHT),
        race_curves(STEPS, LOSSES, NAMES, theme=LIGHT),
    ):
        lanes = [trace for trace in figure.data if trace.name in NAMES]
        assert len({trace.line.dash for trace in lanes}) == len({trace.marker.symbol for trace in lanes}) == 8
        assert len({trace.line.color for trace in lanes}) == 8


def test_the_map_draws_every_way_and_leaves_out_what_is_far_off():
    ways = [WAYS[3], np.array([[0, 0], [1e38, 0], [np.inf, 0]])]
    figure = race_map(AXIS, AXIS, HILL, ways, ["a", "b"], theme=LIGHT, ended=[False, True])
    np.testing.assert_array_equal(figure.data[0].z, HILL.T)
    np.testing.assert_array_equal(np.c_[figure.data[1].x, figure.data[1].y], ways[0])
    assert np.isnan(figure.data[3].x[1:]).all()
    assert figure.data[4].marker.symbol == "x-thin"
    assert figure.data[2].marker.symbol != "x-thin"


def test_curves_are_the_losses_and_a_log_axis_leaves_out_zero():
    figure = race_curves([[0, 1, 2]], [[1.0, 0.0, np.inf]], ["a"], theme=LIGHT, log=True, target=0.5)
    assert figure.layout.yaxis.type == "log"
    np.testing.assert_array_equal(np.isnan(figure.data[0].y), [False, True, True])
    assert list(figure.data[1].y) == [0.5, 0.5]


def test_a_race_in_words():
    assert (
        describe_race([[0, 5]], [[1.0, 0.25]], ["SGD"]) == "All lanes begin at a loss of 1. Now: SGD 0.25 after step 5."
    )
    with pytest.raises(ValueError, match=r"^names has 1"):
        describe_race([[0], [0]], [[1.0], [1.0]], ["SGD"])


def test_the_shade_begins_at_the_limit():
    figure = rates(0.1, 0.5, theme=LIGHT)
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[1].x0 == 0.5
    assert list(figure.data[0].x) == [0.1]
    low, high = figure.layout.xaxis.range
    assert low < -1 < np.log10(0.5) < high
    assert not rates(0.1, np.inf, theme=LIGHT).layout.shapes
    assert "not above" in describe_rates(0.5, 0.5)
    assert ", above" in describe_rates(0.51, 0.5)
    assert "no limit" in describe_rates(0.5, np.inf)


def test_the_parabola_has_the_value_slope_and_curvature_it_is_given():
    s = np.linspace(-1, 1, 201)
    figure = bend(s, np.cosh(s), 3.0, -2.0, 8.0, [0.25, 1.5], theme=LIGHT)
    curve, fit, present, lands = figure.data
    np.testing.assert_array_equal(curve.y, np.cosh(s))
    np.testing.assert_allclose(np.polyfit(fit.x, fit.y, 2), [4, -2, 3], atol=1e-9)
    assert (present.y[0], lands.x[0], lands.y[0]) == (3, 0.25, 1.5)
    assert present.marker.symbol != lands.marker.symbol
    assert not len(bend(s, np.cosh(s), 1, 0, 1, [5, 1], theme=LIGHT).data[3].x)
    assert "λ = 8" in describe_bend(s, np.cosh(s), 8.0, "sharpest")


def test_a_profile_draws_the_line_the_path_and_the_present_point():
    figure = profile(
        [0, 1, 2], [3, np.nan, 1], [[2, 5], [1, 4]], [1, 4], theme=LIGHT, title="w", title_loss="test loss"
    )
    np.testing.assert_array_equal(figure.data[0].y, [3, np.nan, 1])
    assert [list(trace.y) for trace in figure.data[1:]] == [[5, 4], [5], [4]]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("w", "test loss")
    words = describe_profile([0, 1, 2], [3, np.nan, 1], [1, 4], title="w")
    assert "between 1 and 3 (1 of 3 points" in words
    assert "lowest point shown is at 2 along w" in words
    with pytest.raises(ValueError, match=r"^losses has shape"):
        profile([0, 1], [1], np.empty((0, 2)), [0, 1], theme=LIGHT)


def test_a_line_without_a_finite_loss_says_so():
    figure = profile([0, 1], [np.nan, np.inf], np.empty((0, 2)), [0, np.nan], theme=LIGHT)
    assert "no finite loss" in figure.layout.annotations[0].text
    assert "not finite anywhere" in describe_profile([0, 1], [np.nan, np.inf], [0, np.nan])


def test_losses_far_apart_have_a_log_axis():
    assert profile([0, 1], [1, 101], np.empty((0, 2)), [0, 1], theme=LIGHT).layout.yaxis.type == "log"
    assert profile([0, 1], [1, 100], np.empty((0, 2)), [0, 1], theme=LIGHT).layout.yaxis.type is None


def test_a_line_through_a_loss_of_zero_has_the_axis_that_a_surface_of_the_same_losses_has():
    losses = np.array([0.0, 1, 300])
    figure = profile([0, 1, 2], losses, [[2, 300], [0, 0]], [0, 0], theme=LIGHT)
    flat = surface_3d([0, 1, 2], [0, 1], losses[:, None] + [0, 0], np.empty((0, 3)), [0, 0, 0], theme=LIGHT)
    axis, beside = figure.layout.yaxis, flat.layout.scene.zaxis
    assert (axis.type, axis.title.text) == (beside.type, beside.title.text)
    assert axis.title.text == "training loss (log scale, ≤ 0 drawn at 1)"
    np.testing.assert_array_equal(figure.data[0].y, flat.data[0].z[0])
    assert list(figure.data[0].customdata) == [0, 1, 300]  # what is told is the loss itself
    assert [(list(trace.y), list(trace.customdata)) for trace in figure.data[1:]] == [
        ([300, 1], [300, 0]),
        ([300], [300]),
        ([1], [0]),
    ]
