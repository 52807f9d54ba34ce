"""How much a straight line can do: the most points of two classes that any line in the plane gets right."""

import numpy as np

Array = np.ndarray

TOUCH = 1e-9  # of the distances around: a point closer to a line lies on it


def most_right_by_a_line(x: Array, y: Array) -> int:
    """The most of the points x (n, 2) with labels y (n,), 0 or 1, that one line can leave on their right side.

    A line that is best can be moved until it touches two points, and turned back a little so that each of these lies
    on the side one likes (Johnson & Preparata, Theoretical Computer Science 1978). So all lines through two points are
    tried, in time n³. Where more than two lie on one such line, those are counted as cut apart at any one place.
    """
    x, ones = np.asarray(x, float), np.asarray(y) == 1
    best = max(ones.sum(), (~ones).sum())  # a line beside all of them
    for i in range(len(x) - 1):
        along = x[i + 1 :] - x[i]  # (m, 2): the lines through point i and each of those after it
        beside = np.stack([-along[:, 1], along[:, 0]], -1)
        best = max(best, *(_right(x, ones, x[i], n, a) for n, a in zip(beside, along, strict=True)))
    return int(best)


def _right(x: Array, ones: Array, at: Array, normal: Array, along: Array) -> int:
    side = (x - at) @ normal
    on = np.abs(side) <= TOUCH * max(np.abs(side).max(), TOUCH)
    left = np.where(side > 0, ones, ~ones)[~on].sum()
    return max(left, (~on).sum() - left) + _cut(ones[on][np.argsort(x[on] @ along, kind="stable")])


def _cut(ones: Array) -> int:
    """The most of labels in a row (m,) that are right where the row is cut once, the ones on either side."""
    ahead = np.r_[0, np.cumsum(ones)] + np.r_[np.cumsum(~ones[::-1])[::-1], 0]  # ones before the cut, others behind
    return max(ahead.max(), len(ones) - ahead.min())
