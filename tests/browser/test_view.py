"""What can be shown and hidden, all keys, and what can be taken along."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect


@pytest.fixture
def app(open_app):
    return at_step_10(open_app)


@pytest.fixture(scope="module")
def shared(open_shared):
    """The same for all tests that leave it as they found it."""
    return at_step_10(open_shared)


def at_step_10(open_at):
    app = open_at("noise=30")
    app.press("×10")
    app.wait_for_step(10)
    app.still("plane")
    return app


def show(app, label, value):
    """Choose in the menu of views; gives what was chosen before."""
    app.stage.locator("summary", has_text="View").click()
    choice = app.stage.get_by_role("combobox", name=label, exact=True)
    before = choice.input_value()
    choice.select_option(value)
    app.stage.locator("summary", has_text="View").click()
    return before


SWITCHES = [
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
]


def test_a_switch_changes_its_picture_and_no_other_and_not_the_run(shared):
    pictures = ("graph", "plane", "curves", "surface")
    before = {name: shared.pixels(name) for name in pictures}
    losses = shared.losses()
    for label, value, picture in SWITCHES:
        usual = show(shared, label, value)
        for name in pictures:
            assert np.array_equal(shared.pixels(name), before[name]) == (name != picture), (label, value, name)
        assert shared.losses() == losses
        show(shared, label, usual)
        assert np.array_equal(shared.pixels(picture), before[picture]), (label, usual)


def test_decided_answers_have_two_colours_only(shared):
    usual = {label: show(shared, label, value) for label, value in (("Answer", "decided"), ("Points", "none"))}
    (left, top), (right, bottom) = (map(round, shared.place(*corner)) for corner in ((-6, 6), (6, -6)))
    inside = shared.pixels("plane")[top + 4 : bottom - 4, left + 4 : right - 4, :3].reshape(-1, 3)
    _, counts = np.unique(inside, axis=0, return_counts=True)
    assert counts[counts.argsort()[-2:]].sum() > 0.9 * len(inside)  # the rest is the line between them
    for label, value in usual.items():
        show(shared, label, value)


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


def test_every_key_of_time_moves_it(app):
    for key, step in KEYS:
        app.page.evaluate("() => document.activeElement.blur()")
        app.page.keyboard.press(key)
        app.wait_for_step(step)
        app.press("Reset")
        app.wait_for_step(0)
        app.press("×10")
        app.wait_for_step(10)


def test_numbers_choose_the_speed(app):
    for key, pace in enumerate(("slow", "calm", "1", "10", "100", "full"), 1):
        app.page.keyboard.press(str(key))
        assert app.stage.get_by_label("Speed").input_value() == pace


def test_the_question_mark_lists_the_keys(shared):
    shared.page.keyboard.press("?")
    help_ = shared.stage.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    for words in ("play and pause", "slow motion", "undo", "all weights"):
        expect(help_).to_contain_text(words)
    shared.page.keyboard.press("Escape")
    expect(help_).to_be_hidden()


def test_menus_open_by_key_and_close_with_a_click_elsewhere(shared):
    for key, name in (("v", "View"), ("s", "Save")):
        shared.page.keyboard.press(key)
        menu = shared.stage.locator("details", has=shared.page.get_by_text(name, exact=True)).first
        expect(menu).to_have_attribute("open", "")
        shared.stage.locator("[data-text=loss-note]").click()
        expect(menu).not_to_have_attribute("open", "")


def test_a_picture_is_saved_at_twice_the_size(shared, tmp_path):
    with shared.page.expect_download() as saving:
        shared.stage.locator("summary", has_text="Save").click()
        shared.stage.get_by_role("button", name="Picture (PNG)").click()
    assert saving.value.suggested_filename == "playground-step-10.png"
    saving.value.save_as(tmp_path / "stage.png")
    data = (tmp_path / "stage.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(data[16:20], "big")
    assert width == pytest.approx(2 * shared.stage.bounding_box()["width"], abs=2)


def test_the_latest_pictures_are_saved_as_a_film(shared, tmp_path):
    with shared.page.expect_download(timeout=30_000) as saving:
        shared.stage.locator("summary", has_text="Save").click()
        shared.stage.get_by_role("button", name="Film").click()
    assert re.fullmatch(r"playground-to-step-\d+\.webm", saving.value.suggested_filename)
    saving.value.save_as(tmp_path / "film.webm")
    data = (tmp_path / "film.webm").read_bytes()
    assert data[:4] == b"\x1a\x45\xdf\xa3"  # a Matroska file
    assert len(data) > 10_000


def test_a_browser_that_cannot_record_says_so(app):
    app.page.evaluate("() => delete window.MediaRecorder")
    app.stage.locator("summary", has_text="Save").click()
    app.press("Film of the latest pictures (WebM)")
    expect(app.stage.get_by_role("alert")).to_have_text("This browser cannot record.")


def test_bundled_connections_follow_the_switch_too(open_app):
    app = open_app("data=digits&hidden=12")
    before = app.still("graph")
    show(app, "Connections", "strong")
    assert (app.still("graph") != before)[:, : before.shape[1] // 3].any()
