"""Every finite weight is in one bar, on its own side of zero."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.figures import DARK, LIGHT, describe_histograms, histograms

RNG = np.random.default_rng(3)
WEIGHTS = [RNG.normal(size=n) for n in (8, 64, 4)]
EXTREME = st.floats(-1e307, 1e307) | st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf])
GRADIENTS = [0.01 * w[::-1] for w in WEIGHTS]


def edges(bar):
    return np.r_[bar.x - bar.width / 2, bar.x[-1] + bar.width[-1] / 2]


def one(values):
    """The bars of one layer's weights."""
    return histograms([np.asarray(values, float)], [np.ones(1)], theme=LIGHT).data[0]


def titles(figure):
    return [note.text for note in figure.layout.annotations]


def test_weights_stand_above_gradients_with_a_column_for_every_layer():
    figure = histograms(WEIGHTS, GRADIENTS, theme=LIGHT)
    assert titles(figure) == [
        *("Layer 1 weights", "Layer 2 weights", "Output weights"),
        *("Layer 1 gradients", "Layer 2 gradients", "Output gradients"),
    ]
    for bar, values in zip(figure.data, [*WEIGHTS, *GRADIENTS], strict=True):
        assert bar.y.sum() == values.size
        assert edges(bar)[0] <= values.min() + 1e-9
        assert edges(bar)[-1] >= values.max() - 1e-9
    assert (figure.layout.grid.rows, figure.layout.grid.columns) == (2, 3)
    for bar, title in zip(figure.data, figure.layout.annotations, strict=True):
        assert (title.xref, title.yref) == (f"{bar.xaxis} domain", f"{bar.yaxis} domain")
    assert [bar.xaxis for bar in figure.data] == ["x", "x2", "x3", "x4", "x5", "x6"]  # filled row by row from the top


def test_one_layer_is_the_output_layer():
    assert titles(histograms([[1.0]], [[0.1]], theme=LIGHT)) == ["Output weights", "Output gradients"]


def test_bars_count_the_weights_between_their_edges():
    values = np.array([-2.5, -2.1, -1.9, 0.3, 0.4, 0.9, 9.74])
    bar = one(values)  # 24 widths of 0.51 from the lowest to the highest: edges at -2.55, -2.04 … 0, 0.51 … 10.2
    np.testing.assert_array_equal(bar.y, [2, 1, 0, 0, 0, 2, 1, *[0] * 17, 1])
    np.testing.assert_allclose(edges(bar), 0.51 * np.arange(-5, 21), atol=1e-12)
    assert bar.hovertext[0] == "from -2.55 to -2.04: 2 weights"
    assert bar.hovertext[1] == "from -2.04 to -1.53: 1 weight"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_bar_has_the_colour_of_its_sign(theme):
    figure = histograms(WEIGHTS, GRADIENTS, theme=theme)
    for bar in figure.data:
        assert {theme.negative, theme.positive} == set(bar.marker.color)
        assert list(bar.marker.color) == [theme.negative if x < 0 else theme.positive for x in bar.x]


@settings(deadline=None, max_examples=50)
@given(arrays(float, st.integers(1, 60), elements=EXTREME))
def test_no_finite_weight_is_lost_and_none_is_on_the_wrong_side_of_zero(values):
    bar = one(values)
    finite = values[np.isfinite(values)]
    assert bar.y.sum() == finite.size
    sizes = np.abs(finite[finite != 0])
    if sizes.min(initial=1) > 1e-200 * sizes.max(initial=1):  # others cannot be told from zero in one picture
        assert bar.y[bar.x < 0].sum() == np.sum(finite < 0)


@pytest.mark.parametrize("value", [0.0, -0.0, 0.3, -7.0, 1e-300, 1e300])
def test_a_layer_of_equal_weights_is_one_visible_bar(value):
    bar = one(np.full(12, value))
    assert sorted(bar.y)[-2:] == [0, 12]
    assert bar.width[bar.y.argmax()] > 0.03 * bar.width.sum()
    low, high = edges(bar)[bar.y.argmax() :][:2]
    assert low <= value <= high or np.isclose(value, (low, high)).any()


def test_weights_about_to_overflow_can_still_be_drawn():
    assert one([-1e308, 1e308]).y.sum() == 2


def test_nothing_but_zeros_is_neither_positive_nor_negative():
    bar = one(np.zeros(5))
    assert bar.marker.color[bar.y.argmax()] == LIGHT.muted


def test_what_is_not_finite_is_left_out_and_counted_in_the_title():
    broken = np.r_[WEIGHTS[0], np.nan, np.inf, -np.inf]
    figure = histograms([broken, [np.nan]], [GRADIENTS[0], [0.0]], theme=LIGHT)
    assert titles(figure) == [
        *("Layer 1 weights<br>(3 not finite)", "Output weights<br>(1 not finite)"),
        *("Layer 1 gradients", "Output gradients"),
    ]
    assert [bar.y.sum() for bar in figure.data] == [8, 0, 8, 1]


@pytest.mark.parametrize(("weights", "gradients", "name"), [([], [], "weights"), (WEIGHTS, GRADIENTS[:2], "gradients")])
def test_what_cannot_be_drawn_is_named(weights, gradients, name):
    with pytest.raises(ValueError, match=f"^{name} "):
        histograms(weights, gradients, theme=LIGHT)


def test_the_description_tells_every_range():
    said = describe_histograms([[-0.5, 1.25], [3.0], [np.nan, 2.0]], [[0.001, -0.002], [0.0], [np.inf, np.nan]])
    assert said == (
        "Weights: layer 1, 2 values from -0.5 to 1.25; layer 2, 1 value from 3 to 3; "
        "output, 2 values from 2 to 2 (1 not finite). "
        "Gradients ∂L/∂w: layer 1, 2 values from -0.002 to 0.001; layer 2, 1 value from 0 to 0; "
        "output, 2 values (2 not finite)."
    )
