"""What a single neuron with two inputs makes of the plane: two halves, and the line between them."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import Theme, layout

PALE = 0.35  # the least colour of a half plane
SYMBOLS = ("circle", "square")  # of the labels 0 and 1


def half_planes(axis1, axis2, answers, line, x, y, right, chosen, *, theme: Theme, scale=(0.0, 1.0)) -> go.Figure:
    """A neuron's answers over the plane, its threshold, and the points it learns from.

    `answers[i, j]` is its answer at x₁ = `axis1[i]`, x₂ = `axis2[j]`, drawn on a `scale` from silent to firing;
    `line` (2, 2) two points of the threshold, or None. Points x (n, 2) have labels y (n,), 0 or 1; those that are not
    `right` (n,) are crossed out; point number `chosen` has a ring. Raises `ValueError` for answers of wrong shape.
    """
    answers = np.asarray(answers, float)
    if answers.shape != (len(axis1), len(axis2)):
        raise ValueError(f"answers has shape {answers.shape}, not {(len(axis1), len(axis2))}")
    colors = [[0, theme.negative], [0.5, theme.panel], [1, theme.positive]]
    ground = go.Heatmap(x=axis1, y=axis2, z=_tint(answers, *scale).T, zmin=-1, zmax=1, colorscale=colors)
    ground.update(opacity=0.35, showscale=False, hoverinfo="skip")
    traces = [ground, *(_points(x[y == label], label, theme) for label in (0, 1))]
    traces.append(_marks(x[~right], "wrong answer", theme, symbol="x-thin", size=15))
    traces.append(_marks(x[[chosen]], "point below", theme, symbol="circle-open", size=20))
    if line is not None:
        edge = {"color": theme.ink, "width": 2.5}
        traces.append(
            go.Scatter(x=line[:, 0], y=line[:, 1], mode="lines", name="threshold z = 0", line=edge, hoverinfo="skip")
        )
    return go.Figure(traces, layout(theme) | _look(axis1, axis2, theme))


def threshold(w, b, axis1, axis2) -> np.ndarray | None:
    """Two points (2, 2) on w₁x₁ + w₂x₂ + b = 0, at the edges of the plane or beyond; None where w is zero."""
    w = np.asarray(w, float)
    if not (square := w @ w) or not np.isfinite(square):
        return None
    middle = np.array([np.mean(axis1), np.mean(axis2)])
    foot = middle - w * ((w @ middle + b) / square)  # of the perpendicular from the middle of the plane
    along = np.array([-w[1], w[0]]) / np.sqrt(square) * 2 * (np.ptp(axis1) + np.ptp(axis2))
    return np.stack([foot - along, foot + along])


def describe_half_planes(w, b, y, right) -> str:
    """The neuron in words, for readers who do not see the figure: its line, and how many points it gets right."""
    count = f"{np.sum(right)} of {len(y)} points are on their right side"
    if not np.any(w):
        does = "fires" if b >= 0 else "is silent"
        return f"Both weights are 0, so there is no line: the neuron {does} everywhere. {count}."
    where = f"{w[0]:.4g}·x₁ + {w[1]:.4g}·x₂ ≥ {0.0 - b:.4g}"
    return f"The neuron fires where {where}, and is silent on the other side of the line. {count}."


def _tint(answers, low, high):
    """Answers from -1 to 1, none so pale that its half plane could not be told: the threshold is half way."""
    strength = 2 * (answers - low) / (high - low) - 1
    return np.where(strength >= 0, 1, -1) * (PALE + (1 - PALE) * np.minimum(np.abs(strength), 1))


def _points(x, label, theme):
    color = (theme.negative, theme.positive)[label]
    marker = {"symbol": SYMBOLS[label], "size": 10, "color": color, "line": {"color": theme.ink, "width": 1}}
    hover = f"(%{{x:.4~g}}, %{{y:.4~g}}), label {label}<extra></extra>"
    return go.Scatter(x=x[:, 0], y=x[:, 1], mode="markers", name=f"label {label}", marker=marker, hovertemplate=hover)


def _marks(x, name, theme, **marker):
    line = {"color": theme.ink, "width": 2}
    return go.Scatter(
        x=x[:, 0],
        y=x[:, 1],
        mode="markers",
        name=name,
        marker={**marker, "color": theme.ink, "line": line},
        hoverinfo="skip",
    )


def _look(axis1, axis2, theme):
    axis = {"showgrid": False, "zeroline": False, "nticks": 5, "tickfont": {"size": 11, "color": theme.muted}}
    return {
        "height": 380,
        "margin": {"l": 56, "r": 8, "t": 60, "b": 40},
        "xaxis": {**axis, "title": {"text": "x₁", "standoff": 4}, "range": [axis1[0], axis1[-1]]},
        "yaxis": {**axis, "title": {"text": "x₂", "standoff": 8}, "range": [axis2[0], axis2[-1]]},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "dragmode": False,
    }
