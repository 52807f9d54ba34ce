"""Curves upon each other can be told apart without their colours."""

import numpy as np
import pytest

from playground.figures import DARK, LIGHT, curves, describe_curves
from playground.figures.curves import DASHES, SERIES

Z = np.linspace(-2, 2, 5)
MANY = {f"curve {i}": i * Z for i in range(20)}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_curve_has_its_values_and_a_look_of_its_own(theme):
    figure = curves(Z, MANY, theme=theme)
    for i, trace in enumerate(figure.data):
        assert trace.name == f"curve {i}"
        np.testing.assert_array_equal(trace.y, i * Z)
    looks = [(trace.line.dash, trace.line.color) for trace in figure.data]
    assert len(set(looks)) == len(looks)
    assert len({dash for dash, _ in looks[: len(DASHES)]}) == len(DASHES)  # the first ones by their dashes alone
    assert set(SERIES[LIGHT]).isdisjoint(SERIES[DARK])


def test_a_mark_stands_at_its_place_and_what_is_not_finite_is_a_gap():
    figure = curves(Z, {"a": np.array([1, np.inf, 2, np.nan, -np.inf])}, theme=LIGHT, mark=0.5)
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (0.5, 0.5)
    np.testing.assert_array_equal(np.isnan(figure.data[0].y), [False, True, False, True, True])


def test_values_of_another_shape_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^tanh has shape \(2,\), not \(5,\)"):
        curves(Z, {"tanh": [1, 2]}, theme=LIGHT)


def test_the_description_tells_every_range():
    assert describe_curves(Z, {"a": Z, "b": Z**2}) == "From -2 to 2: a lies between -2 and 2; b lies between 0 and 4."
