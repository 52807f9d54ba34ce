"""A refusal is one sentence: the field, what it allows, and the value it got."""

import math
from collections.abc import Iterable
from numbers import Integral, Real


def check_choice(field: str, value: object, allowed: Iterable[str | bool]) -> None:
    """Raise `ValueError` unless `value` is one of those `allowed`."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise ValueError(f"{field} must be one of {', '.join(map(str, allowed))}, not {value!r}.")


def check_number(field: str, value: object, low: float, high: float, or_none: str = "") -> None:
    """Raise `ValueError` unless `value` is a number from `low` to `high`.

    `or_none` tells what None would mean, where the caller lets it pass.
    """
    if not _is(Real, value) or not low <= value <= high:
        raise ValueError(f"{field} must be a number from {low:g} to {high:g}{_or(or_none)}, not {value!r}.")


def check_whole(field: str, value: object, low: int, high: float = math.inf, or_none: str = "") -> None:
    """Raise `ValueError` unless `value` is a whole number from `low` to `high`; `or_none` as above."""
    if not _is(Integral, value) or not low <= value <= high:
        allowed = f"from {low:,} to {high:,}" if high < math.inf else f"from {low:,} up"
        raise ValueError(f"{field} must be a whole number {allowed}{_or(or_none)}, not {value!r}.")


def check_list(field: str, value: object) -> tuple:
    """`value` as a tuple, or `ValueError` where it is nothing to iterate over."""
    if not isinstance(value, Iterable):
        raise ValueError(f"{field} must be a list, an entry for each layer, not {value!r}.")
    return tuple(value)


def _or(none: str) -> str:
    return f", or None {none}" if none else ""


def _is(kind: type, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)  # Python would count True as 1
