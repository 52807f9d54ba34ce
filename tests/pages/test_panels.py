"""The numbers in the panels are the engine's, and what cannot be shown is said."""

from dataclasses import replace
from functools import partial
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.data import load, write_points
from playground.engine import Curvature, Run, extremes, largest_stable_rate, loss
from playground.engine.landscape import surface
from playground.pages.panels import contest, curvature, standings, trial
from playground.race import Lane, ahead, race
from playground.stage.look import Look
from tests.pages.test_playground import opened


def panel(name: str, query: dict[str, str] | None = None) -> AppTest:
    app = opened(query)
    return app.pills(key="panel").set_value(name).run()


def raced(query: dict[str, str] | None = None, rivals: list | None = None, steps: int = 100) -> AppTest:
    app = panel("Race", query)
    app.session_state["rivals"] = rivals or [("sgd", 0.1), ("momentum", 0.03)]
    app.segmented_control(key="race steps").set_value(steps).run()
    return begin(app)


def begin(app: AppTest) -> AppTest:
    """Start the race, and see it through."""
    app.button(key="start race").click().run()
    while not app.session_state["race"].settled:
        app.run()
    return app


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def said(app: AppTest) -> str:
    return " ".join(markdown.value for markdown in app.markdown)


# --- the race


@pytest.mark.parametrize("start", ["the start of this run", "the step on screen"])
def test_the_table_is_that_of_an_independent_race(start):
    app = panel("Race")
    app.session_state["rivals"] = [("sgd", 0.1), ("momentum", 0.03)]
    scene = app.session_state["scene"]
    scene.run.seek(40)
    app.radio(key="race start").set_value(start).run()
    app.segmented_control(key="race steps").set_value(100).run()
    app = begin(app)
    assert not app.exception
    own = scene.experiment.training
    rules = [own, replace(own, optimizer="sgd", learning_rate=0.1)]
    rules.append(replace(own, optimizer="momentum", learning_rate=0.03))
    run = Run(scene.run.network, own, scene.run.x, scene.run.y)
    legs = race(run.network, rules, run.x, run.y, 100, run.seek(0 if "start" in start else 40))
    lanes = [leg for leg in legs if isinstance(leg, Lane)]
    names = ["Adam · 0.1 (yours)", "SGD · 0.1", "Momentum · 0.03"]
    target = next(field for field in app.number_input if field.label == "Target loss").value
    shown = app.dataframe[0].value.set_index("Rule")
    for name, lane, row in zip(names, lanes, ahead(lanes, target), strict=True):
        assert shown.loc[name, "Loss at the end"] == lane.losses[-1]
        np.testing.assert_equal(float(shown.loc[name, "Steps to target"]), row["steps"])
    assert shown["Loss at the end"].is_monotonic_increasing
    assert shown["Place"].tolist() == [1, 2, 3]
    assert f"From step {0 if 'start' in start else 40} " in captions(app)


def test_the_slider_moves_along_the_race_without_another_one():
    app = raced()
    before = app.session_state["race"]
    slider = next(slider for slider in app.slider if slider.label == "After step")
    slider.set_value(30).run()
    assert app.session_state["race"] is before
    lane = before.outcomes[1]
    assert f"SGD · 0.1 {lane.losses[30]:.4g} after step 30" in captions(app)


def test_a_lane_that_diverges_is_said_in_words_and_has_no_place():
    app = raced({"data": "plane", "optimizer": "sgd", "lr": "0.01", "batch": "full"}, [("sgd", 10.0)], 300)
    assert not app.exception
    last = app.dataframe[0].value.iloc[-1]
    lane = app.session_state["race"].outcomes[1]
    assert last["How it went"] == f"diverged after step {lane.steps[-1]:,}"
    assert np.isnan(last["Place"])
    field = app.session_state["race"].map
    assert max(field.a[-1], field.b[-1]) < 1e3  # the one that ran away does not shape the map


def test_a_race_is_over_with_its_run():
    app = raced()
    app.number_input(key="seed").set_value(8).run()
    assert not app.exception
    assert "The last race was of other settings" in app.info[0].value
    assert not app.dataframe


def test_a_race_is_over_with_its_data():
    points, more = (write_points(load("blobs", n)) for n in (40, 60))
    app = raced({"data": "drawn", "points": points})
    scene = app.session_state["scene"]
    app.session_state["points"] = more
    app.run()
    assert not app.exception
    assert app.session_state["scene"] is scene
    assert "The last race was of other settings" in app.info[0].value
    assert not app.dataframe


def test_a_race_learns_what_has_been_drawn_from_whichever_step_it_starts():
    points, more = (write_points(load("blobs", n)) for n in (200, 40))
    app = panel("Race", {"data": "drawn", "points": points, "batch": "8"})
    scene = app.session_state["scene"]
    scene.run.seek(11)
    app.session_state["points"] = more
    app.run()
    scene.apply_change()
    scene.run.back(2)
    app.radio(key="race start").set_value("the step on screen").run()
    app = begin(app)
    done, data = app.session_state["race"], scene.experiment.data.train
    losses = partial(loss, scene.run.network, scene.experiment.training, x=data.x, y=data.y)
    for lane in done.outcomes:
        assert lane.losses[-1] == pytest.approx(losses(lane.path[-1].astype(float)), rel=1e-4)
    theta = done.map.plane.at(done.map.a[3], done.map.b[30])
    assert done.map.losses[3, 30] == pytest.approx(losses(theta), rel=1e-4)


def test_a_race_that_cannot_be_run_is_a_sentence():
    with patch("playground.pages.panels.contest.race", side_effect=ValueError("There is no road.")):
        app = raced()
    assert not app.exception
    assert [warning.value for warning in app.warning] == ["This race cannot be run: There is no road."]


def test_a_race_of_much_work_is_shorter_and_says_so():
    app = panel("Race", {"n": "5000", "split": "90", "hidden": "16,16,16,16,16,16", "batch": "full"})
    app.segmented_control(key="race steps").set_value(3000).run()
    with patch.object(trial, "PATIENCE", 0):
        app.button(key="start race").click().run()
    assert not app.exception
    steps = app.session_state["race"].steps
    assert f"Each lane has {steps:,} steps, fewer than the 3,000 asked for" in captions(app)
    assert 300 < steps < 3000


def test_a_race_can_be_stopped_between_two_looks():
    with patch.object(trial, "PATIENCE", 0):
        app = panel("Race")
        app.button(key="start race").click().run()
        assert app.session_state["race"].going
        next(toggle for toggle in app.toggle if toggle.label == "Racing").set_value(False).run()
    assert not app.exception
    assert "Stopped before the first lane" in captions(app)
    assert any(button.label == "Race" for button in app.button)


def test_suggestions_are_rivals_and_at_most_seven():
    for label in ("Four classics", "Same rule, other rates", "Every other rule"):
        app = panel("Race")
        app.button(key=f"suggest {label}").click().run()
        assert not app.exception
        rivals = app.session_state["rivals"]
        assert 3 <= len(rivals) <= 7
        assert ("adam", 0.1) not in rivals
    assert {optimizer for optimizer, _ in rivals} == set(contest.OPTIMIZERS) - {"adam"}


def test_the_map_is_the_loss_on_its_plane_and_the_ways_are_their_shadows():
    app = raced()
    scene, done = app.session_state["scene"], app.session_state["race"]
    field, run = done.map, scene.run
    for lane, way in zip(done.outcomes, field.paths, strict=True):
        np.testing.assert_allclose(way, field.plane.position(lane.path))
    theta = field.plane.at(field.a[3], field.b[30])
    exact = surface(run.network, run.training, theta, theta, theta, np.zeros(1), np.zeros(1), run.x, run.y)[0, 0]
    assert field.losses[3, 30] == pytest.approx(exact, rel=1e-4)


def test_half_of_the_lanes_reach_the_usual_target():
    lanes = raced().session_state["race"].outcomes
    reached = sum(lane.losses.min() <= standings.usual_target(lanes) for lane in lanes)
    assert 2 * reached >= len(lanes)


# --- curvature


@pytest.mark.parametrize(
    "query", [{}, {"lr": "10", "optimizer": "sgd"}, {"l2": "0.1", "activation": "relu"}, {"loss": "mae"}]
)
def test_eigenvalues_and_the_limit_are_the_engines(query):
    app = panel("Curvature", query)
    assert not app.exception
    run = app.session_state["scene"].run
    found = extremes(run.network, run.training, run.state.theta, run.x, run.y)
    limit = largest_stable_rate(run.network, run.training, run.state.theta, run.x, run.y)
    assert f"from {found.smallest:.4g} to {found.largest:.4g}" in said(app)
    assert f"{limit:.4g}." in captions(app)
    assert ("Too sharp" in said(app)) == (run.training.learning_rate > limit)
    assert ("kinks of ReLU" in captions(app)) == ("activation" in query)
    assert ("kinks of the loss" in captions(app)) == ("loss" in query)


def test_the_verdict_flips_at_the_limit():
    found = Curvature(0.5, 4.0, np.ones(2), np.ones(2))
    assert "Just flat enough" in curvature.verdict(found, 0.5)
    assert "1.01 times too long" in curvature.verdict(found, 0.505)
    assert "well below" in curvature.verdict(found, 0.01)
    assert "8 times as much" in curvature.verdict(found, 0.1)
    downhill = Curvature(-2.0, -1.0, np.ones(2), np.ones(2))
    assert "no direction" in curvature.verdict(downhill, 0.1)
    assert downhill.stable_rate == np.inf


def test_curvature_that_cannot_be_measured_is_a_sentence():
    app = opened()
    nothing = Curvature(np.nan, np.nan, np.full(25, np.nan), np.full(25, np.nan))
    with patch.object(curvature, "extremes", lambda *_: nothing):
        app.pills(key="panel").set_value("Curvature").run()
    assert not app.exception
    assert "not finite" in captions(app)
    assert not app.get("plotly_chart")


# --- the surface


@pytest.mark.parametrize("look", [Look("weights", picks=(3, 3, 0)), Look("line", picks=(0, 20, 0)), Look("seeds")])
def test_a_slice_along_a_line_is_a_profile(look):
    app = opened()
    scene = app.session_state["scene"]
    scene.run.seek(20)
    scene.look = look
    app.pills(key="panel").set_value("Loss surface in 3-D").run()
    assert not app.exception
    assert "The loss on this line lies between" in captions(app)
    assert f"stand at {scene.run.loss():.4g}" in captions(app)


@pytest.mark.parametrize(
    ("of", "penalty", "title"),
    [
        ("train", True, "training loss with penalty"),
        ("test", False, "test loss"),
        ("batch", True, "loss of the mini-batch with penalty"),
    ],
)
def test_the_axis_says_which_loss(of, penalty, title):
    app = opened({"l2": "0.1"})
    app.session_state["scene"].look = Look(of=of, penalty=penalty)
    app.pills(key="panel").set_value("Loss surface in 3-D").run()
    assert not app.exception
    assert f'"text":"{title}' in app.get("plotly_chart")[0].proto.spec
