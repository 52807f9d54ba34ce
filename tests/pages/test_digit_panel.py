"""The pad on the page: its numbers are the engine's, and what the browser says is taken with care."""

import json
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.pages.panels import digit
from playground.stage import CELLS
from tests.pages.test_panels import panel, said
from tests.pages.test_playground import config_of

DIGITS = {"data": "digits", "hidden": "16"}


def told(app: AppTest) -> dict:
    (pad,) = (part.proto for part in app.get("bidi_component") if part.proto.component_name == "playground_pad")
    return json.loads(pad.json)


def engines(app: AppTest, values: list[int]) -> np.ndarray:
    scene = app.session_state["scene"]
    return scene.run.network.forward(scene.run.state.theta, scene.experiment.data.inputs([values])).a[-1][0]


def test_other_data_are_told_to_give_way():
    app = panel("Draw a digit", {"data": "iris", "optimizer": "sgd"})
    assert "needs a network that learns pictures" in said(app)
    app.button(key="take digits").click().run()
    app.run()
    assert not app.exception
    config = config_of(app)
    assert {field: getattr(config, field) for field in digit.DIGITS} == digit.DIGITS
    assert len(told(app)["names"]) == 10


def test_an_empty_pad_says_that_it_is_empty():
    app = panel("Draw a digit", DIGITS)
    assert told(app)["values"] == [0] * CELLS**2
    assert "empty" in told(app)["note"]
    np.testing.assert_allclose(told(app)["probabilities"], engines(app, [0] * 64))


def test_what_is_drawn_is_what_the_network_is_asked_at_the_step_on_the_stage():
    app = panel("Draw a digit", DIGITS)
    values = [i % 17 for i in range(64)]
    app.session_state["pad board"] = digit.Board(tuple(values), heard=1)
    app.session_state["scene"].run.seek(30)
    app.run()
    seen = told(app)
    np.testing.assert_allclose(seen["probabilities"], engines(app, values))
    best = int(np.argmax(seen["probabilities"]))
    assert seen["most"] == f"Most likely {best}, {100 * seen['probabilities'][best]:.1f} %"
    assert seen["note"] == "At step 30."


def test_test_digits_come_one_after_the_other_with_what_they_are():
    app = panel("Draw a digit", DIGITS)
    test, seen = app.session_state["scene"].experiment.data.test, []
    for count in (1, 2, 3):
        board = digit.deal(app.session_state["scene"], app.session_state["pad board"], count)
        app.session_state["pad board"] = board
        app.run()
        assert (told(app)["put"], told(app)["dealt"]) == (count, count)
        assert told(app)["values"] == test.points[board.sample].tolist()
        assert f"is {test.y[board.sample]}:" in told(app)["truth"]
        right = test.y[board.sample] == np.argmax(told(app)["probabilities"])
        assert ("✓ right" if right else "✗ wrong") in told(app)["truth"]
        seen.append(board.sample)
    assert len(set(seen)) == 3
    app.number_input(key="split").set_value(80).run()  # other samples are in the test part now
    assert told(app)["truth"] == ""


@pytest.mark.parametrize("message", [None, {"values": [1] * 64}, {"values": [99] * 64, "turn": 1, "put": 0, "deal": 0}])
def test_what_is_no_ink_changes_nothing(message):
    board = digit.Board(put=1)
    with (
        patch.object(digit.st, "session_state", {digit.BOARD: board}) as state,
        patch.object(digit, "refuse") as refuse,
    ):
        digit._on_draw(None, message)
        assert state[digit.BOARD] is board
    refuse.assert_called_once_with("pad")


def test_ink_from_before_a_test_digit_comes_too_late():
    board = digit.Board(put=2, sample=5)
    with patch.object(digit.st, "session_state", {digit.BOARD: board}) as state:
        digit._on_draw(None, {"values": [1] * 64, "turn": 7, "put": 1, "deal": 0})
        assert state[digit.BOARD] is board
        digit._on_draw(None, {"values": [1] * 64, "turn": 8, "put": 2, "deal": 0})
        assert state[digit.BOARD] == digit.Board((1,) * 64, put=2, heard=8)


def test_pixels_that_are_not_all_inputs_are_no_picture():
    app = panel("Draw a digit", DIGITS | {"inputs": "1,2,3"})
    assert "all pixels as inputs" in said(app)
