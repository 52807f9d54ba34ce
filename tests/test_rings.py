"""The shape of the house: arrows point inward, and nothing lies about outside."""

import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from playground import engine

ROOT = Path(__file__).parents[1]
FILES = [path.relative_to(ROOT).as_posix() for path in [ROOT / "app.py", *sorted((ROOT / "playground").rglob("*.py"))]]

LIMITS = {"playground.limits"}
ENGINE = LIMITS | {"numpy", "scipy.special", "playground.engine"}
DATA = ENGINE | {"sklearn", "playground.data"}
TABLES = DATA | {"pandas"}
EXPERIMENT = LIMITS | {"numpy", "playground.engine", "playground.data", "playground.experiment"}
SCIKIT = {"numpy", "sklearn", "playground.engine"}
STAGE = EXPERIMENT | {"playground.stage"}

RINGS = {  # from the inside out: what each may import besides the standard library; the longest name that fits counts
    "playground/__init__.py": set(),
    "playground/limits.py": set(),
    "playground/process.py": {"threadpoolctl"},
    "playground/engine/": ENGINE,
    "playground/data/": DATA,
    "playground/data/table.py": TABLES,
    "playground/data/columns.py": TABLES,
    "playground/experiment.py": EXPERIMENT,
    "playground/evaluation.py": SCIKIT,
    "playground/estimator.py": SCIKIT | {"playground.evaluation"},
    "playground/coach.py": EXPERIMENT,
    "playground/validation.py": EXPERIMENT,
    "playground/race.py": LIMITS | {"numpy", "playground.engine"},
    "playground/microscope.py": {"numpy", "playground.engine"},
    "playground/formulas.py": {"numpy", "playground.engine", "playground.microscope"},
    "playground/share/": EXPERIMENT | {"playground.share"},
    "playground/stage/": STAGE,
    "playground/stage/__init__.py": STAGE | {"streamlit"},
    "playground/figures/": {"numpy", "plotly", "playground.figures"},
    "playground/pages/": {"numpy", "pandas", "streamlit", "playground"},
    "app.py": {"streamlit", "playground"},
}
TOP_LEVEL = {
    *("app.py", "playground", "tests", "requirements.txt", "README.md", "LICENSE", "pyproject.toml"),
    *(".streamlit", ".ci", ".gitignore"),
}


def ring_of(path):
    return max((ring for ring in RINGS if path.startswith(ring)), key=len, default=None)


def imports(path, source):
    """The full name of everything `source` imports, wherever in it; `from a import b` is a.b."""
    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def wrong_arrows(path, source):
    allowed = RINGS[ring_of(path)] | sys.stdlib_module_names
    return [name for name in imports(path, source) if not any(f"{name}.".startswith(f"{inner}.") for inner in allowed)]


@pytest.mark.parametrize("path", FILES)
def test_a_module_imports_only_from_its_own_ring_and_those_inside(path):
    assert ring_of(path), f"{path} stands in no ring"
    assert wrong_arrows(path, (ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("playground/engine/network.py", "import sklearn", ["sklearn"]),
        ("playground/engine/network.py", "import scipy.optimize", ["scipy.optimize"]),
        ("playground/engine/network.py", "from scipy import special, optimize", ["scipy.optimize"]),
        ("playground/engine/network.py", "from playground import data", ["playground.data"]),
        ("playground/engine/network.py", "from ..data import toy", ["playground.data.toy"]),
        ("playground/engine/network.py", "from .. import data", ["playground.data"]),
        ("playground/engine/network.py", "from . import losses", []),
        ("playground/engine/__init__.py", "from .losses import LOSSES", []),
        ("playground/engine/network.py", "def late():\n    import playground.experiment", ["playground.experiment"]),
        ("playground/engine/network.py", "import numpyro", ["numpyro"]),
        ("playground/engine/network.py", "import playground", ["playground"]),
        ("playground/data/toy.py", "from sklearn.datasets import make_moons", []),
        ("playground/data/toy.py", "import pandas", ["pandas"]),
        ("playground/data/table.py", "import pandas as pd", []),
        ("playground/data/toy.py", "from playground.experiment import Config", ["playground.experiment.Config"]),
        ("playground/share/links.py", "import playground.stage", ["playground.stage"]),
        ("playground/stage/scene.py", "import streamlit as st", ["streamlit"]),
        ("playground/stage/__init__.py", "import streamlit as st", []),
        ("playground/stage/scene.py", "from playground.figures import LIGHT", ["playground.figures.LIGHT"]),
        ("playground/figures/surface.py", "import streamlit, plotly.graph_objects", ["streamlit"]),
        ("playground/pages/panels.py", "import plotly", ["plotly"]),
        ("app.py", "import sklearn", ["sklearn"]),
    ],
)
def test_a_wrong_arrow_is_found(path, source, wrong):
    assert wrong_arrows(path, source) == wrong


def test_every_constant_has_a_use():
    sources = [(ROOT / path).read_text(encoding="utf-8") for path in FILES]
    uses = Counter(re.findall(r"\w+", " ".join(sources)))
    lines = [line for source in sources for line in ast.parse(source).body if isinstance(line, ast.Assign)]
    names = {node.id for line in lines for target in line.targets for node in ast.walk(target) if hasattr(node, "id")}
    assert "LOSSES" in names
    assert [name for name in names if uses[name] == 1] == []


def test_records_of_the_engine_are_frozen_and_slotted():
    modules = [import_module(found.name) for found in walk_packages(engine.__path__, "playground.engine.")]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    records = set(filter(is_dataclass, classes))
    assert {"Network", "Trace", "Training", "State", "Finding"} <= {record.__name__ for record in records}
    assert all(record.__dataclass_params__.frozen and "__slots__" in vars(record) for record in records)


def test_the_top_level_holds_nothing_else():
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git, and a checkout of it")
    assert {path.split("/")[0] for path in listed.splitlines()} <= TOP_LEVEL
