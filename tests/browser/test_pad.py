"""The pad: what is drawn with mouse, finger or keys is what the network is asked, and its answers are the engine's."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app import STAGE, App

QUERY = "data=digits&hidden=16&scaling=min-max&lr=0.03&l2=0.003"  # as the panel's button “Take the digits” sets them
DESK = STAGE.replace("[data-testid=stage]", ".desk")
Line = list[tuple[float, float]]

STROKES: dict[int, list[Line]] = {  # across and down in cells
    0: [[(4 + 1.9 * np.sin(t), 4 - 3.4 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 24)]],
    1: [[(3, 1.8), (4.2, 0.6), (4.2, 7.4)]],
    4: [[(4.4, 0.6), (1.9, 4.9), (6, 4.9)], [(4.8, 3), (4.6, 7.4)]],
    7: [[(2, 0.8), (5.8, 0.8), (3.6, 7.4)], [(2.8, 4.2), (5.4, 4.2)]],  # with a bar, as those who wrote the data did
}


class Pad:
    """The panel “Draw a digit” of an open page."""

    def __init__(self, app: App) -> None:
        self.app, self.page = app, app.page
        self.desk = self.page.locator(".desk")
        self.canvas = self.desk.locator("canvas")

    def open(self) -> "Pad":
        self.app.panel("Draw a digit")
        self.canvas.scroll_into_view_if_needed()
        return self

    def places(self, line: Line) -> Line:
        box = self.canvas.bounding_box()
        return [(box["x"] + x / 8 * box["width"], box["y"] + y / 8 * box["height"]) for x, y in line]

    def draw(self, *lines: Line) -> None:
        """Draw with the mouse."""
        self.canvas.scroll_into_view_if_needed()
        for line in lines:
            first, *others = self.places(line)
            self.page.mouse.move(*first)
            self.page.mouse.down()
            for place in others:
                self.page.mouse.move(*place, steps=6)
            self.page.mouse.up()
        self.settle()

    def press(self, name: str) -> None:
        self.desk.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def settle(self) -> None:
        """Wait until what is on the pad is what the answer is about."""
        self.page.wait_for_function(f"() => {DESK}.dataset.heard === {DESK}.dataset.turn", timeout=10_000)

    @property
    def values(self) -> list[int]:
        return [int(word) for word in self.desk.get_attribute("data-values").split()]

    @property
    def probabilities(self) -> list[float]:
        return [float(word) for word in self.desk.get_attribute("data-probabilities").split()]

    @property
    def lines(self) -> Locator:
        return self.desk.locator(".bars li")

    def check(self) -> int:
        """The numbers on screen are the engine's for the pad, at the step they are of; gives the likeliest digit."""
        self.page.wait_for_function(f"() => {DESK}.dataset.step === {STAGE}.dataset.step", timeout=10_000)
        scene, run = self.app.engine()
        theta = run.seek(int(self.desk.get_attribute("data-step"))).theta
        p = run.network.forward(theta, scene.experiment.data.inputs([self.values])).a[-1][0]
        np.testing.assert_allclose(self.probabilities, p, rtol=1e-9)
        best = int(p.argmax())
        expect(self.desk.locator(".most")).to_have_text(f"Most likely {best}, {100 * p[best]:.1f} %")
        for i, share in enumerate(p):
            expect(self.lines.nth(i).locator(".value")).to_have_text(f"{100 * share:.1f} %")
        expect(self.desk.locator(".likeliest .name")).to_have_text(str(best))
        expect(self.desk.locator(".likeliest .sign")).to_have_text("▸")
        return best


def learn(app: App, steps: int) -> None:
    """Play at full speed until so many steps are taken."""
    app.page.keyboard.press("6")
    app.page.keyboard.press(" ")
    app.page.wait_for_function(f"() => Number({STAGE}.dataset.step) >= {steps}", timeout=60_000)
    app.page.keyboard.press(" ")
    expect(app.stage).to_have_attribute("data-playing", "false")


@pytest.fixture(scope="module")
def opened(open_shared: Callable[..., App]) -> Pad:
    app = open_shared(QUERY)
    learn(app, 300)
    return Pad(app).open()


@pytest.fixture
def pad(opened: Pad) -> Pad:
    """The pad, empty, beside a network that has learned for 300 steps or more; all tests share it."""
    opened.press("Pen")
    clear = opened.desk.get_by_role("button", name="Clear")
    if clear.is_enabled():
        clear.click()
    opened.settle()
    assert not any(opened.values)
    return opened


def test_plain_digits_are_recognised_and_the_numbers_are_the_engines(pad: Pad):
    read = {}
    for digit, lines in STROKES.items():
        pad.draw(*lines)
        pad.check()
        pad.press("Fit")
        read[digit] = pad.check()
        assert abs(sum(pad.values) - 312) < 60  # as much ink as the digits of the data, about
        pad.press("Clear")
        assert not any(pad.values)
    assert read == {digit: digit for digit in STROKES}


def test_fit_makes_a_small_digit_as_large_as_those_of_the_data(pad: Pad):
    pad.draw(*[[(1 + x * 0.4, 1 + y * 0.4) for x, y in line] for line in STROKES[4]])
    small = np.reshape(pad.values, (8, 8))
    assert not small[6:].any()
    pad.press("Fit")
    large = np.reshape(pad.values, (8, 8))
    assert large.any(1).all()
    assert pad.check() == 4


def test_the_eraser_takes_ink_away(pad: Pad):
    pad.draw([(1, 4), (7, 4)])
    inked = sum(pad.values)
    pad.press("Eraser")
    pad.draw([(4, 4), (7.5, 4)])
    row = np.reshape(pad.values, (8, 8))
    assert 0 < sum(pad.values) < inked / 2 + 30
    assert not row[:, 5:].any()
    pad.check()


def test_a_cell_has_as_much_ink_as_the_pen_covers(pad: Pad):
    pad.draw([(4, 1), (4, 7)])
    cells = np.reshape(pad.values, (8, 8))
    assert cells[3].tolist() == [0, 0, 0, 12, 12, 0, 0, 0]  # three squares of four to either side of the middle
    assert cells.max() <= 16


def test_keys_draw_cell_by_cell_and_say_so(pad: Pad):
    step = pad.app.says("step")
    pad.canvas.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowDown", " ", "Enter", "ArrowDown", " ", "ArrowUp", "Delete"]:
        pad.page.keyboard.press(key)
    expect(pad.desk.locator("[data-is=spoken]")).to_have_text("Row 2, column 3: 0 of 16.")
    for _ in range(3):
        pad.page.keyboard.press("Enter")
    expect(pad.desk.locator("[data-is=spoken]")).to_have_text("Row 2, column 3: 12 of 16.")
    pad.settle()
    cells = np.reshape(pad.values, (8, 8))
    assert (cells[1, 2], cells[2, 2], cells.sum()) == (12, 4, 16)
    expect(pad.canvas).to_have_attribute("aria-label", "Pad of 8 by 8 cells, 2 with ink")
    pad.check()
    assert pad.app.says("step") == step  # the stage has not taken the keys for its own


def test_a_test_digit_comes_with_what_it_is_until_it_is_drawn_over(pad: Pad):
    test = pad.app.engine()[0].experiment.data.test
    seen = []
    for _ in range(2):
        before = int(pad.desk.get_attribute("data-put"))
        pad.desk.get_by_role("button", name="Show a test digit").click()
        expect(pad.desk).to_have_attribute("data-put", str(before + 1))
        (row,) = np.flatnonzero((test.points == pad.values).all(1))[:1]
        best = pad.check()
        verdict = "✓ right" if best == test.y[row] else "✗ wrong"
        expect(pad.desk.locator(".truth")).to_have_text(f"Test digit {row + 1} of 899 is {test.y[row]}: {verdict}.")
        seen.append(row)
    assert seen[0] != seen[1]
    pad.draw([(1, 1), (2, 2)])
    expect(pad.desk.locator(".truth")).to_have_text("")
    pad.check()


def test_the_answer_changes_as_training_goes_on(pad: Pad):
    pad.draw(*STROKES[1])
    pad.check()
    before, step = pad.probabilities, int(pad.desk.get_attribute("data-step"))
    pad.page.mouse.click(5, 5)
    learn(pad.app, step + 50)
    pad.page.wait_for_function(f"step => Number({DESK}.dataset.step) > step", arg=step)
    pad.settle()
    assert pad.probabilities != before
    pad.check()


def test_what_is_drawn_stays_while_another_panel_is_looked_at(pad: Pad):
    pad.draw([(4, 1), (4, 7)])
    values = pad.values
    pad.app.panel("Race")
    expect(pad.canvas).to_have_count(0)
    pad.open()
    pad.settle()
    assert pad.values == values
    pad.check()


@pytest.fixture
def phone(open_window, server: str) -> Page:
    page = open_window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{server}?{QUERY}")
    return page


def test_a_finger_draws_and_does_not_scroll(phone: Page):
    app = App(phone)
    app.wait_for_picture()
    pad = Pad(app).open()
    box = pad.canvas.bounding_box()
    assert box["width"] > 320
    session = phone.context.new_cdp_session(phone)

    def touch(kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    first, *others = pad.places([(4, y) for y in np.linspace(1, 7, 13)])
    touch("touchStart", *first)
    for place in others:
        touch("touchMove", *place)
    touch("touchEnd")
    pad.settle()
    assert pad.canvas.bounding_box() == box
    assert np.reshape(pad.values, (8, 8))[3].tolist() == [0, 0, 0, 12, 12, 0, 0, 0]
    pad.check()


def test_other_data_lead_to_the_digits(open_app: Callable[..., App]):
    app = open_app()
    app.panel("Draw a digit")
    app.press("Take the digits")
    app.wait_for_link("data=digits", "scaling=min-max", "hidden=16")
    pad = Pad(app)
    pad.canvas.scroll_into_view_if_needed(timeout=15_000)
    pad.settle()
    pad.check()
