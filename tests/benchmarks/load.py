"""How many can play at once: a server of its own, and sessions without browsers that play on it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.sessions import Session
from tests.benchmarks.table import table
from tests.browser.server import Server, serving

SESSIONS = (1, 10, 30, 60)
WARM_UP, PLAYING = 6, 12  # seconds
TOGETHER = 5  # pages that are opened at once
PLEASANT, BEARABLE = 20, 10  # pictures a second that everybody gets, up to `CLASS` sessions and beyond
CLASS = 30
SLOWEST_ANSWER, MOST_MEMORY, EACH = 500, 300, 8  # ms; MB in all; MB more for one more session


@dataclass(frozen=True, slots=True)
class Measured:
    """What so many sessions have got, each (sessions,) pictures a second, and what it took."""

    playing: int
    idle: int
    shown: np.ndarray
    waits: np.ndarray  # seconds from an ask to its answer
    megabytes: float
    more: float  # megabytes for each session beyond the first
    server: float  # cores
    client: float


def report(*words: str) -> None:
    """Print the table; `words` are numbers of sessions, and `--idle` a number of pages that are only open."""
    numbers = [int(word) for word in words if word != "--idle"]
    idle = numbers.pop(words.index("--idle")) if "--idle" in words else 0
    rows = [asyncio.run(measure(playing, idle)) for playing in numbers or SESSIONS]
    title = f"Sessions playing the default page at once, {PLAYING} s of it, beside {idle} idle ones"
    columns = ("sessions", "measure", "measured", "", "target", "met")
    print(table(title, columns, "><><><", [cells for row in rows for cells in _rows(row)]))


async def measure(playing: int, idle: int) -> Measured:
    """Let so many sessions play on a fresh server."""
    with serving() as server:
        sessions = [Session(server.port) for _ in range(playing + idle)]
        await sessions[0].open()
        sessions[0].play()  # what is done for the first time takes memory once
        await asyncio.sleep(WARM_UP / 2)
        sessions[0].pause()
        alone = megabytes(server)
        for some in handfuls(sessions[1:]):
            await asyncio.gather(*(session.open() for session in some))
        players = sessions[:playing]
        for session in players:
            session.play()
        await asyncio.sleep(WARM_UP)
        for session in players:
            session.forget()
        begin, before, ours = time.perf_counter(), server.cpu(), time.process_time()
        await asyncio.sleep(PLAYING)
        seconds, theirs = time.perf_counter() - begin, server.cpu() - before
        ours, memory = time.process_time() - ours, megabytes(server)
        result = Measured(
            playing,
            idle,
            np.array([session.shown / seconds for session in players]),
            np.array([wait for session in players for wait in session.waits]),
            memory,
            (memory - alone) / max(1, playing + idle - 1),
            theirs / seconds,
            ours / seconds,
        )
        for some in handfuls(sessions):
            await asyncio.gather(*(session.close() for session in some))
        return result


def handfuls(sessions: list[Session]) -> list[list[Session]]:
    """The sessions, some at a time."""
    return [sessions[i : i + TOGETHER] for i in range(0, len(sessions), TOGETHER)]


def _rows(found: Measured) -> Iterator[tuple[str, ...]]:
    slowest, usual = found.shown.min(), median(found.shown)
    waited = 1000 * np.quantile(found.waits, 0.95)
    few = found.playing <= CLASS
    least = PLEASANT if few else BEARABLE
    name = str(found.playing)
    yield name, "pictures a second, slowest", f"{slowest:.1f}", "", f"≥ {least}", _met(slowest >= least)
    yield "", "of the median", f"{slowest / usual:.2f}", f"of {usual:.1f}", "≥ 0.50", _met(slowest >= usual / 2)
    limit = (f"< {SLOWEST_ANSWER}", _met(waited < SLOWEST_ANSWER)) if few else ("", "")
    yield "", "answer, p50", f"{1000 * median(found.waits):.0f}", "ms", "", ""
    yield "", "answer, p95", f"{waited:.0f}", "ms", *limit
    limit = (f"< {MOST_MEMORY}", _met(found.megabytes < MOST_MEMORY)) if few else ("", "")
    yield "", "memory", f"{found.megabytes:.0f}", "MB", *limit
    if found.playing + found.idle > 1:
        yield "", "for one more session", f"{found.more:.2f}", "MB", f"< {EACH}", _met(found.more < EACH)
    pictures = found.shown.sum()
    yield "", "server CPU per picture", f"{1000 * found.server / pictures:.2f}", "ms", "", ""
    yield "", "busy: server, this client", f"{found.server:.2f}, {found.client:.2f}", "cores", "", ""


def _met(met: bool) -> str:
    return "yes" if met else "NO"


def megabytes(server: Server) -> float:
    """Memory of the server that is in use now."""
    line = next(line for line in _status(server) if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def threads(server: Server) -> int:
    """How many threads the server has now."""
    line = next(line for line in _status(server) if line.startswith("Threads"))
    return int(line.split()[1])


def files(server: Server) -> int:
    """How many files and connections the server holds open now."""
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def _status(server: Server) -> list[str]:
    return Path(f"/proc/{server.pid}/status").read_text().splitlines()
