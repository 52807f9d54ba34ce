"""A figure brings its own colours, and they can be seen on the page they are made for."""

import json
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from playground.figures import (
    DARK,
    LIGHT,
    bend,
    curves,
    half_planes,
    histograms,
    parabola,
    profile,
    race_curves,
    race_map,
    rates,
    surface_3d,
)
from playground.figures.curves import SERIES

PAGES = {"light": (LIGHT, DARK, "#ffffff"), "dark": (DARK, LIGHT, "#0e1117")}
FIGURES = {
    "surface": lambda theme: surface_3d([0, 1], [0, 1], np.eye(2), np.eye(3), [0, 0, 1], theme=theme),
    "race map": lambda theme: race_map([0, 1], [0, 1], np.eye(2), [[[0, 0], [1, 1]]] * 8, "abcdefgh", theme=theme),
    "race curves": lambda theme: race_curves([[0, 1]] * 8, [[1.0, 0.5]] * 8, "abcdefgh", theme=theme, target=0.6),
    "rates": lambda theme: rates(0.1, 0.01, theme=theme),
    "bend": lambda theme: bend([-1, 0, 1], [1, 0, 1], 0, 0, 2, [0.5, 0.25], theme=theme),
    "profile": lambda theme: profile([0, 1], [1, 2], [[0, 1]], [0, 1], theme=theme),
    "histograms": lambda theme: histograms([[-1.0, 2.0]], [[0.5, -0.5]], theme=theme),
    "parabola": lambda theme: parabola(*np.ones((4, 3)), 1.0, (2.0, 1.0), 0.0, theme=theme),
    "neuron": lambda theme: half_planes(
        [0, 1], [0, 1], np.eye(2), np.eye(2), np.eye(2), np.array([0, 1]), np.array([True, False]), 0, theme=theme
    ),
    "curves": lambda theme: curves([0, 1], {str(i): [0, 1] for i in range(5)}, theme=theme),
}


def luminance(color):
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "other", "page"), PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_a_figure_carries_the_colours_of_its_theme_and_none_of_the_other(draw, theme, other, page):
    figure = draw(theme)
    layout = figure.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == theme.background == "rgba(0,0,0,0)"
    assert (layout.font.color, layout.hoverlabel.bgcolor) == (theme.ink, theme.panel)
    assert not json.loads(figure.to_json())["layout"]["template"].get("layout")  # nothing left to Plotly's own colours
    mine, theirs = ({color for f in fields(t) for color in np.atleast_1d(getattr(t, f.name))} for t in (theme, other))
    assert not any(color in figure.to_json() for color in theirs - mine)


@pytest.mark.parametrize(("theme", "other", "page"), PAGES.values(), ids=PAGES)
def test_text_and_bars_stand_out_from_the_page(theme, other, page):
    for text in (theme.ink, theme.muted):
        assert contrast(text, page) >= 4.5
    assert contrast(theme.ink, theme.panel) >= 4.5
    for mark in (theme.positive, theme.negative, theme.path, *SERIES[theme]):
        assert contrast(mark, page) >= 3


@pytest.mark.parametrize(("theme", "other", "page"), PAGES.values(), ids=PAGES)
def test_lanes_stand_out_from_the_page_and_from_every_height_of_a_map(theme, other, page):
    assert len(set(theme.lanes)) == 8
    for ground in (page, *theme.ground):
        assert min(contrast(lane, ground) for lane in theme.lanes) >= 3


def test_a_theme_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        LIGHT.ink = "#000000"
