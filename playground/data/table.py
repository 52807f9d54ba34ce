"""A table somebody brought: read by pandas, within bounds, with remarks about what its columns are good for."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd

from playground.data.rows import SEPARATORS, Rows, clean, rows_of
from playground.data.text import TableError, decoded
from playground.data.words import shown, unlike
from playground.engine.checks import check_choice
from playground.limits import LONGEST_CELL, MOST_ROWS

MISSING_WORDS = ["?"]  # besides those of pandas: an empty cell, NA, N/A, NaN, null, None, …
TOO_LARGE = 1e30  # a number beyond has no place in a learner's table, and its square no place in float32
FIGURE = re.compile(r"[+-]?[$€£¥]? ?\d{1,3}([.,' ]?\d{3})*([.,]\d+)? ?[%$€£¥]?")  # a number as people write it
IDENTIFIER = re.compile(r"(?i)(row ?)?(id|index|idx|nr|no|number|key|#)|.*[_ ]id|unnamed.*")


@dataclass(frozen=True, slots=True)
class Column:
    """What can be said of a column: `wrong` is the row and value of the first cell that keeps it from being numbers.

    `kind` is "number", "text", or "mixed" for a column of numbers with some cells that are none.
    """

    name: str
    kind: str
    missing: int
    distinct: int
    id_like: bool = False
    wrong: tuple[int, str] | None = None

    @property
    def constant(self) -> bool:
        return self.distinct <= 1


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a column, or about the whole table where `column` is empty; `about` is one word for it."""

    column: str
    about: str  # "constant", "id-like", "mostly missing", "text", "figures", "mixed"; of the file "encoding" …
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as pandas read it: `frame` holds numbers (float64) and text, `rows` where each row stood in the file.

    Names and values are text from a file, whatever they look like: they are never markup, formula or code.
    """

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    rows: np.ndarray  # (n,) int
    remarks: tuple[Remark, ...]
    decimal: str  # "." or ",", how numbers among words are written

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def read_table(
    data: bytes | str, filename: str = "", *, separator: str | None = None, header: bool | None = None
) -> Table:
    """The table in a file or a pasted text: CSV or TSV, at most 10 MB, 20,000 rows and 64 columns.

    Encoding, separator, decimal comma and whether the first row holds names are guessed, and can be said. Raises
    TableError, a ValueError of one sentence that says what is wrong, where, and what to do.
    """
    if separator is not None:
        check_choice("separator", separator, SEPARATORS)
    text, encoding = decoded(data)
    rows = rows_of(text, separator or ("\t" if filename.lower().endswith((".tsv", ".tab")) else None))
    named = _has_names(rows.cells[0]) if header is None else header
    names = _names(rows.cells[0] if named else [""] * len(rows.cells[0]))
    return _table(_title(filename), rows, names, named, _about_file(encoding, rows, named))


def edited(table: Table, frame: pd.DataFrame, rows: Sequence[int | None]) -> Table:
    """The table after its cells were edited: `frame` has its columns, and as many rows as `rows` are told.

    A row that was there before keeps its number in the file, one that is new has None and is counted on from the last;
    blank rows are left out. Raises TableError where too few or too many rows are left.
    """
    words = [_words(frame.iloc[:, i], table.decimal) for i in range(len(table.columns))]
    cells = [[*row] for row in zip(*words, strict=True)]
    numbers, last = [], int(table.rows[-1])
    for number in rows:
        last += number is None
        numbers.append(last if number is None else int(number))
    kept = [i for i, row in enumerate(cells) if any(row)]
    names = [column.name for column in table.columns]
    given = Rows([names, *(cells[i] for i in kept)], [1, *(numbers[i] for i in kept)], ",", table.decimal)
    return _table(table.name, given, names, True, [remark for remark in table.remarks if not remark.column])


def _words(values: pd.Series, decimal: str) -> list[str]:
    """The cells of a column as a file has them."""
    if pd.api.types.is_numeric_dtype(values):
        return ["" if value != value else repr(float(value)).replace(".", decimal) for value in values]
    return ["" if pd.isna(value) else clean(str(value)[:LONGEST_CELL]) for value in values]


def _table(name: str, rows: Rows, names: list[str], named: bool, about: list[Remark]) -> Table:
    _check_size(rows, named)
    numbers = np.array(rows.numbers[named:])
    parsed = _parsed(rows, names, named)
    columns, cells = zip(*(_column(parsed[name], numbers, rows.decimal) for name in names), strict=True)
    frame = pd.DataFrame(dict(zip(names, cells, strict=True)))
    remarks = (*about, *(r for c in columns for r in _about(c, len(frame))))
    return Table(name, frame, columns, numbers, remarks, rows.decimal)


def _title(filename: str) -> str:
    return " ".join(re.split(r"[/\\]", filename)[-1][:80].split())


def _has_names(first: list[str]) -> bool:
    """A row of names has no number in it."""
    return bool(np.isnan(_as_numbers(pd.Series(first), ",")).all())


def _names(cells: list[str]) -> list[str]:
    """A name for each column, none twice."""
    return unlike(cell[:80] or f"column {i}" for i, cell in enumerate(cells, 1))


def _check_size(rows: Rows, named: bool) -> None:
    if len(rows.cells[0]) < 2:
        raise TableError(
            "Row 1 has one column only, and learning needs an input and a target: separate the values by commas, "
            "semicolons or tabs."
        )
    n = len(rows.cells) - named
    if n > MOST_ROWS:
        raise TableError(
            f"The table has more than {MOST_ROWS:,} rows of values: cut it after row {rows.numbers[-2]:,}."
        )
    if n < 2:
        raise TableError(
            f"The table has {('no row', 'one row')[n]} of values{' below its names in row 1' * named}: add rows, at "
            "least two are needed."
        )


def _parsed(rows: Rows, names: list[str], named: bool) -> pd.DataFrame:
    text = StringIO()
    csv.writer(text).writerows(rows.cells[named:])
    text.seek(0)
    return pd.read_csv(
        text,
        header=None,
        names=names,
        index_col=False,
        decimal=rows.decimal,
        na_values=MISSING_WORDS,
        low_memory=False,
    )


def _column(values: pd.Series, rows: np.ndarray, decimal: str) -> tuple[Column, pd.Series]:
    """What can be said of a column, and its cells: numbers as float64, or all as text, NaN for a missing one."""
    which, each = pd.factorize(values)  # −1 for a missing one; so that each different word is looked at once
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    known = each.to_numpy(float, na_value=np.nan) if numeric else _as_numbers(pd.Series(each), decimal)
    numbers = np.append(known, np.nan)[which]
    held = which >= 0
    wrong = np.flatnonzero(held & ~(np.abs(numbers) <= TOO_LARGE))
    kind = "text" if 2 * len(wrong) > held.sum() else "mixed" if len(wrong) else "number"
    cells = pd.Series(numbers) if kind == "number" else _as_words(which, each)
    distinct = cells.nunique()
    column = Column(
        str(values.name),
        kind,
        missing=int(len(values) - held.sum()),
        distinct=distinct,
        id_like=distinct == len(values) > 2 and _counts(str(values.name), kind, numbers),
        wrong=(int(rows[wrong[0]]), str(values.iloc[wrong[0]])) if len(wrong) else None,
    )
    return column, cells


def _as_numbers(values: pd.Series, decimal: str) -> np.ndarray:
    words = values.astype(str).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(words, errors="coerce").to_numpy(float)


def _as_words(which: np.ndarray, each: pd.Index) -> pd.Series:
    words = np.append(np.array([str(value) for value in each], object), np.nan)
    return pd.Series(words[which], dtype=object)


def _counts(name: str, kind: str, numbers: np.ndarray) -> bool:
    """Whether values that are all different only count or name the rows."""
    if kind != "number":
        return kind == "text"
    whole = (numbers == np.round(numbers)).all()
    return bool(whole and ((np.diff(numbers) == 1).all() or IDENTIFIER.fullmatch(name)))


def _about_file(encoding: str, rows: Rows, named: bool) -> list[Remark]:
    remarks = []
    if encoding == "cp1252":
        said = "The text is not UTF-8 and was read as Windows-1252: look at letters with accents."
        remarks.append(Remark("", "encoding", said))
    if rows.decimal == ",":
        remarks.append(Remark("", "decimal", "Numbers are read with a decimal comma: 1,5 is one and a half."))
    if not named:
        said = "The first row holds a number, so it was read as values, and the columns are named by their position."
        remarks.append(Remark("", "header", said))
    return remarks


def _about(column: Column, n: int) -> list[Remark]:
    name, remarks = f"Column “{shown(column.name)}”", []

    def remark(about: str, sentence: str) -> None:
        remarks.append(Remark(column.name, about, f"{name} {sentence}"))

    if column.constant:
        remark("constant", "has the same value in every row: nothing can be learned from it.")
    if column.id_like:
        remark(
            "id-like",
            "has another value in every row, as a row's number or name does: leave it out of the inputs, unless it "
            "measures something.",
        )
    if 2 * column.missing > n:
        remark("mostly missing", f"has no value in {column.missing:,} of {n:,} rows: leave it out.")
    if column.kind == "text" and not column.constant and not column.id_like:
        remark("text", f"is text with {column.distinct:,} different values: as an input, each becomes a column.")
    if column.kind == "text" and FIGURE.fullmatch(column.wrong[1]):
        row, value = column.wrong
        remark(
            "figures", f"is read as text, for “{shown(value)}” in row {row:,}: write numbers without signs, as 1100.5."
        )
    if column.kind == "mixed":
        row, value = column.wrong
        remark("mixed", f"holds numbers, but “{shown(value)}” in row {row:,}: correct it or leave the column out.")
    return remarks
