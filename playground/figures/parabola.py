"""The loss of a single weight, and gradient descent walking on it."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import Theme, layout

BEYOND = 0.15  # of what is to be seen, added on either side
POINTS = 201  # of the curve
TANGENT = 0.22  # of the width, to either side of the present weight


def weights_around(path, following, optimum) -> np.ndarray:
    """Weights (`POINTS`,) to draw the loss at: wide enough for the path (n,), the next weight and the optimum or None.

    A parabola is drawn as far to one side of its optimum as to the other.
    """
    shown = np.r_[path, following, [] if optimum is None else [optimum]]
    half = max(np.abs(shown - (centre := shown.mean() if optimum is None else optimum)).max(), 1.0)
    return centre + (1 + BEYOND) * half * np.linspace(-1, 1, POINTS)


def parabola(weights, losses, path, path_losses, slope, following, optimum, *, theme: Theme) -> go.Figure:
    """The loss over the weight, with the tangent where we stand, the points visited and the next step as an arrow.

    `losses` (m,) stand over `weights` (m,), `path_losses` (n,) over `path` (n,), the present weight last. `slope` is
    the derivative there; `following` the next weight and its loss; `optimum` a weight of no loss, or None. Raises
    `ValueError` for a path without a point.
    """
    if not len(path):
        raise ValueError("path has no point")
    here, height = path[-1], path_losses[-1]
    reach = TANGENT * np.ptp(weights) * np.array([-1, 1])
    traces = [
        _line(weights, losses, "loss", color=theme.muted, width=2.5),
        _line(here + reach, height + slope * reach, "tangent: slope here", color=theme.negative, width=2, dash="dash"),
        go.Scatter(
            x=path,
            y=path_losses,
            mode="lines+markers",
            name="weights so far",
            line={"color": theme.positive, "width": 1.5, "dash": "dot"},
            marker={"color": theme.positive, "size": [7] * (len(path) - 1) + [13]},
            hovertemplate="w = %{x:.5~g}<br>loss %{y:.5~g}<extra></extra>",
        ),
    ]
    if optimum is not None:
        star = {"symbol": "star", "size": 13, "color": theme.ink}
        traces.append(go.Scatter(x=[optimum], y=[0], mode="markers", name="optimum", marker=star, hoverinfo="x+name"))
    return go.Figure(
        traces,
        layout(theme) | _look(weights, losses, theme) | {"annotations": _arrow(path, path_losses, following, theme)},
    )


def describe_parabola(path, path_losses, slope, following, optimum) -> str:
    """The same in words, for readers who do not see the figure; arguments as above."""
    best = "The loss is the same for every weight" if optimum is None else f"The loss is lowest at w = {optimum:.5g}"
    stand = f"{best}. We stand at w = {path[-1]:.5g} with a loss of {path_losses[-1]:.5g} after {_steps(len(path) - 1)}"
    if abs(slope) < 1e-12:
        return f"{stand}; there it is level, so the next step leads nowhere."
    way = "uphill to the right" if slope > 0 else "uphill to the left"
    side = "left" if following[0] < path[-1] else "right"
    step = f"so the next step leads {side} to w = {following[0]:.5g}"
    return f"{stand}; there it goes {way} with a slope of {slope:.5g}, {step}."


def _steps(n):
    return f"{n:,} step" if n == 1 else f"{n:,} steps"


def _line(x, y, name, **line):
    return go.Scatter(x=x, y=y, mode="lines", name=name, line={**line, "simplify": False}, hoverinfo="skip")


def _arrow(path, path_losses, following, theme):
    if following[0] == path[-1]:
        return []
    head, tail = {"x": following[0], "y": following[1]}, {"ax": path[-1], "ay": path_losses[-1]}
    shaft = {"showarrow": True, "arrowhead": 2, "arrowwidth": 2.5, "arrowcolor": theme.ink, "text": ""}
    return [{**head, **tail, **shaft, "xref": "x", "yref": "y", "axref": "x", "ayref": "y"}]


def _look(weights, losses, theme):
    top = max(losses.max(), 1e-9)
    axis = {"gridcolor": theme.grid, "zerolinecolor": theme.grid, "tickfont": {"size": 12, "color": theme.muted}}
    return {
        "height": 400,
        "margin": {"l": 60, "r": 12, "t": 44, "b": 44},
        "xaxis": {
            **axis,
            "title": {"text": "weight w", "standoff": 4},
            "range": [weights[0], weights[-1]],
            "nticks": 8,
        },
        "yaxis": {**axis, "title": {"text": "loss ½(w·x − y)²"}, "range": [-0.08 * top, 1.04 * top], "nticks": 6},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "dragmode": False,
    }
