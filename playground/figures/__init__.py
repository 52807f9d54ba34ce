"""Plotly figures: plain arrays in, `go.Figure` out, and next to every figure the same facts in words."""

from playground.figures.histograms import describe_histograms, histograms
from playground.figures.neuron import neuron
from playground.figures.surface import describe_surface, surface_3d
from playground.figures.theme import DARK, LIGHT, Theme

__all__ = ["DARK", "LIGHT", "Theme", "describe_histograms", "describe_surface", "histograms", "neuron", "surface_3d"]
