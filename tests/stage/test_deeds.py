"""What a learner does on the stage: a weight set by hand, another way taken, all of it taken back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine import accuracy, loss
from playground.experiment import LIVE, Config, build, differences, grown
from playground.stage.deeds import DEEDS, LARGEST, MOST_UNDO, do
from playground.stage.frames import LAST_STEP, PEEK, Ask, answer
from playground.stage.look import Look
from playground.stage.pictures import picture, scored
from playground.stage.scene import Scene
from playground.stage.slices import PLANES


def scene_at(step: int, **changes) -> Scene:
    scene = Scene(build(replace(Config(), **changes)), "run")
    scene.run.seek(step)
    return scene


def ask(deed="", index=0, value=0.0, start=0, frames=0, goal=LAST_STEP, other=0.0, look=Look()) -> Ask:  # noqa: B008
    return Ask("run", 0, 1, start, goal, 1, frames, deed, index, value, other, look)


def test_a_weight_set_by_hand_is_the_engines_and_the_loss_follows():
    scene = scene_at(10)
    before = scene.run.state.theta
    do(scene, "edit", 3, 2.5, 0)
    after = scene.run.state.theta
    assert after[3] == 2.5
    assert np.array_equal(np.delete(after, 3), np.delete(before, 3))
    run = scene.run
    assert picture(scene, scene.look, fine=False)[0]["loss"][0] == loss(run.network, run.training, after, run.x, run.y)


def test_an_edit_lasts_in_the_history_and_what_lay_ahead_is_gone():
    scene = scene_at(50)
    answer(scene, ask("edit", 0, -1.0, start=20))
    assert (scene.run.state.step, scene.run.reached) == (20, 20)
    scene.run.seek(40)
    assert scene.run.at(20).theta[0] == -1.0
    assert scene.run.at(19).theta[0] != -1.0


def test_an_undo_brings_back_the_run_to_the_bit():
    scene = scene_at(50)
    scene.run.seek(30)
    there, later = scene.run.state, scene.run.at(50)
    do(scene, "edit", 0, -1.0, 0)
    do(scene, "edit", 1, 1.0, 0)
    scene.run.seek(35)
    do(scene, "undo", 2, 0, 0)
    assert scene.run.state.theta[0] == -1.0
    do(scene, "undo", 1, 0, 0)
    assert scene.run.state is there
    assert scene.run.seek(50).theta.tobytes() == later.theta.tobytes()


def test_an_undo_does_not_bring_back_a_rule_that_has_been_changed_since():
    scene = scene_at(20)
    theta = scene.run.state.theta
    do(scene, "edit", 0, -1.0, 0)
    chosen = build(Config(lr=0.01))
    scene.change(chosen)
    answer(scene, ask(start=20))
    do(scene, "undo", 1, 0, 0)
    assert np.array_equal(scene.run.state.theta, theta)
    assert scene.run.training == chosen.training


def test_a_weight_that_is_dragged_is_one_deed():
    scene = scene_at(5)
    for value in (0.1, 0.2, 0.3):
        do(scene, "edit", 4, value, 0)
    assert len(scene.past) == 1
    answer(scene, ask(start=5, frames=1, goal=6))
    answer(scene, ask("edit", 4, 0.4, start=5))
    assert len(scene.past) == 2


@pytest.mark.parametrize(("deed", "index", "value"), [("edit", 2, 0.5), ("branch", 0, 0), ("undo", 1, 0)])
def test_a_deed_that_is_repeated_is_done_once(deed, index, value):
    scene = scene_at(20)
    do(scene, "edit", 7, 9.0, 0)
    scene.run.seek(30)
    scene.run.seek(25)
    do(scene, deed, index, value, 0)
    once = (scene.run.state.theta.tobytes(), scene.run.state.step, scene.run.reached, len(scene.past))
    do(scene, deed, index, value, 0)
    assert (scene.run.state.theta.tobytes(), scene.run.state.step, scene.run.reached, len(scene.past)) == once


def test_a_branch_forgets_what_lies_ahead_and_can_be_taken_back():
    scene = scene_at(40)
    scene.run.seek(15)
    do(scene, "branch", 0, 0, 0)
    assert scene.run.reached == 15
    do(scene, "undo", 1, 0, 0)
    assert scene.run.reached == 40


def test_only_so_many_deeds_can_be_undone():
    scene = scene_at(0)
    for index in range(MOST_UNDO + 5):
        do(scene, "edit", index, 1.5, 0)
    assert len(scene.past) == MOST_UNDO


@pytest.mark.parametrize(("deed", "index"), [("edit", 25), ("edit", 2**31), ("undo", 0), ("undo", 1), ("branch", 0)])
def test_what_cannot_be_done_is_left(deed, index):
    scene = scene_at(10)
    before = scene.run
    do(scene, deed, index, 1.0, 0)
    assert scene.run is before


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    st.lists(
        st.builds(
            ask,
            deed=st.sampled_from([*DEEDS, PEEK]),
            index=st.integers(0, 30) | st.just(2**31),
            value=st.floats(-LARGEST, LARGEST),
            start=st.integers(0, 60),
            frames=st.integers(0, 3),
            goal=st.integers(0, 80),
            other=st.floats(-LARGEST, LARGEST),
            look=st.builds(
                Look, plane=st.sampled_from(list(PLANES)), picks=st.tuples(*[st.integers(0, 2**32 - 1)] * 3)
            ),
        ),
        max_size=12,
    )
)
def test_no_order_of_asks_does_harm(asks):
    scene = scene_at(0)
    for each in asks:
        answer(scene, each)
        run = scene.run
        assert run.first <= run.state.step <= run.reached <= 200
        assert np.isfinite(run.state.theta).all()
        assert len(scene.past) <= MOST_UNDO


# --- changes in the sidebar


CHANGED = {
    **{"loss": "mse", "optimizer": "sgd", "lr": 0.01, "batch": None, "l1": 0.01, "l2": 0.01, "keep_zeros": True},
    **{"dropout": 0.2, "clip": 1.0, "schedule": "cosine", "span": 50},
}


@pytest.mark.parametrize("field", sorted(LIVE))
def test_what_changes_on_the_way_begins_at_the_step_on_screen(field):
    config = replace(Config(), **{field: CHANGED[field]})
    assert differences(config, Config()) == {field}
    scene = scene_at(60)
    past = scene.run.at(39).theta.tobytes()
    scene.change(build(config))
    assert scene.run.reached == 60  # not before the browser says which step it shows
    answer(scene, ask(start=40))
    assert scene.run.reached == scene.run.state.step == 40
    assert scene.run.training == build(config).training
    assert scene.run.at(39).theta.tobytes() == past
    answer(scene, ask(start=40, frames=3, goal=43))
    assert scene.run.state.step == 43


def test_every_other_field_begins_another_run():
    assert set(CHANGED) == LIVE


def test_a_network_that_grows_starts_with_what_was_learned():
    scene = scene_at(80)
    experiment = build(Config(hidden=(5, 2)))
    begin = grown(scene.run, experiment)
    wider = Scene(experiment, "wider", begin)
    assert wider.run.state.step == 0
    data = experiment.data
    before, after = (
        accuracy(each.run.network, theta, data.test.x, data.test.y)
        for each, theta in ((scene, scene.run.state.theta), (wider, wider.run.state.theta))
    )
    assert before == after > 0.9
    wider.run.seek(5)
    assert wider.run.state.theta.size == experiment.network.n_parameters


# --- wrong answers


@pytest.mark.parametrize("data", ["circle", "blobs"])
def test_wrong_answers_are_those_that_accuracy_misses(data):
    scene = scene_at(15, data=data)
    run, prepared = scene.run, scene.experiment.data
    *_, wrong = scored(scene, run.state.theta[None])
    for (flags,), x, y in zip(
        wrong,
        (prepared.train.x, prepared.test.x),
        (prepared.train.y, prepared.test.y),
        strict=True,
    ):
        assert 1 - flags.mean() == pytest.approx(accuracy(run.network, run.state.theta, x, y))
    bits = np.unpackbits(picture(scene, scene.look, fine=False)[1]["wrong"])
    assert np.array_equal(
        bits[: len(prepared.train.y) + len(prepared.test.y)],
        np.concatenate(wrong, axis=1)[0],
    )


def test_a_quantity_is_wrong_a_tenth_of_its_range_away():
    scene = scene_at(40, data="plane", loss="mse")
    run, prepared = scene.run, scene.experiment.data
    answers = run.network.forward(run.state.theta, prepared.train.x).a[-1][:, 0]
    off = np.abs(answers - prepared.train.y) / scene.reach
    (flags,), _ = scored(scene, run.state.theta[None])[2]
    assert flags[off > 0.1001].all()
    assert not flags[off < 0.0999].any()
