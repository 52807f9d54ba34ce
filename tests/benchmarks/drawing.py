"""How fast the stage plays while points are drawn on it: a stroke every half second, in a real browser."""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np
from playwright.sync_api import Browser, Locator

from tests.benchmarks.stage import PROGRESS, SIZE, WARM_UP, stage_at
from tests.benchmarks.table import table
from tests.browser.server import chromium, serving

PAGES = {
    "default: circle, (4,2)": "",
    "1,000 points, (4,2)": "?n=1000",
    "circle, (8,8,8)": "?hidden=8,8,8",
}
TARGET = 50  # pictures a second
STROKES, PAUSE, POINTS = 12, 0.5, 6  # how many strokes, seconds from one to the next, moves of the mouse in each


def report() -> None:
    """Print the table, beside the target."""
    with serving() as server, chromium() as browser:
        measured = {name: drawing(browser, server.url + query) for name, query in PAGES.items()}
    title = f"Pictures a second while a stroke is drawn every {PAUSE:g} s, playing for {STROKES * PAUSE:g} s"
    columns = ("page", "without drawing", "drawing", "longest gap", "", "target", "met")
    print(table(title, columns, "<>>><><", _rows(measured)))


def _rows(measured: dict[str, tuple[float, float, float]]) -> Iterator[tuple[str, ...]]:
    for name, (quiet, busy, gap) in measured.items():
        met = "yes" if busy >= TARGET else "NO"
        yield name, f"{quiet:.1f}", f"{busy:.1f}", f"{gap:.0f}", "ms", f"≥ {TARGET}", met


# The longest time from one picture to the next, in milliseconds, from now on.
WATCH_GAPS = """stage => {
  window.gap = 0;
  let last = performance.now();
  new MutationObserver(() => {
    const now = performance.now();
    window.gap = Math.max(window.gap, now - last);
    last = now;
  }).observe(stage, { attributeFilter: ["data-frames"] });
}"""


def drawing(browser: Browser, url: str) -> tuple[float, float, float]:
    """Pictures a second without and with strokes, and the longest time between two pictures then, in milliseconds."""
    with browser.new_context(viewport=SIZE) as context:
        stage = stage_at(context.new_page(), url)
        stage.get_by_role("button", name="Play", exact=True).click()
        stage.get_by_role("button", name="Draw", exact=True).click()
        stage.page.wait_for_timeout(WARM_UP)
        quiet = pictures(stage, lambda: stage.page.wait_for_timeout(1000 * PAUSE))
        stroke(stage, 0)  # what was another data set is now a drawn one
        stage.page.wait_for_timeout(WARM_UP)
        stage.evaluate(WATCH_GAPS)
        numbers = itertools.count(1)
        busy = pictures(stage, lambda: stroke(stage, next(numbers)))
        return quiet, busy, stage.page.evaluate("window.gap")


def pictures(stage: Locator, deed: Callable[[], None]) -> float:
    """Pictures a second while a deed is done every half second."""
    before = stage.evaluate(PROGRESS)
    for _ in range(STROKES):
        end = time.perf_counter() + PAUSE
        deed()
        stage.page.wait_for_timeout(max(0, 1000 * (end - time.perf_counter())))
    seconds, _, frames = np.array(stage.evaluate(PROGRESS)) - before
    return frames / seconds


def stroke(stage: Locator, number: int) -> None:
    """A short trail of points, beside those of other numbers."""
    box = stage.locator(".plane canvas").bounding_box()
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * (0.15 + 0.04 * number)
    mouse = stage.page.mouse
    mouse.move(x, y)
    mouse.down()
    for i in range(1, POINTS + 1):
        mouse.move(x + 15 * i, y)
        stage.page.wait_for_timeout(20)
    mouse.up()
