"""A real server and a real Chromium. Without a browser these tests are skipped; where CI is set they are required."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

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
    yield from context(browser)


@pytest.fixture(scope="session")
def other_window(browser: Browser) -> Iterator[BrowserContext]:
    """Another one, for the pages that several tests share."""
    yield from context(browser)


@pytest.fixture(scope="session")
def errors() -> list[Error]:
    """What has gone wrong in our scripts."""
    return []


@pytest.fixture(autouse=True)
def no_errors(errors: list[Error]) -> Iterator[None]:
    """An error in our scripts fails the test, on whichever page."""
    yield
    found, errors[:] = list(errors), []
    assert not found, found


@pytest.fixture
def page(window: BrowserContext, errors: list[Error]) -> Iterator[Page]:
    """A fresh page at 1280×800, after which the browser remembers nothing."""
    page = window.new_page()
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    window.set_offline(False)
    forget(window)


@pytest.fixture(scope="module")
def shared_page(other_window: BrowserContext, errors: list[Error]) -> Iterator[Page]:
    """One such page for all tests of a file that leave it as they found it."""
    page = other_window.new_page()
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    forget(other_window)
    assert not errors, errors


@pytest.fixture
def open_app(server: str, page: Page) -> Callable[..., App]:
    """Open the Playground with a query such as `data=xor`, and wait for its first picture."""
    return partial(opened, page, server)


@pytest.fixture(scope="module")
def open_shared(server: str, shared_page: Page) -> Callable[..., App]:
    """The same on the page that the tests of a file share."""
    return partial(opened, shared_page, server)


def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context


def forget(window: BrowserContext) -> None:
    """Close all pages of a window, and leave nothing behind."""
    window.clear_cookies()
    for page in window.pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()


def opened(page: Page, server: str, query: str = "") -> App:
    page.goto(f"{server}?{query}" if query else server)
    app = App(page)
    app.wait_for_picture()
    return app
