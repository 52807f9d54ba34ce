"""The README tells the truth."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground.data import DATASETS
from playground.engine import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, which: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)[which]


def test_the_engine_lines_print_what_the_readme_says():
    run = subprocess.run([sys.executable, "-c", block("python")], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == block("text")


def test_they_are_ten_lines():
    assert len([line for line in block("python").splitlines() if line]) == 10


def test_every_path_it_names_exists():
    for path in re.findall(r"\((tests/[^)]+)\)", README):
        assert (ROOT / path).exists(), path
    for name in re.findall(r"^ {2}(\w+(?:/|\.py)) ", block("text", 1), re.MULTILINE):
        assert (ROOT / "playground" / name).exists(), name


def test_each_command_is_one_line():
    for which in (0, 1):
        assert len(block("sh", which).strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("toy data sets", DATASETS),
        ("activations", ACTIVATIONS),
        ("optimizers", OPTIMIZERS),
        ("losses", LOSSES),
        ("ways to\n  start", INITIALIZERS),
    ],
)
def test_it_counts_right(words, choices):
    assert re.findall(rf"(\d+) {words}", README) == [str(len(choices))]


def test_every_button_has_a_key_or_stands_in_a_menu_that_has():
    html = (ROOT / "playground" / "stage" / "stage.html").read_text(encoding="utf-8")
    keys = (ROOT / "playground" / "stage" / "keys.js").read_text(encoding="utf-8")
    buttons = set(re.findall(r'data-do="(\w+)"', html))
    assert buttons - set(re.findall(r': \["(\w+)", "', keys)) == {"picture", "film", "ten"}  # ten is Shift →
