"""The nastiest links and files in a real browser: nothing runs, nothing breaks, nothing of the server shows."""

import json
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

FIELDS = ("data", "points", "hidden", "activation", "features", "lr")
HARM = "window.harmed=1"
WORDS = {
    "elements": f"<script>{HARM}</script><img src=x onerror={HARM}><svg/onload={HARM}>",
    "markdown": f"[x](javascript:{HARM}) ![x](x:x) <iframe srcdoc='<script>parent.{HARM}</script>'>",
    "latex": f"$\\href{{javascript:{HARM}}}{{x}}$ :red[x] :material/hub:",
    "percent": "%00%ff%0d%0aSet-Cookie:x=1 \u202e\x1b[31m",
    "long": "9" * 6_000,
}


@pytest.fixture
def unharmed(page):
    """The page, on which nothing that came from outside may run, and no element or stack trace of it may stand."""
    dialogs = []

    def note(dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)

    def check() -> None:
        assert not dialogs
        assert page.evaluate("() => window.harmed") is None
        assert page.get_by_test_id("stException").count() == 0
        assert page.locator("[onerror], [onload], iframe[srcdoc], a[href^='javascript:' i]").count() == 0
        assert "Traceback" not in page.locator("body").inner_text()

    yield check
    check()
    page.remove_listener("dialog", note)


@pytest.mark.parametrize("name", WORDS)
def test_a_hostile_link_harms_nothing(open_app, unharmed, name):
    app = open_app(urlencode(dict.fromkeys(FIELDS, WORDS[name]) if name != "long" else {"points": WORDS[name]}))
    app.page.get_by_test_id("stAlert").first.wait_for()
    unharmed()
    app.press("Step")
    app.wait_for_step(1)


def test_a_link_of_broken_bytes_opens(open_app, unharmed):
    app = open_app("data=%ff%fe%00&hidden=%ED%A0%80&%3Cscript%3E=1&__proto__=x&constructor=y&data=xor&data=moons")
    app.press("Step")
    app.wait_for_step(1)


def test_a_table_of_hostile_names_and_words_is_shown_as_text(server, page, unharmed):
    page.goto(f"{server}your-data")
    words = [*list(WORDS.values())[:4], "=cmd|' /C calc'!A0"]
    rows = [[f'"{word}"'.replace("\x1b", "") for word in (a, b)] for a, b in zip(words, reversed(words), strict=True)]
    table = "\n".join(",".join(row) for row in [*rows, *rows]).encode()
    picked = page.get_by_test_id("stFileUploaderDropzoneInput")
    picked.set_input_files({"name": f"<img src=x onerror={HARM}>.csv", "mimeType": "text/csv", "buffer": table})
    page.get_by_text("3 · Choose").wait_for()
    unharmed()
    page.get_by_role("button", name="Use this table").click()
    page.locator("[data-testid=stage][data-step]").wait_for(timeout=20_000)


def test_files_that_are_no_table_are_one_sentence_each(server, page, unharmed):
    page.goto(f"{server}your-data")
    alert = page.get_by_test_id("stAlert")
    for name, data, said in [
        ("../../etc/passwd", b"root:x:0:0\n", "one column only"),
        ("x.csv", b"\x00\x01" * 500, "control character"),
        ("x.xlsx", b"PK\x03\x04" + bytes(900), "a ZIP archive"),
        ("x.html", b"<html><script>window.harmed=1</script></html>", "HTML"),
        ("x.csv", b'a,"b\n1,2\n' + b"x" * 200_000, "cannot be read"),
        ("x.csv", json.dumps({"a": [[]] * 50}).encode(), "JSON"),
    ]:
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": data}
        )
        expect(alert).to_contain_text(said)
        assert alert.count() == 1
        page.get_by_test_id("stFileChipDeleteBtn").click()
        page.wait_for_timeout(300)
        unharmed()
