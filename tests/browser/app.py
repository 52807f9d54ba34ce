"""The Playground as its user meets it: what can be pressed, and what the stage then says of itself."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page, TimeoutError

from playground.data import DATASETS, REAL
from playground.engine import Run
from playground.experiment import build
from playground.share import links
from playground.stage import Scene


class App:
    """One open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stage = page.get_by_test_id("stage")

    def wait_for_picture(self) -> None:
        self.page.locator("[data-testid=stage][data-step]").wait_for(timeout=20_000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def number(self, label: str, value: int) -> None:
        """Type a number into a field of the sidebar."""
        field = self.page.get_by_role("spinbutton", name=label, exact=True)
        field.fill(str(value))
        field.press("Enter")

    def choose(self, label: str, word: str) -> None:
        """Type a word into a choice of the sidebar, and take it."""
        field = self.page.get_by_role("combobox", name=label, exact=True)
        field.click()
        field.press_sequentially(word)  # as people type; Streamlit takes what is there already as chosen
        field.press("Enter")

    def pick_data(self, name: str) -> None:
        """Click on the thumbnail of a data set, where it is shown; else on that of its kind before."""
        kind = "Tables" if name in REAL else {"classification": "Classes", "regression": "Values"}[DATASETS[name].kind]
        self.page.get_by_role("radio", name=kind, exact=True).click()
        self.data_set(name).click()

    def data_set(self, name: str) -> Locator:
        """The radio button of a data set."""
        return self.page.get_by_role("radiogroup", name="Data set").get_by_role("radio", name=name, exact=True)

    def wait_for_link(self, *words: str) -> None:
        self.page.wait_for_function(
            "words => words.every(word => decodeURIComponent(location.search).includes(word))", arg=list(words)
        )

    def says(self, name: str) -> str | None:
        """An attribute of the stage, such as `train-loss`, as text."""
        return self.stage.get_attribute(f"data-{name}")

    def wait_for_step(self, step: int) -> None:
        self.page.locator(f'[data-testid=stage][data-step="{step}"]').wait_for(timeout=10_000)

    def wait_for_loss(self, loss: float) -> None:
        """Wait until the training loss on the stage is this one, to the last bit."""
        self.page.wait_for_function(f"loss => Number({STAGE}?.dataset.trainLoss) === loss", arg=loss, timeout=10_000)

    def wait_for_more_frames(self, more: int = 10) -> None:
        goal = int(self.says("frames")) + more
        self.page.wait_for_function(f"() => Number({STAGE}.dataset.frames) >= {goal}", timeout=20_000 + 250 * more)

    @contextmanager
    def redrawn(self) -> Iterator[None]:
        """Do what the block does, and wait for the picture that comes of it."""
        goal = int(self.says("frames")) + 1
        yield
        self.page.wait_for_function(f"() => Number({STAGE}.dataset.frames) >= {goal}", timeout=10_000)

    def losses(self) -> tuple[str | None, str | None]:
        return self.says("train-loss"), self.says("test-loss")

    def canvas(self, name: str) -> Locator:
        return self.stage.locator(f".{name} canvas")

    def pixels(self, name: str) -> np.ndarray:
        """What is drawn on a canvas: (height, width, 4) bytes, one for each CSS pixel (the device scale is 1)."""
        script = f"""canvas => {{
            const {{ width, height }} = canvas;
            const {{ data }} = canvas.getContext("2d").getImageData(0, 0, width, height);
            return [width, height, ({AS_BASE64})(data)];
        }}"""
        width, height, data = self.canvas(name).evaluate(script)
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)

    def still(self, name: str, unlike: np.ndarray | None = None) -> np.ndarray:
        """The same once two looks at it agree; where `unlike` is given, once they do and differ from that."""
        before = None
        for _ in range(100):
            now = self.pixels(name)
            if np.array_equal(now, before) and not np.array_equal(now, unlike):
                return now
            before = now
            self.page.wait_for_timeout(100)
        raise AssertionError(f"The canvas {name} does not come to rest, or does not change.")

    def place(self, x1: float, x2: float, box: tuple[float, ...] = (-6, 6, -6, 6)) -> tuple[float, float]:
        """A place of the plane in pixels of its canvas, as `layoutPlane` in plane.js has it; `box` is its window."""
        canvas, (left, right, bottom, top) = self.canvas("plane").bounding_box(), box
        margins = {"left": 36, "right": 8, "top": 6, "bottom": 32}
        width = canvas["width"] - margins["left"] - margins["right"]
        side = max(40, min(width, canvas["height"] - margins["top"] - margins["bottom"]))
        across, down = (x1 - left) / (right - left), (top - x2) / (top - bottom)
        return margins["left"] + max(0, (width - side) / 2) + across * side, margins["top"] + down * side

    def panel(self, name: str) -> None:
        """Open a panel below the stage; it is a button of a group, which may be one of several roles."""
        buttons = self.page.get_by_role("radio", name=name, exact=True)
        buttons.or_(self.page.get_by_role("button", name=name, exact=True)).first.click()

    def record_answers(self) -> None:
        """From now on keep the last answer of the server, for `last_frame`."""
        self.page.evaluate(
            "() => addEventListener('playground:frames', event => { window.lastAnswer = event.detail; })"
        )

    def last_frame(self) -> tuple[dict, dict[str, np.ndarray]]:
        """The last frame of the last answer: its numbers and its arrays, unpacked independently of the stage."""
        data = base64.b64decode(self.page.evaluate(f"() => ({AS_BASE64})(window.lastAnswer)"))
        length = int.from_bytes(data[:4], "little")
        header, offset = json.loads(data[4 : 4 + length]), 4 + length
        for frame in header["frames"]:
            arrays = {}
            for name, dtype, size in frame["arrays"]:
                arrays[name] = np.frombuffer(data, dtype, size, offset)
                offset += -(-arrays[name].nbytes // 4) * 4
        return frame, arrays

    def engine(self) -> tuple[Scene, Run]:
        """The same experiment computed here: read from the page's own link, taken to the step the stage shows."""
        config, complaints = links.read(dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True)))
        assert not complaints
        scene = Scene(build(config), "test")
        scene.run.seek(int(self.says("step")))
        return scene, scene.run


def click_until(target: Locator, shown: Locator) -> None:
    """Click until something is there: one click in ten on what is Streamlit's is lost beside what the stage sends."""
    for _ in range(4):
        target.click()
        try:
            return shown.first.wait_for(timeout=8_000)
        except TimeoutError:
            continue
    raise AssertionError(f"{target} is not heard.")


STAGE = (
    """[...document.querySelectorAll("*")].map(e => e.shadowRoot?.querySelector("[data-testid=stage]")).find(Boolean)"""
)

AS_BASE64 = """bytes => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
}"""
