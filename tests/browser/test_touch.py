"""Touching the network: looking at its parts, changing weights by hand, building in the picture."""

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.engine import loss
from tests.browser.app import STAGE, App

TOOLS, SIZE = 50, 0.56  # as in graph.js


def columns(app):
    """The places of the nodes, column by column, as `layoutGraph` in graph.js has them, for one output."""
    box = app.canvas("graph").bounding_box()
    scene, _ = app.engine()
    sizes = [scene.run.network.inputs, *scene.run.network.hidden, 1]
    gap = (box["width"] - 46 - 22) / len(sizes)
    room = box["height"] - TOOLS - 8
    size = max(8, min(96, gap * SIZE, room / max(sizes) * 0.76))
    places = []
    for column, count in enumerate(sizes):
        pitch = min(room / count, size * 2)
        first = TOOLS + (room - pitch * (count - 1)) / 2
        places.append([(46 + gap * (column + 0.5), first + pitch * row) for row in range(count)])
    return places, size


def point_at(app, x, y):
    box = app.canvas("graph").bounding_box()
    app.page.mouse.move(box["x"] + x, box["y"] + y)


def click_at(app, x, y):
    box = app.canvas("graph").bounding_box()
    app.page.mouse.click(box["x"] + x, box["y"] + y)


def card(app):
    return app.stage.get_by_role("tooltip")


def spoken(value):
    return f"{value:.4f}".replace("-", "−")


@pytest.fixture
def touched(open_app):
    """The Playground at step 10."""
    return at_step_10(open_app)


@pytest.fixture(scope="module")
def opened(open_shared):
    return at_step_10(open_shared)


@pytest.fixture
def looked_at(opened):
    """The same, for all tests that only look at it: they share the page."""
    opened.page.mouse.move(5, 5)
    expect(card(opened)).to_be_hidden()
    return opened


def at_step_10(open_at):
    app = open_at()
    app.press("×10")
    app.wait_for_step(10)
    return app


def test_a_neuron_looked_at_tells_all_that_comes_into_it(looked_at):
    places, _ = columns(looked_at)
    point_at(looked_at, *places[2][1])
    _, run = looked_at.engine()
    weights, bias = run.network.layers(run.state.theta)[1]
    for value in [*weights[:, 1], bias[1]]:
        expect(card(looked_at)).to_contain_text(spoken(value))
    expect(looked_at.stage.locator("[data-text=answer]")).to_have_text("Neuron 2 of layer 2")


def test_its_picture_is_shown_large_and_goes_when_the_pointer_goes(looked_at):
    before = looked_at.pixels("plane")
    places, _ = columns(looked_at)
    point_at(looked_at, *places[1][0])
    expect(card(looked_at)).to_be_visible()
    assert (looked_at.pixels("plane") != before).any(-1).mean() > 0.2
    point_at(looked_at, 5, 60)
    expect(card(looked_at)).to_be_hidden()
    assert np.array_equal(looked_at.pixels("plane"), before)


def test_a_connection_and_a_bias_tell_their_number(looked_at):
    places, size = columns(looked_at)
    _, run = looked_at.engine()
    (x, y), (other_x, _) = places[2][0], places[3][0]
    weights, bias = run.network.layers(run.state.theta)[2]
    point_at(looked_at, x + size / 2 + 3, y)
    expect(card(looked_at)).to_contain_text(f"Weight neuron 1 of layer 2 → the output: {spoken(weights[0, 0])}")
    point_at(looked_at, other_x - size / 2, places[3][0][1] + size / 2)
    expect(card(looked_at)).to_contain_text(f"Bias of the output: {spoken(bias[0])}")


def test_the_number_lives_while_playing(touched):
    places, _ = columns(touched)
    point_at(touched, *places[1][0])
    before = card(touched).inner_text()
    touched.page.keyboard.press("Space")
    touched.wait_for_more_frames(30)
    assert card(touched).inner_text() != before


def test_a_place_in_the_plane_tells_the_answer_there(looked_at):
    box = looked_at.canvas("plane").bounding_box()
    looked_at.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card(looked_at)).to_contain_text("answer: ")
    expect(card(looked_at)).to_contain_text("%")


def test_an_edited_weight_is_the_engines_and_can_be_undone(touched):
    places, size = columns(touched)
    before = touched.losses()
    x, y = places[0][0]
    click_at(touched, x + size / 2 + 3, y)  # where all connections of the first input leave it
    editor = touched.stage.locator(".editor")
    expect(editor).to_be_visible()
    expect(editor.locator("label")).to_contain_text("Weight x₁ →")
    name = editor.locator("label").inner_text()
    index = int(name.split("neuron ")[1].split()[0]) - 1
    editor.locator("[name=number]").fill("2.5")
    touched.page.keyboard.press("Enter")
    expect(editor).to_be_hidden()
    _, run = touched.engine()
    theta = run.state.theta.copy()
    theta[index] = 2.5
    expected = float(loss(run.network, run.training, theta, run.x, run.y))
    touched.wait_for_loss(expected)
    touched.press("Step")
    touched.wait_for_step(11)
    touched.press("Back")
    touched.wait_for_step(10)
    assert float(touched.says("train-loss")) == expected  # part of the history
    touched.stage.get_by_role("button", name="Undo").click()
    touched.wait_for_loss(float(before[0]))
    assert touched.losses() == before


def test_every_bias_can_be_edited_with_the_keyboard_alone_the_outputs_too(touched):
    touched.page.keyboard.press("t")
    table = touched.stage.get_by_role("region", name="Weights as tables")
    expect(table).to_be_visible()
    _, run = touched.engine()
    cells = table.get_by_role("button")
    expect(cells).to_have_count(run.network.n_parameters)
    shown = [float(text.replace("−", "-")) for text in cells.all_inner_texts()]
    np.testing.assert_allclose(shown, run.state.theta, atol=5.1e-5)
    cells.last.focus()
    touched.page.keyboard.press("Enter")
    touched.page.keyboard.type("1.5")
    touched.page.keyboard.press("Enter")
    expect(cells.last).to_have_text("1.5000")
    touched.page.keyboard.press("z")
    expect(cells.last).to_have_text(spoken(run.state.theta[-1]))


def test_a_weight_that_is_none_is_not_taken(looked_at):
    places, size = columns(looked_at)
    before, editor = looked_at.losses(), looked_at.stage.locator(".editor")
    for text in ("", "1e9", "-2000000"):
        click_at(looked_at, places[3][0][0] - size / 2, places[3][0][1] + size / 2)
        editor.locator("[name=number]").fill(text)
        looked_at.page.keyboard.press("Enter")
        looked_at.page.wait_for_timeout(300)
        assert looked_at.losses() == before, text
        looked_at.page.keyboard.press("Escape")
        expect(editor).to_be_hidden()


# --- building


def test_neurons_and_layers_come_and_go_in_the_graph(open_app):
    app = open_app()
    app.press("Add a neuron to layer 2")
    app.wait_for_link("hidden=4,3")
    app.press("Add a hidden layer")
    app.wait_for_link("hidden=4,3,2")
    app.press("Remove a neuron from layer 1")
    app.wait_for_link("hidden=3,3,2")
    app.press("Remove the last hidden layer")
    app.wait_for_link("hidden=3,3")
    expect(app.page.get_by_role("spinbutton", name="Neurons in layer 1")).to_have_value("3")


def test_a_layer_has_its_activation_and_the_input_its_features(open_app):
    app = open_app()
    app.stage.get_by_label("Activation of layer 1").select_option("relu")
    app.wait_for_link("activation=relu,tanh")
    app.stage.locator("summary", has_text="inputs").click()
    app.stage.get_by_label("x₁x₂").check()
    app.wait_for_link("features=x1,x2,x1x2")
    app.press("Step")
    app.wait_for_step(1)


def test_a_network_that_grows_can_keep_what_it_has_learned(open_app):
    app = open_app()
    app.page.get_by_text("Keep weights").click()
    app.press("×100")
    app.wait_for_step(100)
    app.page.wait_for_timeout(500)
    learned = app.losses()
    app.press("Add a neuron to layer 1")
    app.wait_for_link("hidden=5,2")
    app.wait_for_step(0)
    assert [float(text) for text in app.losses()] == pytest.approx([float(text) for text in learned], rel=1e-9)


def test_the_learning_rate_changes_while_playing_and_the_network_stays(open_app):
    app = open_app()
    app.press("Play")
    app.wait_for_more_frames(40)
    app.choose("Learning rate", "0.03")
    app.wait_for_link("lr=0.03")
    step = int(app.says("step"))
    app.wait_for_more_frames(40)
    assert app.says("playing") == "true"
    assert int(app.says("step")) > step > 30
    app.press("Pause")


def test_a_pick_a_neuron_and_a_rate_one_after_another_are_all_kept(open_app):
    app = open_app()
    app.press("Play")
    app.wait_for_more_frames(20)
    app.pick_data("spiral")
    app.press("Add a neuron to layer 1")
    app.wait_for_link("data=spiral", "hidden=5,2")
    expect(app.stage.locator(".count span").first).to_have_text("5")
    app.wait_for_more_frames(20)
    app.choose("Learning rate", "0.03")
    app.wait_for_link("data=spiral", "hidden=5,2", "lr=0.03")
    app.wait_for_more_frames(20)
    assert app.says("playing") == "true"


@pytest.mark.parametrize("pace", ["slow", "calm", "full"])
def test_another_network_while_playing_at_any_pace_plays_on(open_app, pace):
    app = open_app()
    app.stage.get_by_label("Speed").select_option(pace)
    app.press("Play")
    app.page.wait_for_timeout(1300)
    app.press("Add a neuron to layer 1")
    app.wait_for_link("hidden=5,2")
    expect(app.stage.locator(".count span").first).to_have_text("5")  # drawn with the first picture of the new run
    step = int(app.says("step"))
    app.page.wait_for_function(f"step => Number({STAGE}.dataset.step) > step", arg=step, timeout=10_000)
    assert app.says("playing") == "true"


def test_the_editor_closes_with_the_run_it_was_for(touched):
    places, size = columns(touched)
    click_at(touched, places[3][0][0] - size / 2, places[3][0][1] + size / 2)
    editor = touched.stage.locator(".editor")
    expect(editor).to_be_visible()
    touched.page.get_by_role("radio", name="xor", exact=True).evaluate("radio => radio.click()")
    expect(editor).to_be_hidden()


def test_several_features_are_ticked_in_one_opening(open_app):
    app = open_app()
    app.stage.locator("summary", has_text="inputs").click()
    app.stage.get_by_role("checkbox", name="x₁x₂").check()
    app.stage.get_by_role("checkbox", name="sin x₁").check()  # before the first is answered
    app.wait_for_link("features=x1,x2,x1x2,sinx1")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 740)])
def test_on_a_phone_everything_that_opens_is_on_the_screen(open_window, server, width, height):
    app = App(open_window(viewport={"width": width, "height": height}, has_touch=True).new_page())
    app.page.goto(server)
    app.wait_for_picture()
    for name in ("View", "Save"):
        app.stage.locator("summary", has_text=name).tap()
        box = app.stage.locator("details[open] .list").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        app.stage.locator("summary", has_text=name).tap()
    app.canvas("plane").scroll_into_view_if_needed()
    app.canvas("plane").tap()
    expect(card(app)).to_contain_text("answer: ")
    app.canvas("graph").scroll_into_view_if_needed()
    places, size = columns(app)
    app.canvas("graph").tap(position={"x": places[3][0][0] - size / 2, "y": places[3][0][1] + size / 2})
    box = app.stage.locator(".editor").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height


def test_the_table_keeps_the_focus_on_the_weight_that_was_set(open_app):
    app = open_app()
    app.page.keyboard.press("t")
    cell = app.stage.get_by_role("region", name="Weights as tables").get_by_role("button").nth(3)
    cell.focus()
    app.page.keyboard.press("Enter")
    app.page.keyboard.type("1.25")
    app.page.keyboard.press("Enter")
    expect(cell).to_have_text("1.2500")
    expect(cell).to_be_focused()
    app.press("×10")
    app.wait_for_step(10)
    expect(app.stage.get_by_text("Weights into layer 1 at step 10")).to_be_visible()
