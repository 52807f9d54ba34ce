"""Words from elsewhere stand in a sentence as text: nothing in them means anything to Markdown, HTML or LaTeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data.words import listed, shown, unlike


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("sepal length (cm)", "sepal length (cm)"),
        ("petal_width", "petal_width"),
        ("1.5 %", "1.5 %"),
        ("Größe", "Größe"),
        ("two\n lines", "two lines"),
        ("<b>x</b>", "·b·x··b·"),
        ("[a](//b)", "·a·(··b)"),
        ("_a_ *b* `c` $d$ ~e~", "·a· ·b· ·c· ·d· ·e·"),
        ("www.x.org", "www·x·org"),
        (":red[x] #y", "·red·x· ·y"),
        ("a\u202eb\0c", "a·b·c"),
        (3, "3"),
        ("x" * 99, "x" * 29 + "…"),
    ],
)
def test_a_word_is_shown_as_text(text, as_shown):
    assert shown(text) == as_shown


@given(st.text(max_size=200) | st.text("<>[]()*_`!$:#\\|~&{}@/\"' .\n\t\0ab1", max_size=60))
def test_whatever_it_is_it_is_one_short_printable_line_without_markup(text):
    word = shown(text)
    assert len(word) <= 30
    assert word.isprintable()
    assert not set("<>[]*`!$:#\\|~&{}@/\"'") & set(word)


def test_many_names_are_counted():
    assert listed(["a"]) == "“a”"
    assert listed(list("abcdef")) == "“a”, “b”, “c” and 3 more"


@given(st.lists(st.sampled_from(["a", "b", "a (2)", "a (2) (2)"]), max_size=12))
def test_no_two_names_stay_alike(names):
    given_names = unlike(names)
    assert len(set(given_names)) == len(names)
    assert all(name.startswith(wished) for name, wished in zip(given_names, names, strict=True))
