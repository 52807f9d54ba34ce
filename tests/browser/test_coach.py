"""The coach as a learner meets it: it speaks below the stage, points at it, and what it tries can be taken back."""

import re

from playwright.sync_api import expect

from tests.browser.test_screen import boxes


def coach(app):
    return app.page.get_by_text(re.compile(r"^Coach · at step"))


def test_it_is_silent_about_a_network_that_learns_and_nothing_moves_when_it_speaks(open_app):
    app = open_app()
    before = boxes(app)
    app.press("×100")
    app.wait_for_step(100)
    app.page.wait_for_timeout(800)
    expect(coach(app)).to_be_hidden()
    app.choose("Initial weights", "zeros")
    expect(coach(app)).to_be_visible()
    after = boxes(app)
    for picture in ("graph", "plane", "curves"):  # the surface has a longer caption now, in two lines
        assert after[picture] == before[picture]


def test_it_follows_the_stage(open_app):
    app = open_app("hidden=1")
    app.press("Play")
    app.wait_for_more_frames(200)
    app.press("Pause")
    paused = int(app.says("step"))
    app.press("×100")
    app.wait_for_step(paused + 100)
    expect(app.page.get_by_text("No progress for")).to_be_visible(timeout=10_000)
    expect(app.page.get_by_text(f"Coach · at step {paused + 100:,}")).to_be_visible()


def test_it_points_at_the_neurons_it_speaks_of(open_app):
    app = open_app("init=zeros")
    before = app.pixels("graph")
    app.press("Show me")
    expect(app.page.get_by_role("button", name="Hide")).to_be_visible()
    app.page.mouse.move(5, 5)
    app.page.wait_for_timeout(300)
    assert (app.pixels("graph") != before).any(-1).sum() > 500
    app.press("Hide")
    expect(app.page.get_by_role("button", name="Show me")).to_be_visible()
    app.page.mouse.move(5, 5)
    app.page.wait_for_timeout(300)
    assert (app.pixels("graph") == before).all()


def test_what_it_tries_learns_and_undo_brings_back_the_run_as_it_was(open_app):
    app = open_app("init=zeros")
    app.press("×10")
    app.wait_for_step(10)
    losses = app.losses()
    app.press("Try initial weights xavier")
    app.wait_for_step(0)
    assert "init" not in app.page.url  # xavier is the default
    app.press("×10")
    app.wait_for_step(10)
    assert app.losses() != losses
    expect(coach(app)).to_be_hidden()
    app.press("Take it back")
    app.wait_for_link("init=zeros")
    app.page.wait_for_function(HAS_LOSS, arg=losses[0])
    assert app.losses() == losses
    app.press("Step")
    app.wait_for_step(11)


def test_a_panel_and_the_coach_both_follow_the_stage(open_app):
    app = open_app("init=zeros")
    app.page.get_by_role("radio", name="Weights and gradients").click()
    expect(app.page.locator(".js-plotly-plot")).to_be_visible(
        timeout=20_000
    )  # Plotly itself comes with the first chart
    for step in (10, 20, 30):
        app.press("×10")
        expect(app.page.get_by_text(f"At step {step}.")).to_be_visible()
        expect(app.page.get_by_text(f"Coach · at step {step}")).to_be_visible()


HAS_LOSS = """loss => [...document.querySelectorAll("*")].some(
    e => e.shadowRoot?.querySelector("[data-testid=stage]")?.dataset.trainLoss === loss)"""
