"""The page without a browser: it runs, a link sets its widgets, and what the browser says is taken with care."""

import json
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.data import DATASETS, REAL, load, write_points
from playground.experiment import Config, losses_for, suggested
from playground.share import links
from playground.stage import Scene

APP = str(Path(__file__).parents[2] / "app.py")


def opened(query: dict[str, str] | None = None) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=20)
    for name, word in (query or {}).items():
        app.query_params[name] = word
    return app.run()


def config_of(app: AppTest) -> Config:
    return app.session_state["scene"].experiment.config


def pick(app: AppTest, data: str) -> AppTest:
    """Choose a data set as a click in the gallery does."""
    app.session_state["data"] = data
    return app.run()


@contextmanager
def interrupted_once():
    """A page that gives way to another rerun after it has built a scene, before it has put it into the session."""
    begin, asked = Scene.__init__, []

    def interrupted(*args) -> None:
        begin(*args)
        asked.append(args)
        if len(asked) == 1:
            st.rerun()

    with patch.object(Scene, "__init__", interrupted):
        yield
    assert len(asked) > 1


def gallery_of(app: AppTest) -> dict:
    (gallery,) = (part.proto for part in app.get("bidi_component") if part.proto.component_name == "playground_gallery")
    return json.loads(gallery.json)


@pytest.mark.parametrize("data", [*DATASETS, *REAL])
def test_the_page_runs_on_every_data_set(data):
    app = opened({"data": data})
    assert not app.exception
    assert config_of(app).data == data


@pytest.mark.parametrize("panel", ["Loss surface in 3-D", "Weights and gradients"])
@pytest.mark.parametrize(
    "query", [{}, {"data": "blobs", "classes": "10", "hidden": ""}, {"data": "plane", "l1": "0.1"}]
)
def test_every_panel_runs(panel, query):
    app = opened(query)
    app.pills(key="panel").set_value(panel).run()
    assert not app.exception
    assert app.get("plotly_chart")
    assert any(caption.value.startswith("At step 0.") for caption in app.caption)


def test_the_default_page_is_the_default_config_and_its_link_is_bare():
    app = opened()
    assert config_of(app) == Config()
    assert dict(app.query_params) == {}


EVERYTHING = {
    "data": "spiral",
    "noise": "15",
    "n": "333",
    "split": "70",
    "seed": "123",
    "features": "x1,x2sq,sinx2",
    "hidden": "8,3,1",
    "activation": "relu,tanh,sigmoid",
    "init": "he",
    "loss": "half-mse",
    "optimizer": "momentum",
    "lr": "0.07",
    "batch": "17",
    "l1": "0.002",
    "l2": "0.5",
    "keep_zeros": "true",
    "dropout": "0.25",
    "clip": "2",
    "bias": "0.7",
    "schedule": "cosine",
    "span": "77",
}


def test_a_link_sets_every_widget():
    app = opened(EVERYTHING)
    assert not app.exception
    assert not app.warning
    assert config_of(app) == links.read(EVERYTHING)[0]
    assert gallery_of(app)["chosen"] == "spiral"
    assert app.slider(key="noise").value == 15
    assert app.number_input(key="seed").value == 123
    assert app.number_input(key="layers").value == 3
    assert [app.number_input(key=f"width{i}").value for i in range(3)] == [8, 3, 1]
    assert app.selectbox(key="activation").value == "relu,tanh,sigmoid"
    assert app.selectbox(key="lr").value == "0.07"
    assert app.selectbox(key="batch").value == "17"
    assert app.checkbox(key="keep_zeros").value is True
    assert app.selectbox(key="span").value == "77"


def test_the_link_stays_what_it_was_after_a_rerun():
    app = opened(EVERYTHING).run()
    assert links.read(app.query_params)[0] == links.read(EVERYTHING)[0]


def test_every_widget_writes_the_link():
    app = opened()
    app.session_state["data"] = "xor"
    app.slider(key="noise").set_value(20)
    app.number_input(key="layers").set_value(3)
    app.run()
    app.number_input(key="width2").set_value(5)
    app.selectbox(key="lr").set_value("0.3")
    app.run()
    assert config_of(app) == Config(data="xor", noise=20, hidden=(4, 2, 5), lr=0.3)
    assert app.query_params["hidden"] == "4,2,5"


@pytest.mark.parametrize("data", DATASETS)
def test_a_picked_data_set_is_in_the_link_unless_it_is_the_default(data):
    app = pick(opened({"data": "spiral"}), data)
    assert not app.exception
    assert config_of(app).data == gallery_of(app)["chosen"] == data
    assert dict(app.query_params) == ({} if data == Config().data else {"data": data})
    assert DATASETS[data].note in [caption.value for caption in app.caption]


@pytest.mark.parametrize(("data", "classes"), [("spiral", None), ("rings", None), ("blobs", 10)])
def test_classes_that_another_data_set_cannot_have_stay_behind(data, classes):
    app = pick(opened({"data": "blobs", "classes": "10"}), data)
    assert not app.exception
    assert (config_of(app).data, config_of(app).classes) == (data, classes)
    assert links.read(app.query_params)[0] == config_of(app)


def test_the_way_back_to_drawn_data_without_their_points_is_a_sentence():
    app = opened({"data": "drawn", "points": write_points(load("blobs", 40))})
    del app.query_params["points"]
    app.run()
    assert not app.exception
    assert "must be followed by the points" in app.warning[0].value
    assert config_of(app).data == "circle"
    assert dict(app.query_params) == {}


@pytest.mark.parametrize("data", ["drawn", "table"])
def test_data_of_the_learners_own_that_are_not_there_are_not_shown(data):
    """What only a browser in the wrong hands asks for."""
    app = pick(opened({"data": "xor"}), data)
    assert not app.exception
    assert config_of(app).data == "xor"


def test_another_link_changes_the_data_set_again():
    app = pick(opened({"seed": "5"}), "moons")
    app.query_params["data"] = "xor"
    app.run()
    assert config_of(app).data == gallery_of(app)["chosen"] == "xor"
    del app.query_params["data"]
    app.run()
    assert config_of(app) == Config(seed=5)


def test_the_gallery_shows_every_data_set_by_some_of_its_points():
    choices = [*gallery_of(opened())["choices"], *gallery_of(opened({"data": "plane"}))["choices"]]
    assert [choice["name"] for choice in choices] == list(DATASETS)
    for choice in choices:
        labels = choice["points"][2::3]
        classes = len(DATASETS[choice["name"]].class_names)
        assert len(labels) == 60
        if classes:
            assert set(labels) == set(range(classes))
        else:
            assert min(labels) < 0 < max(labels)


def test_the_gallery_shows_every_table_by_some_of_its_rows():
    choices = gallery_of(opened({"data": "wine"}))["choices"]
    assert [choice["name"] for choice in choices] == list(REAL)
    for choice in choices:
        left, right, bottom, top = choice["window"]["box"]
        places = np.reshape(choice["points"], (-1, 3))
        assert 45 <= len(places) <= 60
        assert ((places[:, :2] >= [left, bottom]) & (places[:, :2] <= [right, top])).all()


def test_numbers_may_be_written_in_any_way():
    app = opened({"lr": "0.30", "l2": "1e-2", "batch": "017", "noise": "05", "features": "x2,x1"})
    assert not app.exception
    assert not app.warning
    assert config_of(app) == Config(lr=0.3, l2=0.01, batch=17, noise=5)


def test_a_bad_value_is_said_once_and_the_default_used():
    app = opened({"noise": "loud", "hidden": "4,2", "seed": "7"})
    assert len(app.warning) == 1
    assert "noise = “loud” cannot be used" in app.warning[0].value
    assert config_of(app) == Config(seed=7)
    app.number_input(key="seed").set_value(8).run()
    assert not app.warning


def test_a_loss_that_does_not_suit_the_data_makes_way():
    app = opened()
    pick(app, "plane")
    assert not app.exception
    assert config_of(app).loss == "mse"
    pick(app, "circle")
    assert not app.exception
    assert config_of(app).loss == "cross-entropy"
    assert links.read(app.query_params)[0] == config_of(app)


def test_activations_for_each_layer_follow_the_number_of_layers():
    app = opened({"activation": "relu,tanh"})
    app.number_input(key="layers").set_value(3).run()
    assert not app.exception
    assert config_of(app).activation == ("relu", "tanh", "tanh")
    app.number_input(key="layers").set_value(1).run()
    assert config_of(app).activation in ("relu", ("relu",))
    app.number_input(key="layers").set_value(0).run()
    assert not app.exception
    assert not app.warning


def test_the_last_feature_stays():
    app = opened()
    app.pills(key="features").set_value([]).run()
    assert not app.exception
    assert config_of(app).features == ("x1", "x2")
    assert "at least one feature" in app.warning[0].value


@pytest.mark.parametrize("data", DATASETS)
def test_suggested_settings_are_one_click_and_the_rest_stays(data):
    app = opened({"data": data, "noise": "10", "seed": "3", "activation": "relu", "l2": "0.1", "hidden": "2,2,2"})
    next(button for button in app.button if button.label == "Suggested settings").click().run()
    assert not app.exception
    assert not app.warning
    loss = losses_for(Config(data=data))[0]
    assert config_of(app) == replace(Config(data=data, noise=10, seed=3, loss=loss), **suggested(data))
    assert links.read(app.query_params)[0] == config_of(app)
    app.run()
    assert links.read(app.query_params)[0] == config_of(app)


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        ({"labels": "10"}, {"labels": 10}),
        (
            {"data": "spiral", "classes": "5", "balance": "20", "label_noise": "10", "outliers": "5"},
            {"data": "spiral", "classes": 5, "balance": 20, "label_noise": 10, "outliers": 5},
        ),
        ({"validation": "15", "scaling": "robust"}, {"validation": 15, "scaling": "robust"}),
        ({"data": "wine", "inputs": "0,3,6", "plane": "2,0"}, {"data": "wine", "inputs": (0, 3, 6), "plane": (2, 0)}),
    ],
    ids=str,
)
def test_what_a_link_says_of_the_data_is_chosen_in_the_sidebar(query, choice):
    app = opened(query)
    assert not app.exception
    assert not app.warning
    assert config_of(app) == replace(Config(), **choice)
    assert dict(app.query_params) == query


def test_data_that_cannot_be_learned_from_are_a_sentence_and_the_run_before_stays():
    app = opened({"data": "gaussian"})
    scene = app.session_state["scene"]
    app.session_state["points"] = write_points(load("xor", 20))
    app.session_state["data"] = "drawn"
    app.session_state["designed"] = True
    with patch("playground.experiment.build", side_effect=ValueError("There is nothing to learn.")):
        app.run()
    assert not app.exception
    assert app.warning[0].value.startswith("There is nothing to learn. Until that is changed")
    assert app.session_state["scene"] is scene


def test_to_regenerate_is_to_take_another_seed():
    app = opened({"seed": "12"})
    before = app.session_state["scene"]
    (button,) = (button for button in app.button if button.label == "Regenerate")
    button.click().run()
    assert app.session_state["scene"] is not before
    assert config_of(app) == replace(Config(), seed=config_of(app).seed)
    assert config_of(app).seed != 12
    assert app.query_params["seed"] == str(config_of(app).seed)
