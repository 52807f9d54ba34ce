"""The stage on screens of all sizes: nothing jumps, nothing is cut off, and everything has a name."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.data import PLANE, Dataset, write_points
from playground.stage import HERE, SCRIPTS
from tests.browser.app import STAGE

POSITIVE = Dataset(np.arange(8).reshape(4, 2) / 2, np.array([0.25, 0.5, 0.75, 1]), "regression", PLANE)
PICTURES = ("graph", "plane", "curves", "surface")


def boxes(app):
    return {name: app.canvas(name).bounding_box() for name in PICTURES}


def test_nothing_moves_while_playing_or_stepping(open_app):
    app = open_app()
    before = boxes(app)
    app.press("Play")
    app.wait_for_more_frames(60)
    assert boxes(app) == before
    app.press("Pause")
    step = int(app.says("step"))
    app.press("×100")
    app.wait_for_step(step + 100)
    assert boxes(app) == before


def test_nothing_moves_or_goes_blank_when_the_sidebar_changes(open_app):
    app = open_app()
    app.press("×10")
    app.wait_for_step(10)
    before = boxes(app)
    app.page.evaluate(WATCH)
    app.number("Seed", 8)
    app.wait_for_link("seed=8")
    app.wait_for_step(0)
    app.choose("Learning rate", "0.03")
    app.wait_for_link("lr=0.03")
    app.page.wait_for_timeout(500)  # so that what comes late is seen too
    seen = app.page.evaluate("() => window.seen")
    assert len(seen["boxes"]) == 1, seen["boxes"]
    assert seen["blank"] == 0
    assert boxes(app) == before


# At every animation frame: where the canvases stand, and whether one of them is empty.
WATCH = """() => {
    const stages = [...document.querySelectorAll("*")].map(e => e.shadowRoot?.querySelector("[data-testid=stage]"));
    const canvases = [...stages.find(Boolean).querySelectorAll("canvas")];
    const boxes = new Set();
    window.seen = { boxes: [], blank: 0 };
    const place = ({ x, y, width, height }) => [x, y, width, height];
    const look = () => {
        boxes.add(JSON.stringify(canvases.map(canvas => place(canvas.getBoundingClientRect()))));
        window.seen.boxes = [...boxes];
        window.seen.blank += canvases.filter(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return !data.some(byte => byte > 0);
        }).length;
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.mark.parametrize(
    ("query", "spans"),
    [
        ("data=diabetes&loss=mse", r"● 25 to 1\d\d ■ 1\d\d to 346 "),
        (f"data=drawn&loss=mse&points={write_points(POSITIVE)}", r"■ 0\.25 to 1 "),
        (f"data=drawn&loss=mse&points={write_points(replace(POSITIVE, y=-POSITIVE.y))}", r"● −1 to −0\.25 "),
    ],
)
def test_the_legend_of_values_goes_from_the_least_to_the_largest_in_the_data(open_app, query, spans):
    assert re.match(spans, open_app(query).stage.locator("[data-text=legend]").inner_text())


def test_ten_outputs_and_six_layers_of_sixteen_have_room(page):
    page.add_script_tag(content="\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS[:-1]))
    layout = page.evaluate(
        """() => {
            const classes = Array(10).fill("orange");
            const setup = { features: Array(7).fill("x"), hidden: Array(6).fill(16), outputs: 10, classes };
            const { columns, size, gap } = layoutGraph(setup, 440, 312);
            return { columns, size, gap, hues: new Set(HUES.light.map(String)).size, shapes: new Set(SHAPES).size };
        }"""
    )
    for column in layout["columns"]:
        heights = [node["y"] for node in column]
        assert min(heights) - layout["size"] / 2 >= 40
        assert max(heights) + layout["size"] / 2 <= 312
        assert all(b - a > layout["size"] for a, b in pairwise(heights))
    assert layout["gap"] > 3 * layout["size"]
    assert (layout["hues"], layout["shapes"]) == (10, 10)


@pytest.mark.parametrize(
    "sizes", [[(1280, 800), (1920, 1080), (1024, 768), (3840, 2160)], [(390, 844), (360, 740)]], ids=["wide", "narrow"]
)
@pytest.mark.parametrize(
    "query", ["", "data=blobs&classes=10&hidden=16,16,16,16,16,16&features=x1,x2,x1sq,x2sq,x1x2,sinx1,sinx2"]
)
def test_everything_fits_the_screen(page, open_app, sizes, query):
    page.set_viewport_size(dict(zip(("width", "height"), sizes[0], strict=True)))
    app = open_app(query)
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(SETTLED)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        stage = app.stage.bounding_box()
        for name, box in boxes(app).items():
            assert box["width"] > 200, name
            assert box["height"] > 120, name
            assert box["x"] >= stage["x"] - 1, name
            assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1, name
        if width >= 1280:
            lowest = max(box["y"] + box["height"] for box in boxes(app).values())
            assert lowest <= height, "the whole stage is in one view"
        for note in app.stage.locator(".note").all():
            assert note.evaluate("e => e.scrollWidth <= e.clientWidth"), note.inner_text()
        app.press("Step")
        app.wait_for_step(1)
        app.press("Back")
        app.wait_for_step(0)


# Whether the canvases have stood where they stand for ten animation frames.
SETTLED = f"""() => {{
    const places = JSON.stringify([...{STAGE}.querySelectorAll("canvas")].map(e => e.getBoundingClientRect()));
    window.still = places === window.places ? window.still + 1 : 0;
    window.places = places;
    return window.still >= 10;
}}"""


def test_the_pictures_say_in_words_what_they_show(open_app):
    app = open_app()
    app.press("×10")
    app.wait_for_step(10)
    for name, words in {
        "graph": "at step 10",
        "plane": "at step 10",
        "curves": "from step 0 to 10",
        "surface": "at step 10",
    }.items():
        picture = app.canvas(name)
        expect(picture).to_have_attribute("role", "img")
        expect(picture).to_have_attribute("aria-label", re.compile(words))


def test_the_status_is_spoken_when_the_picture_stands_still(open_app):
    app = open_app()
    app.press("Step")
    expect(app.stage.get_by_role("status")).to_contain_text("Step 1: training loss")


@pytest.mark.parametrize(("scheme", "ink"), [("light", (27, 36, 48)), ("dark", (232, 237, 243))])
def test_dark_and_light_follow_the_browser(page, open_app, scheme, ink):
    page.emulate_media(color_scheme=scheme)
    pixels = open_app().pixels("curves")
    assert (pixels[..., :3] == ink).all(-1).sum() > 20


@pytest.mark.parametrize("panel", ["Loss surface in 3-D", "Weights and gradients"])
def test_a_panel_follows_the_stage(open_app, panel):
    app = open_app()
    app.panel(panel)
    expect(app.page.locator(".js-plotly-plot")).to_be_visible(
        timeout=20_000
    )  # Plotly itself comes with the first chart
    expect(app.page.get_by_text("At step 0.")).to_be_visible()
    app.press("×10")
    app.wait_for_step(10)
    expect(app.page.get_by_text("At step 10.")).to_be_visible()
    app.press("Play")
    app.wait_for_more_frames(90)
    app.press("Pause")
    expect(app.page.get_by_text(f"At step {int(app.says('step')):,}.")).to_be_visible()


def test_numbers_of_an_axis_are_short_and_true(page):
    page.add_script_tag(content=(HERE / "pixels.js").read_text(encoding="utf-8"))
    numbers = {
        0: "0",
        150_000: "1.5e5",
        -350_000: "−3.5e5",
        99_999: "1e5",
        0.00025: "2.5e−4",
        -0.5: "−0.5",
        1234: "1230",
    }
    assert page.evaluate("numbers => numbers.map(short)", list(numbers)) == list(numbers.values())
