"""What the buttons and keys of the stage do, in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def shared(open_shared):
    return open_shared()


@pytest.fixture
def app(shared):
    """The Playground at step 0, at rest, every step to be drawn."""
    shared.stage.get_by_label("Speed").select_option("1")
    with shared.redrawn():
        shared.press("Reset")
    shared.wait_for_step(0)
    return shared


def test_the_page_opens_with_a_picture_of_step_0(open_app):
    app = open_app()
    assert app.says("step") == "0"
    assert app.says("playing") == "false"
    for name in ("graph", "plane", "curves", "surface"):
        colours = np.unique(app.pixels(name).reshape(-1, 4), axis=0)
        assert len(colours) > 20, f"{name} is blank"


def test_step_makes_step_1_and_back_undoes_it_exactly(app):
    before = app.losses()
    app.press("Step")
    app.wait_for_step(1)
    assert app.losses() != before
    app.press("Back")
    app.wait_for_step(0)
    assert app.losses() == before


def test_back_at_step_0_stays_there(app):
    app.press("Back")
    app.page.wait_for_timeout(300)
    assert app.says("step") == "0"
    app.press("Step")
    app.wait_for_step(1)


@pytest.mark.parametrize(("button", "steps"), [("×10", 10), ("×100", 100), ("Epoch", 8)])
def test_larger_strides(app, button, steps):
    app.press(button)  # 250 training points in batches of 32 make 8 steps an epoch
    app.wait_for_step(steps)
    app.page.wait_for_timeout(300)
    assert app.says("step") == str(steps)
    assert float(app.says("epoch")) == steps // 8 + steps % 8 * 32 / 250


def test_presses_add_up_however_fast(app):
    for _ in range(7):
        app.press("Step")
    app.wait_for_step(7)


def test_play_draws_and_pause_stops_at_once(app):
    app.press("Play")
    app.wait_for_more_frames(30)
    assert app.says("playing") == "true"
    app.press("Pause")
    assert app.says("playing") == "false"
    stopped = app.says("step")
    app.page.wait_for_timeout(700)
    assert app.says("step") == stopped
    app.press("Step")
    app.wait_for_step(int(stopped) + 1)


def test_play_draws_every_step(app):
    app.stage.evaluate("""stage => {
        window.steps = [];
        const observer = new MutationObserver(() => window.steps.push(Number(stage.dataset.step)));
        observer.observe(stage, { attributeFilter: ["data-frames"] });
    }""")
    app.press("Play")
    app.wait_for_more_frames(40)
    steps = app.page.evaluate("() => window.steps")
    assert steps == list(range(1, len(steps) + 1))


def test_a_faster_speed_skips_pictures_not_steps(app):
    app.stage.get_by_label("Speed").select_option("10")
    app.press("Play")
    app.wait_for_more_frames(10)
    app.press("Pause")
    step = int(app.says("step"))
    assert step >= 100
    assert step % 10 == 0
    _, run = app.engine()
    assert float(app.says("train-loss")) == run.loss()


def test_reset_goes_back_to_the_same_start(app):
    start = app.losses()
    app.press("×10")
    app.wait_for_step(10)
    app.press("Reset")
    app.wait_for_step(0)
    assert app.losses() == start


def test_keys_do_what_the_buttons_do(app):
    start = app.losses()
    app.page.keyboard.press("ArrowRight")
    app.wait_for_step(1)
    app.page.keyboard.press("ArrowRight")
    app.wait_for_step(2)
    app.page.keyboard.press("ArrowLeft")
    app.wait_for_step(1)
    app.page.keyboard.press("Space")
    app.wait_for_more_frames(10)
    app.page.keyboard.press("Space")
    assert app.says("playing") == "false"
    app.page.keyboard.press("r")
    app.wait_for_step(0)
    assert app.losses() == start


def test_keys_typed_into_a_field_are_left_to_it(app):
    app.page.get_by_role("spinbutton", name="Seed", exact=True).click()
    app.page.keyboard.press("ArrowRight")
    app.page.wait_for_timeout(300)
    assert app.says("step") == "0"


def test_a_lost_answer_does_not_stall_play(app):
    app.press("Play")
    app.wait_for_more_frames(10)
    app.page.evaluate("""() => {
        let left = 2;
        window.lost = 0;
        const lose = event => { if (left-- > 0) { event.stopImmediatePropagation(); window.lost += 1; } };
        addEventListener("playground:frames", lose, { capture: true });
    }""")
    app.wait_for_more_frames(60)  # more than were ready when the first was lost
    assert app.page.evaluate("window.lost") == 2


def test_a_diverging_run_stops_at_the_last_finite_step_and_says_so(open_app):
    app = open_app("data=plane&activation=relu&optimizer=sgd&lr=100")
    app.press("Play")
    notice = app.stage.get_by_role("alert")
    expect(notice).to_contain_text("smaller learning rate")
    assert app.says("playing") == "false"
    assert f"step {int(app.says('step')):,}" in notice.inner_text()
    assert 0 < float(app.says("train-loss")) < float("inf")
    app.press("Step")
    app.page.wait_for_timeout(400)
    expect(notice).to_be_visible()
    app.press("Reset")
    app.wait_for_step(0)
    expect(notice).to_be_hidden()
