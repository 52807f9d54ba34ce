"""Plotly figures: plain arrays in, `go.Figure` out, and next to every figure the same facts in words."""

from playground.figures.curvature import bend, describe_bend, describe_rates, rates
from playground.figures.histograms import describe_histograms, histograms
from playground.figures.profile import describe_profile, profile
from playground.figures.race import describe_race, race_curves, race_map
from playground.figures.surface import describe_surface, surface_3d
from playground.figures.theme import DARK, LIGHT, Theme

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "bend",
    "describe_bend",
    "describe_histograms",
    "describe_profile",
    "describe_race",
    "describe_rates",
    "describe_surface",
    "histograms",
    "profile",
    "race_curves",
    "race_map",
    "rates",
    "surface_3d",
]
