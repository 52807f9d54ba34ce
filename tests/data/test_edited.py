"""A table that was corrected by hand is read again as if it had come from a file that way."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data.columns import guess_inputs, guess_kind, guess_target, to_dataset
from playground.data.table import TableError, edited, read_table
from playground.limits import MOST_ROWS, TABLE_BYTES

TEXT = "n;size;wide;colour;flag\n1;1,5;2;red;true\n\n2;2,5;;green;false\n3;tall;4;;true\n4;3,5;1e-05;blue;true\n"


def rows_of(table):
    return list(table.rows)


def test_a_table_that_nobody_touched_is_the_same():
    table = read_table(TEXT)
    again = edited(table, table.frame, rows_of(table))
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert again.columns == table.columns
    assert again.remarks == table.remarks
    assert again.rows.tolist() == table.rows.tolist() == [2, 4, 5, 6]
    assert (again.name, again.decimal) == (table.name, ",")


@pytest.mark.parametrize("written", [" 4,5 ", "4.5"])  # as its column is, and as the page asks for
def test_a_word_among_numbers_that_is_corrected_makes_a_column_of_numbers(written):
    table = read_table(TEXT)
    assert table.column("size").wrong == (5, "tall")
    frame = table.frame.copy()
    frame.loc[2, "size"] = written
    again = edited(table, frame, rows_of(table))
    assert again.frame["size"].tolist() == [1.5, 2.5, 4.5, 3.5]
    assert again.column("size").wrong is None
    assert not any(remark.about == "mixed" for remark in again.remarks)


def test_new_rows_are_counted_on_and_blank_ones_left_out():
    table = read_table("a,b,c\n1,2,x\n2,3,y\n3,4,z\n")
    frame = pd.DataFrame({"a": [1, np.nan, np.nan, 9], "b": [2, np.nan, np.nan, 9], "c": ["x", None, " ", "four"]})
    again = edited(table, frame, [2, 4, None, None])
    assert again.rows.tolist() == [2, 6]
    assert again.frame["c"].tolist() == ["x", "four"]


@pytest.mark.parametrize("left", [0, 1])
def test_a_table_with_too_few_rows_left_is_refused(left):
    table = read_table("a,b\n1,2\n2,3\n")
    with pytest.raises(TableError, match="row of values"):
        edited(table, table.frame[:left], rows_of(table)[:left])


def test_a_table_with_too_many_rows_is_refused():
    table = read_table("a,b\n" + "1,2\n" * MOST_ROWS)
    with pytest.raises(TableError, match=f"more than {MOST_ROWS:,} rows"):
        edited(table, pd.concat([table.frame, table.frame[:1]]), [*rows_of(table), None])


WORDS = st.none() | st.text() | st.sampled_from(["1,5", "2.5", "=1+1", '"', "\n", "\x00", "NA", "1e400", "inf", "a;b"])
NUMBERS = st.floats(allow_infinity=True) | st.integers(-(10**30), 10**30).map(float)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(NUMBERS, WORDS, WORDS), max_size=8),
    st.lists(st.none() | st.integers(2, 30), min_size=8),
)
def test_whatever_is_typed_it_is_a_table_or_a_sentence(cells, rows):
    table = read_table("a;b;c\n1,5;x;1\n2;y;2\n")
    frame = pd.DataFrame(cells, columns=["a", "b", "c"]).astype({"a": float, "b": object, "c": object})
    problem = ""
    try:
        again = edited(table, frame, rows[: len(frame)])
        target = guess_target(again)
        dataset, _ = to_dataset(again, guess_inputs(again, target), target, guess_kind(again, target))
        assert np.isfinite(dataset.x).all()
        assert np.isfinite(dataset.y).all()
    except TableError as error:
        problem = str(error)
    assert not problem or (problem.endswith(".") and "\n" not in problem)


def test_the_server_takes_what_can_be_read():
    settings_file = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    assert tomllib.loads(settings_file.read_text())["server"]["maxUploadSize"] * 2**20 >= TABLE_BYTES
