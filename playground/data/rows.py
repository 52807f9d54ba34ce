"""From text to rows of cells: which character separates them, and whether every row has as many."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from playground.data.text import EMPTY, TableError
from playground.data.words import shown
from playground.limits import LONGEST_CELL, MOST_COLUMNS, MOST_LINES, MOST_ROWS

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}  # of two that fit, the first is meant
HINT = re.compile(r"sep=([,;|\t])\r?\n?", re.IGNORECASE)  # a first line that Excel understands
SAMPLE = 200  # rows, to guess by
START = 2**16  # characters in which to look for them

COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
POINT = re.compile(r"[+-]?\d*\.\d+(e[+-]?\d+)?", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells in rows of equal length, without blank rows; `numbers` counts them as a spreadsheet does, from 1."""

    cells: list[list[str]]
    numbers: list[int]
    separator: str
    decimal: str  # "." or ","


def rows_of(text: str, separator: str | None = None) -> Rows:
    """The rows of a table. Raises TableError that names the row for one too long, too short, or with an open quote."""
    first = 1
    if hint := HINT.match(text):
        text, separator, first = text[hint.end() :], separator or hint[1], 2
    separator = separator or _separator(text)
    cells, numbers = [], []
    for number, row in _records(text, separator, first):
        if not any(row):
            continue
        _check(row, number, cells[0] if cells else row, len(cells), separator)
        cells.append(row)
        numbers.append(number)
    if not cells:
        raise TableError(EMPTY)
    return Rows(cells, numbers, separator, _decimal(cells[: SAMPLE + 1], separator))


def _records(text: str, separator: str, first: int):
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    number = first
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise TableError(
                f"Row {number:,} cannot be read: a quotation mark in it is not closed, text follows a closed one, or a "
                "value goes on for ever; correct it there."
            ) from error
        if row is None:
            return
        if number > MOST_LINES:
            raise TableError(f"The table has more than {MOST_LINES:,} rows, blank ones among them: cut it.")
        yield number, [clean(cell) for cell in row]
        number += 1


def clean(cell: str) -> str:
    """Without line breaks, and without the invisible characters that turn the direction of reading or hide a word."""
    if cell.isprintable():
        return cell.strip()
    return "".join(filter(str.isprintable, " ".join(cell.split())))


def _check(row: list[str], number: int, names: list[str], before: int, separator: str) -> None:
    if len(row) > MOST_COLUMNS:
        raise TableError(
            f"Row {number:,} has {len(row):,} columns, and at most {MOST_COLUMNS} can be used: leave some out."
        )
    if len(row) != len(names):
        raise TableError(
            f"Row {number:,} has {len(row):,} values and the first row {len(names):,}, separated by "
            f"{SEPARATORS.get(separator, 'that character')}: give every row as many."
        )
    if before > MOST_ROWS:
        raise TableError(f"The table has more than {MOST_ROWS:,} rows of values: cut it after row {number - 1:,}.")
    for column, cell in enumerate(row, 1):
        if len(cell) > LONGEST_CELL:
            raise TableError(
                f"Row {number:,}, column {column} (“{shown(names[column - 1])}”) holds {len(cell):,} characters, and "
                f"at most {LONGEST_CELL:,} can be read: shorten it, or close a quotation mark left open."
            )


def _separator(text: str) -> str:
    """The separator by which the most rows at the start have as many cells as the first, and more than one."""
    return max(SEPARATORS, key=lambda separator: _fit(text, separator)) if _fits(text) else ","


def _fits(text: str) -> bool:
    return any(_fit(text, separator) for separator in SEPARATORS)


def _fit(text: str, separator: str) -> float:
    reader = csv.reader(StringIO(text[:START], newline=""), delimiter=separator)
    lengths = []
    try:
        lengths = [len(row) for row in islice(reader, SAMPLE) if row]
    except csv.Error:
        return 0.0
    if len(text) > START and len(lengths) > 1 and len(lengths) < SAMPLE:
        lengths.pop()  # it may be cut
    return Counter(lengths)[lengths[0]] / len(lengths) if lengths and lengths[0] > 1 else 0.0


def _decimal(cells: list[list[str]], separator: str) -> str:
    sample = [cell for row in cells[1:] for cell in row]
    commas = [cell for cell in sample if COMMA.fullmatch(cell)]
    points = [cell for cell in sample if POINT.fullmatch(cell)]
    if separator == "," and all(THOUSANDS.fullmatch(cell) for cell in commas):
        return "."
    return "," if len(commas) > len(points) else "."
