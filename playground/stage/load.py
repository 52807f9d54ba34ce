"""How much this server has to do: who plays, how many pictures it serves, and how long one answer may take then."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.limits import BUDGET

SHORTEST = 0.006  # seconds of work for one answer where there is no time: about what Streamlit needs to send it
ROUND = 0.18  # seconds in which everybody who plays shall have had a turn
PLAYS = 2.0  # seconds since the latest ask for which a session counts as playing
WINDOW = 10  # seconds over which pictures are counted
MANY = 10  # sessions playing, from which on the pictures that pass by are coarser


class Load:
    """The turns of all sessions of this process. Any thread may use it.

    One answer is computed at a time, in order of arrival: side by side, threads of Python take longer for the same
    work, everybody's time runs out before much of a chunk is done, and small chunks are all effort of the transport.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, float] = {}  # when each run was asked for last
        self._served: deque[tuple[float, int]] = deque()  # when how many pictures were ready
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    @contextmanager
    def turn(self, name: str) -> Iterator[float]:
        """Wait for a turn in which to answer for the run `name`; gives the seconds it may take."""
        with self._lock:
            now = self._clock()
            self._asked.pop(name, None)  # so that the oldest stand first
            self._asked[name] = now
            ticket = None
            if self._busy:
                ticket = threading.Lock()
                ticket.acquire()
                self._waiting.append(ticket)
            self._busy = True
        if ticket:
            ticket.acquire()  # until the one before is done
        try:
            yield budget(self.playing)
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._busy = False

    def serve(self, pictures: int) -> None:
        """So many pictures are ready."""
        with self._lock:
            self._served.append((self._clock(), pictures))
            self._forget()

    @property
    def playing(self) -> int:
        """Runs that have been asked for lately."""
        with self._lock:
            self._forget()
            return len(self._asked)

    @property
    def crowded(self) -> bool:
        """Whether many play."""
        return self.playing >= MANY

    @property
    def rate(self) -> float:
        """Pictures a second, over the last seconds."""
        with self._lock:
            self._forget()
            return sum(pictures for _, pictures in self._served) / WINDOW

    def _forget(self) -> None:
        now = self._clock()
        while self._asked and now - next(iter(self._asked.values())) > PLAYS:
            del self._asked[next(iter(self._asked))]
        while self._served and now - self._served[0][0] > WINDOW:
            self._served.popleft()


def budget(playing: int) -> float:
    """Seconds of work for one answer where so many sessions play: the more, the less, so that all have their turn."""
    return min(BUDGET, max(SHORTEST, ROUND / max(playing, 1)))


LOAD = Load()  # of this process
