"""Every part of the stage explains itself: by mouse, by keyboard and on a phone, without moving anything."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.test_screen import boxes

PARTS = {
    "the numbers": "An epoch is as many steps as",
    "the network": "2 inputs, 2 hidden layers, 1 output (sigmoid)",
    "the plane": "both classes are equally likely",
    "the loss curves": "Training falling while test rises is overfitting",
    "the loss surface": "Dark is deep",
}


def summary(app, part):
    return app.stage.get_by_label(f"Explain {part}")


def test_an_explanation_opens_and_closes_by_mouse_and_nothing_moves(open_app):
    app = open_app()
    before = boxes(app)
    for part, text in PARTS.items():
        words = app.stage.get_by_text(text)
        expect(words).to_be_hidden()
        summary(app, part).click()
        expect(words).to_be_visible()
        assert boxes(app) == before, part
        app.page.mouse.click(5, 300)
        expect(words).to_be_hidden()


def test_an_explanation_opens_and_closes_by_keyboard(open_app):
    app = open_app()
    for part, key in product(PARTS, ("Enter", " ")):
        words = app.stage.get_by_text(PARTS[part])
        summary(app, part).focus()
        app.page.keyboard.press(key)
        expect(words).to_be_visible()
        app.page.keyboard.press("Escape")
        expect(words).to_be_hidden()
        expect(summary(app, part)).to_be_focused()
        assert app.says("playing") == "false", (part, key)


@pytest.mark.parametrize("size", [(360, 740), (390, 844), (1280, 800)])
def test_an_explanation_stays_on_the_screen(page, open_app, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    app = open_app("data=blobs&classes=10")
    for part in PARTS:
        summary(app, part).click()
        box = app.stage.locator("[data-explain][open] .list").bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= size[0], part
        assert box["height"] < size[1] / 2, part
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0], part
        page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "data=plane",
            {
                "the numbers": "R² is 1 where every value is met",
                "the plane": "The colour is the predicted value",
            },
        ),
        ("data=blobs", {"the plane": "The colour is the most likely class"}),
        ("data=blobs&hidden=0", {"the network": "2 inputs, no hidden layers, 3 outputs (softmax)"}),
        ("l2=0.01", {"the loss curves": "plus the penalty"}),
    ],
)
def test_an_explanation_is_of_what_is_on_the_stage(open_app, query, told):
    app = open_app(query)
    for part, words in told.items():
        summary(app, part).click()
        expect(app.stage.locator("[data-explain][open]")).to_contain_text(words)
        app.page.keyboard.press("Escape")


def test_an_explanation_follows_what_is_changed(open_app):
    app = open_app()
    app.pick_data("blobs")
    app.wait_for_link("blobs")
    app.wait_for_step(0)
    summary(app, "the network").click()
    expect(app.stage.locator("[data-explain][open]")).to_contain_text("3 outputs (softmax)")


def test_the_colours_of_a_table_are_explained_in_its_own_unit(open_app):
    app = open_app("data=diabetes&loss=mse")
    scene, _ = app.engine()
    target = scene.experiment.data.target
    low, neutral, high = (target.inverse_transform([[value]])[0, 0] for value in (-scene.reach, 0, scene.reach))
    summary(app, "the plane").click()
    words = app.stage.get_by_text("The colour is the predicted value").inner_text()
    told = [float(number.replace("−", "-")) for number in re.findall(r"−?\d[\d.]*\b", words)]
    assert told == pytest.approx([low, neutral, high], rel=0.005, abs=0.5)
