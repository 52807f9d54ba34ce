"""Many sessions at once, without browsers: each talks to the server as a page does, and plays as player.js plays."""

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Iterator

import streamlit  # noqa: F401  its messages below cannot be imported before it
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from playground.limits import LAST_STEP
from playground.stage import MOST_FRAMES

INTERVAL = 1 / 60  # seconds from one picture to the next
PATIENCE = 1.5  # seconds, as `PATIENCE_MS` in player.js
SILENCE = 30  # seconds after which a page that has come back, and hears nothing, has to be run anew
OPENING = 120  # seconds in which a page has to open
LOOK = {"plane": "ahead", "of": "train", "penalty": True, "picks": [0, 1, 2]}
NOTHING = {"deed": "", "index": 0, "value": 0, "other": 0}


class Session:
    """One open page: it knows its widgets, asks for frames and shows them, sixty a second at most."""

    def __init__(self, port: int, query: str = "") -> None:
        self.port, self.query = port, query
        self.id = ""  # by which Streamlit knows the session again
        self.socket: ClientConnection | None = None
        self.widgets: dict[str, WidgetState] = {}
        self.bounds: dict[str, tuple[int, int]] = {}  # of those that hold a whole number
        self.line: tuple[str, str] = ("", "")  # the widget on which frames are asked for, and its fragment
        self.page = ""
        self.setup: dict = {}
        self.trouble = ""  # what the page said went wrong
        self.ran = asyncio.Event()  # the page, to its end
        self.playing = False
        self.stride = 1
        self.forget()

    def forget(self) -> None:
        """Begin to count and to measure anew."""
        self.delivered = self.shown = 0
        self.waits: list[float] = []  # seconds from an ask to its answer
        self.late = 0  # asks that were sent again
        self.woken = 0  # times the page had to be run anew, since what it was sent when it came back was lost

    async def open(self) -> None:
        """Open the page, and wait until the first picture is there."""
        self.run = ""
        self.due: deque[int] = deque()  # steps of the frames that have come and are not shown yet
        self.step, self.number, self.pending = 0, 0, None
        self.round_trip, self.last_draw, self.timer = 0.08, 0.0, None
        address = f"ws://localhost:{self.port}/_stcore/stream"
        # positions count: the protocol, a token for people who have logged in, the session to come back to
        protocols = ["streamlit", "none", self.id] if self.id else ["streamlit"]
        returns = bool(self.id)
        self.socket = await connect(address, subprotocols=protocols, compression=None, max_size=None, open_timeout=60)
        self.listening = asyncio.create_task(self._listen())
        await self._runs(SILENCE if returns else OPENING)
        if returns and not self.run and not self.listening.done():
            # Streamlit can send the first messages to a page that comes back down its old wire; the stage then asks
            # in vain, and has the page run anew
            self.woken += 1
            await self._runs(OPENING)
        if not self.run:
            ended = "The connection ended" if self.listening.done() else "Nothing came"
            raise RuntimeError(f"The page {self.query!r} did not open. {ended}. {self.trouble}") from (
                self.listening.exception() if self.listening.done() else None
            )

    async def _runs(self, seconds: float) -> None:
        """Have the page run, and wait until it has, for so many seconds at most."""
        self.ran.clear()
        await self.rerun()
        ran = asyncio.create_task(self.ran.wait())
        await asyncio.wait([ran, self.listening], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        ran.cancel()

    async def close(self) -> None:
        """Leave as a closed tab does."""
        self.pause()
        await self.socket.close()
        await self.listening

    async def vanish(self) -> None:
        """Leave without goodbye: the connection breaks off."""
        self.pause()
        self.socket.transport.abort()
        await self.listening

    async def rerun(self, *changes: WidgetState, fragment: str = "") -> None:
        """Send widgets, all of them as a page does, for the whole script or one fragment."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, self.page, fragment
        state.widget_states.widgets.extend([*self.widgets.values(), *changes])
        await self.socket.send(message.SerializeToString())

    def play(self) -> None:
        """Play from here on, as fast as pictures come and can be shown."""
        self.playing, self.last_draw = True, time.perf_counter()
        self._tick()

    def pause(self) -> None:
        """Show nothing more, and ask for nothing."""
        self.playing = False
        if self.timer:
            self.timer.cancel()

    def ask(self, start: int, goal: int, frames: int, **deed: object) -> None:
        """Ask for frames."""
        self.number += 1
        words = {"run": self.run, "version": self.setup["version"], "number": self.number, "start": start, "goal": goal}
        ask = words | {"stride": self.stride, "frames": frames, "look": LOOK} | NOTHING | deed
        now = time.perf_counter()
        self.pending = ask, now, now, PATIENCE + 2 * self.round_trip
        self._send(ask)

    def _send(self, ask: dict) -> None:
        widget, fragment = self.line
        name = f"$$STREAMLIT_INTERNAL_KEY_{widget}__events"
        payload = json.dumps([{"event": "ask", "value": ask}])
        self.sending = asyncio.ensure_future(self._quietly(WidgetState(id=name, json_trigger_value=payload), fragment))

    async def _quietly(self, change: WidgetState, fragment: str) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self.rerun(change, fragment=fragment)

    def _tick(self) -> None:
        """Show what is due, ask ahead where the queue runs low, and come back when there is something to do."""
        now = time.perf_counter()
        self._show(now)
        reserve = -int(-((1000 * self.round_trip + 30) * 1.3) // (1000 * INTERVAL)) + 2
        if self.pending:
            ask, first, since, patience = self.pending
            wait = since + patience - now
            if wait <= 0:
                self.pending, self.late = (ask, first, now, 2 * patience), self.late + 1
                self._send(ask)
                wait = 2 * patience
        elif len(self.due) < reserve:
            self.ask(self.due[-1] if self.due else self.step, LAST_STEP, min(2 * reserve, MOST_FRAMES))
            wait = PATIENCE
        else:
            wait = (len(self.due) - reserve + 1) * INTERVAL
        if self.timer:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(max(wait, INTERVAL), self._tick) if self.playing else None

    def _show(self, now: float) -> None:
        while self.due and now - self.last_draw >= INTERVAL - 0.001:
            self.last_draw += INTERVAL
            self.step = self.due.popleft()
            self.shown += 1

    async def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for data in self.socket:
                self._hear(ForwardMsg.FromString(data))

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.id, self.page = message.new_session.initialize.session_id, message.new_session.page_script_hash
        elif kind == "delta":
            for element in elements(message):
                component = element.bidi_component
                if component.component_name == "playground_line":
                    self.line = component.id, message.delta.fragment_id
                    self._frames(component)
                elif component.component_name == "playground_stage":
                    self.setup = json.loads(component.json)
                elif element.WhichOneof("type") == "exception":
                    self.trouble = f"{element.exception.type}: {element.exception.message}"
                elif state := state_of(element):
                    self.widgets[state.id] = state
                    if state.WhichOneof("value") == "int_value":
                        number = element.number_input
                        self.bounds[state.id] = int(number.min), int(number.max)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.ran.set()

    def _frames(self, component: BidiComponent) -> None:
        data = component.bytes
        length = int.from_bytes(data[:4], "little")
        header = json.loads(data[4 : 4 + length])
        steps = [frame["step"] for frame in header["frames"]]
        now = time.perf_counter()
        if header["run"] != self.setup["run"]:
            return
        if header["run"] != self.run:
            self.run, self.step, self.pending = header["run"], steps[-1], None
            self.due.clear()
        elif self.pending and header["ask"] == self.pending[0]["number"]:
            wait = now - self.pending[1]
            self._show(now)
            self.round_trip += 0.3 * (wait - self.round_trip)
            self.waits.append(wait)
            self.pending = None
            self.delivered += len(steps)
            if self.playing:
                if not self.due:  # the next picture is late, and those behind it wait for their time
                    self.last_draw = max(self.last_draw, now - INTERVAL)
                self.due.extend(steps)
            else:
                self.step = steps[-1]
        if self.playing:
            self._tick()


def elements(message: ForwardMsg) -> Iterator[Element]:
    """The new element of a message, if there is one."""
    if message.delta.WhichOneof("type") == "new_element":
        yield message.delta.new_element


def state_of(element: Element) -> WidgetState | None:
    """What a page says of a widget that nobody has touched; it says so with every message."""
    kind = element.WhichOneof("type")
    widget = getattr(element, kind)
    if kind == "number_input":
        whole = widget.data_type == widget.INT
        return WidgetState(
            id=widget.id, **({"int_value": int(widget.default)} if whole else {"double_value": widget.default})
        )
    if kind == "slider":
        state = WidgetState(id=widget.id)
        state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)
        return state
    if kind == "checkbox":
        return WidgetState(id=widget.id, bool_value=widget.default)
    if kind == "selectbox" and widget.HasField("default"):
        return WidgetState(id=widget.id, string_value=widget.options[widget.default])
    return None
