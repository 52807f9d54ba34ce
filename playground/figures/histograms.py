"""How the weights of every layer, and their gradients, are spread around zero."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import Theme, layout

BINS = 24  # about as many, between the lowest and the highest value
UNITS = {"weights": "weight", "gradients": "∂L/∂w"}


def histograms(weights, gradients, *, theme: Theme) -> go.Figure:
    """One column per layer: its weights above, the gradients of the loss with respect to them below.

    `weights` and `gradients` are lists of 1-D arrays, one per layer, the output layer last. Zero is always in the
    picture and always an edge between two bins, unless there is nothing but zeros. Values that are not finite are left
    out and counted in the title. Raises `ValueError` when there is no layer, or a layer without its gradients.
    """
    rows = _checked(weights, gradients)
    bars, titles, axes = [], [], {}
    for what, row in rows.items():
        for i, values in enumerate(row):
            n = str(len(bars) + 1) if bars else ""  # Plotly calls its axes x, x2, x3 …
            counts, edges = _count(values[np.isfinite(values)])
            bars.append(_bars(counts, edges, theme, what[:-1]).update(xaxis=f"x{n}", yaxis=f"y{n}"))
            titles.append(_title(i, len(row), what, values, n))
            axes[f"xaxis{n}"] = _value_axis(UNITS[what] if i == 0 else "", theme)
            axes[f"yaxis{n}"] = _count_axis("count" if i == 0 else "", counts, theme)
    grid = {"rows": 2, "columns": len(weights), "pattern": "independent", "xgap": 0.2, "ygap": 0.48}
    look = {**layout(theme), "height": 380, "margin": {"l": 52, "r": 12, "t": 58, "b": 44}, "showlegend": False}
    return go.Figure(bars, {**look, **axes, "annotations": titles, "grid": grid, "bargap": 0})


def describe_histograms(weights, gradients) -> str:
    """The range of every layer's weights and gradients in words, for readers who do not see the figure."""
    rows = _checked(weights, gradients)
    said = {what: [_range(i, len(row), values) for i, values in enumerate(row)] for what, row in rows.items()}
    return f"Weights: {'; '.join(said['weights'])}. Gradients ∂L/∂w: {'; '.join(said['gradients'])}."


def _checked(weights, gradients):
    if not len(weights):
        raise ValueError("weights has no layer")
    if len(gradients) != len(weights):
        raise ValueError(f"gradients has {len(gradients)} layers, but weights has {len(weights)}")
    return {
        "weights": [np.ravel(np.asarray(w, float)) for w in weights],
        "gradients": [np.ravel(np.asarray(g, float)) for g in gradients],
    }


def _layer(i, layers):
    return "Output" if i == layers - 1 else f"Layer {i + 1}"


def _title(i, layers, what, values, n):
    missing = np.sum(~np.isfinite(values))
    return {
        "text": f"{_layer(i, layers)} {what}" + (f"<br>({missing} not finite)" if missing else ""),
        "font": {"size": 12},
        "showarrow": False,
        "xref": f"x{n} domain",
        "yref": f"y{n} domain",
        "x": 0.5,
        "y": 1,
        "xanchor": "center",
        "yanchor": "bottom",
    }


def _range(i, layers, values):
    finite = values[np.isfinite(values)]
    ranged = f" from {finite.min():.3g} to {finite.max():.3g}" if finite.size else ""
    missing = f" ({values.size - finite.size} not finite)" if finite.size < values.size else ""
    return f"{_layer(i, layers).lower()}, {_plural(values.size, 'value')}{ranged}{missing}"


def _plural(n, noun):
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _count(values):
    """How many values lie between neighbouring edges, and the edges: multiples of one width, 0 among them."""
    low, high = values.min(initial=0), values.max(initial=0)
    width = high / BINS - low / BINS  # not (high - low) / BINS, which overflows shortly before the weights do
    if width < np.finfo(float).tiny:
        half = BINS // 2 + 0.5
        return np.histogram(values, np.arange(-half, half + 1) / half)  # all the zeros in one bin around 0
    first, last = np.floor(low / width), max(np.ceil(high / width), 1)  # even where nothing is positive, 0 counts right
    edges = width * np.arange(first, last + 1)
    edges[[0, -1]] = min(edges[0], low), max(edges[-1], high)  # rounding must not leave the outermost value outside
    return np.histogram(values, edges)


def _bars(counts, edges, theme, noun):
    left, right = edges[:-1], edges[1:]
    centre = left / 2 + right / 2
    colors = theme.muted, theme.positive, theme.negative  # at 0, above and, counting from the end, below
    return go.Bar(
        x=centre,
        y=counts,
        width=right - left,
        marker={"color": [colors[int(side)] for side in np.sign(centre)], "line": {"width": 0}},
        hovertext=[
            f"from {lo:.3g} to {hi:.3g}: {_plural(n, noun)}" for lo, hi, n in zip(left, right, counts, strict=True)
        ],
        hoverinfo="text",
    )


def _value_axis(title, theme):
    return {
        "title": {"text": title, "standoff": 4, "font": {"size": 12}},
        "tickfont": {"size": 10, "color": theme.muted},
        "tickangle": 0,
        "nticks": 3,
        "exponentformat": "e",
        "showgrid": False,
        "showline": True,
        "linecolor": theme.grid,
        "zeroline": True,
        "zerolinecolor": theme.muted,
        "zerolinelayer": "above traces",
    }


def _count_axis(title, counts, theme):
    return {
        "title": {"text": title, "standoff": 4, "font": {"size": 12}},
        "tickfont": {"size": 10, "color": theme.muted},
        "tickvals": [counts.max()],
        "gridcolor": theme.grid,
        "zeroline": False,
        "rangemode": "tozero",
    }
