"""The page asks nobody but its own server, and the server listens to nobody but its own page."""

import pytest

from tests.browser.server import UPGRADE, status

PAGES = ("", "your-data", "one-weight", "one-neuron", "functions")


def test_no_request_leaves_the_host(server, fresh_page):
    asked: list[str] = []
    fresh_page.context.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        fresh_page.goto(server + path)
        fresh_page.locator("h1, [data-testid=stage]").first.wait_for(timeout=20_000)
        fresh_page.wait_for_timeout(1000)
    assert len(asked) > 50
    assert fresh_page.locator("link[rel*=icon]").get_attribute("href").startswith("data:image/svg+xml")
    assert [url for url in asked if not url.startswith((server, f"blob:{server}", "data:"))] == []


@pytest.mark.parametrize(
    ("origin", "answered"), [("its own", 101), ("https://example.org", 403), ("http://localhost.example.org", 403)]
)
def test_only_its_own_page_opens_a_session(server, origin, answered):
    headers = UPGRADE | {"Origin": server.rstrip("/") if origin == "its own" else origin}
    assert status(server, "/_stcore/stream", headers=headers) == answered


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nothing_is_uploaded_without_the_token_of_the_page(server, method):
    assert status(server, "/_stcore/upload_file/session/file", method) == 403


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/..%2f.streamlit%2fconfig.toml",
        "/media/../../etc/passwd",
        "/static/../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_no_path_leads_out_of_what_is_served(server, path):
    assert status(server, path) == 400
