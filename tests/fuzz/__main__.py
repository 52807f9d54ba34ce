"""Atheris against the parsers, guided by coverage, for as long as you like.

    pip install atheris
    python -m tests.fuzz            # a minute for each parser
    python -m tests.fuzz table 600  # ten minutes for one of them

Ends with the input where anything but the parser's own error comes out, or one input takes more than two seconds.
"""

import subprocess
import sys
import tempfile

PARSERS = ("link", "points", "tensorflow", "ask", "ink", "drawing", "table", "run")


def fuzz(name: str, seconds: int) -> bool:
    """Whether a parser stood so many seconds; in a process of its own, for libFuzzer ends the one it runs in."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz.parsers", name, str(seconds), folder]
        done = subprocess.run(command, capture_output=True, text=True)
    executed = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    print(
        f"{name:12} {executed[0] if executed else '?':>10} inputs, {'fails' if done.returncode else 'stands'}",
        flush=True,
    )
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
    return not done.returncode


if __name__ == "__main__":
    chosen = [word for word in sys.argv[1:] if word in PARSERS] or PARSERS
    seconds = next((int(word) for word in sys.argv[1:] if word.isdigit()), 60)
    stood = [fuzz(name, seconds) for name in chosen]
    sys.exit(not all(stood))
