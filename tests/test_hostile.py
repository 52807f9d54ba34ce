"""Whatever comes in from outside is taken, or refused in one plain sentence; nothing else ever happens."""

import json
import os
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from playground.data import load
from playground.data.points import PointsError, read_points, write_points
from playground.data.table import TableError, read_table
from playground.engine import State
from playground.experiment import Config, build
from playground.pages.drawing import parse_drawing
from playground.share.links import PARAMETERS, read, write
from playground.share.saved import SavedError, read_run, write_run
from playground.share.tensorflow import read_tfp
from playground.stage.frames import Ask, parse
from playground.stage.ink import Ink, parse_ink
from playground.stage.look import Look
from playground.stage.slices import parse_look

PATIENCE = 2.0  # seconds that any one input may take
MARKUP = re.compile(r"[][<>*`$~|#\\]|https?://|www\.")  # what Markdown, HTML or LaTeX would make something of


def thousands(n: int) -> settings:
    """That many cases, the same each time; with FUZZ=20 in the environment, twenty times as many."""
    return settings(
        max_examples=n * int(os.environ.get("FUZZ", "1")),
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def in_time(work: Callable, *args: object) -> object:
    begin = time.process_time()
    try:
        return work(*args)
    finally:
        assert time.process_time() - begin < PATIENCE


def plain(sentence: str) -> None:
    """A sentence that can stand on the page: one line, not endless, and no markup whatever it quotes."""
    assert sentence.isprintable()
    assert len(sentence) < 1_000
    assert not MARKUP.search(sentence), sentence


def refused(work: Callable, error: type[ValueError], *args: object) -> None:
    """`work` takes what it is given, or says in a plain sentence why not."""
    try:
        in_time(work, *args)
    except error as reason:
        plain(str(reason))


# --- what people have thought of, and what nobody would

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/hub: :red[x] **x** `x` ~~x~~",
    "../../../../etc/passwd",
    "/etc/passwd\0.csv",
    "file:///etc/passwd",
    "https://example.org/table.csv",
    "=cmd|' /C calc'!A0",
    "{{7*7}} ${7*7} %(x)s {0.__class__}",
    "__import__('os').system('true')",
    "\ud800 \u202e \ufeff \x1b[31m \u2028 \0",
    "1e999",
    "9" * 5_000,
    "a" * 100_000,
    "٣",
    "²",
    "NaN",
    "-0",
]
text = st.text(max_size=60) | st.sampled_from(NASTY) | st.text("<>[]()*_`!$:#\\|~&{}@/\"'=,;.%-+0123456789ae \n\t\0\r")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(text, inner, max_size=5),
    max_leaves=12,
)


def mostly(good: dict[str, st.SearchStrategy]) -> st.SearchStrategy:
    """Messages with every field as it should be, but for one or two that are anything, too many or missing."""

    def spoil(told: dict, names: list[str], value: object, how: int) -> dict:
        for name in names:
            told = {k: v for k, v in told.items() if k != name} if how == 0 else told | {name: value}
        return told

    fields = st.sampled_from([*good, "more"])
    return (
        st.builds(spoil, st.fixed_dictionaries(good), st.lists(fields, max_size=2), anything, st.integers(0, 3))
        | anything
    )


# --- links

words = st.one_of(
    text,
    st.sampled_from(
        ["plane", "blobs", "drawn", "table", "digits", "mse", "tanh,relu", "4,2", "0", "", "full", "x1,x1"]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.lists(st.integers(-3, 70).map(str), max_size=70).map(",".join),
)


@thousands(1_000)
@given(st.dictionaries(st.sampled_from([*PARAMETERS, "table", "embed"]), words, max_size=12))
def test_any_link_opens(query):
    config, said = in_time(read, query)
    for sentence in said:
        plain(sentence.replace("|", ""))
    assert read(write(config)) == (config, [])


points = write_points(load("blobs", n=40, seed=3))


@thousands(2_000)
@given(st.integers(0, len(points)), st.text(max_size=8), st.integers(0, 8))
@example(0, "1" + "A" * 8_191, 9_999)
def test_points_are_read_or_refused(place, more, less):
    refused(read_points, PointsError, points[:place] + more + points[place + less :])


tfp = st.dictionaries(
    st.sampled_from(
        ["activation", "batchSize", "dataset", "regDataset", "learningRate", "noise", "networkShape", "seed"]
    ),
    words,
)


@thousands(1_000)
@given(
    text | tfp.map(lambda told: "https://playground.tensorflow.org/#" + "&".join(f"{k}={v}" for k, v in told.items()))
)
def test_a_link_of_the_other_playground_is_read_or_refused(link):
    try:
        config, said = in_time(read_tfp, link)
    except ValueError as reason:
        plain(str(reason).replace("playground.tensorflow.org", ""))
    else:
        for sentence in said:
            plain(sentence)
        assert read(write(config)) == (config, [])


# --- messages of the browser

whole = st.integers(0, 70) | st.integers(-1, 2**64)
number = whole | st.floats()
look = mostly(
    {
        "plane": st.sampled_from(["ahead", "path", "nowhere"]),
        "of": st.sampled_from(["train", "test", "batch"]),
        "penalty": st.booleans(),
        "picks": st.lists(whole, min_size=3, max_size=3),
    }
)
ask = mostly(
    {
        **dict.fromkeys(("version", "number", "start", "goal", "stride", "frames", "index"), whole),
        **dict.fromkeys(("value", "other"), number),
        "run": text,
        "deed": st.sampled_from(["", "edit", "jump", "branch", "undo", "peek", "__class__"]),
        "look": look,
    }
)
ink = mostly(
    {"values": st.lists(st.integers(0, 16), min_size=64, max_size=64), **dict.fromkeys(("turn", "put", "deal"), whole)}
)
drawing = mostly({"turn": whole, "classes": st.integers(0, 11), "points": st.lists(st.integers(-1300, 1300))})


@thousands(1_000)
@given(ask)
def test_a_message_is_an_ask_or_nothing(message):
    found = in_time(parse, message)
    assert found is None or (isinstance(found, Ask) and isinstance(found.look, Look))
    assert found is None or len(found.targets) <= 64


@thousands(1_000)
@given(look)
def test_a_message_is_a_look_or_nothing(message):
    assert isinstance(in_time(parse_look, message), Look | None)


@thousands(1_000)
@given(ink)
def test_a_message_is_ink_or_nothing(message):
    assert isinstance(in_time(parse_ink, message), Ink | None)


@thousands(1_000)
@given(drawing)
def test_a_message_is_a_drawing_or_refused(message):
    refused(parse_drawing, ValueError, message)


# --- files and pasted text

cell = text | st.floats().map(str) | st.sampled_from(["", "?", "NA", "1,5", "1e308", '"', '""', "'", "\0", "a\nb"])
tables = st.builds(
    lambda rows, separator, end: end.join(separator.join(row) for row in rows),
    st.lists(st.lists(cell, min_size=2, max_size=3), max_size=6),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252"])
files = tables | st.builds(lambda told, how: told.encode(how, "replace"), tables, encodings) | st.binary(max_size=200)


@thousands(1_500)
@given(files, text)
@example("a,b\n" + '"' * 99_999, "x.csv")
@example("a" * 10_001 + ",b\n1,2\n3,4", "")
@example(",".join("a" * 65) + "\n", "")
@example("a,b\n" * 100_001, "")
@example(b"\xff\xfe" + b"\x00\xd8" * 99, "")
def test_a_table_is_read_or_refused(data, name):
    try:
        table = in_time(read_table, data, name)
    except TableError as reason:
        plain(str(reason))
    else:
        for remark in table.remarks:
            plain(remark.sentence)


@pytest.fixture(scope="module")
def saved() -> dict:
    experiment = build(Config(data="xor", n=20, hidden=(2,)))
    state = experiment.run().state
    assert isinstance(state, State)
    return json.loads(write_run(experiment, None, state, []))


def paths(told: object, way: tuple = ()) -> list[tuple]:
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    return [way, *(path for name, value in inner for path in paths(value, (*way, name)))]


def spoiled(told: object, way: tuple, value: object) -> object:
    if not way:
        return value
    copy = dict(told) if isinstance(told, dict) else list(told)
    copy[way[0]] = spoiled(told[way[0]], way[1:], value)
    return copy


@thousands(1_000)
@given(st.data())
def test_a_saved_run_is_read_or_refused(saved, data):
    told = saved
    for _ in range(data.draw(st.integers(1, 2))):
        told = spoiled(told, data.draw(st.sampled_from(paths(told))), data.draw(anything))
    refused(read_run, SavedError, json.dumps(told).encode())


@thousands(1_000)
@given(st.data())
def test_a_damaged_file_of_a_run_is_read_or_refused(saved, data):
    whole_file = json.dumps(saved).encode()
    place, less = data.draw(st.integers(0, len(whole_file))), data.draw(st.integers(0, 40))
    refused(read_run, SavedError, whole_file[:place] + data.draw(st.binary(max_size=9)) + whole_file[place + less :])
