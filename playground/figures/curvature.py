"""How the loss bends: the learning rates it allows on one axis, and its curve along a direction with the parabola."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.profile import axis
from playground.figures.theme import Theme, layout


def rates(chosen, limit, *, theme: Theme) -> go.Figure:
    """The chosen learning rate beside the largest stable one, on one log axis; beyond the limit it is shaded.

    `limit` is infinite where nothing bends up; then there is no shade.
    """
    known = [rate for rate in (chosen, limit) if np.isfinite(rate) and rate > 0]
    low, high = np.floor(np.log10(min(known, default=1)) - 0.7), np.ceil(np.log10(max(known, default=1)) + 0.7)
    shapes = []
    notes = [_note(chosen, f"chosen {chosen:.4g}", 0.32, low, high, theme)] if chosen > 0 else []  # log has no 0
    if np.isfinite(limit):
        wall = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": limit, "x1": 10**high, "layer": "below"}
        shapes = [
            wall | {"fillcolor": theme.negative, "opacity": 0.22, "line": {"width": 0}},
            wall | {"type": "line", "x1": limit, "line": {"color": theme.negative, "width": 2.5, "dash": "dash"}},
        ]
        notes.append(_note(limit, f"limit 2/λ = {limit:.4g}", 0.86, low, high, theme))
        notes.append(_note(10**high, "unstable", 0.86, low, high, theme))
    dot = {"symbol": "circle", "size": 14, "color": theme.positive, "line": {"color": theme.ink, "width": 1.5}}
    point = go.Scatter(
        x=[chosen if chosen > 0 else None],
        y=[0.32],
        mode="markers",
        marker=dot,
        name="chosen",
        hovertemplate="chosen rate %{x:.4~g}<extra></extra>",
    )
    look = {
        "height": 150,
        "margin": {"l": 12, "r": 12, "t": 8, "b": 44},
        "showlegend": False,
        "shapes": shapes,
        "annotations": notes,
        "xaxis": axis("learning rate (log scale)", theme, log=True) | {"range": [low, high], "dtick": 1},
        "yaxis": {"visible": False, "range": [0, 1], "fixedrange": True},
    }
    return go.Figure([point], layout(theme) | look)


def describe_rates(chosen, limit) -> str:
    """The two rates in words."""
    if not chosen > 0:
        return "The learning rate has come to 0 by its schedule: nothing moves any more."
    if not np.isfinite(limit):
        return f"The chosen learning rate is {chosen:.4g}; the curvature sets no limit here."
    side = "above" if chosen > limit else "not above"
    return f"The chosen learning rate is {chosen:.4g}, {side} the largest stable one, {limit:.4g}."


def bend(
    s, losses, value, slope, curvature, landing, *, theme: Theme, title="distance", title_loss="loss"
) -> go.Figure:
    """The loss (m,) at distances `s` (m,) along a direction, and the parabola with the same value, slope and curvature.

    `landing` is a distance and a loss (2,): where one plain gradient step leads along this direction. One that is not
    finite, or beyond the curve, is left out.
    """
    s, losses, landing = _checked(s, losses, landing)
    dot = {"size": 11, "line": {"color": theme.ink, "width": 1}}
    hover = f"{title} %{{x:.4~g}}<br>loss %{{y:.4~g}}"
    curve = go.Scatter(
        x=s,
        y=np.where(np.isfinite(losses), losses, np.nan),
        mode="lines",
        name="exact loss",
        line={"color": theme.positive, "width": 3},
        hovertemplate=f"exact<br>{hover}<extra></extra>",
    )
    fit = go.Scatter(
        x=s,
        y=value + slope * s + curvature * s**2 / 2,
        mode="lines",
        name="parabola",
        line={"color": theme.muted, "width": 2, "dash": "dash"},
        hovertemplate=f"parabola<br>{hover}<extra></extra>",
    )
    present = go.Scatter(
        x=[0.0],
        y=[value],
        mode="markers",
        name="present weights",
        marker=dot | {"symbol": "circle", "color": theme.path},
        hovertemplate="present weights<br>loss %{y:.4~g}<extra></extra>",
    )
    there = landing[None] if np.isfinite(landing).all() and s[0] <= landing[0] <= s[-1] else np.empty((0, 2))
    lands = go.Scatter(
        x=there[:, 0],
        y=there[:, 1],
        mode="markers",
        name="after a plain step",
        marker=dot | {"symbol": "square-open", "size": 14, "color": theme.ink, "line": {"width": 2.5}},
        hovertemplate=f"after a plain step<br>{hover}<extra></extra>",
    )
    look = {
        "height": 330,
        "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
        "legend": {"orientation": "h", "x": 0, "y": -0.24, "yanchor": "top", "font": {"size": 12}},
        "xaxis": axis(title, theme),
        "yaxis": axis(title_loss, theme) | {"range": _heights(losses, value)},
    }
    return go.Figure([curve, fit, present, lands], layout(theme) | look)


def describe_bend(s, losses, curvature, name) -> str:
    """One direction in words: its curvature, and how far the loss rises or falls along it."""
    s, losses, _ = _checked(s, losses, np.zeros(2))
    finite = losses[np.isfinite(losses)]
    span = f"the loss goes from {finite.min():.4g} to {finite.max():.4g}" if finite.size else "no loss is finite"
    return f"Along the {name} direction (λ = {curvature:.4g}), {abs(s[0]):.3g} either way, {span}."


def _checked(s, losses, landing):
    s, losses, landing = (np.asarray(v, float) for v in (s, losses, landing))
    if s.ndim != 1 or losses.shape != s.shape:
        raise ValueError(f"losses has shape {losses.shape}, not {s.shape}")
    if landing.shape != (2,):
        raise ValueError(f"landing has shape {landing.shape}, not (2,)")
    return s, losses, landing


def _heights(losses, value):
    """The axis shows the exact loss; the parabola may leave it."""
    finite = losses[np.isfinite(losses)]
    low, high = min(finite.min(initial=value), value), max(finite.max(initial=value), value)
    room = 0.08 * (high - low) or 0.01 * abs(value) or 1.0
    return [low - room, high + room]


def _note(rate, text, y, low, high, theme):
    """A label beside a rate, on the side where there is more room."""
    left = np.log10(rate) > (low + high) / 2
    return {
        "x": np.log10(rate),
        "y": y,
        "yref": "paper",
        "text": text,
        "showarrow": False,
        "xanchor": "right" if left else "left",
        "xshift": -12 if left else 12,
        "font": {"size": 13, "color": theme.ink},
    }
