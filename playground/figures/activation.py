"""One neuron's activation: the curve, its derivative, and where the examples fall on it."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import Theme, layout

LEAST = 4.0  # the curve is drawn from −4 to 4 at least


def activation_curve(z, f, df, *, name: str, theme: Theme, here=None) -> go.Figure:
    """The activation `f(z)` and its derivative `df(z, a)` over a range that holds the sums `z` (n,), which lie on both.

    `here`, one of the sums, is marked. Sums that are not finite are left out.
    """
    z = np.asarray(z, float).ravel()
    z = z[np.isfinite(z)]
    reach = max(LEAST, 1.1 * np.abs(z).max(initial=0))
    grid = np.linspace(-reach, reach, 401)
    curves = [
        ("activation", f, theme.positive, "solid", "a"),
        ("derivative", lambda at: df(at, f(at)), theme.negative, "dash", "f′(z)"),
    ]
    traces = []
    for row, (label, curve, colour, dash, symbol) in enumerate(curves, 1):
        axes = {"xaxis": "x", "yaxis": "y" if row == 1 else "y2"}
        line = {"color": colour, "width": 2.5, "dash": dash}
        hover = f"z %{{x:.4g}}<br>{symbol} %{{y:.4g}}<extra>{label}</extra>"
        traces.append(
            go.Scatter(x=grid, y=curve(grid), mode="lines", name=label, line=line, hovertemplate=hover, **axes)
        )
        dots = {"color": theme.ink, "size": 5, "opacity": 0.45}
        traces.append(
            go.Scatter(x=z, y=curve(z), mode="markers", name="examples", marker=dots, hovertemplate=hover, **axes)
        )
        if here is not None and np.isfinite(here):
            mark = {"color": theme.path, "size": 12, "symbol": "diamond", "line": {"color": theme.ink, "width": 1.5}}
            spot = np.array([here], float)
            traces.append(go.Scatter(x=spot, y=curve(spot), mode="markers", marker=mark, hovertemplate=hover, **axes))
    axis = {"gridcolor": theme.grid, "zerolinecolor": theme.muted, "tickfont": {"size": 11, "color": theme.muted}}
    look = {
        **layout(theme),
        "height": 300,
        "showlegend": False,
        "margin": {"l": 52, "r": 12, "t": 8, "b": 44},
        "xaxis": axis | {"title": {"text": "z, the weighted sum"}, "anchor": "y2", "range": [-reach, reach]},
        "yaxis": axis | {"title": {"text": f"a = {name}(z)"}, "domain": [0.47, 1]},
        "yaxis2": axis | {"title": {"text": "f′(z)"}, "domain": [0, 0.38]},
    }
    return go.Figure(traces, look)
