"""What can be shown and hidden, all keys, and what can be taken along."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.test_truth import _plane_geometry


@pytest.fixture
def app(open_app):
    app = open_app("noise=30")
    app.press("×10")
    app.wait_for_step(10)
    app.page.wait_for_timeout(300)
    return app


def show(app, label, value):
    app.stage.locator("summary", has_text="View").click()
    app.stage.get_by_role("combobox", name=label, exact=True).select_option(value)
    app.stage.locator("summary", has_text="View").click()


@pytest.mark.parametrize(
    ("label", "value", "picture"),
    [
        ("Points", "train", "plane"),
        ("Points", "test", "plane"),
        ("Points", "errors", "plane"),
        ("Points", "none", "plane"),
        ("Answer", "decided", "plane"),
        ("Answer", "unsure", "plane"),
        ("Line widths", "log", "graph"),
        ("Connections", "strong", "graph"),
        ("Connections", "one", "graph"),
        ("Loss axis", "log", "curves"),
        ("Smooth curves", "0.95", "curves"),
    ],
)
def test_a_switch_changes_its_picture_and_no_other_and_not_the_run(app, label, value, picture):
    before = {name: app.pixels(name) for name in ("graph", "plane", "curves", "surface")}
    losses = app.losses()
    show(app, label, value)
    for name, pixels in before.items():
        assert np.array_equal(app.pixels(name), pixels) == (name != picture), name
    assert app.losses() == losses


def test_decided_answers_have_two_colours_only(app):
    show(app, "Answer", "decided")
    show(app, "Points", "none")
    place = _plane_geometry(app)
    x, y, side = (round(place[key]) for key in ("x", "y", "side"))
    inside = app.pixels("plane")[y + 4 : y + side - 4, x + 4 : x + side - 4, :3].reshape(-1, 3)
    _, counts = np.unique(inside, axis=0, return_counts=True)
    assert counts[counts.argsort()[-2:]].sum() > 0.9 * len(inside)  # the rest is the line between them


def test_a_switch_stays_where_it_is_when_the_page_is_opened_again(app):
    show(app, "Loss axis", "log")
    app.page.reload()
    app.wait_for_picture()
    assert app.stage.locator("select[name=axis]").input_value() == "log"


KEYS = [
    ("ArrowRight", 11),
    ("Shift+ArrowRight", 20),
    ("h", 110),
    ("e", 18),
    ("ArrowLeft", 9),
    ("r", 0),
    ("Home", 0),
]


@pytest.mark.parametrize(("key", "step"), KEYS)
def test_every_key_of_time_moves_it(app, key, step):
    app.page.evaluate("() => document.activeElement.blur()")
    app.page.keyboard.press(key)
    app.wait_for_step(step)


def test_numbers_choose_the_speed(app):
    for key, pace in enumerate(("slow", "calm", "1", "10", "100", "full"), 1):
        app.page.keyboard.press(str(key))
        assert app.stage.get_by_label("Speed").input_value() == pace


def test_the_question_mark_lists_the_keys(app):
    app.page.keyboard.press("?")
    help_ = app.stage.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    for words in ("play and pause", "slow motion", "undo", "all weights"):
        expect(help_).to_contain_text(words)
    app.page.keyboard.press("Escape")
    expect(help_).to_be_hidden()


def test_menus_open_by_key_and_close_with_a_click_elsewhere(app):
    for key, name in (("v", "View"), ("s", "Save")):
        app.page.keyboard.press(key)
        menu = app.stage.locator("details", has=app.page.get_by_text(name, exact=True)).first
        expect(menu).to_have_attribute("open", "")
        app.stage.locator("[data-text=loss-note]").click()
        expect(menu).not_to_have_attribute("open", "")


def test_a_picture_is_saved_at_twice_the_size(app, tmp_path):
    with app.page.expect_download() as saving:
        app.stage.locator("summary", has_text="Save").click()
        app.stage.get_by_role("button", name="Picture (PNG)").click()
    assert saving.value.suggested_filename == "playground-step-10.png"
    saving.value.save_as(tmp_path / "stage.png")
    data = (tmp_path / "stage.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(data[16:20], "big")
    assert width == pytest.approx(2 * app.stage.bounding_box()["width"], abs=2)


def test_the_latest_pictures_are_saved_as_a_film(app, tmp_path):
    with app.page.expect_download(timeout=30_000) as saving:
        app.stage.locator("summary", has_text="Save").click()
        app.stage.get_by_role("button", name="Film").click()
    assert re.fullmatch(r"playground-to-step-\d+\.webm", saving.value.suggested_filename)
    saving.value.save_as(tmp_path / "film.webm")
    data = (tmp_path / "film.webm").read_bytes()
    assert data[:4] == b"\x1a\x45\xdf\xa3"  # a Matroska file
    assert len(data) > 10_000
