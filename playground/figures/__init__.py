"""Plotly figures: plain arrays in, `go.Figure` out, and next to every figure the same facts in words."""

from playground.figures.activation import activation_curve
from playground.figures.curvature import bend, describe_bend, describe_rates, rates
from playground.figures.curves import curves, describe_curves
from playground.figures.histograms import describe_histograms, histograms
from playground.figures.neuron import describe_half_planes, half_planes, threshold
from playground.figures.parabola import describe_parabola, parabola, weights_around
from playground.figures.profile import describe_profile, profile
from playground.figures.race import describe_race, race_curves, race_map
from playground.figures.surface import describe_surface, surface_3d
from playground.figures.theme import DARK, LIGHT, Theme

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "activation_curve",
    "bend",
    "curves",
    "describe_bend",
    "describe_curves",
    "describe_half_planes",
    "describe_histograms",
    "describe_parabola",
    "describe_profile",
    "describe_race",
    "describe_rates",
    "describe_surface",
    "half_planes",
    "histograms",
    "parabola",
    "profile",
    "race_curves",
    "race_map",
    "rates",
    "surface_3d",
    "threshold",
    "weights_around",
]
