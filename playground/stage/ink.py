"""What the browser says is drawn on the pad, taken with care."""

from dataclasses import dataclass

CELLS = 8  # a side of the pad
FULL = 16  # the most ink of a cell
LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class Ink:
    """The 64 cells of the pad, row by row, 0 to 16 each, and how far things had come when they were so.

    `turn` counts changes by hand, `put` what else was put on the pad, `deal` the test digits that were asked for.
    """

    values: tuple[int, ...]
    turn: int
    put: int
    deal: int


def parse_ink(message: object) -> Ink | None:
    """The ink in a message, None where it is no such message."""
    if not isinstance(message, dict) or message.keys() != {"values", "turn", "put", "deal"}:
        return None
    values, counts = message["values"], (message["turn"], message["put"], message["deal"])
    if not isinstance(values, list) or len(values) != CELLS**2:
        return None
    if not all(_whole(value, FULL) for value in values) or not all(_whole(count, LARGEST) for count in counts):
        return None
    return Ink(tuple(values), *counts)


def _whole(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most
