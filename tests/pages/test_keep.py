"""What is kept of a run in the browser: when a link and a step are all of it, and what is said of a run otherwise."""

from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.data import load, write_points
from playground.experiment import DRAWN, Config, build
from playground.limits import LONGEST_KEPT
from playground.pages import keep
from playground.share.saved import read_run
from playground.stage import Scene
from playground.stage.deeds import do


@pytest.fixture
def scene():
    scene = Scene(build(Config()), "test")
    scene.run.seek(20)
    return scene


def changed(scene, **fields):
    scene.change(build(Config(**fields), scaler=scene.experiment.data.scaler))
    scene.apply_change()


def test_a_run_by_its_config_alone_is_in_its_link(scene):
    assert keep.is_plain(scene)
    scene.run.seek(3)
    assert keep.is_plain(scene)


def test_a_weight_set_by_hand_is_not_in_the_link_until_it_is_undone(scene):
    do(scene, "edit", 0, 2.5, 0)
    assert not keep.is_plain(scene)
    do(scene, "undo", 1, 0, 0)
    assert keep.is_plain(scene)


def test_a_weight_set_by_hand_at_the_start_is_not_in_the_link():
    scene = Scene(build(Config()), "test")
    do(scene, "edit", 0, 2.5, 0)
    assert not keep.is_plain(scene)


def test_another_rule_from_a_later_step_on_is_not_in_the_link_and_one_from_the_start_is(scene):
    changed(scene, lr=0.01)
    assert not keep.is_plain(scene)
    scene = Scene(build(Config()), "test")
    changed(scene, lr=0.01)
    assert keep.is_plain(scene)


def test_weights_that_were_kept_from_another_network_are_not_in_the_link(scene):
    begin = scene.run.at(0)
    assert keep.is_plain(Scene(scene.experiment, "same", begin))
    other = build(Config(seed=9)).run().state
    assert not keep.is_plain(Scene(scene.experiment, "other", other))


def test_an_experiment_is_built_anew_once_to_find_out_whether_it_follows_from_its_link(scene):
    with patch.object(keep, "build", wraps=build) as built:
        assert keep.is_plain(scene)
        assert keep.is_plain(scene)
    assert built.call_count == 1


def test_points_seen_through_the_scaler_of_those_before_are_not_in_the_link():
    before, after = ({"data": DRAWN, "points": write_points(load("blobs", n))} for n in (40, 60))
    scene = Scene(build(Config(**before)), "test")
    assert keep.is_plain(scene)
    changed(scene, **after)
    assert not keep.is_plain(scene)


def test_the_text_of_an_edited_run_goes_on_to_the_bit(scene, monkeypatch):
    monkeypatch.setattr(keep, "table", lambda: None)
    do(scene, "edit", 0, 2.5, 0)
    scene.run.seek(25)
    saved = read_run(keep.text_of(scene, 25).encode())
    run = saved.experiment.run(saved.state)
    assert np.array_equal(run.seek(60).theta, scene.run.seek(60).theta)


def test_a_long_past_is_thinned_and_what_is_too_long_is_not_kept(scene, monkeypatch):
    monkeypatch.setattr(keep, "table", lambda: None)
    for step in range(4000):
        scene.trail.remember(step, [0.5, 0.25], scene.run.state.theta)
    scene.run.seek(4000)
    assert len(read_run(keep.text_of(scene, 4000).encode()).history) <= keep.MOST_HISTORY
    monkeypatch.setattr(keep, "LONGEST_KEPT", 1000)
    assert keep.text_of(scene, 4000) == ""


HOSTILE = (
    *(None, 3, "text", [], {}),
    {"run": "x"},
    {"run": 1, "step": 1, "number": 1},
    {"run": "x", "step": -1, "number": 1},
    {"run": "x", "step": 1.5, "number": 1},
    {"run": "x", "step": 2**80, "number": 1},
    {"run": "x", "number": 0, "text": ""},
    {"run": "x", "number": 1, "text": "x" * (LONGEST_KEPT + 1)},
    {"run": "x", "number": 1, "text": "\ud800"},
)


@pytest.mark.parametrize("message", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", ["store", "offer"])
def test_no_message_of_a_stranger_does_harm(kind, message):
    def page(kind, message):
        from types import SimpleNamespace

        import streamlit as st

        from playground.pages import keep

        st.session_state["scene"] = SimpleNamespace(name="x")
        {"store": keep._on_store, "offer": keep._on_offer}[kind](message)

    app = AppTest.from_function(page, kwargs={"kind": kind, "message": message}).run()
    assert not app.exception
    assert keep.LOADED not in app.session_state
