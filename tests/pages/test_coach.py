"""The coach on the page: it speaks where something is wrong, one click tries a remedy, another takes it back."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from playground.experiment import Config
from playground.pages.coach import words
from playground.share import links
from playground.stage.deeds import do
from tests.pages.test_playground import config_of, interrupted_once, opened

FAULTS = {
    "Copies": {"init": "zeros"},
    "No slope": {"activation": "tanh,step"},
    "Linear network": {"hidden": "0"},
    "Learning rate too large": {"data": "plane", "loss": "mse", "hidden": "0", "optimizer": "sgd", "lr": "3"},
}


def at(app: AppTest, step: int) -> AppTest:
    """The page when the stage has come to a step."""
    app.session_state["scene"].run.seek(step)
    return app.run()


def speaks(app: AppTest) -> bool:
    return any(text.value.startswith("**Coach**") for text in app.markdown)


def button(app: AppTest, label: str):
    return next((one for one in app.button if one.label.startswith(label)), None)


def lit(app: AppTest) -> list:
    shown = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "playground_pointer"]
    return [json.loads(one.json)["lit"] for one in shown]


@pytest.mark.parametrize("step", [0, 50, 500])
def test_of_the_first_network_nothing_is_said(step):
    app = at(opened(), step)
    assert not app.exception
    assert not speaks(app)
    assert not button(app, "Try")


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_said_with_its_numbers_tried_with_one_click_and_undone_with_another(kind):
    app = opened(FAULTS[kind])
    scene, before = app.session_state["scene"], config_of(app)
    assert speaks(app)
    (row,) = [text.value for text in app.markdown if text.value.startswith(f"**{kind}.**")]
    assert any(letter.isdigit() for letter in row)
    button(app, "Try").click().run()
    assert not app.exception
    assert config_of(app) != before
    assert links.read(app.query_params)[0] == config_of(app)
    assert not button(app, "Try")
    button(app, "Take it back").click().run()
    assert not app.exception
    assert config_of(app) == before == links.read(app.query_params)[0]
    assert app.session_state["scene"] is scene
    assert not button(app, "Take it back")
    assert button(app, "Try")


def test_undo_brings_back_the_run_as_far_as_it_had_come():
    app = at(opened({"init": "zeros"}), 40)
    theta = app.session_state["scene"].run.state.theta
    button(app, "Try").click().run()
    assert app.session_state["scene"].run.state.step == 0
    button(app, "Take it back").click().run()
    assert app.session_state["scene"].run.state.step == 40
    assert app.session_state["scene"].run.state.theta is theta


def test_to_begin_again_is_not_forgotten_where_another_rerun_comes_first():
    app = at(opened(FAULTS["Learning rate too large"]), 60)
    before = app.session_state["scene"]
    with interrupted_once():
        button(app, "Try").click().run()
    assert not app.exception
    assert app.session_state["scene"] is not before
    assert app.session_state["scene"].run.state.step == 0


def test_a_loss_beyond_all_numbers_is_said_in_words():
    app = opened({"data": "plane", "hidden": "0"})
    do(app.session_state["scene"], "edit", 0, 1e200, 0)
    app.run()
    assert not app.exception
    assert any("now: no finite number" in caption.value for caption in app.caption)


def test_where_the_weights_are_spoilt_a_smaller_rate_begins_again():
    app = at(opened(FAULTS["Learning rate too large"]), 60)
    assert any(text.value.startswith("**Diverged.**") for text in app.markdown)
    button(app, "Try learning rate 0.3").click().run()
    assert config_of(app).lr == 0.3
    assert app.session_state["scene"].run.state.step == 0


def test_a_rate_that_can_change_on_the_way_keeps_the_run():
    app = opened({"optimizer": "sgd", "lr": "0.000001"})
    scene = at(app, 20).session_state["scene"]
    button(app, "Try").click().run()
    assert app.session_state["scene"] is scene
    assert config_of(app).lr > 1e-5


def test_undo_is_gone_once_something_else_is_chosen():
    app = opened({"init": "zeros"})
    button(app, "Try").click().run()
    app.number_input(key="seed").set_value(9).run()
    assert not button(app, "Take it back")
    app.number_input(key="seed").set_value(Config().seed).run()
    assert not button(app, "Take it back")


def test_show_me_points_at_the_neurons_and_hides_them_again():
    app = opened({"init": "zeros"})
    assert lit(app) == []
    button(app, "Show me").click().run()
    assert lit(app) == [[[1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [2, 1]]]
    button(app, "Hide").click().run()
    assert lit(app) == []


def test_the_pointer_goes_with_what_it_points_at():
    app = opened({"init": "zeros"})
    button(app, "Show me").click().run()
    button(app, "Try").click().run()
    assert lit(app) == []


def test_changes_are_told_in_the_words_of_the_sidebar():
    assert words({"lr": 0.03}) == "learning rate 0.03"
    assert words({"activation": ("elu", "tanh"), "init": "he"}) == "ELU and tanh, initial weights he"
    assert words({"hidden": (8,), "bias": None}) == "hidden layers 8, initial bias auto"
