"""How fast it is, here and now: `python -m tests.benchmarks`; with names of `PARTS` behind it, those alone."""

import os
import platform
import signal
import sys
from importlib.metadata import version

from tests.benchmarks import drawing, engine, stage, upload

PARTS = {"engine": engine.report, "stage": stage.report, "drawing": drawing.report, "upload": upload.report}
PACKAGES = ("numpy", "scikit-learn", "streamlit", "playwright")


def machine() -> str:
    """One line on what the figures below depend on."""
    busy, cores = os.getloadavg()[0], os.cpu_count()
    packages = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{cores} cores, load {busy:.1f} before the start · Python {platform.python_version()} · {packages}"


def main(names: list[str]) -> None:
    """Print the named parts, all where none is named."""
    if unknown := set(names) - set(PARTS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}.")
    print(machine())
    for name in names or PARTS:
        PARTS[name]()


signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated."))  # so that the app is ended, too
main(sys.argv[1:])
