"""Every part of the stage explains itself: by mouse, by keyboard and on a phone, without moving anything."""

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


@pytest.mark.parametrize("part", PARTS)
def test_an_explanation_opens_and_closes_by_mouse_and_nothing_moves(open_app, part):
    app = open_app()
    before, words = boxes(app), app.stage.get_by_text(PARTS[part])
    expect(words).to_be_hidden()
    summary(app, part).click()
    expect(words).to_be_visible()
    assert boxes(app) == before
    app.page.mouse.click(5, 300)
    expect(words).to_be_hidden()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("key", ["Enter", " "])
def test_an_explanation_opens_and_closes_by_keyboard(open_app, part, key):
    app = open_app()
    words = app.stage.get_by_text(PARTS[part])
    summary(app, part).focus()
    app.page.keyboard.press(key)
    expect(words).to_be_visible()
    app.page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    expect(summary(app, part)).to_be_focused()
    assert app.says("playing") == "false"


@pytest.mark.parametrize("size", [(360, 740), (390, 844), (1280, 800)])
@pytest.mark.parametrize("part", PARTS)
def test_an_explanation_stays_on_the_screen(page, open_app, size, part):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    app = open_app("data=blobs&classes=10")
    summary(app, part).click()
    box = app.stage.locator("[data-explain][open] .list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["height"] < size[1] / 2
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(
    ("query", "part", "words"),
    [
        ("data=plane", "the numbers", "R² is 1 where every value is met"),
        ("data=plane", "the plane", "The colour is the predicted value"),
        ("data=blobs", "the plane", "The colour is the most likely class"),
        ("data=blobs&hidden=0", "the network", "2 inputs, no hidden layers, 3 outputs (softmax)"),
        ("l2=0.01", "the loss curves", "plus the penalty"),
    ],
)
def test_an_explanation_is_of_what_is_on_the_stage(open_app, query, part, words):
    app = open_app(query)
    summary(app, part).click()
    expect(app.stage.locator("[data-explain][open]")).to_contain_text(words)


def test_an_explanation_follows_what_is_changed(open_app):
    app = open_app()
    app.pick_data("blobs")
    app.wait_for_link("blobs")
    app.wait_for_step(0)
    summary(app, "the network").click()
    expect(app.stage.locator("[data-explain][open]")).to_contain_text("3 outputs (softmax)")
