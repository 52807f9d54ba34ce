"""Frames: what may be asked, what is answered, and that nothing gets lost between the engine and the wire."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine import ACTIVATIONS
from playground.engine.run import LONGEST_PIECE
from playground.experiment import Config, build
from playground.limits import LOSSES_KEPT, STATES_KEPT
from playground.stage import frames, load
from playground.stage.frames import LAST_STEP, LIMITS, Ask, answer, opening, pack, parse
from playground.stage.look import Look
from playground.stage.pictures import picture
from playground.stage.scene import COARSE, FINE, Scene, quantise
from playground.stage.trail import Trail


def scene_for(**changes) -> Scene:
    return Scene(build(replace(Config(), **changes)), "run")


def ask(**changes) -> Ask:
    plain = Ask(
        "run", 0, number=1, start=0, goal=LAST_STEP, stride=1, frames=4, deed="", index=0, value=0, other=0, look=Look()
    )
    return replace(plain, **changes)


def unpacked(data: bytes) -> tuple[dict, list[dict[str, np.ndarray]]]:
    length = int.from_bytes(data[:4], "little")
    header, offset, arrays = json.loads(data[4 : 4 + length]), 4 + length, []
    for frame in header["frames"]:
        arrays.append({})
        for name, dtype, size in frame["arrays"]:
            assert offset % 4 == 0
            arrays[-1][name] = np.frombuffer(data, dtype, size, offset)
            offset += -(-arrays[-1][name].nbytes // 4) * 4
    assert offset == len(data)
    return header, arrays


# What may be asked


GOOD = {
    **{"run": "run", "version": 0, "number": 3, "start": 0, "goal": 10, "stride": 1, "frames": 8},
    **{"deed": "edit", "index": 2, "value": -0.5, "other": 0.25},
    "look": {"plane": "weights", "of": "test", "penalty": False, "picks": [3, 4, 0]},
}
PLACES = ("value", "other")


def test_an_ask_is_understood():
    look = Look("weights", "test", penalty=False, picks=(3, 4, 0))
    assert parse(GOOD) == Ask(**GOOD | {"look": look})


@pytest.mark.parametrize("field", [field for field in GOOD if field not in PLACES])
@pytest.mark.parametrize("value", [None, -1, 1.5, True, "9" * 100, [], {}, 10**30, float("nan"), float("inf")])
def test_anything_else_is_not(field, value):
    assert parse(GOOD | {field: value}) is None


@pytest.mark.parametrize("value", [None, True, "1", [], 10**30, -1.1e6, float("nan"), float("inf"), -float("inf")])
def test_a_weight_or_a_place_is_a_number_of_some_size_only(value):
    for field in PLACES:
        assert parse(GOOD | {field: value}) is None


@pytest.mark.parametrize("field", GOOD["look"])
@pytest.mark.parametrize(
    "value", [None, 1.5, "9" * 100, {}, 10**30, [], [1, 2], [1, 2, -1], [1, 2, True], [1, 2, 2**32]]
)
def test_a_look_that_is_not_one_is_refused(field, value):
    assert parse(GOOD | {"look": GOOD["look"] | {field: value}}) is None


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(st.fixed_dictionaries({field: st.just(value) | ANYTHING for field, value in GOOD.items()}))
def test_an_ask_that_is_understood_is_within_its_limits(message):
    ask = parse(message)
    assert ask is None or all(0 <= getattr(ask, field) <= most for field, most in LIMITS.items())


@pytest.mark.parametrize(("field", "most"), LIMITS.items())
def test_an_ask_is_understood_up_to_its_limits_and_no_further(field, most):
    assert [getattr(parse(GOOD | {field: value}), field) for value in (0, 1, most)] == [0, 1, most]
    assert [parse(GOOD | {field: value}) for value in (-1, most + 1)] == [None, None]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_no_message_from_the_browser_raises(message):
    assert parse(message) is None


def test_an_ask_with_more_or_less_in_it_is_refused():
    assert parse(GOOD | {"more": 1}) is None
    assert parse({key: GOOD[key] for key in list(GOOD)[1:]}) is None


def test_the_targets_of_an_ask():
    assert ask(start=5, frames=3).targets == [6, 7, 8]
    assert ask(start=5, frames=3, stride=10).targets == [15, 25, 35]
    assert ask(start=0, frames=9, stride=4, goal=10).targets == [4, 8, 10]
    assert ask(start=7, frames=0).targets == [7]
    assert ask(start=7, goal=7).targets == [7]
    assert ask(start=LAST_STEP).targets == [LAST_STEP]


# What is answered


def test_every_step_is_shown_in_order(monkeypatch):
    monkeypatch.setattr(frames, "_time_of", lambda seconds: lambda: False)
    header, _ = unpacked(answer(scene_for(), ask(frames=6)))
    assert [frame["step"] for frame in header["frames"]] == [1, 2, 3, 4, 5, 6]
    assert header["ask"] == 1
    assert not header["halted"]


def test_an_answer_ends_when_its_time_is_spent(monkeypatch):
    monkeypatch.setattr(load, "budget", lambda playing: 0)
    header, _ = unpacked(answer(scene := scene_for(), ask(frames=64)))
    assert [frame["step"] for frame in header["frames"]] == [*range(1, scene.together + 1)]
    header, _ = unpacked(answer(scene, ask(start=scene.together, frames=64, stride=1000)))
    assert [frame["step"] for frame in header["frames"]] == [scene.together + LONGEST_PIECE]


def test_another_seed_keeps_nobody_waiting_longer_than_an_answer_may_take(monkeypatch):
    scene = scene_for(n=1000, hidden=(16,) * 3, batch=None)
    scene.run.seek(200)
    still = ask(start=200, frames=0, look=Look("seeds", picks=(1, 0, 0)))
    monkeypatch.setattr(load, "budget", lambda playing: 0)
    header, _ = unpacked(answer(scene, still))
    come = scene.twin(1).state.step
    assert 0 < come < 30  # one piece of work, though it is far behind
    assert header["frames"][0]["slice"]["note"].startswith(f"The other seed has come to step {come} so far;")
    answer(scene, still)
    assert come < scene.twin(1).state.step < 60
    monkeypatch.setattr(load, "budget", lambda playing: 60)
    monkeypatch.setattr(frames, "BUDGET", 60)
    header, _ = unpacked(answer(scene, still))
    assert (scene.twin(1).state.step, header["frames"][0]["slice"]["note"]) == (200, "")


def test_what_passes_by_is_coarse_and_what_stands_still_is_fine(monkeypatch):
    monkeypatch.setattr(frames, "_time_of", lambda seconds: lambda: False)
    _, arrays = unpacked(answer(scene_for(), ask(frames=3, goal=3)))
    assert [each["plane"].size for each in arrays] == [COARSE.plane**2, COARSE.plane**2, FINE.plane**2]


def test_the_same_ask_gets_the_same_answer_whatever_came_between():
    scene = scene_for()
    answer(scene, ask(goal=40, stride=40, frames=1))
    first = answer(scene, ask(start=3, frames=0))
    answer(scene, ask(start=40, frames=0))
    assert answer(scene, ask(start=3, frames=0)) == first


def test_nobody_leaps_ahead_of_where_the_run_has_been():
    scene = scene_for()
    answer(scene, ask(goal=30, stride=30, frames=1))
    answer(scene, ask(frames=0, start=LAST_STEP))
    assert scene.run.state.step == scene.run.reached == 30


def test_packing_loses_nothing():
    scene = scene_for()
    answer(scene, ask())
    numbers, arrays = picture(scene, Look(), fine=True)
    header, (received,) = unpacked(pack({"run": "x"}, [(numbers, arrays)]))
    frame = header["frames"][0]
    assert {key: frame[key] for key in numbers} == numbers
    for name, array in arrays.items():
        np.testing.assert_array_equal(received[name], array)


def test_a_number_that_is_not_finite_travels_as_null():
    header, _ = unpacked(pack({}, [({"loss": [1.0, float("nan")], "range": [float("inf"), 2.0]}, {})]))
    assert header["frames"][0]["loss"] == [1.0, None]
    assert header["frames"][0]["range"] == [None, 2.0]


DIVERGING = {"data": "plane", "activation": "relu", "optimizer": "sgd", "lr": 100.0, "loss": "mse"}


@pytest.mark.parametrize("stride", [1, 10, 1000])
def test_a_diverging_run_halts_at_the_same_last_finite_step_however_fast_it_plays(stride):
    scene, start = scene_for(**DIVERGING), 0
    while True:
        header, _ = unpacked(answer(scene, ask(start=start, stride=stride, frames=8)))
        start = header["frames"][-1]["step"]
        if header["halted"]:
            break
    assert np.isfinite(scene.run.loss())
    assert start == halting_step()


def halting_step() -> int:
    run = build(replace(Config(), **DIVERGING)).run()
    with pytest.raises(ArithmeticError):
        run.seek(10_000)
    return run.state.step


def test_the_opening_tells_the_history_before_the_present():
    scene = scene_for()
    answer(scene, ask(frames=5, goal=5))
    answer(scene, ask(start=3, frames=0))
    header, _ = unpacked(opening(scene))
    assert [row[0] for row in header["history"]] == [1, 2]
    assert [frame["step"] for frame in header["frames"]] == [3]


def test_history_is_bounded():
    trail = Trail()
    for step in range(3 * LOSSES_KEPT):
        trail.remember(step, [0.0, 0.0], np.full(3, step))
    rows = trail.rows(before=3 * LOSSES_KEPT)
    assert LOSSES_KEPT / 3 < len(rows) <= LOSSES_KEPT
    assert rows[0][0] == 0
    assert np.diff([row[0] for row in rows]).min() > 0
    path = trail.path(before=3 * LOSSES_KEPT)
    assert STATES_KEPT / 3 < len(path) <= STATES_KEPT
    assert path[0][0] == 0
    assert np.diff(path, axis=0).min() > 0


def test_history_forgets_the_way_that_is_not_gone():
    trail = Trail()
    for step in range(10):
        trail.remember(step, [float(step), 0.0], np.full(3, step))
    trail.forget(after=4)
    assert [row[0] for row in trail.rows(before=100)] == [0, 1, 2, 3, 4]
    assert len(trail.path(before=100)) == 5


# The pictures


def test_the_plane_is_read_as_a_picture_is():
    points = Scene(build(Config()), "test").window.grid(3)
    assert points.tolist()[:4] == [[-4, 4], [0, 4], [4, 4], [-4, 0]]


@given(st.floats(-5, 5), st.sampled_from([np.uint8, np.uint16]))
def test_quantising_keeps_sign_and_size(value, dtype):
    middle = (np.iinfo(dtype).max + 1) // 2
    code = int(quantise(np.array([value]), 2.0, dtype)[0])
    assert (code - middle) / (middle - 1) * 2 == pytest.approx(np.clip(value, -2, 2), abs=1.01 / (middle - 1))
    assert quantise(np.array([-value]), 2.0, dtype)[0] == 2 * middle - code


def test_the_setup_is_plain_json_and_names_the_run():
    for data in ("circle", "blobs", "plane"):
        scene = scene_for(data=data, loss="mse")
        setup = json.loads(json.dumps(scene.setup(), allow_nan=False))
        assert setup["run"] == "run"
        assert len(setup["train"]) + len(setup["test"]) == 3 * 500


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_neuron_is_drawn_on_a_scale_of_one_if_it_reaches_one_at_most_and_else_up_to_its_largest_value(activation):
    scene = scene_for(activation=activation)
    _, arrays = picture(scene, Look(), fine=True)
    answers = scene.run.network.forward(scene.run.state.theta, scene.grids[FINE.unit]).a[1:-1]
    largest = np.concatenate([np.abs(layer).max(0) for layer in answers])
    bounded = abs(ACTIVATIONS[activation].f(np.array([-1e4, -np.pi / 2, 0, np.pi / 2, 1e4]))).max() <= 1
    assert arrays["scales"] == pytest.approx([*(np.ones(6) if bounded else largest), 1], rel=1e-5)
