"""Time on the stage: the timeline, the loss curve as one, branches, the run before, slow motion, a broken line."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.app import STAGE, click_until


@pytest.fixture
def at_100(open_app):
    return played_to_100(open_app)


@pytest.fixture(scope="module")
def with_100(open_shared):
    """The same for all tests that leave these steps as they are."""
    return played_to_100(open_shared)


def played_to_100(open_at):
    app = open_at()
    app.press("×100")
    app.wait_for_step(100)
    app.still("curves")
    return app


def scrub(app, step):
    app.stage.get_by_label("Timeline").evaluate(
        "(slider, step) => { slider.value = step; slider.dispatchEvent(new Event('input')); "
        "slider.dispatchEvent(new Event('change')); }",
        str(step),
    )
    app.wait_for_step(step)


def test_the_timeline_goes_to_any_step_exactly(with_100):
    for step in (0, 37, 99):
        scrub(with_100, step)
        _, run = with_100.engine()
        assert float(with_100.says("train-loss")) == run.loss()
        scrub(with_100, 100)
        assert with_100.stage.get_by_label("Timeline").get_attribute("max") == "100"


def test_the_loss_curve_is_a_timeline_too(with_100):
    scrub(with_100, 100)
    box = with_100.canvas("curves").bounding_box()
    with_100.page.mouse.click(box["x"] + 54 + (box["width"] - 154) / 2, box["y"] + box["height"] / 2)
    with_100.page.wait_for_function(f"() => {STAGE}.dataset.step !== '100'")
    assert 46 <= int(with_100.says("step")) <= 54


def test_a_branch_forgets_what_lies_ahead(at_100):
    scrub(at_100, 40)
    at_100.press("Branch")
    timeline = at_100.stage.get_by_label("Timeline")
    expect(timeline).to_have_attribute("max", "40")
    at_100.press("Undo")
    expect(at_100.stage.get_by_role("button", name="Undo")).to_be_disabled()
    scrub(at_100, 40)


def test_home_and_end_are_the_ends_of_the_run(with_100):
    with_100.page.keyboard.press("Home")
    with_100.wait_for_step(0)
    with_100.page.keyboard.press("End")
    with_100.wait_for_step(100)


def test_the_curve_of_the_run_before_stays_to_compare(at_100):
    muted = (91, 102, 115)
    before = near(at_100.pixels("curves"), muted)
    at_100.number("Seed", 8)
    at_100.wait_for_link("seed=8")
    at_100.wait_for_step(0)
    at_100.press("×100")
    at_100.wait_for_step(100)
    assert near(at_100.still("curves"), muted) > before + 60


def near(pixels, colour):
    """How many pixels have about this colour, however pale."""
    return int((np.abs(pixels[..., :3].astype(int) - colour).max(-1) < 12).sum())


def test_slow_motion_tells_the_phases_of_a_step(open_app):
    app = open_app()
    app.stage.get_by_label("Speed").select_option("slow")
    note = app.stage.locator("[data-text=graph-note]")
    note.evaluate(LISTEN)
    app.press("Play")
    app.page.wait_for_function("() => /Forward:.*Loss:.*Backward:.*Update:/s.test(window.told.join())")
    app.page.wait_for_function(f"() => Number({STAGE}.dataset.step) >= 1")
    app.press("Pause")
    expect(note).to_contain_text("line width")


LISTEN = """note => {
    window.told = [];
    new MutationObserver(() => window.told.push(note.textContent)).observe(note, { childList: true, subtree: true });
}"""


def test_full_speed_passes_many_steps_between_two_pictures(open_app):
    app = open_app()
    app.stage.get_by_label("Speed").select_option("full")
    app.press("Play")
    app.wait_for_more_frames(20)
    app.press("Pause")
    app.page.wait_for_timeout(300)
    assert int(app.says("step")) > 2000
    _, run = app.engine()
    assert float(app.says("train-loss")) == run.loss()


def test_a_connection_that_breaks_is_told_and_play_goes_on_where_it_was(open_fresh):
    app = open_fresh()
    app.press("Play")
    app.wait_for_more_frames(30)
    app.page.context.set_offline(True)
    expect(app.stage.get_by_role("alert")).to_contain_text("has not answered", timeout=15_000)
    stopped = int(app.says("step"))
    app.page.context.set_offline(False)
    app.page.wait_for_function(
        f"step => Number({STAGE}.dataset.step) > step + 20",
        arg=stopped,
        timeout=40_000,
    )
    expect(app.stage.get_by_role("alert")).to_be_hidden()


def test_a_delay_of_200_ms_still_plays(open_fresh):
    app = open_fresh()
    session = app.page.context.new_cdp_session(app.page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 200, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    app.press("Play")
    app.wait_for_more_frames(30)
    app.wait_for_more_frames(60)
    assert app.says("playing") == "true"
    expect(app.stage.get_by_role("alert")).to_be_hidden()


def test_another_page_and_back_finds_the_run_with_its_past(open_app):
    app = open_app()
    app.press("×100")
    app.wait_for_step(100)
    app.canvas("surface").hover()  # so that the latest answer is the network at another place
    expect(app.stage.locator("[data-text=answer]")).to_contain_text("at the cross")
    click_until(app.page.get_by_role("link", name="One weight"), app.page.get_by_role("heading", name="One weight"))
    expect(app.stage).to_have_count(0)
    click_until(app.page.get_by_role("link", name="Playground"), app.stage)
    app.wait_for_step(100)
    expect(app.stage.get_by_role("img", name="Loss curves from step 0 to 100")).to_be_visible()
    app.press("Back")
    app.wait_for_step(99)
    app.page.keyboard.press("End")
    app.wait_for_step(100)


def test_a_tab_that_is_not_seen_asks_for_nothing(open_fresh):
    app = open_fresh()
    app.press("Play")
    app.wait_for_more_frames(20)
    app.page.evaluate("() => { window.asked = 0; addEventListener('playground:ask', () => (window.asked += 1)); }")
    other = app.page.context.new_page()
    other.bring_to_front()
    app.page.wait_for_timeout(500)  # what was on its way
    before = app.page.evaluate("window.asked")
    app.page.wait_for_timeout(2000)
    assert app.page.evaluate("window.asked") == before
    other.close()
    app.page.bring_to_front()
    app.wait_for_more_frames(100)  # more than one answer holds
    assert app.page.evaluate("window.asked") > before
