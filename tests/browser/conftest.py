"""A real server and a real Chromium. Without a browser these tests are skipped; where CI is set they are required."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.app import App
from tests.browser.server import CHROMIUM, chromium, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="no Chromium on this machine; install Debian's package chromium to run this test")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the app, started for these tests alone."""
    with serving() as app:
        yield app.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One browser for all tests: what it has loaded and compiled once opens the next page in half the time."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A fresh page at 1280×800, after which the browser remembers nothing; an error in our scripts fails the test."""
    page, errors = window.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    window.set_offline(False)
    window.clear_cookies()
    for each in window.pages:
        if each.url.startswith("http"):
            each.evaluate("localStorage.clear()")
        each.close()
    assert not errors, errors


@pytest.fixture
def open_app(server: str, page: Page) -> Callable[..., App]:
    """Open the Playground with a query such as `data=xor`, and wait for its first picture."""

    def open_at(query: str = "") -> App:
        page.goto(f"{server}?{query}" if query else server)
        app = App(page)
        app.wait_for_picture()
        return app

    return open_at
