"""The pages beside the Playground in a real browser: they open, everyone can read them, and the Playground waits."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_access import AXE, RULES

PAGES = {  # address: title, charts
    "one-weight": ("One weight", 1),
    "one-neuron?task=xor&begin=3": ("One neuron", 3),
    "functions": ("Activations and losses", 19),
    "functions?kind=Losses": ("Activations and losses", 8),
}

# Figures by all rules. Of texts and formulas Streamlit draws all but the words: the grey of its captions (4.2 : 1 on
# white) and the scrolling box around its formulas, which here never need it, are not ours to change.
RUN = f"""async () => {{
    const inMain = selector => [...document.querySelectorAll(`[data-testid=stMain] ${{selector}}`)];
    const figures = inMain("[data-testid=stPlotlyChart]");
    const texts = inMain("[data-testid=stCaptionContainer]").concat(inMain("[data-testid=stMarkdown]"));
    const theirs = {{ "color-contrast": {{ enabled: false }}, "scrollable-region-focusable": {{ enabled: false }} }};
    const results = [
        await axe.run({{ include: figures }}, {{ runOnly: {RULES} }}),
        await axe.run({{ include: texts }}, {{ runOnly: {RULES}, rules: theirs }}),
    ];
    const tell = ({{ id, nodes }}) => `${{id}}: ${{nodes.map(node => node.html.slice(0, 120)).join(" | ")}}`;
    const count = ({{ passes }}) => passes.flatMap(({{ nodes }}) => nodes).length;
    return [results.flatMap(({{ violations }}) => violations.map(tell)), results.map(count)];
}}"""


def opened(page, server, address):
    page.goto(f"{server}{address}")
    title, charts = PAGES[address]
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=20_000)
    expect(page.locator(".js-plotly-plot .main-svg:first-child")).to_have_count(charts, timeout=20_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.fixture(scope="module", params=PAGES)
def lesson(request, shared_page, server):
    """A page in the light, that the tests which only look at it share."""
    shared_page.emulate_media(reduced_motion="reduce")
    opened(shared_page, server, request.param)
    return shared_page


def test_every_chart_is_followed_by_words(lesson):
    for chart in lesson.get_by_test_id("stPlotlyChart").all():
        words = chart.locator("xpath=following::*[@data-testid='stCaptionContainer'][1]")
        assert len(words.inner_text()) > 30


def test_what_we_draw_keeps_to_the_guidelines(lesson):
    keeps_to_the_guidelines(lesson)


@pytest.mark.parametrize("address", PAGES)
def test_what_we_draw_in_the_dark_keeps_to_the_guidelines(page, server, address):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    opened(page, server, address)
    keeps_to_the_guidelines(page)


def keeps_to_the_guidelines(page):
    page.evaluate(AXE)
    violations, examined = page.evaluate(RUN)
    assert violations == []
    assert min(examined) > 0


@pytest.mark.parametrize("address", PAGES)
def test_everything_fits_the_screen(page, server, address):
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, server, address)
    if address == "one-weight":
        page.get_by_role("button", name="×10").click()
        expect(page.get_by_text("Weight at step 10")).to_be_visible()
    main = page.get_by_test_id("stMain")
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(SETTLED)
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth"), width
        for formula in main.locator(".katex-html").all():
            box = formula.bounding_box()
            room = formula.evaluate("e => e.closest('[data-testid=stMarkdown]').clientWidth")
            assert box["width"] <= room + 1, (width, formula.inner_text())


# Whether the charts have been as wide as the column they stand in, and this as wide as it is, for ten animation frames.
SETTLED = """() => {
    const places = [...document.querySelectorAll("[data-testid=stMain], [data-testid=stMain] .main-svg")];
    const seen = JSON.stringify(places.map(e => e.getBoundingClientRect()));
    window.still = seen === window.seen ? window.still + 1 : 0;
    window.seen = seen;
    return window.still >= 10;
}"""


def test_a_step_of_the_articles_example(page, server):
    opened(page, server, "one-weight")
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Step").click()
    expect(main.get_by_text("5 → 4.2", exact=False)).to_be_visible()
    main.get_by_role("button", name="Step").click()
    expect(main.get_by_text("5 → 4.2 → 3.72", exact=False)).to_be_visible()


def test_a_choice_is_in_the_link_and_the_link_opens_it_again(page, server):
    opened(page, server, "one-weight")
    page.get_by_role("button", name="Diverge").click()
    page.wait_for_url(re.compile(r"eps=0\.55"))
    page.goto(page.url)
    expect(page.get_by_text("below −1")).to_be_visible(timeout=20_000)


def test_a_bad_value_in_a_link_is_said(page, server):
    page.goto(f"{server}one-neuron?task=nand&rate=fast")
    expect(page.get_by_test_id("stAlert")).to_have_count(2, timeout=20_000)
    expect(page.get_by_text("task in the link cannot be used")).to_be_visible()


@pytest.mark.parametrize("way", ["link", "history"])
def test_the_playground_waits_while_another_page_is_shown(open_app, way):
    app = open_app("data=xor&seed=3&hidden=5,3&noise=10&lr=0.03")
    app.press("×10")
    app.wait_for_step(10)
    losses, url = app.losses(), app.page.url
    app.page.get_by_role("link", name="One weight").click()
    expect(app.page.get_by_role("heading", name="One weight", level=1)).to_be_visible()
    assert "data=" not in app.page.url
    if way == "link":
        app.page.get_by_role("link", name="Playground").click()
    else:
        app.page.go_back()
    app.wait_for_step(10)
    assert app.losses() == losses
    words = url.split("?")[1].replace("%2C", ",").split("&")
    app.wait_for_link(*words)
    app.press("Step")
    app.wait_for_step(11)
    _, run = app.engine()
    assert float(app.says("train-loss")) == run.loss()
