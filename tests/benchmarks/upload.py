"""How long a learner's own table takes from the file to the first picture, and how fast the stage then plays."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from tests.benchmarks.stage import PLAYING, PROGRESS, SIZE, WARM_UP
from tests.benchmarks.table import table
from tests.browser.server import chromium, serving

TABLES = {"2,000 × 10": (2_000, 10), "20,000 × 10": (20_000, 10), "2,000 × 64": (2_000, 64)}
TARGET = 2.0  # seconds, both together
TARGETED = "20,000 × 10"


def report() -> None:
    """Print the table, beside the target."""
    with serving() as server, chromium() as browser, tempfile.TemporaryDirectory() as folder:
        measured = {name: upload(browser, server.url, written(Path(folder), *size)) for name, size in TABLES.items()}
    columns = ("rows × columns", "to table", "to picture", "", "together", "", "pictures a second", "target", "met")
    print(table("A table that is uploaded, used and played", columns, "<>>>><>><", _rows(measured)))


def _rows(measured: dict[str, tuple[float, float, float]]) -> Iterator[tuple[str, ...]]:
    for name, (read, used, pictures) in measured.items():
        target = f"< {TARGET:g} s" if name == TARGETED else ""
        met = ("yes" if read + used < TARGET else "NO") if target else ""
        yield name, f"{read:.2f}", f"{used:.2f}", "s", f"{read + used:.2f}", "s", f"{pictures:.0f}", target, met


def written(folder: Path, rows: int, columns: int) -> Path:
    """A CSV file of numbers in two classes."""
    rng = np.random.default_rng(rows + columns)
    x = rng.normal(size=(rows, columns - 1)).round(3)
    label = np.where(x[:, 0] + x[:, 1] ** 2 > 0.7, "yes", "no")
    lines = (",".join([*map(str, row), word]) for row, word in zip(x, label, strict=True))
    path = folder / f"{rows}x{columns}.csv"
    path.write_text("\n".join([",".join([f"input {i}" for i in range(1, columns)] + ["answer"]), *lines]))
    return path


def upload(browser: Browser, url: str, path: Path) -> tuple[float, float, float]:
    """Seconds from the file to its table, from there to the first picture, and pictures a second in play."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        page.goto(f"{url}your-data")
        page.locator("input[type=file]").wait_for(state="attached")
        start = time.perf_counter()
        page.locator("input[type=file]").set_input_files(path)
        use = page.get_by_role("button", name="Use this table")
        use.wait_for()
        read = time.perf_counter() - start
        start = time.perf_counter()
        use.click()
        page.locator("[data-testid=stage][data-step]").wait_for()
        used = time.perf_counter() - start
        stage = page.get_by_test_id("stage")
        stage.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(WARM_UP)
        before = np.array(stage.evaluate(PROGRESS))
        page.wait_for_timeout(PLAYING)
        seconds, _, frames = np.array(stage.evaluate(PROGRESS)) - before
        return read, used, frames / seconds
