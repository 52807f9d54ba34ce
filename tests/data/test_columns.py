"""From columns to a data set: guesses can be changed, what is done is said, what cannot be is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from playground.data import prepare
from playground.data.columns import MISSING, guess_inputs, guess_kind, guess_target, to_dataset
from playground.data.table import TableError, read_table

TREES = """no,height,bark,leaves,note,kind,age
1,1.5,rough,2,ok,oak,10
2,2.5,smooth,3,ok,elm,25
3,3.5,,5,ok,oak,31
4,,rough,1,ok,ash,47
5,5.5,cracked,3,ok,,53
6,0.5,rough,4,ok,ash,64
"""


def trees():
    return read_table(TREES)


# --- guesses


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (TREES, "age"),
        ("kind,a\nx,1\ny,3\nx,7\n", "a"),
        ("class,a\nx,1\ny,3\nx,7\n", "class"),
        ("Target,label,a\n1,x,1\n5,y,3\n6,x,7\n", "Target"),
        ("a,class\n1,x\n3,x\n7,x\n", "a"),
        ("a,row\n1,1\n3,2\n7,3\n", "a"),
        ("a,b\n1,1\n1,1\n1,1\n", "b"),
    ],
)
def test_the_target_is_one_named_so_or_the_last_useful_column(text, target):
    assert guess_target(read_table(text)) == target


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ("a b a b", "classification"),
        ("0 1 1 0", "classification"),
        ("1 2 3 1 2 3", "classification"),
        ("1 2 3 4", "regression"),
        ("0.5 1.5 0.5 1.5", "regression"),
        ("True False True", "classification"),
        ("1 x 2 3 4 5", "regression"),
        (" ".join(map(str, list(range(11)) * 4)), "regression"),
    ],
)
def test_words_and_few_whole_numbers_are_classes(values, kind):
    table = read_table("a,b\n" + "\n".join(f"{i * i},{value}" for i, value in enumerate(values.split())))
    assert guess_kind(table, "b") == kind


def test_the_inputs_are_all_others_that_are_of_use():
    assert guess_inputs(trees(), "kind") == ["height", "bark", "leaves", "age"]


def test_iris_from_a_file_is_scikit_learns_iris():
    bunch = load_iris(as_frame=True)
    frame = bunch.data.assign(species=bunch.target_names[bunch.target])
    table = read_table(frame.to_csv(index=False).encode())
    target = guess_target(table)
    data, said = to_dataset(table, guess_inputs(table, target), target)
    assert said == []
    assert data.kind == "classification"
    assert data.x.tobytes() == bunch.data.to_numpy().tobytes()
    assert np.array_equal(data.y, bunch.target)
    assert data.class_names == tuple(bunch.target_names)
    assert data.feature_names == tuple(bunch.feature_names)


# --- words and gaps


def test_words_become_the_columns_that_pandas_makes_of_them():
    data, said = to_dataset(trees(), ["leaves", "bark"], "age")
    assert data.feature_names == ("leaves", "bark = cracked", "bark = rough", "bark = smooth")
    assert data.x.tolist() == [[2, 0, 1, 0], [3, 0, 0, 1], [1, 0, 1, 0], [3, 1, 0, 0], [4, 0, 1, 0]]
    assert data.y.tolist() == [10, 25, 47, 53, 64]
    assert said == [
        "1 row has a gap in “bark” and is left out.",
        "Words in “bark” became a column of 0 and 1 for each, 4 inputs in all.",
    ]


@pytest.mark.parametrize("missing", ["mean", "median"])
def test_gaps_are_filled_with_what_pandas_calls_so(missing):
    data, said = to_dataset(trees(), ["height", "bark"], "age", missing=missing)
    height = pd.Series([1.5, 2.5, 3.5, np.nan, 5.5, 0.5])
    assert data.x[:, 0].tolist() == height.fillna(getattr(height, missing)()).tolist()
    assert "bark = missing" in data.feature_names
    assert said[0].startswith("2 gaps in “height”, “bark” are filled: ")


def test_a_row_without_a_target_is_left_out_and_that_is_said():
    data, said = to_dataset(trees(), ["leaves"], "kind", missing="mean")
    assert data.x[:, 0].tolist() == [2, 3, 5, 1, 4]
    assert data.class_names == ("ash", "elm", "oak")
    assert data.y.tolist() == [2, 1, 2, 0, 0]
    assert said == ["1 row has no value in “kind” and is left out."]


def test_numbers_can_be_classes_and_are_ordered_as_numbers():
    table = read_table("a,b\n" + "\n".join(f"{i}.5,{b}" for i, b in enumerate([10, 2, 10, 9, 2, 9])))
    data, _ = to_dataset(table, ["a"], "b")
    assert data.class_names == ("2", "9", "10")
    assert data.y.tolist() == [2, 0, 2, 1, 0, 1]
    assert to_dataset(table, ["a"], "b", "regression")[0].y.tolist() == [10, 2, 10, 9, 2, 9]


def test_two_columns_never_share_a_name():
    table = read_table("a,a = x,b\nx,1,1.5\ny,3,2.5\nx,5,1.25\n")
    names = to_dataset(table, ["a", "a = x"], "b")[0].feature_names
    assert len(set(names)) == 3


values = st.sampled_from(["1", "2.5", "", "x", "y", "?", "-3", "=1+1", "<b>"])


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(values, values, values), min_size=2, max_size=12),
    st.sampled_from([None, "classification", "regression"]),
    st.sampled_from(list(MISSING)),
)
def test_whatever_stands_in_a_table_it_is_a_data_set_or_one_sentence(rows, kind, missing):
    made = make_or_refuse("a,b,c\n" + "\n".join(map(",".join, rows)), kind, missing)
    if isinstance(made, str):
        assert made.endswith(".")
        assert "<" not in made
        return
    data, said = made
    assert np.isfinite(data.x).all()
    assert data.x.shape == (len(data.y), len(data.feature_names))
    assert all(sentence.endswith(".") for sentence in said)
    if data.kind == "classification":
        assert set(data.y) == set(range(data.n_classes))
        assert data.n_classes >= 2
    assert np.isfinite(prepare(data).train.x).all()


def make_or_refuse(text, kind, missing):
    try:
        return to_dataset(read_table(text), ["a", "b"], "c", kind, missing)
    except TableError as refusal:
        return str(refusal)


# --- refusals


def many(words):
    return read_table("a,b,c\n" + "\n".join(f"word {i},{i % 3}.5,{i % 7}" for i in range(words)))


@pytest.mark.parametrize(
    ("table", "arguments", "sentence"),
    [
        (trees(), {"inputs": []}, "^No column is chosen as an input"),
        (trees(), {"inputs": ["age"]}, "^Column “age” is both an input and the target"),
        (trees(), {"inputs": ["leaves", "leaves"]}, "^A column is chosen twice"),
        (trees(), {"inputs": ["girth"]}, "^inputs must be one of no, height"),
        (trees(), {"target": "girth"}, "^target must be one of no, height"),
        (trees(), {"kind": "clustering"}, "^kind must be one of classification, regression"),
        (trees(), {"missing": "zero"}, "^missing must be one of drop rows, mean, median"),
        (trees(), {"target": "note"}, "^Column “note” has the same value in every row: choose another target"),
        (trees(), {"target": "kind", "kind": "regression"}, "^Row 2, column “kind” is “oak”, no usable number"),
        (read_table("a,b\n1,2\n2,5\noops,7\n3,8\n"), {"inputs": ["a"], "target": "b"}, "^Row 4, column “a” is “oops”"),
        (read_table("a,b\n1,2\n2,5\n9,inf\n3,8\n"), {"inputs": ["a"], "target": "b"}, "^Row 4, column “b” is “inf”"),
        (many(30), {"inputs": ["b"], "target": "a"}, "^Column “a” has 30 different values, and at most 10 classes"),
        (many(70), {"inputs": ["b", "a"], "target": "c"}, "^The inputs would be 71 columns.* leave out column “a”"),
        (read_table("a,b\n1,\n,2\n,5\n"), {"inputs": ["a"], "target": "b"}, "^Fewer than two rows are without a gap"),
        (read_table("a,b\n,1\n,2\n,5\n"), {"inputs": ["a"], "target": "b", "missing": "mean"}, "no value in any row"),
        (read_table("a,b\n1,x\n2,x\n,y\n"), {"inputs": ["a"], "target": "b"}, "^Column “b” has one class only in the"),
    ],
)
def test_what_cannot_be_learned_from_is_one_sentence(table, arguments, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        to_dataset(table, **{"inputs": ["leaves"], "target": "age", **arguments})
    assert str(refusal.value).count(". ") == 0
    assert str(refusal.value).endswith(".")


def test_what_counts_the_rows_is_an_input_only_where_nothing_else_is_left():
    alone = read_table("hours,score\n1,52\n2,55\n3,61\n4,66\n")
    assert guess_inputs(alone, "score") == ["hours"]
    among_others = read_table("hours,weight,score\n1,5,52\n2,3,55\n3,9,61\n4,7,66\n")
    assert guess_inputs(among_others, "score") == ["weight"]


@pytest.mark.parametrize("figure", ["1,100.50", "1.100,50", "99%", "$3", "€ 12.5", "+1 200"])
def test_numbers_with_signs_are_pointed_out(figure):
    table = read_table(f'price;kind\n"{figure}";a\n"{figure}";b\n"{figure}";a\n')
    (remark,) = (each for each in table.remarks if each.about == "figures")
    assert remark.sentence.endswith("in row 2: write numbers without signs, as 1100.5.")


@pytest.mark.parametrize("word", ["oak", "2020-01-02", "1.2.2020", "12 oaks"])
def test_words_are_no_numbers_with_signs(word):
    table = read_table(f"price;kind\n{word};a\n{word} x;b\n{word};a\n")
    assert not [each for each in table.remarks if each.about == "figures"]
