"""Save and share on the page: a file brings its run back to the bit, links go out and come in, mistakes are said."""

import json
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.data import Dataset, load, write_points
from playground.experiment import DRAWN, TABLE, Config, build, losses_for
from playground.share.saved import write_run
from playground.stage.frames import opening
from tests.pages.test_panels import panel
from tests.pages.test_playground import config_of, interrupted_once

SHARE = "Save and share"


def load_file(app: AppTest, data: bytes, name: str = "run.json") -> AppTest:
    app.file_uploader[0].set_value((name, data, "application/json")).run()
    return app


def errors(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def a_table() -> Dataset:
    rng = np.random.default_rng(3)
    x = np.column_stack([rng.normal(40, 9, 90), rng.integers(0, 2, 90), rng.lognormal(2, 2, 90)])
    return Dataset(x, rng.integers(0, 3, 90), "classification", ("age", "[a](b)", "<b>"), ("red", "green", "$x$"))


RUNS = {
    "toy": (Config(data="spiral", hidden=(6, 3), optimizer="momentum", dropout=0.2, l1=0.001, lr=0.15), None),
    "values": (Config(data="plane", loss="huber", schedule="cosine", span=77, validation=20), None),
    "drawn": (Config(data=DRAWN, points=write_points(load("blobs", 60))), None),
    "table": (Config(data=TABLE, hidden=(5,), activation="relu", inputs=(0, 2), scaling="robust"), a_table()),
    "real": (Config(data="iris", plane=(1, 3), labels=50), None),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_loaded_file_stands_on_the_stage_with_its_past_and_goes_on_to_the_bit(name):
    config, table = RUNS[name]
    config = replace(config, table=table.fingerprint() if table else "")
    config = replace(config, loss=losses_for(config, table)[-1])
    experiment = build(config, table)
    run = experiment.run()
    history = [[step, 0.7 - step / 100, 0.8, *([0.5] * (config.validation > 0))] for step in range(0, 40, 3)]
    file = write_run(experiment, table, run.seek(40), history)

    app = load_file(panel(SHARE), file)
    assert not app.exception
    assert not errors(app)
    scene = app.session_state["scene"]
    assert config_of(app) == config
    assert (scene.run.state.step, scene.run.first) == (40, 40)
    assert scene.trail.rows(before=40) == history
    text = opening(scene)
    assert json.loads(text[4 : 4 + int.from_bytes(text[:4], "little")])["history"] == history
    np.testing.assert_array_equal(scene.run.seek(95).theta, run.seek(95).theta)
    assert any("step 40" in success.value for success in app.success)
    app.run()  # and it stays
    assert app.session_state["scene"] is scene


def test_a_loaded_file_is_not_lost_where_another_rerun_comes_before_its_run_stands():
    experiment = build(Config(data="spiral", hidden=(6, 3)))
    file = write_run(experiment, None, experiment.run().seek(40), [])
    app = panel(SHARE)
    with interrupted_once():
        load_file(app, file)
    assert not app.exception
    assert config_of(app) == experiment.config
    assert app.session_state["scene"].run.first == 40


def test_what_the_page_saves_is_the_step_it_shows_and_what_it_loads():
    app = panel(SHARE, {"optimizer": "rmsprop"})
    scene = app.session_state["scene"]
    scene.run.seek(30)
    app.run()
    (button,) = app.get("download_button")
    assert "step 30" in button.proto.label
    file = write_run(scene.experiment, None, scene.onward(30), [])
    scene.run.seek(64)
    app = load_file(panel(SHARE), file)
    other = app.session_state["scene"].run
    np.testing.assert_array_equal(other.seek(64).theta, scene.run.state.theta)


def test_a_rule_chosen_on_the_way_is_the_one_that_is_saved():
    app = panel(SHARE)
    scene = app.session_state["scene"]
    scene.run.seek(25)
    app.selectbox(key="optimizer").set_value("sgd").run()
    assert app.session_state["scene"] is scene
    file = write_run(scene.experiment, None, scene.onward(25), [])  # before the stage has asked again
    scene.apply_change()
    scene.run.seek(70)
    early = write_run(scene.experiment, None, scene.onward(20), [])  # a step that another rule has led to
    app = load_file(panel(SHARE), file)
    assert config_of(app).optimizer == "sgd"
    np.testing.assert_array_equal(app.session_state["scene"].run.seek(70).theta, scene.run.state.theta)
    assert not errors(load_file(panel(SHARE), early))


BAD = {
    "no JSON": b"PK\x03\x04",
    "another JSON": b'{"nodes": []}',
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "empty": b"",
    "NaN": None,
    "shape": None,
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_said_and_nothing_else_changes(what):
    experiment = build(Config(data="xor"))
    file = write_run(experiment, None, experiment.run().seek(5), [])
    told = json.loads(file)
    told["state"]["theta"][3] = float("nan")
    bad = BAD[what] or json.dumps(told).encode()
    if what == "shape":
        told["state"]["theta"].pop(3)
        bad = json.dumps(told).encode()
    app = panel(SHARE, {"seed": "3"})
    scene = app.session_state["scene"]
    before = scene.run.seek(12)
    load_file(app, b"" if what == "empty" else bad)
    assert not app.exception
    (sentence,) = errors(app)
    assert sentence.endswith(".")
    assert app.session_state["scene"] is scene
    assert scene.run.state is before
    assert dict(app.query_params) == {"seed": "3"}
    load_file(app, file)
    assert not errors(app)
    assert config_of(app) == Config(data="xor")


def test_the_link_to_copy_opens_the_same_page():
    query = {"data": "blobs", "classes": "4", "hidden": "5,5", "features": "x1,x2sq"}
    (code,) = panel(SHARE, query).code
    assert code.value.endswith("?data=blobs&classes=4&features=x1,x2sq&hidden=5,5")


def open_link(app: AppTest, link: str) -> AppTest:
    app.text_input[0].set_value(link)
    next(button for button in app.button if button.label == "Open it here").click().run()
    return app


@pytest.mark.parametrize("before", [{}, {"data": "plane"}, {"data": "blobs"}, {"data": "digits"}])
def test_a_tensorflow_link_opens_here_and_the_page_says_what_is_different(before):
    link = (
        "https://playground.tensorflow.org/#activation=relu&dataset=spiral&learningRate=0.3&networkShape=6,5&cosX=true"
    )
    app = open_link(panel(SHARE, before), link)
    assert not app.exception
    config = config_of(app)
    assert (config.data, config.hidden, config.activation, config.lr) == ("spiral", (6, 5), "relu", 0.3)
    assert (config.loss, config.optimizer, config.scaling) == ("half-mse", "sgd", "none")
    (success,) = app.success
    assert success.value.startswith("Opened.")
    assert any("cos x₁" in caption.value and "shuffled" in caption.value for caption in app.caption)


def test_another_link_is_refused_in_a_sentence():
    app = panel(SHARE)
    scene = app.session_state["scene"]
    open_link(app, "https://example.org/#dataset=xor")
    assert errors(app) == ["This is no link to playground.tensorflow.org: copy it from the address bar there."]
    assert app.session_state["scene"] is scene
    open_link(app, "https://playground.tensorflow.org/#dataset=xor")
    assert not errors(app)
    assert config_of(app).data == "xor"


@pytest.mark.parametrize("data", ["plane", "iris"])
def test_the_panel_opens_with_every_kind_of_data(data):
    assert not panel(SHARE, {"data": data}).exception


def test_a_file_of_the_very_same_settings_is_another_run():
    app = panel(SHARE)
    scene = app.session_state["scene"]
    file = write_run(scene.experiment, None, scene.run.seek(5), [])
    scene.run.seek(30)
    load_file(app, file)
    assert app.session_state["scene"] is not scene
    assert app.session_state["scene"].run.state.step == 5
    np.testing.assert_array_equal(app.session_state["scene"].run.seek(30).theta, scene.run.state.theta)
