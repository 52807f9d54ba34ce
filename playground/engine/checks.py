"""A refusal is one sentence: the field, what it allows, and the value it got."""

import math
from collections.abc import Iterable
from numbers import Integral, Real


def check_choice(field: str, value: object, allowed: Iterable[str]) -> None:
    allowed = tuple(allowed)
    if value not in allowed:
        raise ValueError(f"{field} must be one of {', '.join(allowed)}, not {value!r}.")


def check_number(field: str, value: object, low: float, high: float) -> None:
    if not _is(Real, value) or not low <= value <= high:
        raise ValueError(f"{field} must be a number from {low:g} to {high:g}, not {value!r}.")


def check_whole(field: str, value: object, low: int, high: float = math.inf) -> None:
    if not _is(Integral, value) or not low <= value <= high:
        allowed = f"from {low:,} to {high:,}" if high < math.inf else f"from {low:,} up"
        raise ValueError(f"{field} must be a whole number {allowed}, not {value!r}.")


def check_list(field: str, value: object) -> tuple:
    if not isinstance(value, Iterable):
        raise ValueError(f"{field} must be a list, an entry for each layer, not {value!r}.")
    return tuple(value)


def _is(kind: type, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)  # Python would count True as 1
