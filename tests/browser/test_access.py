"""Nobody is left out: axe-core finds no violation of WCAG 2.2 AA in anything we draw, in light and in dark."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# The stage and the gallery are examined by themselves: Streamlit's own widgets around them are not ours to change.
RUN = f"""async () => {{
    const hosts = [...document.querySelectorAll("*")].filter(
        e => e.shadowRoot?.querySelector("[data-testid=stage], [role=radiogroup]")
    );
    if (hosts.length !== 2) throw new Error(`${{hosts.length}} components of ours`);
    const {{ violations, passes }} = await axe.run({{ include: hosts }}, {{ runOnly: {RULES} }});
    const tell = ({{ id, nodes }}) => `${{id}}: ${{nodes.map(node => node.html.slice(0, 120)).join(" | ")}}`;
    return [violations.map(tell), passes.flatMap(({{ nodes }}) => nodes).length];
}}"""

STATES = {  # how to get there, and the key that leads back
    "at rest": (lambda app: None, "Escape"),
    "with the views open": (lambda app: app.page.keyboard.press("v"), "Escape"),
    "with the table open": (lambda app: app.page.keyboard.press("t"), "t"),
    "with the keys open": (lambda app: app.page.keyboard.press("?"), "Escape"),
    "with the features open": (lambda app: app.stage.locator("summary", has_text="inputs").click(), "Escape"),
    "with an explanation open": (lambda app: app.stage.get_by_label("Explain the loss surface").click(), "Escape"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_we_draw_keeps_to_the_guidelines(page, open_app, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    app = open_app("data=blobs")
    app.press("Step")
    app.wait_for_step(1)
    page.evaluate(AXE)
    for state, (enter, leave) in STATES.items():
        enter(app)
        violations, examined = page.evaluate(RUN)
        assert violations == [], state
        assert examined > 100, state
        page.keyboard.press(leave)
        expect(app.stage.locator("details[open], dialog[open], .table:visible")).to_have_count(0)


def test_every_control_can_be_reached_with_the_tab_key_in_the_order_it_is_seen(open_app):
    app = open_app()
    app.stage.get_by_role("button", name="Play").focus()
    names = []
    for _ in range(30):
        names.append(
            app.page.evaluate(
                "() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) "
                "e = e.shadowRoot.activeElement; return e.getAttribute('aria-label') || e.textContent || e.id; }"
            ).strip()
        )
        app.page.keyboard.press("Tab")
    order = ["Play", "Step", "×10", "×100", "Epoch", "Back", "Reset", "View", "Save", "Keys", "Inputs"]
    found = [names.index(name) for name in order]
    assert found == sorted(found)
    for label in ("Activation of layer 1", "Add a neuron to layer 2", "Add a hidden layer"):
        assert label in names


def test_the_signs_of_weights_differ_by_more_than_colour(open_app):
    app = open_app()
    legend = app.stage.locator("[data-text=graph-note]").inner_text()
    assert "━ positive" in legend
    assert "╍ negative" in legend
