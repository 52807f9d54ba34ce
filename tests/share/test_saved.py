"""A saved run goes on to the bit wherever it was saved; any other file is refused in one sentence."""

import json
import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, FEATURES, SCALINGS, Dataset, learned, load, write_points
from playground.engine import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES, Diverged, State
from playground.experiment import DRAWN, TABLE, Config, build, losses_for
from playground.limits import LAST_STEP, MOST_COLUMNS, MOST_ROWS, RUN_BYTES
from playground.share.links import PARAMETERS
from playground.share.saved import SavedError, read_run, write_run
from playground.stage import Scene

calm = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def one_of(registry):
    return st.sampled_from(list(registry))


@st.composite
def tables(draw):
    rng, n, d = np.random.default_rng(draw(st.integers(0, 99))), draw(st.integers(12, 60)), draw(st.integers(1, 6))
    x = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-30, 20, d)
    names = tuple(
        draw(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"]), max_size=80), min_size=d, max_size=d, unique=True
            )
        )
    )
    if draw(st.booleans()):
        return Dataset(x, rng.lognormal(5, 3, n), "regression", names)
    k = draw(st.integers(2, 4))
    return Dataset(x, rng.permutation(np.arange(n) % k), "classification", names, tuple(f"{i}, “{{[" for i in range(k)))


@st.composite
def runs(draw):
    """A config and the table it needs: everything that can be chosen, small enough to run."""
    table, own = None, {}
    data = draw(one_of([*DATASETS, "iris", DRAWN, TABLE, DRAWN, TABLE]))
    if data == TABLE:
        table = draw(tables())
        own = {"table": table.fingerprint()}
    if data == DRAWN:
        own = {"points": write_points(load(draw(one_of(["xor", "blobs", "plane"])), 40, seed=draw(st.integers(0, 9))))}
    hidden = tuple(draw(st.lists(st.integers(1, 6), max_size=3)))
    activation = one_of(ACTIVATIONS)
    if len(hidden) > 1:
        activation |= st.tuples(*[activation] * len(hidden))
    features = draw(st.sets(one_of(FEATURES), min_size=1))
    config = Config(
        data=data,
        **own,
        noise=draw(st.integers(0, 50)) if data in DATASETS else 0,
        n=draw(st.integers(60, 300)) if data in DATASETS else 500,
        labels=draw(st.sampled_from([100, 100, 50, 0])),
        split=draw(st.integers(30, 80)),
        validation=draw(st.sampled_from([0, 0, 30])),
        scaling=draw(one_of(SCALINGS)),
        seed=draw(st.integers(0, 2**32 - 1)),
        features=tuple(key for key in FEATURES if key in features),
        hidden=hidden,
        activation=draw(activation),
        init=draw(one_of(INITIALIZERS)),
        optimizer=draw(one_of(OPTIMIZERS)),
        lr=draw(st.floats(1e-6, 0.3)),
        batch=draw(st.none() | st.integers(1, 300)),
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.01])),
        keep_zeros=draw(st.booleans()),
        dropout=draw(st.sampled_from([0.0, 0.0, 0.3])),
        clip=draw(st.none() | st.floats(0.1, 10)),
        bias=draw(st.none() | st.floats(-1, 1)),
        schedule=draw(one_of(SCHEDULES)),
        span=draw(st.integers(1, 60)),
    )
    config = replace(config, loss=draw(one_of(losses_for(config, table))))
    return config, table


def same(one: State, other: State) -> bool:
    arrays = zip((one.theta, one.slots), (other.theta, other.slots), strict=True)
    counts = (one.step, one.age, one.epoch, one.position) == (other.step, other.age, other.epoch, other.position)
    return counts and all(a.tobytes() == b.tobytes() and a.shape == b.shape for a, b in arrays)


# --- there and back


@calm
@given(runs(), st.integers(0, 40), st.integers(0, 40))
def test_a_loaded_run_goes_on_to_the_bit(run, before, after):
    config, table = run
    try:
        experiment = build(config, table)
        whole = experiment.run()
        whole.seek(before)
        assume(math.isfinite(whole.loss()))
        file = write_run(experiment, table, whole.state, [])
        state = whole.state
        whole.seek(before + after)
    except (ValueError, Diverged):  # too few points for these choices; too high a rate
        assume(False)
    opened = read_run(file)
    assert opened.experiment.config == config
    assert same(opened.state, state)
    for part, other in zip(opened.experiment.data.parts, experiment.data.parts, strict=True):
        np.testing.assert_array_equal(part.x, other.x)
        np.testing.assert_array_equal(part.y, other.y)
    assert same(opened.experiment.run(opened.state).seek(before + after), whole.state)
    assert write_run(opened.experiment, opened.table, opened.state, opened.history) == file


@calm
@given(tables())
def test_a_table_comes_back_to_the_bit(table):
    experiment = build(Config(data=TABLE, table=table.fingerprint(), loss="half-mse"), table)
    opened = read_run(write_run(experiment, table, experiment.run().state, []))
    assert opened.table.fingerprint() == table.fingerprint()


ANY = st.floats(-1e300, 1e300)
STEPS = st.lists(st.tuples(st.integers(0, 99), st.none() | ANY, ANY), unique_by=lambda row: row[0])


@calm
@given(st.lists(ANY, min_size=17, max_size=17), STEPS)
@example([-0.0, 5e-324, *[0.1] * 15], [(0, 1e300, -0.0)])
def test_every_number_comes_back_to_the_bit(theta, history):
    config = Config(optimizer="sgd", hidden=(4,))
    experiment, rows = build(config), [[s, math.inf if a is None else a, b] for s, a, b in sorted(history)]
    theta, state = np.array(theta), experiment.run().seek(100)
    with np.errstate(all="ignore"):
        assume(math.isfinite(experiment.run(replace(state, theta=theta)).loss()))
    opened = read_run(write_run(experiment, None, replace(state, theta=theta), rows))
    assert opened.state.theta.tobytes() == theta.tobytes()
    assert [[s, a if math.isfinite(a) else math.inf, b] for s, a, b in opened.history] == rows


def test_points_drawn_on_the_way_keep_the_scale_of_the_beginning():
    first, then = (write_points(load("xor", n, seed=n)) for n in (40, 60))
    scene = Scene(build(Config(data=DRAWN, points=first)), "test")
    scene.run.seek(30)
    scene.change(build(Config(data=DRAWN, points=then), scaler=scene.experiment.data.scaler))
    scene.apply_change()
    scene.run.seek(50)
    opened = read_run(write_run(scene.experiment, None, scene.onward(50), []))
    np.testing.assert_array_equal(learned(opened.experiment.data.scaler), learned(scene.experiment.data.scaler))
    assert not np.array_equal(
        learned(opened.experiment.data.scaler), learned(build(scene.experiment.config).data.scaler)
    )
    assert same(opened.experiment.run(opened.state).seek(90), scene.run.seek(90))


@pytest.mark.parametrize("change", [{"optimizer": "adam"}, {"lr": 0.3}, {"batch": 7}, {"batch": None}, {"l1": 0.1}])
def test_a_run_whose_rule_or_weights_were_changed_goes_on_to_the_bit(change):
    scene = Scene(build(config := Config(optimizer="momentum", lr=0.02)), "test")
    scene.run.seek(33)
    scene.run.edit(scene.run.state.theta * 0.5)
    scene.run.seek(45)
    scene.change(build(replace(config, **change)))
    waiting = scene.onward(45)
    scene.apply_change()
    assert same(waiting, scene.run.state)
    scene.run.seek(70)
    opened = read_run(write_run(scene.experiment, None, scene.onward(70), []))
    assert same(opened.experiment.run(opened.state).seek(120), scene.run.seek(120))


def test_the_largest_table_fits():
    rng = np.random.default_rng(0)
    x, y = -rng.random((MOST_ROWS, MOST_COLUMNS)) * 1e-30, -rng.random(MOST_ROWS) * 1e-30
    table = Dataset(x, y, "regression", tuple(f"{'[' * 78}{i}" for i in range(64)))
    config = Config(data=TABLE, table=table.fingerprint(), hidden=(16,) * 6, loss="half-mse")
    experiment = build(config, table)
    history = [[step, 1 / 3, 1 / 7, 1 / 9] for step in range(5000)]
    file = write_run(experiment, table, experiment.run().seek(1), history)
    assert len(file) < RUN_BYTES
    told = json.loads(file)
    told["state"]["step"], told["history"] = 5000, told["history"][:4096]
    assert read_run(json.dumps(told).encode()).table.fingerprint() == table.fingerprint()


def test_a_long_name_is_cut_and_stays_unlike_the_others():
    rng = np.random.default_rng(0)
    table = Dataset(
        rng.normal(size=(20, 3)), np.arange(20) % 2, "classification", ("a" * 500, "a" * 501, "b"), ("no", "c" * 9000)
    )
    experiment = build(Config(data=TABLE, table=table.fingerprint()), table)
    opened = read_run(write_run(experiment, table, experiment.run().seek(9), []))
    assert opened.table.feature_names == ("a" * 80, "a" * 80 + " (2)", "b")
    assert same(opened.experiment.run(opened.state).seek(30), experiment.run().seek(30))


@pytest.mark.parametrize("number", [math.inf, math.nan, 1e301])
def test_a_run_that_is_about_to_end_is_not_saved(number):
    experiment = build(Config())
    state = experiment.run().state
    for broken in (replace(state, theta=state.theta + number), replace(state, slots=state.slots + number)):
        with pytest.raises(SavedError, match=r"^[^.]+ 1e300: [^.]+\.$"):
            write_run(experiment, None, broken, [])


# --- what is no such file


def told_of(config=None, table=None):
    config = config or Config(hidden=(3,))
    config = replace(config, table=table.fingerprint() if table else "")
    experiment = build(config, table)
    return json.loads(write_run(experiment, table, experiment.run().seek(20), [[0, 0.7, 0.8], [10, 0.6, 0.7]]))


def refused(data: bytes | dict) -> str:
    data = json.dumps(data).encode() if isinstance(data, dict) else data
    with pytest.raises(SavedError) as caught:
        read_run(data)
    sentence = str(caught.value)
    assert sentence[-1] == "."
    assert "\n" not in sentence
    assert len(sentence) < 900
    assert not set(sentence) & set("<>[]`*$\\")
    sentence.encode()
    return sentence


TABLE_TOLD = told_of(
    Config(data=TABLE, labels=100),
    Dataset(
        np.random.default_rng(0).normal(size=(30, 2)), np.arange(30) % 3, "classification", ("a", "b"), ("x", "y", "z")
    ),
)
TOLD = told_of()
UNSUITABLE = next(loss for loss in LOSSES if loss not in losses_for(Config(data="blobs")))
WRONG = [
    None,
    True,
    False,
    0.5,
    -1,
    10**400,
    1e308,
    "",
    "1",
    "\ud800",
    "<b>" * 40,
    [],
    {},
    [[[]]],
    {"a": 1},
    [None] * 9,
    LAST_STEP + 1,
]


def places(told, path=()):
    """All places in the JSON, of long lists the first and the last."""
    if path:
        yield path
    if isinstance(told, dict):
        for name in told:
            yield from places(told[name], (*path, name))
    if isinstance(told, list):
        for i in {0, len(told) - 1} if told else ():
            yield from places(told[i], (*path, i))


def changed(told, path, value):
    told = deepcopy(told)
    inner = told
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return told


def without(told, path):
    told = deepcopy(told)
    inner = told
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return told


def spot(told, path):
    for name in path:
        told = told[name]
    return told


CASES = [(told, path) for told in (TOLD, TABLE_TOLD) for path in places(told)]


def each_of(cases):
    return pytest.mark.parametrize(("told", "path"), cases, ids=[".".join(map(str, path)) for _, path in cases])


@each_of(CASES)
def test_whatever_is_put_in_a_place_is_read_as_that_or_refused_there(told, path):
    where = next(name for name in reversed(path) if isinstance(name, str))
    for value in WRONG:
        if value == spot(told, path) and type(value) is type(spot(told, path)):
            continue
        try:
            read_run(json.dumps(changed(told, path, value)).encode())
        except SavedError:
            sentence = refused(changed(told, path, value))
            assert (
                where in sentence or path[0] in sentence or path[0] in ("format", "config") or "no number" in sentence
            )
        else:
            fine = type(value) in (int, float)  # another number
            fine |= path[0] == "history" and value in (None, [])  # a loss that is not finite; no history
            fine |= where in ("inputs", "classes") and isinstance(value, str)
            fine |= path[0] == "config" and isinstance(value, str)  # a word of a link
            assert fine, value


@each_of([case for case in CASES if case[1][0] != "history" or len(case[1]) != 2])  # a row less is a history, too
def test_a_place_left_out_is_missed(told, path):
    sentence = refused(without(told, path))
    if isinstance(path[-1], str):
        assert path[-1] in sentence or path == ("format",)


@pytest.mark.parametrize("path", [(), ("config",), ("state",), ("scaling",), ("table",)])
def test_an_unknown_field_is_named(path):
    for name in ("extra", "__class__", "<script>", "\ud800"):
        told = deepcopy(TABLE_TOLD)
        spot(told, path)[name] = 1
        assert "unknown here" in refused(told)


NUMBER_PLACES = [("state", "theta", 2), ("state", "slots", 1, 4), ("scaling", "offset", 0), ("scaling", "scale", 1)]


@pytest.mark.parametrize("path", NUMBER_PLACES)
@pytest.mark.parametrize(
    "word",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1e301",
        "9" * 400,
        "9" * 5000,
        '"1"',
        "true",
        "null",
        "0x1",
        "01",
        "1_0",
        "[1]",
    ],
)
def test_a_number_that_is_none_is_refused(path, word):
    text = json.dumps(changed(TOLD, path, "HERE")).replace('"HERE"', word)
    sentence = refused(text.encode())
    if word in ("1e999", "-1e999", "1e301", "9" * 400, '"1"', "true", "null", "[1]"):  # a value, but no such number
        assert f"{path[0]}.{path[1]}" in sentence
        assert f"number {path[-1] + 1}" in sentence


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("version",), 2, "version is 2; it must be 1"),
        (("version",), 1.0, "version is 1.0; it must be 1"),
        (("version",), True, "version is true; it must be 1"),
        (("state", "theta"), [0.0] * 12, "state.theta is a list of 12; it must be a list of 13"),
        (("state", "slots"), [[0.0] * 13], "state.slots is a list of 1; it must be a list of 2"),
        (("state", "step"), LAST_STEP + 1, "a whole number from 0 to 10,000,000"),
        (("state", "epoch"), 41, "state.epoch is 41; it must be a whole number from 0 to 40"),
        (("state", "position"), 250, "state.position is 250; it must be a whole number from 0 to 249"),
        (("state", "age"), 21, "state.age is 21; it must be a whole number from 0 to 20"),
        (("history", 1), [20, 0.1, 0.1], "history, row 2, the step is 20; it must be a whole number from 1 to 19"),
        (("history", 1), [0, 0.1, 0.1], "it must be a whole number from 1 to 19"),
        (("history", 0), [0, 0.1], "history, row 1, is a list of 2; it must be a list of 3 to 4"),
        (("config", "noise"), "51", "In config, noise = “51” cannot be used"),
        (("config", "hidden"), "17", "In config, hidden"),
        (("config", "data"), "table", "table is null; it must be a table"),
        (("config", "data"), "drawn", "points"),
        (("scaling", "scale"), [1.0, 0.0], "scaling.scale, number 2, must be larger than 0"),
        (("scaling", "scale"), [5e-324, 1.0], "scaling.scale makes numbers of the inputs that are too large"),
        (("table",), {}, "table has no field “kind”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(path, value, said):
    assert said in refused(changed(TOLD, path, value))


def test_weights_beyond_any_loss_are_refused():
    told = told_of(Config(data="plane", hidden=(), loss="half-mse"))
    assert "state.theta has weights so large" in refused(changed(told, ("state", "theta"), [1e300, 1e300, 1e300]))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("table",), None, "table is null; it must be a table, as config.data is “table”"),
        (("config", "loss"), UNSUITABLE, f"In config, loss = “{UNSUITABLE}” cannot be used"),
        (("table", "kind"), "clustering", "table.kind is “clustering”"),
        (("table", "y", 4), 3, "table.y, number 5, is 3; it must be a whole number from 0 to 2"),
        (("table", "y"), [0] * 30, "nothing can be learned"),
        (("table", "x", 1, 7), 1e31, "table.x, column 2, number 8, is 1e+31; it must be a number of at most 1e30"),
        (("table", "x", 1), [0.5] * 29, "table.x, column 2, is a list of 29; it must be a list of 30"),
        (("table", "inputs", 1), "a", "table.inputs, name 2, is “a”; it must be another name"),
        (("table", "inputs", 1), "\ud800", "table.inputs, name 2, is “·”"),
        (("table", "classes", 1), "a" * 101, "table.classes, name 2,"),
        (("table", "classes"), ["x"], "table.classes is a list of 1; it must be a list of 2 to 64"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_told_with_its_place(path, value, said):
    assert said in refused(changed(TABLE_TOLD, path, value))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This is no JSON from line 1, character 1"),
        (b"{", "This is no JSON"),
        (b"\x80\x04N.", "This is no text in UTF-8 from byte 0"),
        (b"PK\x03\x04", "This is no JSON"),
        ("{}".encode("utf-16"), "This is no text in UTF-8"),
        (b"[]", "This JSON is not a run"),
        (b"null", "This JSON is not a run"),
        (b"3", "This JSON is not a run"),
        (b'{"format": "other", "version": 1}', "This JSON is not a run"),
        (b"[" * 100_000 + b"]" * 100_000, "100,000 lists"),
        (b"[" * 15_000 + b"]" * 15_000, "lists within lists"),
        (b'{"a":' * 15_000 + b"1" + b"}" * 15_000, "lists within lists"),
        (b"[" + b"0," * 1_500_000 + b"0]", "1,500,000 values"),
        (b" " * (RUN_BYTES + 1), "larger than 40 MB"),
        (b'{"format": 1, "format": 2}', "names the field “format” twice"),
        (b'{"a": {"b": 1, "b": 1}}', "names the field “b” twice"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "twice"),
        (b'{"a": 1} {"a": 1}', "This is no JSON"),
        (b'{"a": "\x00"}', "This is no JSON"),
        (b"9" * 10_000, "thousands of digits"),
    ],
    ids=range(20),
)
def test_another_file_is_refused_in_a_sentence(data, said):
    assert said in refused(data)


def test_a_mark_of_utf_8_and_other_spaces_are_no_matter():
    text = b"\xef\xbb\xbf" + json.dumps(TOLD, indent=2).encode()
    assert read_run(text).state.step == 20


@calm
@given(st.data())
def test_any_byte_changed_is_read_or_refused(data):
    file = bytearray(json.dumps(TOLD).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        opened = read_run(bytes(file))
    except SavedError:
        refused(bytes(file))
    else:
        assert math.isfinite(opened.experiment.run(opened.state).loss())


def test_every_field_of_a_config_is_in_the_file():
    assert set(TOLD["config"]) == set(PARAMETERS)
