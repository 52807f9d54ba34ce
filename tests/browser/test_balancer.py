"""The nginx configuration of the README, two processes, and browsers that each stay at the one they came to."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from playground.limits import RUN_BYTES
from tests.browser.app import App
from tests.browser.server import HOME, UPGRADE, free_port, serving, status, wait_for

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
AROUND = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    log_format seats '$seat $upstream_addr $status "$request_uri"';
    access_log {folder}/access.log seats;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""

pytestmark = pytest.mark.skipif(
    not NGINX and not os.environ.get("CI"), reason="no nginx on this machine; install Debian's package nginx-light"
)


class Balanced:
    """The address of the balancer, and what it has passed on to whom."""

    def __init__(self, url: str, processes: tuple[str, str], log: Path) -> None:
        self.url, self.processes, self._log = url, processes, log

    def passed_on(self) -> list[tuple[str, str, str, str]]:
        """Seat, process, status and address of every request that has ended."""
        return re.findall(r'^(\S+) (\S+) (\d+) "(.*)"$', self._log.read_text(), re.MULTILINE)

    def process_of(self, page: Page) -> str:
        (seat,) = (cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "seat")
        wait_until(lambda: any(who == seat for who, *_ in self.passed_on()))  # nginx writes when it has answered
        (process,) = {upstream for who, upstream, _, _ in self.passed_on() if who == seat}
        return process


@contextmanager
def nginx(ports: tuple[int, int], folder: Path) -> Iterator[Balanced]:
    (site,) = re.findall(r"```nginx\n(.*?)```", (HOME / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    own = free_port()
    for written, port in (("listen 80;", f"listen 127.0.0.1:{own};"), *zip((":8501", ":8502"), ports, strict=True)):
        assert site.count(written) == 1
        site = site.replace(written, port if isinstance(port, str) else f":{port}")
    settings, user = folder / "nginx.conf", "" if os.geteuid() else "user root;"
    settings.write_text(AROUND.format(folder=folder, site=site, user=user))
    process = subprocess.Popen([NGINX, "-p", folder, "-e", folder / "error.log", "-c", settings])
    try:
        wait_for(f"http://127.0.0.1:{own}/_stcore/health", process)
        processes = tuple(f"127.0.0.1:{port}" for port in ports)
        yield Balanced(f"http://127.0.0.1:{own}/", processes, folder / "access.log")
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def balanced(tmp_path_factory) -> Iterator[Balanced]:
    with serving() as one, serving() as other:
        ports = urlsplit(one.url).port, urlsplit(other.url).port
        with nginx(ports, tmp_path_factory.mktemp("nginx")) as balancer:
            yield balancer


@pytest.fixture
def visitor(open_window, balanced) -> Callable[[str], Page]:
    """A browser of its own that the balancer has seated at a given process."""

    def seated_at(process: str) -> Page:
        for _ in range(40):  # each comes to either process by chance
            page = open_window().new_page()
            page.context.request.get(balanced.url)
            if balanced.process_of(page) == process:
                return page
        raise AssertionError(f"none of 40 visitors came to {process}")

    return seated_at


def test_each_browser_stays_at_its_process_whatever_it_does(balanced, visitor):
    pages = [visitor(process) for process in balanced.processes]
    for page in pages:
        page.goto(f"{balanced.url}?data=xor&seed=5")
        App(page).wait_for_picture()
    for page in pages:  # both at once
        App(page).press("Play")
    for page in pages:
        App(page).wait_for_more_frames(20)
        App(page).press("Pause")
        page.wait_for_timeout(500)
        step = int(App(page).says("step"))
        page.reload()
        app = App(page)
        app.wait_for_step(step)  # where it was
        app.press("Step")
        app.wait_for_step(step + 1)
        _, run = app.engine()
        assert float(app.says("train-loss")) == run.loss()
        page.goto(f"{balanced.url}your-data")
        rows = "".join(f"{i},{'oak elm ' * 1_200}\n" for i in range(150))  # 1.4 MB, beyond what nginx takes unasked
        table = {"name": "trees.csv", "mimeType": "text/csv", "buffer": f"height,kind\n{rows}".encode()}
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(table)
        expect(page.get_by_text("150 rows × 2 columns")).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0
    for page, process in zip(pages, balanced.processes, strict=True):
        assert balanced.process_of(page) == process
        page.goto("about:blank")  # ends the WebSocket, which is then in the log
    wait_until(lambda: sum("/stream" in address for _, _, _, address in balanced.passed_on()) >= 6)
    told = balanced.passed_on()
    for process in balanced.processes:
        did = {
            (status, re.sub(r"/upload_file/.*", "/upload_file", path)) for _, to, status, path in told if to == process
        }
        assert ("101", "/_stcore/stream") in did
        assert ("204", "/_stcore/upload_file") in did
    assert not [answered for _, _, answered, _ in told if answered.startswith("5")]


@pytest.mark.parametrize("host", ["127.0.0.1", "playground.school"])
def test_only_its_own_page_opens_a_session_through_the_balancer_too(balanced, host):
    name = f"{host}:{urlsplit(balanced.url).port}"
    for origin, answered in ((f"http://{name}", 101), ("https://example.org", 403)):
        headers = UPGRADE | {"Host": name, "Origin": origin}
        assert status(balanced.url, "/_stcore/stream", headers=headers) == answered


def test_who_sat_at_a_process_that_ends_goes_on_at_the_other_one(open_window, tmp_path):
    with serving() as one, serving() as other, nginx((one.port, other.port), tmp_path) as balancer:
        app = App(open_window().new_page())
        app.page.goto(f"{balancer.url}?data=xor&seed=5")
        app.wait_for_picture()
        app.press("×10")
        app.wait_for_step(10)
        app.page.wait_for_function("() => JSON.parse(sessionStorage.getItem('playground: run'))?.step === 10")
        seated = one if balancer.process_of(app.page).endswith(f":{one.port}") else other
        os.kill(seated.pid, signal.SIGKILL)
        app.press("Step")  # is lost, and brings the page to the other process
        expect(app.stage.get_by_role("alert")).to_contain_text("the run goes on from step 10.", timeout=30_000)
        app.press("×10")
        app.wait_for_step(20)
        _, run = app.engine()
        assert float(app.says("train-loss")) == run.loss()


def test_the_largest_saved_run_gets_through():
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", (HOME / "README.md").read_text(encoding="utf-8"))
    assert RUN_BYTES + 2**16 < int(megabytes) * 2**20 < RUN_BYTES + 2**22


def test_a_seat_is_given_once(balanced, open_window):
    context = open_window()
    first, second = (context.request.get(balanced.url).headers.get("set-cookie") for _ in range(2))
    assert re.match(r"seat=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax", first)
    assert "seat=" not in (second or "")


def wait_until(true: Callable[[], bool], patience: float = 10) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
