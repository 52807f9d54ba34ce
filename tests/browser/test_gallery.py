"""A data set is chosen by sight: the gallery shows what it offers, and goes with the link both ways."""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from playground.data import DATASETS, REAL
from playground.stage import thumbnails

CLASSES = [  # as on the stage, when light
    *((217, 102, 11), (15, 111, 198), (0, 140, 105), (194, 84, 150), (176, 140, 0)),
    *((96, 96, 96), (130, 60, 190), (160, 40, 40), (70, 160, 190), (90, 110, 30)),
]


# Whether the link says of a data set that it is chosen; the default is in no link.
SHOWS = "name => (new URLSearchParams(location.search).get('data') ?? 'circle') === name"


def picture(radio: Locator) -> np.ndarray:
    """The pixels (side, side, 4) of the thumbnail of a data set."""
    data = radio.evaluate(
        """input => {
            const { width, height } = input.parentElement.querySelector("canvas");
            const context = input.parentElement.querySelector("canvas").getContext("2d");
            return [...context.getImageData(0, 0, width, height).data];
        }"""
    )
    side = round((len(data) / 4) ** 0.5)
    return np.array(data, np.uint8).reshape(side, side, 4)


def test_a_click_picks_a_data_set_for_the_run_and_the_link(open_app):
    app = open_app()
    app.pick_data("xor")
    app.wait_for_link("data=xor")
    expect(app.data_set("xor")).to_be_checked()
    expect(app.page.get_by_text(DATASETS["xor"].note)).to_be_visible()
    scene, run = app.engine()
    assert scene.experiment.config.data == "xor"
    app.wait_for_loss(run.loss())


def test_the_arrow_keys_pick_and_quick_ones_are_not_undone_by_late_answers(open_app):
    app = open_app("data=xor")
    app.data_set("xor").focus()
    app.page.evaluate(
        """() => {
            const roots = [...document.querySelectorAll("*")].map(element => element.shadowRoot).filter(Boolean);
            const group = roots.map(root => root.querySelector("[role=radiogroup]:has(canvas)")).find(Boolean);
            window.seen = [];
            const look = () => {
                const { value } = group.querySelector(":checked");
                if (window.seen.at(-1) !== value) window.seen.push(value);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    for _ in range(4):
        app.page.keyboard.press("ArrowRight")
        app.page.wait_for_timeout(60)
    app.wait_for_link("data=blobs")
    app.page.wait_for_timeout(1000)
    names = list(DATASETS)
    seen = [names.index(name) for name in app.page.evaluate("() => window.seen")]
    assert seen == sorted(seen)
    assert names[seen[-1]] == "blobs"
    expect(app.data_set("blobs")).to_be_focused()
    assert app.engine()[0].experiment.config.data == "blobs"


def test_a_link_sets_the_gallery(open_app):
    app = open_app("data=multi-gaussian")
    expect(app.data_set("multi-gaussian")).to_be_checked()
    expect(app.data_set("plane")).not_to_be_checked()


def test_the_default_leaves_the_link_bare(open_app):
    app = open_app("data=moons")
    app.pick_data("circle")
    app.page.wait_for_function("() => !location.search.includes('data')")


def test_the_browsers_way_back_and_forth_goes_through_the_picks(open_app):
    app = open_app()
    for name in ("plane", "moons"):
        app.pick_data(name)
        app.wait_for_link(f"data={name}")
        app.wait_for_loss(app.engine()[1].loss())
    for step, name in [(-1, "plane"), (-1, "circle"), (1, "plane"), (1, "moons")]:
        app.page.evaluate(f"() => history.go({step})")
        expect(app.data_set(name)).to_be_checked()
        app.page.wait_for_function(SHOWS, arg=name)
        scene, run = app.engine()
        assert scene.experiment.config.data == name
        app.wait_for_loss(run.loss())
    assert app.page.get_by_test_id("stAlert").count() == 0


def test_what_is_no_data_set_is_not_taken(open_app):
    app = open_app("data=xor")
    start = app.losses()
    app.data_set("moons").evaluate("input => { input.value = '<img src=x>'; input.click(); }")
    app.page.wait_for_timeout(800)
    expect(app.data_set("xor")).to_be_checked()
    assert app.losses() == start
    assert app.page.url.endswith("data=xor")
    assert app.page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize("kind", ["classification", "regression", "table"])
def test_a_thumbnail_shows_the_points_in_their_colours(open_app, kind):
    choices = thumbnails(kind)
    app = open_app(f"data={choices[0]['name']}")
    for choice in choices:
        check_thumbnail(choice, picture(app.data_set(choice["name"])))


def repainted(radio: Locator, before: np.ndarray) -> np.ndarray:
    """The same as soon as it is another one."""
    for _ in range(50):
        if not np.array_equal(after := picture(radio), before):
            return after
        radio.page.wait_for_timeout(100)
    raise AssertionError("The thumbnail stays as it was.")


def check_thumbnail(choice: dict, pixels: np.ndarray) -> None:
    name, points = choice["name"], np.array(choice["points"]).reshape(-1, 3)
    side, (x1, x2, y) = len(pixels), points.T
    left, right, bottom, top = choice["window"]["box"]
    across, up = (x1 - left) / (right - left), (x2 - bottom) / (top - bottom)
    column, row = (across * side).astype(int).clip(0, side - 1), ((1 - up) * side).astype(int).clip(0, side - 1)
    inside = (abs(across - 0.5) < 0.45) & (abs(up - 0.5) < 0.45)
    colours, opaque = pixels[row, column, :3].astype(int), pixels[row, column, 3]
    assert (opaque[inside] > 200).all(), name
    assert (pixels[..., 3] == 0).mean() > 0.1, name  # and nothing where there are none
    if choice["kind"] == "regression":
        strong = inside & (abs(y) > 0.4 * abs(y).max())
        assert ((colours[strong, 2] > colours[strong, 0]) == (y[strong] > 0)).mean() > 0.8, name
    else:
        inks, hues = 255 - colours, 255 - np.array(CLASSES)  # the halo of a neighbour mixes white into it
        likeness = inks @ hues.T / np.linalg.norm(hues, axis=1)  # the pale hues aside, how alike two colours are
        mixed = name in REAL  # many are under others
        assert (likeness.argmax(1) == y).mean() > (0.4 if mixed else 0.9), name


def test_every_thumbnail_is_large_enough_named_and_five_stand_in_a_row(open_app):
    app = open_app()
    names = [choice["name"] for choice in thumbnails("classification")]
    boxes = [app.data_set(name).bounding_box() for name in names]
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)
    assert len({box["y"] for box in boxes[:5]}) == 1
    assert boxes[5]["y"] > boxes[0]["y"]
    assert boxes[5]["x"] == boxes[0]["x"]
    words = app.page.get_by_role("radiogroup", name="Data set").locator("label span").all()
    assert [word.inner_text().replace("\xad", "") for word in words] == names  # one has a place to break
    assert all(word.is_visible() for word in words)


def test_the_thumbnails_are_sharp_and_follow_the_theme(open_app):
    app = open_app()
    circle = app.data_set("circle")
    light = picture(circle)
    app.page.emulate_media(color_scheme="dark")
    dark = repainted(circle, light)
    assert len(dark) == len(light) == circle.evaluate("input => input.nextElementSibling.clientWidth")
    assert (light[light[..., 3] == 255][:, :3] == CLASSES[0]).all(1).any()
    assert (dark[dark[..., 3] == 255][:, :3] == (255, 157, 77)).all(1).any()


def test_a_pick_moves_nothing_above_its_note(open_app):
    app = open_app()
    group = app.page.get_by_role("radiogroup", name="Data set")
    place, element = group.bounding_box(), group.element_handle()
    app.pick_data("spiral")
    app.wait_for_link("data=spiral")
    app.page.wait_for_timeout(500)
    assert group.bounding_box() == place
    assert element.evaluate("element => element.isConnected")
