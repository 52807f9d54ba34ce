"""How fast it is, here and now: `python -m tests.benchmarks`; with names of `PARTS` behind it, those alone.

`load 1 10 30 60 --idle 100` says how many sessions play, and how many pages are only open; `soak 10` is ten minutes
of mixed use, without a number an hour.
"""

import os
import platform
import signal
import sys
from importlib.metadata import version

from tests.benchmarks import drawing, engine, load, soak, stage, upload

PARTS = {
    "engine": engine.report,
    "stage": stage.report,
    "drawing": drawing.report,
    "upload": upload.report,
    "load": load.report,
}
WITH_WORDS = {"load": load.report, "soak": soak.report}  # what follows these names is for them
PACKAGES = ("numpy", "scikit-learn", "streamlit", "playwright")


def machine() -> str:
    """One line on what the figures below depend on."""
    busy, cores = os.getloadavg()[0], os.cpu_count()
    packages = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{cores} cores, load {busy:.1f} before the start · Python {platform.python_version()} · {packages}"


def main(names: list[str]) -> None:
    """Print the named parts, all where none is named."""
    if names and names[0] in WITH_WORDS:
        print(machine(), flush=True)
        return WITH_WORDS[names[0]](*names[1:])
    if unknown := set(names) - set(PARTS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; choose from {', '.join([*PARTS, 'soak'])}.")
    print(machine())
    for name in names or PARTS:
        PARTS[name]()


signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated."))  # so that the app is ended, too
main(sys.argv[1:])
