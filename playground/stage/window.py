"""The window through which the stage looks at the inputs: a flat picture, also of data with one input or with many."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.data import DOMAIN, LINE, PLANE, Prepared, plane_of_columns, plane_of_components
from playground.data.planes import MARGIN
from playground.data.prepare import Part

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What of the inputs is drawn: places (…, 2) in `box` and the raw inputs (…, d) they stand for.

    `curve` says that the picture has one input across and its answer up. `note` says of more than two inputs which
    plane is shown.
    """

    box: tuple[float, float, float, float]  # left, right, bottom, top
    titles: tuple[str, str]
    lift: Callable[[Array], Array]
    place: Callable[[Part], Array]
    note: str = ""
    curve: bool = False

    def grid(self, side: int) -> Array:
        """The raw inputs (side², d) of the picture's cells, row by row from the top left."""
        left, right, bottom, top = self.box
        middle = (np.arange(side) + 0.5) / side
        across, up = np.meshgrid(left + (right - left) * middle, (bottom + (top - bottom) * middle)[::-1])
        return self.lift(np.stack([across.ravel(), up.ravel()], -1))


def window_of(data: Prepared, kind: str, chosen: tuple[int, int] | None = None) -> Window:
    """The window on a data set of a kind; of more than two columns on the plane of the two `chosen`.

    None are chosen where it is the plane of their first two principal components.
    """
    if data.columns == PLANE:
        return Window((-DOMAIN, DOMAIN) * 2, ("x₁", "x₂"), np.asarray, lambda part: part.points)
    if len(data.columns) == 1:
        return _line(data, kind)
    d = len(data.columns)
    everything = np.concatenate([part.points for part in (*data.parts, data.unlabelled)])
    seen = data.train.points if len(data.train.points) > 1 else everything
    if chosen is None and d > 2:
        plane, share = plane_of_components(seen)
        titles = ("first component", "second component")
        note = f"{100 * share:.0f} % of the variance"
    else:
        across, up = chosen or (0, 1)
        plane, titles = plane_of_columns(seen, across, up), (data.columns[across], data.columns[up])
        note = f"the other {d - 2} inputs at their mean" if d > 3 else "the other input at its mean" if d == 3 else ""
    low, high = plane.window(np.concatenate([part.points for part in (data.train, data.unlabelled, data.test)]))
    box = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    return Window(box, titles, plane.lift, lambda part: plane.project(part.points), note)


def _line(data: Prepared, kind: str) -> Window:
    x = np.concatenate([part.points for part in data.parts]).ravel()
    y = np.concatenate([part.y for part in data.parts])
    left, right = (-DOMAIN, DOMAIN) if data.columns == LINE else _around(x)
    title = "x₁" if data.columns == LINE else data.columns[0]
    return Window(
        (left, right, *_around(y)),
        (title, "y" if kind == "regression" else "class"),
        lambda points: points[..., :1],
        lambda part: np.column_stack([part.points, part.y]),
        curve=kind == "regression",
    )


def _around(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    rim = MARGIN * (high - low) or 1.0
    return low - rim, high + rim
