"""The loss along one direction of weight space, as a curve."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.scale import scale_of
from playground.figures.theme import Theme, layout


def profile(
    a, losses, path, here, *, theme: Theme, title="direction", title_loss="training loss", revision=""
) -> go.Figure:
    """The losses (m,) at the places `a` (m,) of a line, the path travelled and the present point.

    The rows of `path` (t, 2), and `here` (2,), are a place and a loss. Losses that are not finite are gaps. Raises
    `ValueError` naming an argument of wrong shape.
    """
    a, losses, path, here = _checked(a, losses, path, here)
    scale = scale_of(losses)
    dot = {"color": theme.path, "line": {"color": theme.ink, "width": 1}}

    def trace(name, x, loss, **style):
        hover = f"{name}<br>{title} %{{x:.4~g}}<br>{title_loss} %{{customdata:.4~g}}<extra></extra>"
        return go.Scatter(x=x, y=scale.height(loss), customdata=loss, name=name, hovertemplate=hover, **style)

    curve = trace("loss on this line", a, losses, mode="lines", line={"color": theme.positive, "width": 2.5})
    travelled = trace("path", *path.T, mode="lines", line={"color": theme.path, "width": 2, "dash": "dot"})
    start = trace("start", *path[:1].T, mode="markers", marker={**dot, "symbol": "diamond", "size": 11})
    present = trace("present weights", *here[:, None], mode="markers", marker={**dot, "symbol": "circle", "size": 11})
    nothing = {"text": "no finite loss on this line", "showarrow": False}
    look = {
        "height": 380,
        "margin": {"l": 64, "r": 12, "t": 12, "b": 48},
        "uirevision": revision or "profile",
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        "annotations": [] if np.isfinite(losses).any() else [nothing],
        "xaxis": axis(title, theme),
        "yaxis": axis(scale.title(title_loss, losses), theme, log=scale.log),
    }
    return go.Figure([curve, travelled, start, present], layout(theme) | look)


def describe_profile(a, losses, here, *, title="direction") -> str:
    """The curve and the present point in words, for readers who do not see the figure; arguments as above."""
    a, losses, _, here = _checked(a, losses, np.empty((0, 2)), here)
    present = f"stand at {here[1]:.4g}" if np.isfinite(here[1]) else "have no finite loss"
    finite = np.isfinite(losses)
    if not finite.any():
        return f"The loss is not finite anywhere on this line; the present weights {present}."
    lowest = np.argmin(np.where(finite, losses, np.inf))
    gaps = "" if finite.all() else f" ({np.sum(~finite)} of {losses.size} points are not finite)"
    return (
        f"The loss on this line lies between {losses[lowest]:.4g} and {losses[finite].max():.4g}{gaps}; "
        f"the present weights {present}. The lowest point shown is at {a[lowest]:.3g} along {title}."
    )


def axis(title, theme, log=False) -> dict:
    """How an axis of a plain chart looks."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 13}},
        "tickfont": {"size": 11, "color": theme.muted},
        "gridcolor": theme.grid,
        "zeroline": False,
        "showline": True,
        "linecolor": theme.grid,
        "nticks": 6,
        "automargin": True,
        "exponentformat": "power" if log else "e",
    } | ({"type": "log"} if log else {})


def _checked(a, losses, path, here):
    a, losses, path, here = (np.asarray(v, float) for v in (a, losses, path, here))
    for name, got, wanted in (
        ("a", a.shape, (a.size,)),
        ("losses", losses.shape, (a.size,)),
        ("path", path.shape, (*path.shape[:1], 2)),
        ("here", here.shape, (2,)),
    ):
        if got != wanted:
            raise ValueError(f"{name} has shape {got}, not {wanted}")
    return a, losses, path, here
