"""Functions of one number, drawn beside or upon each other; dashes and colours tell them apart."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import DARK, LIGHT, Theme, layout

SERIES = {  # after Okabe & Ito: apart for colour-blind eyes, and each to be seen on its page
    LIGHT: ("#0072b2", "#b34700", "#00795c", "#8c3a80", "#6b6b00"),
    DARK: ("#56b4e9", "#ff9d4d", "#2ac79b", "#e59ad1", "#f0e442"),
}
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")  # one more than colours: 30 pairs that differ


def curves(z, named, *, theme: Theme, x_title="z", y_title="a", mark=None, height=300) -> go.Figure:
    """Functions drawn upon each other: `named` holds the values (n,) of each over z (n,), by its name.

    A `mark` is drawn as a thin line at that z. Values that are not finite are gaps. Raises `ValueError` for values of
    another shape.
    """
    z = np.asarray(z, float)
    for name, values in named.items():
        if np.shape(values) != z.shape:
            raise ValueError(f"{name} has shape {np.shape(values)}, not {z.shape}")
    traces = [_curve(z, np.asarray(values, float), name, i, theme) for i, (name, values) in enumerate(named.items())]
    axis = {"gridcolor": theme.grid, "zerolinecolor": theme.muted, "tickfont": {"size": 11, "color": theme.muted}}
    small = {"size": 12}
    look = {
        "height": height,
        "margin": {"l": 44, "r": 8, "t": 40, "b": 40},
        "xaxis": {
            **axis,
            "title": {"text": x_title, "standoff": 4, "font": small},
            "range": [z[0], z[-1]],
            "nticks": 7,
        },
        "yaxis": {**axis, "title": {"text": y_title, "standoff": 4, "font": small}, "nticks": 6},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "dragmode": False,
    }
    line = {"type": "line", "x0": mark, "x1": mark, "y0": 0, "y1": 1, "yref": "paper"}
    look["shapes"] = [] if mark is None else [{**line, "line": {"color": theme.ink, "width": 1.5, "dash": "dot"}}]
    return go.Figure(traces, layout(theme) | look)


def describe_curves(z, named) -> str:
    """The range of every curve in words, for readers who do not see the figure."""
    said = (
        f"{name} lies between {np.nanmin(values):.4g} and {np.nanmax(values):.4g}" for name, values in named.items()
    )
    return f"From {z[0]:.4g} to {z[-1]:.4g}: {'; '.join(said)}."


def _curve(z, values, name, i, theme):
    colors = SERIES[theme]
    line = {"color": colors[i % len(colors)], "dash": DASHES[i % len(DASHES)], "width": 2.5, "simplify": False}
    hover = f"{name}<br>%{{x:.3~g}} → %{{y:.4~g}}<extra></extra>"
    return go.Scatter(
        x=z, y=np.where(np.isfinite(values), values, np.nan), mode="lines", name=name, line=line, hovertemplate=hover
    )
