"""The microscope and the stage speak to each other: a point that is clicked, a neuron that is looked at."""

import numpy as np
import pytest
from playwright.sync_api import expect

from playground import formulas
from playground.microscope import examine
from tests.browser.app import click_until


@pytest.fixture
def looking(open_app):
    """The default experiment at step 10, under the microscope."""
    app = open_app()
    app.press("×10")
    app.wait_for_step(10)
    app.panel("Microscope")
    expect(app.page.get_by_text("Forward: layer 1, neuron 1").first).to_be_visible()
    return app


def test_a_training_point_that_is_clicked_is_the_example(looking):
    data = looking.engine()[0].experiment.data
    lonely = np.linalg.norm(data.train.points[:, None] - np.r_[data.train.points, data.test.points], axis=-1)
    lonely[np.arange(len(lonely)), np.arange(len(lonely))] = np.inf
    index = int(lonely.min(1).argmax())
    before = looking.still("plane")
    x, y = looking.place(*data.train.points[index])
    looking.canvas("plane").click(position={"x": x, "y": y})
    expect(looking.page.get_by_role("spinbutton", name="Training example")).to_have_value(str(index + 1))
    looking.page.mouse.move(5, 5)
    row, column = round(y), round(x)
    around = np.s_[max(0, row - 12) : row + 12, max(0, column - 12) : column + 12]
    after = looking.still("plane", unlike=before)
    assert (after[around] != before[around]).any(-1).mean() > 0.1, "a ring around it"


def test_the_formula_is_that_of_the_step_on_screen(looking):
    _, run = looking.engine()
    seen = examine(run.network, run.training, run.state, run.x[:1], run.y[:1])
    text = looking.page.locator("annotation").first.text_content()
    assert text == formulas.forward(seen, 0, 0, 0, 4)
    looking.press("Step")
    looking.wait_for_step(11)
    following = run.seek(11)
    seen = examine(run.network, run.training, following, run.x[:1], run.y[:1])
    expect(looking.page.locator("annotation").first).to_have_text(formulas.forward(seen, 0, 0, 0, 4))


def test_the_neuron_looked_at_is_shown_on_the_graph_and_goes_with_the_panel(open_app):
    app = open_app()
    plain = app.still("graph")
    app.panel("Microscope")
    expect(app.page.get_by_text("Forward: layer 1, neuron 1").first).to_be_visible()
    first = app.still("graph", unlike=plain)
    app.press("Next")
    expect(app.page.get_by_text("Forward: layer 1, neuron 2").first).to_be_visible()
    second = app.still("graph", unlike=first)
    app.panel("Weights and gradients")
    assert np.array_equal(app.still("graph", unlike=second), plain)


def test_the_walk_goes_on_while_the_stage_plays(looking):
    looking.press("Play")
    looking.wait_for_more_frames(20)
    for neuron in (2, 3, 4):
        following = looking.page.get_by_text(f"Forward: layer 1, neuron {neuron}")
        click_until(looking.page.get_by_role("button", name="Next", exact=True), following)
    looking.wait_for_more_frames(5)
    assert looking.says("playing") == "true"
