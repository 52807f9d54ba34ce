"""Plotly figures: plain arrays in, `go.Figure` out, and next to every figure the same facts in words."""

from playground.figures.activation import activation_curve
from playground.figures.curves import curves, describe_curves
from playground.figures.histograms import describe_histograms, histograms
from playground.figures.neuron import describe_half_planes, half_planes, threshold
from playground.figures.parabola import describe_parabola, parabola, weights_around
from playground.figures.surface import describe_surface, surface_3d
from playground.figures.theme import DARK, LIGHT, Theme

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "activation_curve",
    "curves",
    "describe_curves",
    "describe_half_planes",
    "describe_histograms",
    "describe_parabola",
    "describe_surface",
    "half_planes",
    "histograms",
    "parabola",
    "surface_3d",
    "threshold",
    "weights_around",
]
