"""The stage's scripts: all are used, they agree with Python, and nothing in them reaches outside the stage."""

import re
from pathlib import Path

import pytest

from playground.figures.surface import DEPTHS
from playground.stage import HERE, SCRIPTS
from playground.stage.slices import NOT_FINITE

FILES = sorted(HERE.glob("*.js"))


def test_every_script_is_used():
    assert {path.stem for path in FILES} == {*SCRIPTS, "line", "bell", "keep", "gallery", "pointer", "ink", "pad"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_script_writes_markup_or_evaluates_text(path: Path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
    )


def test_a_loss_that_is_not_finite_has_the_same_code_on_both_sides():
    assert f"const NOT_FINITE = {NOT_FINITE};" in (HERE / "surface.js").read_text()


def test_the_surface_has_the_same_depths_on_the_stage_and_in_3d():
    (line,) = re.findall(r"const DEPTHS = \[(.*)\];", (HERE / "colors.js").read_text())
    colours = [tuple(map(int, colour.split(","))) for colour in re.findall(r"\[([\d, ]+)\]", line)]
    assert [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in colours] == list(DEPTHS)
