"""From a table to a data set: which column is asked for, which are given, and what becomes of words and of gaps."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playground.data.dataset import Dataset
from playground.data.table import Column, Table, TableError
from playground.data.words import listed, shown, unlike
from playground.engine.checks import check_choice
from playground.limits import MOST_CLASSES, MOST_COLUMNS

KINDS = ("classification", "regression")
MISSING = {  # what becomes of a row with a gap in its inputs
    "drop rows": "Rows with a gap are left out.",
    "mean": "A gap among numbers becomes the mean of its column, over all rows, so that a little of the test rows "
    "leaks into those to learn from; among words, it is a word of its own.",
    "median": "A gap among numbers becomes the median of its column, over all rows, so that a little of the test rows "
    "leaks into those to learn from; among words, it is a word of its own.",
}
GAP = "missing"  # the word for a gap among words
TARGETS = ("target", "class", "label", "y", "species", "diagnosis", "outcome", "output", "category", "type")


def guess_target(table: Table) -> str:
    """The column most likely asked for: one named so, else the last that neither stays the same nor counts rows."""
    useful = [column.name for column in table.columns if not column.constant and not column.id_like]
    named = [name for word in TARGETS for name in useful if name.lower() == word]
    return [*[column.name for column in table.columns], *useful, *named[:1]][-1]


def guess_inputs(table: Table, target: str) -> list[str]:
    """All other columns that can be used as they are: no constants, no row numbers, no text among numbers.

    Where nothing else is left, numbers that might count the rows: hours 1, 2, 3, … may be what it is all about.
    """
    usable = [
        column
        for column in table.columns
        if column.name != target
        and not (column.constant or column.kind == "mixed")
        and 2 * column.missing <= len(table.frame)
        and not (column.kind == "text" and (column.id_like or column.distinct > MOST_COLUMNS // 2))
    ]
    return [column.name for column in usable if not column.id_like] or [column.name for column in usable]


def guess_kind(table: Table, target: str) -> str:
    """Classification for words and for few whole numbers that come up again and again, else regression."""
    column = _column(table, "target", target)
    if column.kind != "number":
        return "classification" if column.kind == "text" else "regression"
    values = table.frame[target].dropna()
    few = column.distinct <= min(MOST_CLASSES, len(values) // 2)
    return "classification" if few and (values == values.round()).all() else "regression"


def to_dataset(
    table: Table, inputs: Sequence[str], target: str, kind: str | None = None, missing: str = "drop rows"
) -> tuple[Dataset, list[str]]:
    """The data set that learns column `target` from the columns `inputs`, and a sentence for each thing done to it.

    Words among the inputs become a column of 0 and 1 for each; `missing` is a key of `MISSING`, and a mean is that of
    all rows, those to test with among them; `kind` is guessed where it is None. Rows without a target are left out.
    Raises TableError for what cannot be learned from, ValueError for a choice that does not exist.
    """
    kind = guess_kind(table, target) if kind is None else kind
    check_choice("kind", kind, KINDS)
    check_choice("missing", missing, MISSING)
    columns = _checked_inputs(table, list(inputs), target)
    _check_target(table, target, kind)
    frame, said = _without_gaps(table.frame[[*inputs, target]], target, missing)
    _check_words(columns, frame)
    x, encoded = _encoded(frame[list(inputs)], columns)
    y, classes = _labels(frame[target], target, kind)
    return Dataset(np.ascontiguousarray(x, float), y, kind, tuple(x.columns), classes), said + encoded


def _column(table: Table, field: str, name: str) -> Column:
    check_choice(field, name, table.frame.columns)
    return table.column(name)


def _checked_inputs(table: Table, inputs: list[str], target: str) -> list[Column]:
    if not inputs:
        raise TableError("No column is chosen as an input: choose at least one.")
    if target in inputs:
        raise TableError(f"Column “{shown(target)}” is both an input and the target: choose it once.")
    if len(set(inputs)) < len(inputs):
        raise TableError(f"A column is chosen twice among the inputs {listed(inputs)}: choose it once.")
    columns = [_column(table, "inputs", name) for name in inputs]
    for column in columns:
        if column.kind == "mixed":
            raise TableError(_wrong(column, "leave the column out"))
    return columns


def _check_target(table: Table, target: str, kind: str) -> None:
    column = _column(table, "target", target)
    if column.constant:
        raise TableError(f"Column “{shown(target)}” has the same value in every row: choose another target.")
    if kind == "regression" and column.kind != "number":
        raise TableError(_wrong(column, "choose classes"))
    if kind == "classification" and column.distinct > MOST_CLASSES:
        raise TableError(
            f"Column “{shown(target)}” has {column.distinct:,} different values, and at most {MOST_CLASSES} classes "
            f"can be told apart here: choose another target{', or regression' * (column.kind == 'number')}."
        )


def _wrong(column: Column, instead: str) -> str:
    row, value = column.wrong
    return (
        f"Row {row:,}, column “{shown(column.name)}” is “{shown(value)}”, no usable number: correct it, or {instead}."
    )


def _without_gaps(frame: pd.DataFrame, target: str, missing: str) -> tuple[pd.DataFrame, list[str]]:
    said = []
    asked = frame.dropna(subset=[target])
    if lost := len(frame) - len(asked):
        said.append(f"{_rows(lost)} no value in “{shown(target)}” and {_left(lost)}.")
    gaps = asked.isna().sum()
    gaps = gaps[gaps > 0]
    if gaps.empty:
        whole = asked
    elif missing == "drop rows":
        whole = asked.dropna()
        lost = len(asked) - len(whole)
        said.append(f"{_rows(lost)} a gap in {listed(list(gaps.index))} and {_left(lost)}.")
    else:
        whole = _filled(asked, list(gaps.index), missing)
        n = gaps.sum()
        filled = "1 gap in {} is filled" if n == 1 else f"{n:,} gaps in {{}} are filled"
        said.append(f"{filled.format(listed(list(gaps.index)))}: {MISSING[missing][0].lower()}{MISSING[missing][1:]}")
    if len(whole) < 2:
        worst = gaps.idxmax() if len(gaps) else target
        raise TableError(f"Fewer than two rows are without a gap: leave out column “{shown(worst)}”, or fill its gaps.")
    return whole, said


def _rows(n: int) -> str:
    return "1 row has" if n == 1 else f"{n:,} rows have"


def _left(n: int) -> str:
    return "is left out" if n == 1 else "are left out"


def _filled(frame: pd.DataFrame, names: list[str], missing: str) -> pd.DataFrame:
    fill = {}
    for name in names:
        values = frame[name]
        if values.isna().all():
            raise TableError(f"Column “{shown(name)}” has no value in any row: leave it out.")
        words = not pd.api.types.is_numeric_dtype(values)
        fill[name] = GAP if words else values.mean() if missing == "mean" else values.median()
    return frame.fillna(fill)


def _check_words(columns: list[Column], frame: pd.DataFrame) -> None:
    wide = {c.name: frame[c.name].nunique() for c in columns if c.kind == "text"}
    width = len(columns) - len(wide) + sum(wide.values())
    if width > MOST_COLUMNS:
        widest = max(wide, key=wide.get)
        raise TableError(
            f"The inputs would be {width:,} columns, a column for each word, and at most {MOST_COLUMNS} can be used: "
            f"leave out column “{shown(widest)}” with its {wide[widest]:,} different words."
        )


def _encoded(frame: pd.DataFrame, columns: list[Column]) -> tuple[pd.DataFrame, list[str]]:
    words = [column.name for column in columns if column.kind == "text"]
    if not words:
        return frame, []
    x = pd.get_dummies(frame, columns=words, prefix_sep=" = ", dtype=float)
    x.columns = unlike(x.columns)
    return x, [f"Words in {listed(words)} became a column of 0 and 1 for each, {len(x.columns):,} inputs in all."]


def _labels(values: pd.Series, target: str, kind: str) -> tuple[np.ndarray, tuple[str, ...]]:
    if kind == "regression":
        return values.to_numpy(float), ()
    classes, y = np.unique(values.to_numpy(), return_inverse=True)
    if len(classes) < 2:
        raise TableError(
            f"Column “{shown(target)}” has one class only in the rows without a gap: fill the gaps instead."
        )
    return y.astype(np.int64), tuple(_class_name(value) for value in classes)


def _class_name(value: object) -> str:
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
