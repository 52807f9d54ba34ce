"""The teacher's line on the page: it counts, and it follows."""

import re

from playwright.sync_api import expect


def test_the_teacher_sees_how_the_server_is(open_app):
    app = open_app("teacher")
    line = app.page.get_by_text("pictures a second served")
    expect(line).to_contain_text(re.compile(r"[1-9]\d* sessions? open"))
    app.press("Play")
    expect(line).to_contain_text(re.compile(r"[1-9]\d* playing · [1-9]\d* pictures a second"), timeout=20_000)
    app.number("Seed", 8)
    app.wait_for_link("teacher", "seed=8")
    expect(line).to_be_visible()
