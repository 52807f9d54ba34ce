"""How fast the stage is for the person who looks at it: the whole app, in a real browser."""

import base64
import operator
from collections.abc import Iterator
from statistics import median

import numpy as np
from playwright.sync_api import Browser, CDPSession, Locator, Page

from tests.benchmarks.table import table
from tests.browser.server import Server, chromium, serving

PAGES = {
    "default: circle, (4,2)": "",
    "spiral, (8,8,8), ReLU": "?data=spiral&hidden=8,8,8&activation=relu",
    "circle, 6×8": "?hidden=8,8,8,8,8,8",
}
DEFAULT, _, LARGE = PAGES

FIRST, PICTURES, CPU = "first picture", "pictures a second", "server CPU per picture"
THREAD, WIRE, PAUSE = "main thread CPU per picture", "received per picture", "Pause, from click to stop"
UNITS = {FIRST: "ms", PICTURES: "", CPU: "ms", THREAD: "ms", WIRE: "bytes", PAUSE: "ms"}
TARGETS = {
    (DEFAULT, FIRST): ("<", 2000),
    (DEFAULT, PICTURES): ("≥", 50),
    (LARGE, PICTURES): ("≥", 40),
    **{(page, CPU): ("<", 3) for page in PAGES},
}
COMPARE = {"<": operator.lt, "≥": operator.ge}

SIZE = {"width": 1280, "height": 800}
VISITS = 5  # fresh visits for the time to the first picture
WARM_UP, PLAYING, LISTENING, AGAIN = 1500, 5000, 4000, 300  # milliseconds
PRESSES = 5  # of Pause

# When the first picture is there, in milliseconds since the page was asked for; Playwright's own waiting looks in twice
# a second only.
WATCH_FIRST = """{
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    new MutationObserver((_, observer) => {
      observer.disconnect();
      window.firstPicture = performance.now();
    }).observe(root, { subtree: true, attributeFilter: ["data-step"] });
    return root;
  };
}"""

# From the mouse button's release, as the browser received it, to the attribute that says it is over.
WATCH_PAUSE = """stage => {
  window.paused = new Promise((resolve) => {
    let clicked = 0;
    stage.addEventListener("click", (event) => { clicked = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (stage.dataset.playing !== "false") return;
      observer.disconnect();
      resolve(performance.now() - clicked);
    }).observe(stage, { attributeFilter: ["data-playing"] });
  });
}"""


def report() -> None:
    """Print the table, beside the targets."""
    with serving() as server, chromium() as browser:
        visit(browser, server.url)  # warms the server
        first = median(visit(browser, server.url) for _ in range(VISITS))
        measured = {page: measure(browser, server, query) for page, query in PAGES.items()}
    measured[DEFAULT] = {FIRST: first} | measured[DEFAULT]
    title = f"Stage in headless Chromium {SIZE['width']}×{SIZE['height']}, playing for {PLAYING / 1000:g} s"
    print(table(title, ("page", "measure", "measured", "", "target", "met"), "<<><><", _rows(measured)))


def _rows(measured: dict[str, dict[str, float]]) -> Iterator[tuple[str, ...]]:
    for page, values in measured.items():
        for i, (name, value) in enumerate(values.items()):
            yield page if i == 0 else "", name, _number(value), UNITS[name], *_verdict(page, name, value)


def _verdict(page: str, name: str, value: float) -> tuple[str, str]:
    if (page, name) not in TARGETS:
        return "", ""
    sign, limit = TARGETS[page, name]
    return f"{sign} {limit:,}", "yes" if COMPARE[sign](value, limit) else "NO"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def visit(browser: Browser, url: str) -> float:
    """Milliseconds from asking for the page to its first picture, for somebody who has never been here."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        page.add_init_script(WATCH_FIRST)
        stage_at(page, url)
        return page.evaluate("window.firstPicture")


def stage_at(page: Page, url: str) -> Locator:
    """Open `url`: the stage, showing its first picture."""
    page.goto(url, wait_until="commit")
    page.locator("[data-testid=stage][data-step]").wait_for()
    return page.get_by_test_id("stage")


def measure(browser: Browser, server: Server, query: str) -> dict[str, float]:
    """All that is measured while one page plays."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        stage, devtools = stage_at(page, server.url + query), context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # time worked, not time gone by
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(WARM_UP)
        return playing(stage, devtools, server) | {WIRE: received(stage, devtools), PAUSE: pausing(stage)}


def playing(stage: Locator, devtools: CDPSession, server: Server) -> dict[str, float]:
    """What a picture costs, and how many there are."""
    before = reading(stage, devtools, server)
    stage.page.wait_for_timeout(PLAYING)
    seconds, pictures, cpu, thread = (reading(stage, devtools, server) - before).tolist()
    if not pictures:
        raise RuntimeError(f"The stage drew nothing in {seconds:.1f} s of playing.")
    return {PICTURES: pictures / seconds, CPU: 1000 * cpu / pictures, THREAD: 1000 * thread / pictures}


def reading(stage: Locator, devtools: CDPSession, server: Server) -> np.ndarray:
    """The time, the pictures drawn so far, and the seconds server and main thread have worked for them."""
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    seen = stage.evaluate("stage => [performance.now() / 1000, Number(stage.dataset.frames)]")
    return np.array([*seen, server.cpu(), metrics["TaskDuration"]])


def received(stage: Locator, devtools: CDPSession) -> float:
    """Bytes the server sends for each picture; listened to apart, because listening costs time itself."""
    sizes = []
    devtools.on("Network.webSocketFrameReceived", lambda event: sizes.append(size(event["response"])))
    before = drawn(stage)
    devtools.send("Network.enable")
    stage.page.wait_for_timeout(LISTENING)
    devtools.send("Network.disable")
    return sum(sizes) / (drawn(stage) - before)


def size(message: dict) -> int:
    """Bytes of a websocket message; DevTools tells a binary one (opcode 2) in base64."""
    data = message["payloadData"]
    return len(base64.b64decode(data) if message["opcode"] == 2 else data.encode())


def drawn(stage: Locator) -> int:
    """Pictures drawn so far."""
    return int(stage.get_attribute("data-frames"))


def pausing(stage: Locator) -> float:
    """Milliseconds from a click on Pause until the page says that it stands: the median of some, playing between."""
    return median(pause(stage) for _ in range(PRESSES))


def pause(stage: Locator) -> float:
    """Click Pause once, measured in the page itself, and play on."""
    stage.evaluate(WATCH_PAUSE)
    stage.get_by_role("button", name="Pause", exact=True).click()
    waited = stage.page.evaluate("window.paused")
    stage.get_by_role("button", name="Play", exact=True).click()
    stage.page.wait_for_timeout(AGAIN)
    return waited
