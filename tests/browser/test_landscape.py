"""The loss landscape on the stage: every slice is the engine's, what is said of it too, and it can be walked on."""

import re
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.engine import loss
from playground.stage.look import Look
from playground.stage.slices import LINE_POINTS, material, place_on, slice_of
from tests.browser.app import STAGE, click_until


@pytest.fixture
def walked(open_app):
    """The default experiment at step 24, with the steps 0, 12 and 24 marked."""
    return walk(open_app)


@pytest.fixture(scope="module")
def walked_once(open_shared):
    return walk(open_shared)


@pytest.fixture
def standing(walked_once):
    """The same, for all tests that stay at step 24: they share the page."""
    for label, usual in {"Plane": "ahead", "Loss of": "train", "Penalty": "with"}.items():
        choose(walked_once, label, usual)
    walked_once.page.mouse.move(5, 5)
    return walked_once


def walk(open_at):
    app = open_at("l2=0.003")
    app.record_answers()
    app.page.keyboard.press("m")
    for step in (0, 12):
        app.press("×10")
        app.wait_for_step(step + 10)
        app.press("Step")
        app.press("Step")
        app.wait_for_step(step + 12)
        app.page.keyboard.press("m")
    return app


def choose(app, label, word):
    """Choose in the menu of slices, and wait until it is drawn."""
    if not app.stage.locator(".slices").is_visible():
        app.page.keyboard.press("l")
    with app.redrawn():
        app.stage.locator(".slices").get_by_role("combobox", name=label).select_option(word)
    app.page.keyboard.press("Escape")
    expect(app.stage.locator(".slices")).to_be_hidden()


def said(app):
    return app.stage.locator("[data-text=slice]").inner_text()


def there(app, share_x, share_y):
    """A place of the surface's picture, on the page: shares of its width and height."""
    box = app.canvas("surface").bounding_box()
    return box["x"] + 54 + share_x * (box["width"] - 122), box["y"] + 8 + (1 - share_y) * (box["height"] - 42)


LOOKS = {
    "gradient": Look("gradient"),
    "random": Look("random", picks=(0, 0, 0)),
    "weights": Look("weights", picks=(0, 1, 0)),
    "weight": Look("weights", picks=(0, 0, 0)),
    "states": Look("states", picks=(0, 12, 24)),
    "line": Look("line", picks=(12, 24, 24)),
    "seeds": Look("seeds", picks=(1, 0, 0)),
}


def test_every_slice_is_the_engines(standing):
    for plane, look in LOOKS.items():
        choose(standing, "Plane", plane)
        scene, run = standing.engine()
        numbers, arrays = standing.last_frame()
        told, chosen = numbers["slice"], slice_of(scene, look, run.state)
        (a0, a1, b0, b1), (across, up) = told["box"], told["sides"]
        assert tuple(told["titles"]) == chosen.titles
        assert (across, up) == ((LINE_POINTS, 1) if plane in ("weight", "line", "seeds") else (33, 33)), plane
        low, high = np.log(told["range"])
        drawn = np.exp(low + arrays["surface"].reshape(across, up) / 65534 * (high - low))
        for i, j in product(range(0, across, 8), range(0, up, 8)):
            a, b = np.linspace(a0, a1, across)[i], np.linspace(b0, b1, up)[j]
            theta = place_on(chosen, run.state, a, b)
            exact = float(loss(run.network, run.training, theta, run.x, run.y))
            assert drawn[i, j] == pytest.approx(exact, rel=2e-3), plane


def test_it_says_which_loss_is_drawn_and_draws_it(standing):
    names = {"train": "training loss", "test": "test loss", "batch": "mini-batch loss"}
    for of, penalty in product(names, ("with", "without")):
        choose(standing, "Loss of", of)
        choose(standing, "Penalty", penalty)
        assert said(standing).startswith(names[of] + (" + penalty ·" if penalty == "with" else " ·"))
        scene, run = standing.engine()
        training, x, y, _ = material(scene, Look(of=of, penalty=penalty == "with"), run.state)
        told = standing.last_frame()[0]["slice"]
        exact = float(loss(run.network, training, run.state.theta, x, y))
        assert told["here"] == pytest.approx(exact, abs=0), (of, penalty)


def test_it_says_how_much_of_the_path_lies_in_the_plane_and_how_far_off_it_began(standing):
    told = standing.last_frame()[0]["slice"]
    assert f"holds {round(100 * told['share'])} %" in said(standing)
    scene, run = standing.engine()
    plane = slice_of(scene, Look(), run.state).plane
    way = run.at(0).theta - run.state.theta
    off = np.sqrt(way @ way - (way @ plane.d1) ** 2 - (way @ plane.d2) ** 2)
    assert told["off"] == pytest.approx(off)
    assert f"start {float(f'{off:.2g}'):g} off" in said(standing)


def test_a_place_on_the_surface_shows_the_network_there_and_leaves_the_run_alone(standing):
    before, numbers = standing.pixels("plane"), standing.losses()
    standing.page.mouse.move(*there(standing, 0.15, 0.8))
    expect(standing.stage.locator("[data-text=answer]")).to_have_text("Decision boundary, at the cross")
    frame, arrays = standing.last_frame()
    scene, run = standing.engine()
    told_at = standing.page.evaluate(
        "() => { const view = new DataView(window.lastAnswer.slice().buffer), size = view.getUint32(0, true);"
        "return JSON.parse(new TextDecoder().decode(window.lastAnswer.slice(4, 4 + size))).peek; }"
    )
    theta = place_on(slice_of(scene, Look(), run.state), run.state, *told_at)
    np.testing.assert_allclose(arrays["theta"], theta, rtol=1e-5, atol=1e-6)
    assert frame["loss"][0] == pytest.approx(float(loss(run.network, run.training, theta, run.x, run.y)))
    assert (standing.pixels("plane") != before).any(-1).mean() > 0.05
    assert standing.losses() == numbers
    standing.page.mouse.move(5, 5)
    expect(standing.stage.locator("[data-text=answer]")).to_have_text("Decision boundary")
    assert np.array_equal(standing.pixels("plane"), before)


def test_a_jump_makes_it_the_present_state_and_can_be_undone(standing):
    before = standing.losses()
    standing.page.mouse.click(*there(standing, 0.3, 0.7))
    form = standing.stage.locator(".place")
    expect(form).to_contain_text("Training loss there")
    for name, value in (("a", "1.5"), ("b", "-0.5")):
        form.locator(f"[name={name}]").fill(value)
    scene, run = standing.engine()
    theta = place_on(slice_of(scene, Look(), run.state), run.state, 1.5, -0.5)
    expected = float(loss(run.network, run.training, theta, run.x, run.y))
    expect(form).to_contain_text(f"{expected:.4f}")
    form.get_by_role("button", name="Jump here").click()
    expect(form).to_be_hidden()
    standing.page.wait_for_function(LOSS, arg=expected)
    assert int(standing.says("step")) == 24
    standing.press("Step")
    standing.wait_for_step(25)
    standing.stage.get_by_role("button", name="Undo").click()
    standing.page.wait_for_function(LOSS, arg=float(before[0]))
    assert standing.losses() == before


LOSS = f"value => Math.abs(Number({STAGE}.dataset.trainLoss) - value) < 1e-9"


def test_two_weights_are_picked_by_clicking_connections(walked):
    walked.page.keyboard.press("t")
    cells = walked.stage.get_by_role("region", name="Weights as tables").get_by_role("button")
    for index, way in ((3, "across"), (8, "up")):
        cells.nth(index).click()
        with walked.redrawn():
            walked.stage.locator(".editor").get_by_role("button", name=way).click()
        walked.page.keyboard.press("Escape")
    told = walked.last_frame()[0]["slice"]
    assert told["titles"] == ["x₁ → 1.4", "bias of 1.1"]
    _, run = walked.engine()
    assert told["at"] == pytest.approx(run.state.theta[[3, 8]])
    cells.nth(3).click()
    with walked.redrawn():
        walked.stage.locator(".editor").get_by_role("button", name="alone").click()
    assert walked.last_frame()[0]["slice"]["sides"] == [LINE_POINTS, 1]
    assert "one weight" in said(walked)


def test_every_slice_lives_while_playing(walked):
    for plane in ("ahead", "path", "frozen", *LOOKS):
        choose(walked, "Plane", plane)
        walked.page.mouse.move(5, 5)
        before = walked.pixels("surface")
        walked.press("Play")
        walked.wait_for_more_frames(30)
        walked.press("Pause")
        assert (walked.pixels("surface") != before).any(), plane


def test_the_surface_is_shaded_by_the_logarithm_or_the_loss_itself(standing):
    before = standing.pixels("surface")
    standing.page.keyboard.press("v")
    choice = standing.stage.get_by_role("combobox", name="Loss surface")
    choice.select_option("linear")
    assert (standing.pixels("surface") != before).any(-1).mean() > 0.2
    choice.select_option("log")
    standing.page.keyboard.press("Escape")
    assert np.array_equal(standing.pixels("surface"), before)


def test_the_surface_tells_itself_in_words(walked):
    choose(walked, "Plane", "states")
    walked.press("Step")
    walked.wait_for_step(25)
    expect(walked.canvas("surface")).to_have_attribute(
        "aria-label", re.compile("Loss surface at step 25, training loss .*from step 0 to 12")
    )


def test_the_menu_lies_before_the_pictures(standing):
    standing.page.keyboard.press("l")
    fields = standing.stage.locator(".slices").locator("select:visible, button:visible").all()
    assert len(fields) >= 4
    for field in fields:
        field.click(trial=True)  # fails where something else lies over it
    standing.page.keyboard.press("Escape")


def test_a_menu_that_comes_back_says_what_is_drawn(open_app):
    app = open_app()
    choose(app, "Plane", "seeds")
    with app.redrawn():
        app.page.keyboard.press("l")
        app.stage.get_by_label("Seed", exact=True).fill("5")
        app.page.keyboard.press("Tab")
    click_until(app.page.get_by_role("link", name="One weight"), app.page.get_by_role("heading", name="One weight"))
    expect(app.stage).to_have_count(0)
    click_until(app.page.get_by_role("link", name="Playground"), app.stage)
    app.wait_for_picture()
    app.page.keyboard.press("l")
    expect(app.stage.get_by_label("Seed", exact=True)).to_have_value("5")
