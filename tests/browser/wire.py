"""A wire between browser and server that a test can cut and mend, and one that leaks."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Page, WebSocketRoute

from tests.browser.server import free_port

CHUNK = 2**16


class Wire:
    """A port that passes every connection on to another `port`, as long as it is whole."""

    def __init__(self, port: int) -> None:
        self.goal = port
        self.whole = threading.Event()
        self.whole.set()
        self.door = socket.create_server(("localhost", free_port()))
        self.port = self.door.getsockname()[1]
        self.url = f"http://localhost:{self.port}/"
        self.ends: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and let no other one begin."""
        self.whole.clear()
        for end in tuple(self.ends):
            _shut(end)

    def mend(self) -> None:
        """Let connections begin again."""
        self.whole.set()

    def close(self) -> None:
        """End it for good."""
        self.cut()
        _shut(self.door)

    def _serve(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                end, _ = self.door.accept()
                if self.whole.is_set():
                    self._connect(end)
                else:
                    _shut(end)

    def _connect(self, end: socket.socket) -> None:
        try:
            other = socket.create_connection(("localhost", self.goal))
        except OSError:  # the server is gone
            return _shut(end)
        self.ends |= {end, other}
        for source, sink in ((end, other), (other, end)):
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        for end in (source, sink):
            _shut(end)
            self.ends.discard(end)


class Leak:
    """Stands between a page and its server, and can lose what the page is sent. Make it before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.until = b""  # what is lost ends where this comes by
        self.lost = 0
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def cut(self, until: bytes) -> None:
        """End the connection, and lose all that is sent from now on until a message with such a word in it."""
        self.until = until
        self.socket.close(code=1011)

    def _connect(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.connect_to_server().on_message(lambda message: self._pass(socket, message))

    def _pass(self, socket: WebSocketRoute, message: bytes) -> None:
        if self.until in message:
            self.until = b""
            socket.send(message)
        else:
            self.lost += 1


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire to a port of this machine, for as long as the block runs."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
