"""The app as a process of its own, and the browser that visits it; both end with the block that started them."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

HOME = Path(__file__).parents[2]
OPTIONS = {"server.headless": "true", "server.fileWatcherType": "none"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}  # what a browser sends to open a WebSocket
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))  # which of pytest's, from 0
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
PATIENCE = 60  # seconds for the server to come up


@dataclass(frozen=True, slots=True)
class Server:
    """A running app: where it is, and which process."""

    url: str
    pid: int

    @property
    def port(self) -> int:
        """On which it listens."""
        return urlsplit(self.url).port

    def cpu(self) -> float:
        """Seconds of processor time it has used so far: user and system, all threads."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime


@contextmanager
def serving(port: int | None = None, script: str = "app.py") -> Iterator[Server]:
    """The app on a port of this machine, a free one if none is given, for as long as the block runs.

    Raises `RuntimeError` with what the app said last if it ended on the way.
    """
    port = port or free_port()
    options = [word for name, value in OPTIONS.items() for word in (f"--{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *options]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=HOME, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", process)
            yield Server(f"http://localhost:{port}/", process.pid)
        except Exception as error:
            if process.poll() is None:
                raise
            log.seek(0)
            raise RuntimeError(f"The app ended, exit code {process.returncode}:\n{log.read().decode()}") from error
        finally:
            process.kill()
            process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium out of the system's packages."""
    if not CHROMIUM:
        raise RuntimeError("There is no Chromium on this machine; install Debian's package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def status(server: str, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> int:
    """What the server answers to a request as it stands here, with its dots and all."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=10)
    connection.request(method, path, headers=headers or {})
    answered = connection.getresponse().status
    connection.close()
    return answered


def free_port() -> int:
    """A free port; of several workers of pytest each has its own, so that none takes what another is about to use."""
    while True:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            port = probe.getsockname()[1]
        if port // 2 % WORKERS == WORKER:  # Linux gives odd ports first
            return port


def wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The app did not answer at {address} within {PATIENCE} s.")
