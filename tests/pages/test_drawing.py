"""What the browser says was drawn: taken to the hundredth where it can be learned from, refused where it cannot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from playground.data import read_points, write_points
from playground.experiment import Config, build
from playground.limits import MOST_DRAWN
from playground.pages.drawing import parse_drawing
from playground.stage import Scene

calm = settings(deadline=None)
units = st.integers(-1200, 1200)


@st.composite
def drawings(draw):
    """What the stage sends."""
    classes = draw(st.sampled_from([0, *range(2, 11)]))
    label = st.integers(0, classes - 1) if classes else units
    points = draw(st.lists(st.tuples(units, units, label), max_size=40))
    return {"turn": draw(st.integers(0, 2**53)), "classes": classes, "points": [unit for row in points for unit in row]}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["turn", "classes", "points"]), inner),
    max_leaves=12,
)


@calm
@given(drawings())
def test_a_drawing_is_read_to_the_hundredth_and_a_link_holds_it(message):
    turn, dataset = parse_drawing(message)
    assert turn == message["turn"]
    if not message["points"]:
        assert dataset is None
        return
    back, rows = read_points(write_points(dataset)), np.reshape(message["points"], (-1, 3))
    assert np.array_equal(np.rint(back.x * 100), rows[:, :2])
    assert np.array_equal(back.y if message["classes"] else np.rint(back.y * 100), rows[:, 2])
    assert back.n_classes == message["classes"]


@calm
@given(anything)
def test_anything_else_is_refused(message):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_drawing(message if message != {"turn": 0, "classes": 0, "points": []} else None)


GOOD = {"turn": 1, "classes": 2, "points": [0, 0, 1, 100, 100, 0]}


@pytest.mark.parametrize(
    "change",
    [
        {"turn": True},
        {"turn": -1},
        {"turn": 1.0},
        {"classes": 1},
        {"classes": 11},
        {"classes": True},
        {"points": [0, 0]},
        {"points": [0, 0, 2]},
        {"points": [0, 0, -1]},
        {"points": [0, 0, True]},
        {"points": [0, 0.5, 1]},
        {"points": [1201, 0, 1]},
        {"points": [0, 10**30, 1]},
        {"points": ["0", "0", "1"]},
        {"points": [float("nan"), 0, 1]},
        {"points": {"0": 0}},
        {"points": [0, 0, 1] * (MOST_DRAWN + 1)},
        {"more": 1},
    ],
)
def test_what_is_nearly_a_drawing_is_refused(change):
    parse_drawing(GOOD)
    with pytest.raises(ValueError):  # noqa: PT011
        parse_drawing(GOOD | change)


# --- the page


def page() -> None:
    """A page that takes one message and tells what came of it."""
    import streamlit as st

    from playground.experiment import Config
    from playground.pages.controls import design
    from playground.pages.fields import complaints

    st.session_state.setdefault("data", "circle")
    st.session_state.setdefault("points", "")
    for message in st.session_state.pop("messages", []):
        design(message)
    st.session_state["complaints"] = complaints(Config())


def after(*messages: object) -> dict:
    app = AppTest.from_function(page)
    app.session_state["messages"] = list(messages)
    app.run()
    assert not app.exception
    return {name: app.session_state[name] for name in ("data", "complaints", "points")}


def test_a_drawing_becomes_the_data():
    told = after({"points": GOOD})
    assert told["data"] == "drawn"
    assert told["complaints"] == []
    assert np.array_equal(read_points(told["points"]).x, [[0, 0], [1, 1]])


@pytest.mark.parametrize(
    ("points", "said"),
    [([], "at least two points"), ([0, 0, 1], "at least two points"), ([0, 0, 1] * 9, "of one class")],
)
def test_what_nothing_can_be_learned_from_is_said_and_the_data_stay(points, said):
    told = after({"points": GOOD | {"points": points}})
    assert told["data"] == "circle"
    (sentence,) = told["complaints"]
    assert said in sentence


def test_the_sentence_goes_with_the_drawing_it_was_about():
    assert after({"points": GOOD | {"points": []}}, {"points": GOOD})["complaints"] == []


@pytest.mark.parametrize("message", [{"points": None}, {"points": "1abc"}, {"points": GOOD, "data": "xor"}])
def test_no_other_message_about_points_changes_anything(message):
    assert after(message) == {"data": "circle", "complaints": [], "points": ""}


def begins() -> None:
    """A page on which a drawing begins in the sidebar."""
    import streamlit as st

    from playground.experiment import Config, dataset_of
    from playground.pages.data import draw_from
    from playground.pages.fields import complaints

    draw_from(dataset_of(Config(**st.session_state["config"])))
    st.session_state["complaints"] = complaints(Config())


@pytest.mark.parametrize(
    ("changes", "n", "said"),
    [
        ({"n": 200}, 200, []),
        ({"n": 2000}, 1200, ["leaves out 800 of the 2,000 points: at most 1,200"]),
        ({"n": 200, "outliers": 20}, 160, ["leaves out 40 of the 200 points: what lies outside the plane"]),
        ({"n": 2000, "outliers": 10}, 1200, ["leaves out 200 of the 2,000", "leaves out 600 of the 1,800"]),
        ({"data": "plane", "loss": "mse", "n": 2000}, 1200, ["leaves out 800 of the 2,000"]),
    ],
)
def test_a_drawing_begins_with_the_same_points_in_the_sidebar_and_on_the_stage_and_both_say_what_is_left_out(
    changes, n, said
):
    config = {"data": "circle"} | changes
    app = AppTest.from_function(begins)
    app.session_state["config"] = config
    app.run()
    assert not app.exception
    experiment = build(Config(**config))
    setup, shown = Scene(experiment, "run").setup(), experiment.dataset.x
    dataset = read_points(app.session_state["points"])
    assert len(dataset.x) == n
    assert np.array_equal(np.column_stack([dataset.x, dataset.y]), np.reshape(setup["drawn"], (-1, 3)))
    assert app.session_state["complaints"] == ([setup["leftOut"]] if said else [])
    assert all(sentence in setup["leftOut"] for sentence in said)
    assert np.abs(dataset.x - shown[(np.abs(shown) <= 6).all(1)][:n]).max() <= 0.005 + 1e-9
