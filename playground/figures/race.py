"""A race of training rules: where each lane goes on a map of the loss, and how its loss falls."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.profile import axis
from playground.figures.scale import decades, scale_of
from playground.figures.theme import Theme, layout

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "3px,6px", "12px,3px,3px,3px,3px,3px")
SYMBOLS = ("circle", "square", "triangle-up", "x", "triangle-down", "pentagon", "star", "hourglass")
MARKS = 6  # along a lane, so that it can be told apart without its colour
HEIGHT = 440


def race_map(a, b, losses, paths, names, *, theme: Theme, ended=None, revision="") -> go.Figure:
    """A map of the loss with the way of every lane across it, its start and where it stands.

    `losses[i, j]` is the loss at `(a[i], b[j])`; each of `paths` is (t, 2), coordinates along a and b, of which those
    that are not finite, or far off the map, are gaps. `ended` tells which lanes have diverged: their end is a cross.
    Raises `ValueError` for another number of names than of paths.
    """
    a, b, losses = (np.asarray(v, float) for v in (a, b, losses))
    _count(names, paths)
    ended = ended or [False] * len(names)
    lanes = [
        trace
        for i, (path, name) in enumerate(zip(paths, names, strict=True))
        for trace in _way(i, _on_map(np.asarray(path, float), a, b), name, theme, ended[i])
    ]
    start = go.Scatter(
        x=[float(paths[0][0][0])],
        y=[float(paths[0][0][1])],
        mode="markers",
        name="start",
        marker={"symbol": "diamond", "size": 13, "color": theme.panel, "line": {"color": theme.ink, "width": 2}},
        hovertemplate="start<extra></extra>",
    )
    look = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
        "uirevision": revision or "race",
        "legend": _legend(),
        "xaxis": axis("component 1", theme) | {"range": [a[0], a[-1]], "showgrid": False},
        "yaxis": axis("component 2", theme) | {"range": [b[0], b[-1]], "showgrid": False},
    }
    return go.Figure([_map(a, b, losses, theme), *lanes, start], layout(theme) | look)


def race_curves(steps, losses, names, *, theme: Theme, target=None, log=False, steps_in_all=None) -> go.Figure:
    """The loss of every lane (t,) over its steps (t,), and the target loss as a line, where there is one."""
    _count(names, losses)
    lanes = [
        _curve(i, at, loss, name, theme, log)
        for i, (at, loss, name) in enumerate(zip(steps, losses, names, strict=True))
    ]
    last = steps_in_all or max(int(at[-1]) for at in steps)
    goal = [] if target is None else [_goal(last, target, theme)]
    look = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
        "legend": _legend(),
        "xaxis": axis("steps since the start of the race", theme) | {"range": [-0.02 * last, 1.02 * last]},
        "yaxis": axis("training loss (log scale)" if log else "training loss", theme, log=log)
        | ({} if log else {"range": [0, _ceiling(losses)]}),
    }
    return go.Figure([*lanes, *goal], layout(theme) | look)


def describe_race(steps, losses, names) -> str:
    """Where every lane began and stands, in words, for readers who do not see the figures."""
    _count(names, losses)
    lanes = zip(steps, losses, names, strict=True)
    said = [f"{name} {_number(loss[-1])} after step {at[-1]:,}" for at, loss, name in lanes]
    return f"All lanes begin at a loss of {_number(losses[0][0])}. Now: {'; '.join(said)}."


def _count(names, lanes):
    if not 1 <= len(names) == len(lanes) <= len(SYMBOLS):
        raise ValueError(f"names has {len(names)} entries for {len(lanes)} lanes; both must be 1 to {len(SYMBOLS)}")


def _number(loss):
    return f"{loss:.4g}" if np.isfinite(loss) else "not finite"


def _style(i, theme):
    """Colour, dash and symbol of a lane: each alone tells it apart."""
    return theme.lanes[i], {"color": theme.lanes[i], "width": 2.5, "dash": DASHES[i]}, SYMBOLS[i]


def _way(i, path, name, theme, ended):
    color, line, symbol = _style(i, theme)
    hover = f"{name}<extra></extra>"
    every = {"symbol": symbol, "size": 8, "color": color, "maxdisplayed": MARKS}
    yield go.Scatter(
        x=path[:, 0], y=path[:, 1], mode="lines+markers", name=name, line=line, marker=every,
        legendgroup=name, hovertemplate=hover,
    )  # fmt: skip
    seen = path[np.isfinite(path).all(1)][-1:]
    end = {"symbol": "x-thin", "size": 13, "line": {"width": 3.5, "color": color}}
    here = {"symbol": symbol, "size": 14, "color": color, "line": {"width": 1.5, "color": theme.panel}}
    yield go.Scatter(
        x=seen[:, 0], y=seen[:, 1], mode="markers", name=f"{name}, end", marker=end if ended else here,
        legendgroup=name, showlegend=False, hovertemplate=f"{name}: last point shown<extra></extra>",
    )  # fmt: skip


def _on_map(path, a, b):
    low, high = np.array([a[0], b[0]]), np.array([a[-1], b[-1]])
    with np.errstate(over="ignore", invalid="ignore"):
        near = (np.abs(path - (low + high) / 2) <= 5 * (high - low)).all(1)
    return np.where(near[:, None], path, np.nan)


def _map(a, b, losses, theme):
    scale = scale_of(losses)
    bottom, top = scale.units([scale.low, scale.high])
    bar = {"title": {"text": "loss", "side": "top"}, "thickness": 10, "outlinewidth": 0}
    bar["tickfont"] = {"size": 11, "color": theme.muted}
    return go.Contour(
        x=a,
        y=b,
        z=scale.units(scale.height(losses)).T,  # Plotly reads z[y][x]
        customdata=losses.T,
        hovertemplate="loss on this plane %{customdata:.4~g}<extra></extra>",
        colorscale=[[0, theme.ground[0]], [1, theme.ground[1]]],
        contours={"start": bottom, "end": top, "size": (top - bottom) / 14 or 1.0},
        line={"color": theme.grid, "width": 1},
        colorbar=bar | (decades(scale, scale.units) if scale.log else {}),
    )


def _curve(i, steps, losses, name, theme, log):
    color, line, symbol = _style(i, theme)
    losses = np.asarray(losses, float)
    drawn = np.isfinite(losses) & ((losses > 0) | (not log))
    return go.Scatter(
        x=np.asarray(steps),
        y=np.where(drawn, losses, np.nan),
        mode="lines+markers",
        name=name,
        line=line,
        marker={"symbol": symbol, "size": 8, "color": color, "maxdisplayed": MARKS},
        hovertemplate=f"{name}<br>step %{{x:,}}<br>loss %{{y:.4~g}}<extra></extra>",
    )


def _goal(last, target, theme):
    return go.Scatter(
        x=[0, last],
        y=[target, target],
        mode="lines",
        name=f"target {target:.4g}",
        line={"color": theme.muted, "width": 1.5, "dash": "2px,2px"},
        hoverinfo="skip",
    )


def _ceiling(losses):
    """The highest loss a linear axis shows: twice the start, so that a lane that explodes does not flatten the rest."""
    every = np.concatenate([np.asarray(loss, float) for loss in losses])
    highest = every[np.isfinite(every)].max(initial=0)
    first = losses[0][0]
    return 1.05 * (min(highest, 2 * first) if np.isfinite(first) and first > 0 else highest) or 1.0


def _legend():
    return {"orientation": "h", "x": 0, "y": -0.17, "yanchor": "top", "font": {"size": 12}, "itemwidth": 40}
