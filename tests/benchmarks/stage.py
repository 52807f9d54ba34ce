"""How fast the stage is for the person who looks at it: the whole app, in a real browser."""

import base64
import operator
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Browser, CDPSession, Locator, Page

from playground.experiment import Config, suggested
from playground.share.links import write
from tests.benchmarks.table import table
from tests.browser.server import Server, chromium, serving

PAGES = {
    "default: circle, (4,2)": "",
    "spiral, (8,8,8), ReLU": "?data=spiral&hidden=8,8,8&activation=relu",
    "circle, 6×8": "?hidden=8,8,8,8,8,8",
}
DEFAULT, _, LARGE = PAGES

LEARNED = {"circle": 1000, "xor": 1000, "spiral": 2000}

FIRST, PICTURES, CPU = "first picture", "pictures a second", "server CPU per picture"
LEARNS, STEPS, FAST = "Play to 95 % training accuracy", "gradient steps a second", "pictures a second then"
THREAD, WIRE, PAUSE = "main thread CPU per picture", "received per picture", "Pause, from click to stop"
STEP, CHANGE = "Step, from click to picture", "sidebar, from key to picture"
UNITS = dict.fromkeys((LEARNS, FIRST, CPU, THREAD, PAUSE, STEP, CHANGE), "ms") | {WIRE: "bytes"}
TARGETS = {
    (DEFAULT, FIRST): ("<", 1500),
    **{(page, PICTURES): ("≥", 58) for page in PAGES},
    (DEFAULT, CPU): ("<", 2),
    **{(page, THREAD): ("<", 8) for page in PAGES},
    (LARGE, WIRE): ("<", 10_000),
    **{(page, PAUSE): ("<", 50) for page in PAGES},
    **{(page, STEP): ("<", 150) for page in PAGES},
    **{(page, CHANGE): ("<", 300) for page in PAGES},
    (DEFAULT, STEPS): ("≥", 20_000),
    (DEFAULT, FAST): ("≥", 28),
    **{(f"{data}, suggested settings", LEARNS): ("<", limit) for data, limit in LEARNED.items()},
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


PROGRESS = "stage => [performance.now() / 1000, Number(stage.dataset.step), Number(stage.dataset.frames)]"

WATCH_STEP = """stage => {
  window.stepped = new Promise((resolve) => {
    let clicked = 0;
    stage.addEventListener("click", (event) => { clicked = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
      observer.disconnect();
      resolve(performance.now() - clicked);
    }).observe(stage, { attributeFilter: ["data-step"] });
  });
}"""

# From the key that moves a slider of the sidebar to the first picture drawn after it.
WATCH_CHANGE = """stage => {
  window.changed = new Promise((resolve) => {
    let pressed = 0;
    window.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
      observer.disconnect();
      resolve(performance.now() - pressed);
    }).observe(stage, { attributeFilter: ["data-frames"] });
  });
}"""

WATCH_LEARNING = """stage => {
  window.learned = new Promise((resolve) => {
    let clicked = 0;
    stage.addEventListener("click", (event) => { clicked = event.timeStamp; }, { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (!(Number(stage.dataset.trainAccuracy) >= 0.95)) return;
      observer.disconnect();
      resolve(performance.now() - clicked);
    }).observe(stage, { attributeFilter: ["data-step"] });
  });
}"""


def report() -> None:
    """Print the table, beside the targets."""
    with serving() as server, chromium() as browser:
        visit(browser, server.url)  # warms the server
        first = median(visit(browser, server.url) for _ in range(VISITS))
        measured = {page: measure(browser, server, query) for page, query in PAGES.items()}
        measured[DEFAULT] = {FIRST: first} | measured[DEFAULT] | full_speed(browser, server.url)
        for data in LEARNED:
            measured[f"{data}, suggested settings"] = {LEARNS: learning(browser, server.url + suggested_query(data))}
    title = f"Stage in headless Chromium {SIZE['width']}×{SIZE['height']}, playing for {PLAYING / 1000:g} s"
    print(table(title, ("page", "measure", "measured", "", "target", "met"), "<<><><", _rows(measured)))


def _rows(measured: dict[str, dict[str, float]]) -> Iterator[tuple[str, ...]]:
    for page, values in measured.items():
        for i, (name, value) in enumerate(values.items()):
            yield page if i == 0 else "", name, _number(value), UNITS.get(name, ""), *_verdict(page, name, value)


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
        measured = playing(stage, devtools, server) | {WIRE: received(stage, devtools), PAUSE: pausing(stage)}
        stage.get_by_role("button", name="Pause", exact=True).click()
        page.wait_for_timeout(AGAIN)
        return measured | {STEP: median(stepping(stage) for _ in range(PRESSES)), CHANGE: changing(stage)}


def stepping(stage: Locator) -> float:
    """Milliseconds from a click on Step until its result is on the page."""
    stage.evaluate(WATCH_STEP)
    stage.get_by_role("button", name="Step", exact=True).click()
    waited = stage.page.evaluate("window.stepped")
    stage.page.wait_for_timeout(AGAIN)
    return waited


def changing(stage: Locator) -> float:
    """Milliseconds from a choice in the sidebar until the stage shows the first picture of another network."""
    times = []
    for key in ("ArrowUp", "ArrowDown") * 3:
        stage.evaluate(WATCH_CHANGE)
        stage.page.get_by_role("slider", name="Noise").press("ArrowRight" if key == "ArrowUp" else "ArrowLeft")
        times.append(stage.page.evaluate("window.changed"))
        stage.page.wait_for_timeout(AGAIN)
    return median(times)


def full_speed(browser: Browser, url: str) -> dict[str, float]:
    """Steps and pictures a second where the picture shows every n-th step only."""
    with browser.new_context(viewport=SIZE) as context:
        stage = stage_at(context.new_page(), url)
        stage.get_by_label("Speed").select_option("full")
        stage.get_by_role("button", name="Play", exact=True).click()
        stage.page.wait_for_timeout(WARM_UP)
        before = stage.evaluate(PROGRESS)
        stage.page.wait_for_timeout(PLAYING)
        seconds, steps, pictures = np.array(stage.evaluate(PROGRESS)) - before
        return {STEPS: steps / seconds, FAST: pictures / seconds}


def learning(browser: Browser, url: str) -> float:
    """Milliseconds from the click on Play, on a fresh page, until the training accuracy shown is 95 %; a median."""
    times = []
    for _ in range(VISITS):
        with browser.new_context(viewport=SIZE) as context:
            stage = stage_at(context.new_page(), url)
            stage.evaluate(WATCH_LEARNING)
            stage.get_by_role("button", name="Play", exact=True).click()
            times.append(stage.page.evaluate("window.learned"))
    return median(times)


def suggested_query(data: str) -> str:
    """The link to the settings that the page suggests for a data set."""
    return "?" + urlencode(write(replace(Config(data=data), **suggested(data))))


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
