"""What a race tells, as a table and in sentences."""

from collections.abc import Sequence

import numpy as np

from playground.race import Lane, ahead


def usual_target(lanes: Sequence[Lane]) -> float:
    """The loss that half of the lanes reach, rounded up to two digits."""
    lowest = sorted(lane.losses[np.isfinite(lane.losses)].min(initial=lane.losses[0]) for lane in lanes)
    middle = float(lowest[(len(lowest) - 1) // 2])
    if not 0 < middle < np.inf:
        return 0.1
    digit = 10.0 ** (np.floor(np.log10(middle)) - 1)
    return float(f"{np.ceil(middle / digit) * digit:.3g}")


def table(lanes: Sequence[Lane], names: Sequence[str], target: float) -> list[dict]:
    """A row for each lane, the lowest loss at the end first; None where a lane did not arrive."""
    order = sorted(range(len(lanes)), key=lambda i: (lanes[i].diverged, _last(lanes[i])))
    rows = ahead(lanes, target)
    return [_row(place, lanes[i], names[i], rows[i]) for place, i in enumerate(order, 1)]


def _last(lane: Lane) -> float:
    return float(lane.losses[-1]) if np.isfinite(lane.losses[-1]) else np.inf


def _row(place: int, lane: Lane, name: str, row: dict[str, float]) -> dict:
    arrived = not np.isnan(row["steps"])
    return {
        "Place": None if lane.diverged else place,
        "Rule": name,
        "Loss at the end": float(lane.losses[-1]),
        "Steps to target": int(row["steps"]) if arrived else None,
        "ms to target": row["milliseconds"] if arrived else None,
        "ms in all": lane.milliseconds,
        "How it went": _how(lane, arrived),
    }


def _how(lane: Lane, arrived: bool) -> str:
    if lane.diverged:
        return f"diverged after step {lane.steps[-1]:,}"
    return "reached the target" if arrived else "did not reach the target"


def leaders(lanes: Sequence[Lane], names: Sequence[str], target: float) -> str:
    """Who is ahead in steps, and who in time."""
    rows = ahead(lanes, target)
    if all(np.isnan(row["steps"]) for row in rows):
        return f"No lane has reached a loss of {target:.4g}."
    first, steps = _first(rows, names, "place_in_steps"), min(_numbers(rows, "steps"))
    fastest, time = _first(rows, names, "place_in_time"), min(_numbers(rows, "milliseconds"))
    return (
        f"To a loss of {target:.4g}: in steps, **{first} ahead with {steps:,.0f}; "
        f"in milliseconds, **{fastest} ahead with {time:.3g}."
    )


def _numbers(rows: list[dict[str, float]], column: str) -> list[float]:
    return [row[column] for row in rows if not np.isnan(row[column])]


def _first(rows: list[dict[str, float]], names: Sequence[str], column: str) -> str:
    winners = [name for row, name in zip(rows, names, strict=True) if row[column] == 1]
    return " and ".join(winners) + ("** are" if len(winners) > 1 else "** is")
