"""Whether the server stays as it is over an hour in which sessions play, change, vanish without goodbye and return."""

import asyncio
import itertools
import random
import time
import urllib.request

from websockets.exceptions import WebSocketException

from tests.benchmarks.load import files, megabytes, threads
from tests.benchmarks.sessions import Session
from tests.browser.server import Server, serving

SESSIONS, MINUTES = 30, 60
WARM = 0.25  # of the time, after which memory is to be flat
GROWTH = 1.05  # of memory that still counts as flat, from the end of the warm-up to the end of use
MOST_MEMORY = 400  # MB in all, those who have left and may come back among them
PLEASURE = (2, 12)  # seconds that somebody stays with one thing
CLEANED = 150  # seconds after the last has gone: Streamlit keeps a session two minutes for somebody who comes back
GARBAGE = 65  # seconds until the app clears away what has gone
LEFT = 8  # threads and files more than before anybody came that are no leak: two visitors may still come back
QUERIES = ("", "data=xor", "data=spiral&hidden=8,8,8", "data=moons&n=1000", "data=plane", "data=blobs&classes=4")
HEAD = ("minute", "memory MB", "threads", "files", "sessions", "visits", "woken", "failures")
ACTIVE = "active_sessions "


def report(*words: str) -> None:
    """Print a line each minute, and at the end what is left; `words` may be a number of minutes."""
    asyncio.run(soak(float(words[0]) if words else MINUTES))


async def soak(minutes: float) -> None:
    """Let sessions come and go for so many minutes, then wait until the server has forgotten them."""
    with serving() as server:
        visitor = Session(server.port)
        await visitor.open()
        await visitor.close()
        print(f"\n{SESSIONS} sessions in mixed use for {minutes:g} minutes\n")
        print("  ".join(HEAD), flush=True)
        before, end = (threads(server), files(server)), time.perf_counter() + 60 * minutes
        log = {"visits": 0, "woken": 0, "bad": 0}
        users = [asyncio.create_task(use(server, number, end, log)) for number in range(SESSIONS)]
        memory = []
        for minute in itertools.count(1):
            await asyncio.sleep(max(0, min(60, end - time.perf_counter())))
            memory.append(megabytes(server))
            line(minute, server, log)
            if time.perf_counter() >= end:
                break
        await asyncio.gather(*users)
        await asyncio.sleep(CLEANED)
        for pause in (GARBAGE, 1):  # Streamlit forgets the others when it looks at one more; the app clears away
            visitor = Session(server.port)
            await visitor.open()
            await visitor.close()
            await asyncio.sleep(pause)
        line("after", server, log)
        warm = memory[int(len(memory) * WARM)]
        say("memory flat after warm-up", memory[-1] <= GROWTH * warm, f"{warm:.0f} → {memory[-1]:.0f} MB")
        say(f"never more than {MOST_MEMORY} MB", max(memory) <= MOST_MEMORY, f"{max(memory):.0f} MB")
        for name, now, then in zip(("threads", "files"), (threads(server), files(server)), before, strict=True):
            say(f"no {name} left behind", now <= then + LEFT, f"{then} → {now}")
        say("no session left behind", open_sessions(server) == 0, f"{open_sessions(server)}")
        say("no visit failed", log["bad"] == 0, f"{log['bad']} of {log['visits']}")


async def use(server: Server, number: int, end: float, log: dict[str, int]) -> None:
    """What one person does: visit after visit, ended by goodbye or not, some of them with a return."""
    chance = random.Random(number)
    session = Session(server.port, chance.choice(QUERIES))
    while time.perf_counter() < end:
        log["visits"] += 1
        try:
            session.forget()
            await session.open()
            log["woken"] += session.woken
            for _ in range(chance.randint(1, 5)):
                await chance.choice((play, step, edit, rest))(session, chance)
            await chance.choice((session.close, session.vanish))()
        except (OSError, RuntimeError, TimeoutError, WebSocketException) as error:
            log["bad"] += 1
            if session.socket:
                await session.vanish()
            session = Session(server.port, chance.choice(QUERIES))
            print(f"        a visit failed: {error!r}")
        if chance.random() < 0.5:
            session = Session(
                server.port, chance.choice(QUERIES)
            )  # somebody else; otherwise the same page finds the connection again
        await asyncio.sleep(chance.uniform(0, 3))


async def play(session: Session, chance: random.Random) -> None:
    """Play for a while, at some speed."""
    session.stride = chance.choice((1, 10, 100, 750))
    session.play()
    await asyncio.sleep(chance.uniform(*PLEASURE))
    session.pause()


async def step(session: Session, chance: random.Random) -> None:
    """Press Step some times."""
    for _ in range(chance.randint(1, 10)):
        session.ask(session.step, session.step + 1, 1)
        await asyncio.sleep(0.5)


async def edit(session: Session, chance: random.Random) -> None:
    """Change a choice in the sidebar, as the number of points, the seed or the layers."""
    chosen = session.widgets[chance.choice(list(session.bounds))]
    low, high = session.bounds[chosen.id]
    chosen.int_value = max(low, min(chosen.int_value + chance.choice((-1, 1)), high))
    await session.rerun()
    await asyncio.sleep(1)


async def rest(session: Session, chance: random.Random) -> None:
    """Look, and do nothing."""
    await asyncio.sleep(chance.uniform(*PLEASURE))


def line(when: int | str, server: Server, log: dict[str, int]) -> None:
    """How the server is now."""
    figures = [f"{megabytes(server):.1f}", threads(server), files(server), open_sessions(server), *log.values()]
    print(
        "  ".join(f"{figure!s:>{len(head)}}" for head, figure in zip(HEAD, [when, *figures], strict=True)), flush=True
    )


def open_sessions(server: Server) -> int:
    """How many sessions Streamlit says are connected."""
    with urllib.request.urlopen(f"{server.url}_stcore/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(int(float(text.split()[-1])) for text in lines if text.startswith(ACTIVE))


def say(claim: str, holds: bool, figures: str) -> None:
    """Say whether a claim holds."""
    print(f"{claim}: {'yes' if holds else 'NO'} ({figures})")
