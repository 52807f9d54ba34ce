"""A real server and a real Chromium. Without a browser these tests are skipped; where CI is set they are required."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.app import App
from tests.browser.server import CHROMIUM, chromium, serving

SIZE = {"width": 1280, "height": 800}
expect.set_options(timeout=15_000)  # milliseconds: the machine may be busy


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
def errors() -> list[Error]:
    """What has gone wrong in our scripts."""
    return []


@pytest.fixture(autouse=True)
def no_errors(errors: list[Error]) -> Iterator[None]:
    """An error in our scripts fails the test, on whichever page."""
    yield
    found, errors[:] = list(errors), []
    assert not found, found


@contextmanager
def window(browser: Browser, errors: list[Error], **options: object) -> Iterator[BrowserContext]:
    """A window of its own; an error in our scripts on any page in it is among `errors`."""
    with browser.new_context(**{"viewport": SIZE} | options) as context:
        context.on("weberror", lambda told: errors.append(told.error))
        yield context


@pytest.fixture
def open_window(browser: Browser, errors: list[Error]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window with options such as `has_touch=True`; it is closed with the test."""
    with ExitStack() as windows:
        yield lambda **options: windows.enter_context(window(browser, errors, **options))


@pytest.fixture(scope="session")
def lasting_page(browser: Browser, errors: list[Error]) -> Iterator[Page]:
    with window(browser, errors) as context:
        yield context.new_page()


@pytest.fixture
def page(lasting_page: Page, server: str) -> Iterator[Page]:
    """A page at 1280×800 that remembers nothing: the same for all tests, since its scripts are compiled once only."""
    yield lasting_page
    forget(lasting_page, server)


@pytest.fixture(scope="session")
def other_lasting_page(browser: Browser, errors: list[Error]) -> Iterator[Page]:
    with window(browser, errors) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def shared_page(other_lasting_page: Page, server: str, errors: list[Error]) -> Iterator[Page]:
    """Such a page for all tests of a file that leave it as they found it."""
    yield other_lasting_page
    forget(other_lasting_page, server)
    assert not errors, errors


@pytest.fixture(scope="session")
def other_window(browser: Browser, errors: list[Error]) -> Iterator[BrowserContext]:
    with window(browser, errors) as context:
        yield context


@pytest.fixture
def fresh_page(other_window: BrowserContext) -> Iterator[Page]:
    """A page that is made for one test, which other tests would feel."""
    yield other_window.new_page()
    other_window.set_offline(False)
    other_window.clear_cookies()
    for each in other_window.pages:
        if each.url.startswith("http"):
            each.evaluate("localStorage.clear()")
        each.close()


@pytest.fixture
def open_app(server: str, page: Page) -> Callable[..., App]:
    """Open the Playground with a query such as `data=xor`, and wait for its first picture."""
    return partial(opened, page, server)


@pytest.fixture
def open_fresh(server: str, fresh_page: Page) -> Callable[..., App]:
    """The same on a page in a window of its own."""
    return partial(opened, fresh_page, server)


@pytest.fixture(scope="module")
def open_shared(server: str, shared_page: Page) -> Callable[..., App]:
    """The same on the page that the tests of a file share."""
    return partial(opened, shared_page, server)


def forget(page: Page, server: str) -> None:
    """Let a page be as if it were new, on an address that has no scripts."""
    page.goto(f"{server}_stcore/health")
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.emulate_media(color_scheme="null", reduced_motion="null")
    page.set_viewport_size(SIZE)
    page.mouse.move(0, 0)
    page.context.clear_cookies()


def opened(page: Page, server: str, query: str = "") -> App:
    page.goto(f"{server}?{query}" if query else server)
    app = App(page)
    app.wait_for_picture()
    return app
