"""The microscope on the page: it walks through a step both ways, and its numbers are the engine's."""

import numpy as np
import pytest

from playground import formulas
from playground.engine import batch
from playground.microscope import examine
from playground.pages.panels.microscope import EXAMPLE, Stop, stops
from tests.pages.test_playground import opened


def at_the_microscope(query=None, step=0):
    app = opened(query)
    app.session_state["panel"] = "Microscope"
    app.session_state["scene"].run.seek(step)
    return app.run()


def click(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_the_walk_goes_forward_to_the_loss_and_all_the_way_back():
    assert stops([2, 1], each=False) == [
        Stop("Forward", 0),
        Stop("Forward", 1),
        Stop("Loss", 1),
        Stop("Backward", 1),
        Stop("Backward", 0),
        Stop("Update", 0),
        Stop("Update", 1),
    ]
    assert [stop.unit for stop in stops([2, 1], each=True)] == [0, 1, 0, None, 0, 0, 1, None, None]


@pytest.mark.parametrize(
    "query",
    [{}, {"data": "blobs", "optimizer": "nesterov"}, {"data": "plane", "hidden": "0", "batch": "full", "l2": "0.1"}],
)
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("each", [False, True])
def test_every_stop_of_the_walk_is_drawn(query, whole, each):
    app = at_the_microscope(query, step=3)
    if whole:
        app.session_state["microscope of"] = "the next mini-batch"
    app.session_state["microscope each"] = each
    app.run()
    network = app.session_state["scene"].run.network
    walk = stops([fan_out for _, fan_out in network.shapes], each=each)
    for stop in walk:
        assert not app.exception
        assert any(stop.phase in text.value for text in app.markdown)
        app = click(app, "Next")
    click(app, "Before")
    assert app.session_state["microscope stop"] == len(walk) - 2


def test_the_formulas_are_those_of_the_chosen_example():
    app = at_the_microscope(step=12)
    app.session_state[EXAMPLE] = 17
    app.session_state["microscope digits"] = 6
    app.run()
    scene = app.session_state["scene"]
    run, state = scene.run, scene.run.state
    seen = examine(run.network, run.training, state, run.x[16:17], run.y[16:17])
    assert app.latex[0].value.strip("$\n") == formulas.forward(seen, 0, 0, 0, 6)


def test_the_table_of_the_update_is_the_step_the_run_takes():
    app = at_the_microscope(step=12)
    app.session_state["microscope of"] = "the next mini-batch"
    app.session_state["microscope each"] = False
    app.session_state["microscope stop"] = 7
    app.run()
    scene = app.session_state["scene"]
    table = app.dataframe[0].value
    following = scene.run.seek(13)
    np.testing.assert_allclose(table["w new"], following.theta[: len(table)], rtol=1e-12)
    rows = batch(scene.run.at(12), scene.run.training, len(scene.run.x))
    seen = examine(scene.run.network, scene.run.training, scene.run.at(12), scene.run.x[rows], scene.run.y[rows])
    np.testing.assert_allclose(table["g"], seen.gradient[: len(table)])


def test_the_check_says_how_far_off_it_is_at_worst():
    app = click(at_the_microscope(step=5), "Check it")
    assert not app.exception
    assert "25 derivatives" in app.success[0].value
    worst = float(app.success[0].value.split("error is ")[1].split(",")[0])
    assert worst < 1e-5


def test_a_large_network_is_shown_layer_by_layer():
    app = at_the_microscope({"hidden": "16,16,16,16,16,16", "features": "x1,x2,x1sq,x2sq,x1x2,sinx1,sinx2"})
    app.session_state["microscope each"] = False
    app.run()
    assert not app.exception
    for _ in range(4):
        app = click(app, "Next")
    assert app.dataframe[0].value.shape == (17, 16)


def test_a_smaller_training_set_leaves_no_example_behind():
    app = at_the_microscope()
    app.session_state[EXAMPLE] = 240
    app.run()
    app.session_state["n"] = 20
    app.run()
    assert not app.exception
    assert app.session_state[EXAMPLE] == 10
