"""What the server writes down: one line for an event, `event=… key=value`, seldom, and nothing about people."""

import logging
import threading
import time
from collections.abc import Callable

LOG = logging.getLogger("playground")
PAUSE = 10  # seconds between two lines about the same event, whoever causes it


class Journal:
    """Writes events down, each at most once in a while, with how often it was left out since. Any thread may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._written: dict[str, tuple[float, int]] = {}  # when each event was last written, how often left out since

    def warn(self, event: str, **facts: str | int) -> None:
        """Write down an event and its facts: words of ours and numbers, never what somebody has typed or sent."""
        line = " ".join(f"{key}={value}" for key, value in {"event": event, **facts}.items())
        with self._lock:
            now, (last, left_out) = self._clock(), self._written.get(line, (-PAUSE, 0))
            if now - last < PAUSE:
                self._written[line] = last, left_out + 1
                return
            self._written[line] = now, 0
        LOG.warning("%s left_out=%d", line, left_out)


JOURNAL = Journal()  # of this process
