"""The Caddyfile of the README, two processes, and browsers that each stay at the one they came to."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.limits import RUN_BYTES
from tests.browser.app import App
from tests.browser.server import HOME, free_port, serving, wait_for

CADDY = shutil.which("caddy")

pytestmark = pytest.mark.skipif(
    not CADDY and not os.environ.get("CI"), reason="no Caddy on this machine; install Debian's package caddy"
)


def written_site() -> str:
    """The whole Caddyfile, as the README has it."""
    (site,) = re.findall(r"```caddy\n(.*?)```", (HOME / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return site


@contextmanager
def caddy(ports: tuple[int, int], folder: Path) -> Iterator[str]:
    """The address of a balancer before the processes at these ports."""
    site = written_site()
    own = f"http://127.0.0.1:{free_port()}"
    upstreams = zip((":8501", ":8502"), (f":{port}" for port in ports), strict=True)
    for written, here in ((":80 {", f"{own} {{"), *upstreams):
        assert site.count(written) == 1
        site = site.replace(written, here)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{site}")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [CADDY, "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
            stderr=log,
            env=os.environ | {"HOME": str(folder)},
        )
        try:
            wait_for(f"{own}/_stcore/health", process)
            yield f"{own}/"
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def balanced(tmp_path_factory) -> Iterator[str]:
    with serving() as one, serving() as other, caddy((one.port, other.port), tmp_path_factory.mktemp("caddy")) as url:
        yield url


def test_each_browser_stays_at_its_process_whatever_it_does(balanced: str, open_window):
    seats = set()
    for _ in range(20):  # each comes to either process by chance
        context = open_window()
        context.request.get(balanced)
        (seat,) = (cookie["value"] for cookie in context.cookies() if cookie["name"] == "seat")
        if seat in seats:
            continue
        seats.add(seat)
        _use(context.new_page(), balanced)
        assert [cookie["value"] for cookie in context.cookies() if cookie["name"] == "seat"] == [seat]
        if len(seats) == 2:
            return
    raise AssertionError("all of 20 visitors came to the same process")


def test_the_largest_saved_run_gets_through(tmp_path: Path):
    (tmp_path / "Caddyfile").write_text(written_site())
    command = [CADDY, "adapt", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"HOME": str(tmp_path)})
    (most,) = re.findall(r'"max_size":(\d+)', told.stdout)
    assert RUN_BYTES + 2**16 < int(most) < RUN_BYTES + 2**22


def _use(page, url: str) -> None:
    """Play, reload and upload: at another process the run and the file would not be found."""
    page.goto(f"{url}?data=xor&seed=5")
    app = App(page)
    app.wait_for_picture()
    app.press("Play")
    app.wait_for_more_frames(20)
    app.press("Pause")
    page.wait_for_timeout(500)
    step = int(app.says("step"))
    page.reload()
    app.wait_for_step(step)
    app.press("Step")
    app.wait_for_step(step + 1)
    _, run = app.engine()
    assert float(app.says("train-loss")) == run.loss()
    page.goto(f"{url}your-data")
    rows = "".join(f"{i},{'oak elm ' * 1_200}\n" for i in range(150))
    table = {"name": "trees.csv", "mimeType": "text/csv", "buffer": f"height,kind\n{rows}".encode()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(table)
    expect(page.get_by_text("150 rows × 2 columns")).to_be_visible()
