"""No clock that can be set is asked: time is measured by ones that only go forward."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
FILES = [HOME / "app.py", *sorted((HOME / "playground").rglob("*.py")), *sorted((HOME / "playground").rglob("*.js"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_clock_that_can_jump_is_asked(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\btime\.time\b|from time import .*\btime\b|\bdatetime\b|\bnew Date\b|\bDate\.now\b", text)
