"""A table is what pandas reads, whatever program wrote it; anything else is one sentence that says what to do."""

import csv
import gzip
import io
import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.data.table import TableError, read_table

calm = settings(deadline=None)
PLAIN = "height,width,kind\n1.5,2,oak\n2.5,3,elm\n3.5,5,oak\n"


def columns(table):
    return {name: table.frame[name].tolist() for name in table.frame}


PLAINLY = {"height": [1.5, 2.5, 3.5], "width": [2, 3, 5], "kind": ["oak", "elm", "oak"]}


def abouts(table):
    return {(remark.column, remark.about) for remark in table.remarks}


# --- however it was written


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        "\ufeff" + PLAIN,
        *(PLAIN.encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "cp1252")),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.rstrip("\n"),
        PLAIN.replace("\n", "\n\n\n"),
        PLAIN + ",,\n , ,\n",
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t").replace(".", ","),
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        "\ufeffsep=|\n" + PLAIN.replace(",", "|"),
        PLAIN.replace(",", " , "),
        re.sub(r"[^,\n]+", lambda cell: f'"{cell[0]}"', PLAIN),
        re.sub(r"[^,\n]+", lambda cell: f'"{cell[0]}"', PLAIN.replace(".", "#")).replace("#", ","),
    ],
    ids=repr,
)
def test_a_table_is_the_same_table_however_it_was_written(data):
    assert columns(read_table(data)) == PLAINLY


def test_a_name_may_end_in_tsv():
    assert columns(read_table(PLAIN.replace(",", "\t"), "trees.TSV")) == PLAINLY
    assert read_table(PLAIN, "/home/me/trees.csv").name == "trees.csv"


def test_a_separator_can_be_said():
    table = read_table("a;b,c\n1;2,3\n4;5,6\n", separator=";")
    assert columns(table) == {"a": [1, 4], "b,c": [2.3, 5.6]}


@calm
@given(st.lists(st.tuples(*[st.floats(-1e30, 1e30)] * 3), min_size=2, max_size=20))
def test_numbers_come_back_to_the_bit(rows):
    text = pd.DataFrame(rows, columns=["a", "b", "c"]).to_csv(index=False)
    assert read_table(text).frame.to_numpy().tobytes() == np.array(rows).tobytes()
    german = pd.DataFrame(rows, columns=["a", "b", "c"]).to_csv(index=False, sep=";", decimal=",")
    assert np.array_equal(read_table(german).frame.to_numpy(), np.array(rows))


cells = st.text(st.characters(exclude_categories=["C"]), max_size=12).map(lambda word: f"x {word.strip()} x")


@calm
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=10), st.sampled_from(";,\t|"))
@example([['x "," x', "x ; x", "x\nx"], ["x <b> x", "x =1+1", "x"]], ",")
def test_words_come_back_letter_by_letter(rows, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    frame = read_table(text.getvalue(), separator=separator).frame
    assert frame.map(spaced).to_numpy().tolist() == [[spaced(cell) for cell in row] for row in rows]


def spaced(word):
    return " ".join(word.split())


def test_a_formula_is_text():
    table = read_table('a,b\n=1+1,"=HYPERLINK(""http://x.y"")"\n@SUM(A1),+cmd|calc\n')
    assert columns(table) == {"a": ["=1+1", "@SUM(A1)"], "b": ['=HYPERLINK("http://x.y")', "+cmd|calc"]}


def test_missing_values_are_those_of_pandas_and_the_question_mark():
    table = read_table("a,b\n1,x\n,NA\nNaN,?\nnull,y\n")
    assert np.isnan(table.frame["a"].to_numpy()).tolist() == [False, True, True, True]
    assert table.frame["b"].isna().tolist() == [False, True, True, False]


def test_a_decimal_point_among_decimal_commas_is_read_as_well():
    table = read_table("a;b\n1,5;1\n2.5;2\n2,5;3\n;4\n")
    assert table.column("a").kind == "number"
    assert table.column("a").distinct == 2
    assert table.frame["a"].tolist()[:3] == [1.5, 2.5, 2.5]


def test_rows_are_numbered_as_a_spreadsheet_does():
    assert read_table("a,b\n1,2\n\n3,4\n").rows.tolist() == [2, 4]
    assert read_table('"a\nb",c\n1,2\n3,4\n').rows.tolist() == [2, 3]
    assert read_table("1,2\n3,4\n").rows.tolist() == [1, 2]


# --- names


@pytest.mark.parametrize(
    ("first", "names"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ("a,a,a", ["a", "a (2)", "a (3)"]),
        ("a,,", ["a", "column 2", "column 3"]),
        ("a,column 3,", ["a", "column 3", "column 3 (2)"]),
        ('"two\nlines",b,c', ["two lines", "b", "c"]),
        ("<b>a</b>,$x^2$,[c](//d)", ["<b>a</b>", "$x^2$", "[c](//d)"]),
        ("ü,名,😀", ["ü", "名", "😀"]),
    ],
)
def test_columns_are_named_by_the_first_row_none_twice(first, names):
    assert list(read_table(f"{first}\n1,2,3\n4,5,6\n").frame) == names


def test_a_first_row_with_a_number_holds_values():
    table = read_table("5.1,3.5,setosa\n4.9,3,virginica\n")
    assert list(table.frame) == ["column 1", "column 2", "column 3"]
    assert len(table.frame) == 2
    assert ("", "header") in abouts(table)
    assert len(read_table("2019,2020\n1,2\n3,4\n", header=True).frame) == 2


# --- remarks


def test_what_a_column_is_good_for_is_said():
    rows = [
        f"{i},{i * i % 7},same,{'' if i % 3 else i},{'ab'[i % 2]},{'n/a?' if i == 4 else i},key {i}" for i in range(9)
    ]
    table = read_table("number,value,one,gaps,word,mixed,name\n" + "\n".join(rows))
    assert abouts(table) == {
        ("number", "id-like"),
        ("one", "constant"),
        ("gaps", "mostly missing"),
        ("word", "text"),
        ("mixed", "mixed"),
        ("name", "id-like"),
    }
    assert table.column("mixed").wrong == (6, "n/a?")
    assert [remark.sentence for remark in table.remarks if remark.about == "mixed"] == [
        "Column “mixed” holds numbers, but “n·a·” in row 6: correct it or leave the column out."
    ]
    assert (table.column("gaps").missing, table.column("value").distinct) == (6, 4)


def test_measurements_that_all_differ_are_no_row_numbers():
    table = read_table("a,b\n1.5,10\n2.5,30\n9.5,20\n")
    assert abouts(table) == set()
    assert abouts(read_table("a,patient_id\n1,10\n2,30\n2,20\n")) == {("patient_id", "id-like")}


def test_guesses_about_the_file_are_said():
    assert abouts(read_table("naïve,b\n1,2\n3,5\n".encode("cp1252"))) == {("", "encoding")}
    assert ("", "decimal") in abouts(read_table("a;b\n1,5;2\n3,5;7\n"))


@pytest.mark.parametrize("value", ["inf", "-inf", "1e400", "1e31"])
def test_what_is_no_finite_number_is_no_number(value):
    table = read_table(f"a,b\n1,2\n{value},3\n4,7\n")
    assert table.column("a").kind == "mixed"
    assert table.column("a").wrong[0] == 3


MARKUP = "<img src=x onerror=alert(1)> [a](http://b.c) **d** $e$ `f` :red[g] _h_ www.x.y"


def test_no_markup_gets_from_a_file_into_a_sentence():
    table = read_table(f"{MARKUP},b,{MARKUP} 2\n1,{MARKUP},3\n1,x,oops {MARKUP}\n1,x,4\n")
    assert len(table.remarks) >= 3
    for remark in table.remarks:
        assert not set("<>[]*$`_/@!\\#|~&{}'\"") & set(remark.sentence)
        assert "www.x" not in remark.sentence
        assert "http:" not in remark.sentence


# --- what is refused


def zip_bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 10_000_000)
    return packed.getvalue()


REFUSED = {
    "empty": (b"", "This is empty"),
    "blank": (" \r\n\t\n", "This is empty"),
    "only a mark": (b"\xef\xbb\xbf", "This is empty"),
    "names only": ("a,b\n", r"no row of values below its names in row 1"),
    "one row": ("a,b\n1,2\n", r"one row of values below its names in row 1"),
    "one column": ("a\n1\n2\n", r"Row 1 has one column only"),
    "prose": ("Dear Sir or Madam\nplease find enclosed\n", r"Row 1 has one column only"),
    "a long row": ("a,b\n1,2\n3,4,5\n", r"^Row 3 has 3 values and the first row 2, separated by commas"),
    "a short row": ("a;b;c\n1;2;3\n4;5\n6;7;8\n", r"^Row 3 has 2 values and the first row 3, separated by semicolons"),
    "an open quote": ('a,b\n1,2\n"3,4\n5,6\n', r"^Row 3 cannot be read: a quotation mark"),
    "a wild quote": ('a,b\n1,2\n"3"4,5\n', r"^Row 3 cannot be read"),
    "an endless cell": ("a,b\n1," + "x" * 20_000 + "\n2,3\n", r"^Row 2, column 2 \(“b”\) holds 20,000 characters"),
    "a more than endless cell": ("a,b\n1," + "x" * 200_000 + "\n2,3\n", r"^Row 2 cannot be read"),
    "65 columns": (",".join("c" * 65) + "\n", r"^Row 1 has 65 columns, and at most 64"),
    "a million blank cells": ("," * 1_000_000, "^This is empty"),
    "a million cells in a row": ("1," * 1_000_000, r"^Row 1 has 1,000,001 columns"),
    "a million blank rows": (",\n" * 1_000_000, r"^The table has more than 100,000 rows"),
    "20,001 rows": ("a,b\n" + "1,2\n" * 20_001, r"more than 20,000 rows of values: cut it after row 20,001\."),
    "20,001 rows without names": ("1,2\n" * 20_001, r"more than 20,000 rows of values: cut it after row 20,000\."),
    "50 MB": (b"1,2\n" * (50 * 2**20 // 4), "^This is larger than the 10 MB that can be read"),
    "a renamed picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "^This is a PNG picture"),
    "a photograph": (b"\xff\xd8\xff\xe0" + bytes(99), "^This is a JPEG picture"),
    "a zip bomb": (zip_bomb(), "^This is a ZIP archive or an Excel workbook"),
    "a gzip": (gzip.compress(PLAIN.encode()), r"^This is a compressed file \(gzip\)"),
    "a document": (b"%PDF-1.7 ...", "^This is a PDF document"),
    "JSON": (json.dumps([{"a": 1, "b": 2}]), "^This is JSON"),
    "deep JSON": ("[" * 100_000 + "]" * 100_000, "^This is JSON"),
    "deeper JSON": ('{"a":' * 100_000, "^This is JSON"),
    "a page": ("<!DOCTYPE html><p>a,b\n1,2", "^This is HTML or XML"),
    "zeros": ("a,b\n1,\0\n", "^This is no text: line 2 holds the control character 0"),
    "escape codes": ("a,b\n1,2\n\x1b[31m3,4\n", "^This is no text: line 3 holds the control character 27"),
    "noise": (np.random.default_rng(0).bytes(5000), "^This is no text"),
    "half of UTF-16": ("a,b\n1,2".encode("utf-16") + b"\x00", "^This is no text"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_one_sentence(what):
    data, sentence = REFUSED[what]
    with pytest.raises(TableError, match=sentence) as refusal:
        read_table(data)
    said = str(refusal.value)
    assert said.endswith(".")
    assert said.count(". ") == 0
    assert said.isprintable()
    assert len(said) < 250


CELLS = st.text("ab01.-=<' ", min_size=1, max_size=4)
RECTANGLES = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(CELLS, min_size=k, max_size=k).map(",".join), min_size=3, max_size=6).map("\n".join)
)


@settings(calm, max_examples=300)
@given(RECTANGLES | st.binary(max_size=300) | st.text(max_size=200) | st.text("ab01.,;|\t\n\r\"' -=<", max_size=80))
@example("a,b\n99999999999999999999999999,1\n2,3")
@example("a,b\n1,\ud800\n2,3")
@example("a,b\n0x10,1_000\n2,3")
@example("a,b\nTrue,1\nFalse,3\n,4")
@example("a,b\n1+2j,1\n3,2")
@example("a;b\n1,5;1\n2,5;2\n2.5;3")
@example("sep=\n1,2")
@example("a\u202e,\u200b\n1,\u200b2\n2,3")
@example("\ufeff\ufeffa,b\n1,2\n3,4")
def test_whatever_is_brought_is_a_table_or_one_sentence(data):
    table = read_or_refuse(data)
    if isinstance(table, str):
        assert table.endswith(".")
        assert table.isprintable()
        return
    assert 2 <= len(table.frame) == len(table.rows)
    assert len(set(table.frame)) == len(table.columns) >= 2
    assert all(remark.sentence.isprintable() for remark in table.remarks)
    for column in table.columns:
        values = table.frame[column.name]
        if column.kind == "number":
            assert values.dtype == np.float64
        else:
            assert {type(value) for value in values.dropna()} <= {str}


def read_or_refuse(data):
    try:
        return read_table(data)
    except TableError as refusal:
        return str(refusal)


def test_another_separator_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^separator must be one of"):
        read_table(PLAIN, separator=" ")


# --- the largest


def test_the_largest_table_is_read():
    values = np.random.default_rng(0).integers(0, 100, (20_000, 64))
    text = pd.DataFrame(values, columns=[f"c{i}" for i in range(64)]).to_csv(index=False)
    table = read_table(text.encode())
    assert np.array_equal(table.frame.to_numpy(), values)
