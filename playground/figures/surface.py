"""The loss as a landscape over two directions of weight space, with the path training took across it."""

import numpy as np
import plotly.graph_objects as go

from playground.figures.scale import decades, scale_of
from playground.figures.theme import Theme, layout

DEPTHS = ("#10243f", "#1b4870", "#2a7192", "#529ead", "#96c9be", "#e4f0de")  # low to high, as on the stage
CONTOURS = 12  # lines of equal loss between the lowest and the highest


def surface_3d(
    a,
    b,
    losses,
    path,
    here,
    *,
    theme: Theme,
    title_a="direction 1",
    title_b="direction 2",
    title_loss="training loss",
    revision="",
) -> go.Figure:
    """The loss surface, the path travelled across it and the present point.

    `losses[i, j]` is the loss at `(a[i], b[j])`: shapes (m, k), (m,) and (k,). The rows of `path` (t, 3), and `here`
    (3,), are a coordinate along a, one along b and a loss. Losses that are not finite are gaps. The camera stays where
    the reader turned it for as long as `revision` is the same. Raises `ValueError` naming an argument of wrong shape.
    """
    a, b, losses, path, here = _checked(a, b, losses, path, here)
    scale = scale_of(losses)
    place = f"{title_a} %{{x:.3~g}}<br>{title_b} %{{y:.3~g}}<br>loss "
    dot = {"color": theme.path, "line": {"color": theme.ink, "width": 1}}

    def trail(name, points, **style):
        x, y, loss = points.T
        ground = np.fmax(loss, _ground_at(a, b, losses, x, y))  # a step off this slice may lie below it
        z = scale.above(np.where(np.isfinite(loss), ground, np.nan))
        hover = f"{name}<br>{place}%{{customdata:.4~g}}<extra></extra>"  # the loss itself, not the lifted height
        return go.Scatter3d(x=x, y=y, z=z, customdata=loss, name=name, hovertemplate=hover, **style)

    ground = _ground(a, b, losses, scale, theme).update(hovertemplate=f"{place}%{{z:.4~g}}<extra></extra>")
    travelled = trail("path", path, mode="lines", line={"color": theme.path, "width": 6})
    start = trail("start", path[:1], mode="markers", marker={**dot, "symbol": "diamond", "size": 6})
    present = trail("present weights", here[None], mode="markers", marker={**dot, "symbol": "circle", "size": 8})
    nothing = {"text": "no finite loss on this slice", "showarrow": False}
    look = {
        "height": 420,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "uirevision": revision or "surface",  # Plotly forgets the camera when this is empty
        "showlegend": True,
        "legend": {"x": 0, "y": 0.98},
        "annotations": [] if np.isfinite(losses).any() else [nothing],
        "scene": {
            "xaxis": _axis(title_a, theme),
            "yaxis": _axis(title_b, theme),
            "zaxis": _loss_axis(title_loss, losses, scale, theme),
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1, "z": 0.65},
            "camera": {"eye": {"x": 1.25, "y": -1.25, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.16}},
        },
    }
    return go.Figure([ground, travelled, start, present], layout(theme) | look)


def describe_surface(a, b, losses, here, *, title_a="direction 1", title_b="direction 2") -> str:
    """The surface and the present point in words, for readers who do not see the figure; arguments as above."""
    a, b, losses, _, here = _checked(a, b, losses, np.empty((0, 3)), here)
    present = f"stand at {here[2]:.4g}" if np.isfinite(here[2]) else "have no finite loss"
    finite = np.isfinite(losses)
    if not finite.any():
        return (
            f"The loss is not finite at any of the {losses.size} points of this slice; the present weights {present}."
        )
    gaps = "" if finite.all() else f" ({np.sum(~finite)} of {losses.size} points are not finite)"
    i, j = np.unravel_index(np.argmin(np.where(finite, losses, np.inf)), losses.shape)
    return (
        f"The loss on this slice lies between {losses[i, j]:.4g} and {losses[finite].max():.4g}{gaps}; "
        f"the present weights {present}. "
        f"The lowest point shown is at {a[i]:.3g} along {title_a} and {b[j]:.3g} along {title_b}."
    )


def _ground_at(a, b, losses, x, y):
    """The height of the surface at points (x, y), linear between its own; not a number beyond its edge."""
    i, j = (np.clip(np.searchsorted(axis, at) - 1, 0, axis.size - 2) for axis, at in ((a, x), (b, y)))
    u, v = (x - a[i]) / (a[i + 1] - a[i]), (y - b[j]) / (b[j + 1] - b[j])
    near, far = (losses[k, j] * (1 - v) + losses[k, j + 1] * v for k in (i, i + 1))
    inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    return np.where(inside, near * (1 - u) + far * u, np.nan)


def _checked(a, b, losses, path, here):
    a, b, losses, path, here = (np.asarray(v, float) for v in (a, b, losses, path, here))
    for name, got, wanted in (
        ("a", a.shape, (a.size,)),
        ("b", b.shape, (b.size,)),
        ("losses", losses.shape, (a.size, b.size)),
        ("path", path.shape, (*path.shape[:1], 3)),
        ("here", here.shape, (3,)),
    ):
        if got != wanted:
            raise ValueError(f"{name} has shape {got}, not {wanted}")
    return a, b, losses, path, here


def _ground(a, b, losses, scale, theme):
    z = scale.height(losses).T  # Plotly reads z[y][x]
    bottom, top = scale.units([scale.low, scale.high])
    bar = {"title": {"text": "loss"}, "thickness": 12, "len": 0.75, "outlinewidth": 0, "tickfont": _small(theme)}
    return go.Surface(
        x=a,
        y=b,
        z=z,
        visible=bool(np.isfinite(z).any()),  # a surface of nothing but gaps would take the whole scene with it
        surfacecolor=scale.units(z),
        colorscale=DEPTHS,
        colorbar=bar | (decades(scale, scale.units) if scale.log else {}),
        contours_z={
            "show": True,
            "color": theme.muted,
            "width": 1,
            "start": bottom,
            "end": top,
            "size": (top - bottom) / CONTOURS,
            "project_z": True,
        },
    )


def _loss_axis(title, losses, scale, theme):
    axis = _axis(scale.title(title, losses), theme)
    return axis | {"type": "log"} | decades(scale) if scale.log else axis


def _axis(title, theme):
    return {
        "title": {"text": title, "font": {"size": 13, "color": theme.ink}},
        "tickfont": _small(theme),
        "nticks": 6,
        "gridcolor": theme.grid,
        "zerolinecolor": theme.grid,
        "linecolor": theme.muted,
        "backgroundcolor": theme.background,
        "showspikes": False,
    }


def _small(theme):
    return {"size": 11, "color": theme.muted}
