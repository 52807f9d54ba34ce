"""Drawing on the plane: with mouse, finger and keys; what is drawn is learned from, and is in the link."""

from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.data import COLOURS, PLANE, Dataset, read_points, write_points
from tests.browser.app import App

SMALL = "data=xor&n=20"


def at(app, x1, x2):
    """A place of the plane as pixels of the page."""
    box = app.canvas("plane").bounding_box()
    x, y = app.place(x1, x2)
    return box["x"] + x, box["y"] + y


def drag(app, *places):
    app.page.mouse.move(*at(app, *places[0]))
    app.page.mouse.down()
    for place in places[1:]:
        app.page.mouse.move(*at(app, *place), steps=5)
    app.page.mouse.up()


def click(app, x1, x2):
    app.page.mouse.click(*at(app, x1, x2))


def tally(app, n):
    expect(app.stage.locator(".tally")).to_have_text(f"{n:,} of 1,200 points")


def number_drawn(app):
    return int(app.stage.locator(".tally").inner_text().split()[0].replace(",", ""))


def linked(app, n, ready=lambda dataset: True, seconds=6):
    """The points in the link, as soon as they are `n`, and such as they shall be."""
    for _ in range(10 * seconds):
        query = dict(parse_qsl(urlsplit(app.page.url).query))
        dataset = read_points(query["points"]) if "points" in query else None
        if dataset and len(dataset.x) == n and ready(dataset):
            return dataset
        app.page.wait_for_timeout(100)
    raise AssertionError(f"The link does not hold {n} points.")


@pytest.fixture
def drawing(open_app):
    app = open_app(SMALL)
    app.press("Draw")
    tally(app, 20)
    return app


def test_a_click_adds_a_point_of_the_chosen_class_and_the_link_has_it(drawing):
    drawing.stage.get_by_role("button", name="blue").click()
    click(drawing, 5, -1)
    tally(drawing, 21)
    dataset = linked(drawing, 21)
    assert np.abs(dataset.x[-1] - [5, -1]).max() < 0.05
    assert dataset.y[-1] == 1


def test_a_link_with_drawn_points_opens_with_exactly_these_and_they_are_learned_from(drawing, open_app):
    drag(drawing, (-5, 1), (5, 1))
    n = number_drawn(drawing)
    assert n > 25
    before = linked(drawing, n)
    app = open_app(urlsplit(drawing.page.url).query)
    app.press("Draw")
    tally(app, n)
    click(app, 0, -5)
    after = linked(app, n + 1)
    assert np.array_equal(after.x[:-1], before.x)
    assert np.array_equal(after.y[:-1], before.y)
    app = open_app(urlsplit(app.page.url).query)
    app.press("×10")
    app.wait_for_step(10)
    scene, run = app.engine()
    assert float(app.says("train-loss")) == pytest.approx(run.loss(), rel=1e-9)
    assert len(scene.experiment.dataset.x) == n + 1


def test_the_browsers_way_back_from_a_drawing_leads_to_the_data_before(drawing):
    click(drawing, 5, -1)
    linked(drawing, 21)
    for _ in range(5):  # the link got its words one after the other
        if "data=xor" in drawing.page.url:
            break
        drawing.page.go_back()
        drawing.page.wait_for_timeout(1000)
        expect(drawing.page.get_by_test_id("stException")).to_have_count(0)
    drawing.wait_for_link("data=xor")
    assert drawing.engine()[0].experiment.config.data == "xor"


def test_training_goes_on_while_points_are_drawn(open_app):
    app = open_app()
    app.press("Play")
    app.press("Draw")
    app.wait_for_more_frames(20)
    steps = [int(app.says("step"))]
    for i in range(4):
        drag(app, (-4, 3 - i), (0, 3 - i))
        app.wait_for_more_frames(10)
        steps.append(int(app.says("step")))
    assert steps == sorted(set(steps))
    assert app.says("playing") == "true"
    linked(app, number_drawn(app))
    app.wait_for_more_frames(5)
    assert int(app.says("step")) >= steps[-1]


def test_a_trail_keeps_its_distance_and_a_spray_scatters(drawing):
    drag(drawing, (-5, 0), (5, 0))
    trail = number_drawn(drawing) - 20
    assert 10 <= trail <= 25
    drawing.stage.get_by_role("button", name="Spray").click()
    drag(drawing, (-5, -4), (5, -4))
    sprayed = linked(drawing, number_drawn(drawing)).x[20 + trail :]
    assert len(sprayed) > 2 * trail
    assert 0.2 < sprayed[:, 1].std() < 0.8


def test_points_are_moved_erased_and_brought_back(drawing):
    click(drawing, 5, 0)
    drawing.stage.get_by_role("button", name="Move", exact=True).click()
    drag(drawing, (5, 0), (-5, 5))
    linked(drawing, 21, lambda dataset: np.abs(dataset.x[-1] - [-5, 5]).max() < 0.1)
    drawing.stage.get_by_role("button", name="Erase").click()
    click(drawing, -5, 5)
    expect(drawing.stage.locator(".tally")).not_to_have_text("21 of 1,200 points")
    left = number_drawn(drawing)
    drawing.press("Clear all points")
    tally(drawing, 0)
    expect(drawing.page.get_by_text("Draw at least two points")).to_be_visible()
    for n in (left, 21, 21, 20):  # the clearing, the erasing, the move, the point
        drawing.press("Undo the last stroke")
        tally(drawing, n)
    expect(drawing.page.get_by_text("Draw at least two points")).to_be_hidden()


def test_too_little_to_learn_from_leaves_the_run_as_it_is_until_there_is_more(open_app):
    app = open_app(SMALL)
    app.press("Draw")
    app.press("Clear all points")
    expect(app.page.get_by_text("Draw at least two points")).to_be_visible()
    click(app, -2, 0)
    tally(app, 1)
    app.press("Step")
    app.wait_for_step(1)
    app.stage.get_by_role("button", name="blue").click()
    click(app, 2, 0)
    click(app, 3, 0)
    assert linked(app, 3).y.tolist() == [0, 1, 1]
    app.press("Step")
    app.wait_for_step(2)


def test_classes_are_added_and_values_take_their_place(drawing):
    drawing.press("Add a class")
    drawing.stage.get_by_role("button", name="green").click()
    click(drawing, 0, 5)
    assert linked(drawing, 21).n_classes == 3
    drawing.stage.get_by_label("Labels", exact=True).select_option("2 classes")
    tally(drawing, 20)
    drawing.stage.get_by_label("Labels", exact=True).select_option("values")
    drawing.stage.get_by_label("Value of new points").fill("-0.25")
    click(drawing, 0, 5)
    dataset = linked(drawing, 21, lambda dataset: dataset.kind == "regression")
    assert dataset.y[-1] == -0.25
    assert set(dataset.y[:-1]) == {-1, 1}


def test_the_plane_stays_where_it_is_while_classes_are_added(drawing):
    before = drawing.canvas("plane").bounding_box()
    drawing.stage.get_by_label("Labels", exact=True).select_option("10 classes")
    click(drawing, 0, 5)
    assert linked(drawing, 21).n_classes == 10
    drawing.page.wait_for_timeout(500)
    assert drawing.canvas("plane").bounding_box() == before
    drawing.press("Draw")
    expect(drawing.stage.locator("[data-text=legend]")).to_contain_text("⧗")


def test_the_keyboard_alone_adds_moves_and_erases(open_app):
    app = open_app(SMALL)
    keys = app.page.keyboard
    keys.press("d")
    app.canvas("plane").focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowUp", "2", "Enter"):
        keys.press(key)
    tally(app, 21)
    expect(app.stage.locator(".spoken")).to_contain_text("class blue at 2.00, 0.20")
    for key in ("m", "Shift+ArrowDown", "m"):
        keys.press(key)
    dataset = linked(app, 21, lambda dataset: dataset.x[-1, 1] < 0)
    assert dataset.x[-1].tolist() == [2, -0.8]
    assert dataset.y[-1] == 1
    keys.press("Delete")
    tally(app, 20)
    keys.press("Control+z")
    tally(app, 21)
    assert app.says("playing") == "false"
    assert app.says("step") == "0"
    keys.press("d")
    expect(app.stage.locator(".drawbar")).to_be_hidden()


def test_while_drawing_no_card_hides_the_plane_and_the_canvas_is_a_picture_again_after_it(drawing):
    drawing.page.mouse.move(*at(drawing, 0, 0))
    expect(drawing.stage.get_by_role("tooltip")).to_be_hidden()
    drawing.press("Draw")
    drawing.page.mouse.move(*at(drawing, 1, 0))
    expect(drawing.stage.get_by_role("tooltip")).to_be_visible()
    assert drawing.canvas("plane").get_attribute("role") == "img"


@pytest.mark.parametrize(
    ("query", "n", "said"),
    [
        ("data=circle&n=2000", 1200, "leaves out 800 of the 2,000 points"),
        ("data=circle&n=200&outliers=20", 160, "leaves out 40 of the 200 points"),
    ],
)
def test_points_that_are_left_out_of_a_drawing_are_told_of_on_the_stage_and_in_the_sidebar(open_app, query, n, said):
    app = open_app(query)
    before = app.canvas("plane").bounding_box()
    app.press("Draw")
    tally(app, n)
    told = app.stage.locator(".left-out")
    expect(told).to_contain_text(said)
    expect(told).to_be_visible()
    assert app.canvas("plane").bounding_box() == before
    app.stage.get_by_role("button", name="Erase").click()
    click(app, 0, 0)
    expect(app.stage.locator(".tally")).not_to_have_text(f"{n:,} of 1,200 points")
    kept = linked(app, number_drawn(app))
    expect(told).to_be_visible()
    app.press("Draw")
    expect(told).to_be_hidden()
    app = open_app(query)
    app.page.get_by_role("radio", name="Yours", exact=True).click()
    app.press("Draw points")
    expect(app.page.get_by_test_id("stAlert").get_by_text(said)).to_be_visible()
    taken = linked(app, n)
    assert {*map(tuple, kept.x)} <= {*map(tuple, taken.x)}


def test_data_that_are_no_points_of_the_plane_cannot_be_drawn_on(open_app):
    app = open_app("data=iris")
    button = app.stage.get_by_role("button", name="Draw", exact=True)
    expect(button).to_be_disabled()
    assert "x₁ and x₂" in button.get_attribute("title")


def test_a_link_with_points_that_teach_nothing_opens_with_other_data(open_app):
    one_class = Dataset(np.zeros((4, 2)), np.zeros(4, int), "classification", PLANE, COLOURS[:2])
    app = open_app(f"data=drawn&points={write_points(one_class)}")
    expect(
        app.page.get_by_text("of one class: draw some of another. Instead, the data circle are used.")
    ).to_be_visible()


def test_a_finger_draws_and_the_page_scrolls_only_where_nothing_is_drawn(open_window, server):
    context = open_window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    app = App(context.new_page())
    app.page.goto(f"{server}?{SMALL}")
    app.wait_for_picture()
    action = "canvas => getComputedStyle(canvas).touchAction"
    assert app.canvas("plane").evaluate(action) == "auto"
    app.stage.get_by_role("button", name="Draw", exact=True).tap()
    assert app.canvas("plane").evaluate(action) == "none"
    app.canvas("plane").scroll_into_view_if_needed()
    x, y = app.place(4, 0)
    app.canvas("plane").tap(position={"x": x, "y": y})
    tally(app, 21)
    finger, (x, y) = context.new_cdp_session(app.page), at(app, -4, 0)
    for kind, dx in (("touchStart", 0), *(("touchMove", 10 * i) for i in range(1, 9))):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + dx, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    n = number_drawn(app)
    assert n > 24
    assert len(linked(app, n).x) == n
    for button in app.stage.locator(".drawbar button").all():
        assert button.bounding_box()["height"] >= 44


def test_a_class_goes_while_the_cross_carries_one_of_its_points(open_app):
    app = open_app("data=blobs&classes=3&n=30")
    app.press("Draw")
    left = int((app.engine()[0].experiment.dataset.y < 2).sum()) + 1  # without the third class, and with a new point
    app.canvas("plane").focus()
    app.page.keyboard.press("3")
    app.page.keyboard.press("Enter")
    app.page.keyboard.press("m")
    app.stage.get_by_role("combobox", name="Labels").select_option("2")
    app.canvas("plane").focus()
    app.page.keyboard.press("ArrowRight")
    app.page.keyboard.press("1")
    app.page.keyboard.press("Enter")
    tally(app, left)
    assert linked(app, left).class_names == COLOURS[:2]
