"""The stage's scripts: each can be parsed, and nothing in them reaches outside the stage."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from playground.stage import HERE, SCRIPTS

FILES = sorted(HERE.glob("*.js"))


def test_every_script_is_used():
    assert {path.stem for path in FILES} == {*SCRIPTS, "line", "bell"}


@pytest.mark.skipif(not shutil.which("node"), reason="no Node.js on this machine to parse the scripts with")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_script_can_be_parsed(path: Path):
    source = path.read_text(encoding="utf-8")
    result = subprocess.run(
        ["node", "--check", "--input-type=module", "-"], input=source, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_script_writes_markup_or_evaluates_text(path: Path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
    )
