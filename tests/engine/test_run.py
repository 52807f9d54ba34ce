"""A run can be anywhere in its own history, to the bit, in bounded memory, and stops before infinity."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.engine import Diverged, Network, Run, State, Training, loss, run, start, step

X = np.random.default_rng(0).normal(size=(30, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NETWORK, TRAINING = Network(2, (3,), 1), Training(batch_size=8)
LAST = 400


@pytest.fixture(scope="module")
def history():
    """The states of a run that was never moved, only stepped."""
    walker = Run(NETWORK, TRAINING, X, Y)
    return [walker.state, *(walker.seek(target) for target in range(1, LAST + 1))]


def same(one, other):
    return bits(one) == bits(other)


def bits(state):
    return (state.theta.tobytes(), state.slots.tobytes(), state.step, state.age, state.epoch, state.position)


def states_held_by(thing):
    """How many states a run keeps alive, present one included."""
    found, todo = set(), [vars(thing)]
    while todo:
        match todo.pop():
            case State() as state:
                found.add(id(state))
            case dict() as mapping:
                todo += mapping.values()
            case list() | tuple() as several:
                todo += several
    return len(found)


def test_a_run_begins_at_its_start(history):
    assert same(history[0], start(NETWORK, TRAINING))


def test_a_run_takes_the_steps_of_step(history):
    for before, after in pairwise(history):
        assert step(before, NETWORK, TRAINING, X, Y).theta == pytest.approx(after.theta, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("recent", "keyframes"), [(run.RECENT, run.KEYFRAMES), (4, 4), (1, 2)])
@settings(derandomize=True, deadline=None, max_examples=40)
@given(targets=st.lists(st.integers(0, LAST), min_size=2, max_size=10))
@example(targets=[LAST, LAST - 1, LAST - 2, LAST - 1, LAST, 0, 1, 0])
@example(targets=[LAST, 33, 32, 31, 65, 300, LAST])
def test_wherever_a_run_is_moved_it_stands_as_if_it_had_walked_there(history, recent, keyframes, targets):
    with patch.object(run, "RECENT", recent), patch.object(run, "KEYFRAMES", keyframes):
        moved = Run(NETWORK, TRAINING, X, Y)
        for target in targets:
            assert same(moved.seek(target), history[target])
            assert moved.state.step == target


@pytest.mark.parametrize("stride", [1, 3, 10, 16, 37])
def test_on_the_way_forward_no_step_is_taken_twice(stride):
    forward, taken = Run(NETWORK, TRAINING, X, Y), []
    rule, walk = forward._walker
    forward._walker = rule, lambda state, steps: taken.append(steps) or walk(state, steps)
    for target in range(stride, 200, stride):
        forward.seek(target)
    assert sum(taken) == target


@pytest.mark.parametrize("target", [1, 5, 33, 100])
def test_step_by_step_or_piece_by_piece_a_run_comes_to_the_same_place(target, history):
    walker, passed = Run(NETWORK, TRAINING, X, Y), [0]
    while walker.state.step < target:
        passed.append(walker.approach(target).step)
    assert same(walker.state, history[target])
    assert 1 <= min(np.diff(passed)) <= max(np.diff(passed)) <= run.LONGEST_PIECE


def test_the_more_work_a_step_is_the_fewer_are_in_a_piece():
    rng = np.random.default_rng(0)
    x, deep = rng.normal(size=(2000, 2)), Network(2, (16,) * 4, 1)
    y = (x[:, 0] > 0).astype(int)
    rules = [TRAINING, replace(TRAINING, batch_size=None), replace(TRAINING, optimizer="line-search")]
    pieces = [Run(deep, rule, x, y).approach(1000).step for rule in rules]
    assert pieces == [32, 4, 1]


def test_back_is_the_very_loss_it_was():
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(40)
    before = walker.loss()
    walker.seek(41)
    assert walker.loss() != before
    walker.seek(40)
    assert walker.loss() == before == loss(NETWORK, TRAINING, walker.state.theta, X, Y)


@pytest.mark.parametrize("bytes_", [run.KEYFRAME_BYTES, 8_000], ids=["small net", "large net"])
def test_thirty_thousand_steps_fit_in_the_memory_promised_and_the_way_back_is_short(bytes_):
    network, training = Network(1, (), 1), Training(batch_size=None)
    with patch.object(run, "KEYFRAME_BYTES", bytes_):
        walker = Run(network, training, X[:4, :1], Y[:4])
        keyframes = min(run.KEYFRAMES, bytes_ // (24 * network.n_parameters))
    passed, most = {}, 0
    for target in range(500, 30_001, 500):
        passed[target] = walker.seek(target)
        most = max(most, states_held_by(walker))
    assert keyframes / 2 < most <= keyframes + run.RECENT + 2
    for target in (20_500, 5_000, 25_500, 29_500, 500):
        assert steps_taken(walker, target) <= 30_000 * 2 / keyframes
        assert same(walker.state, passed[target])
        assert states_held_by(walker) <= keyframes + run.RECENT + 2


def steps_taken(walker, target):
    """Move to `target`, and count the steps computed on the way."""
    taken, (rule, walk) = [], walker._walker
    walker._walker = rule, lambda state, steps: taken.append(steps) or walk(state, steps)
    walker.seek(target)
    walker._walker = rule, walk
    return sum(taken)


def test_a_hundred_thousand_steps_of_the_largest_net_drawn_take_less_than_fifty_megabytes():
    network = Network(7, (8,) * 6, 10, output="softmax")
    walker = Run(network, Training(batch_size=8), X @ np.ones((2, 7)), np.arange(30) % 10)
    walker._interval = 512  # as it is after that many steps
    tracemalloc.start()
    for target in range(0, 100_000, 16):
        walker._keep(
            replace(walker.state, theta=walker.state.theta.copy(), slots=walker.state.slots.copy(), step=target)
        )
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert states_held_by(walker) > 128
    assert used < 10e6


def test_back_is_near_however_far_the_run_has_come():
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(3_000)
    walker._keyframes.clear()  # as far apart as if they were not there
    taken = [steps_taken(walker, walker.state.step - 1) for _ in range(run.GRAIN * (run.RECENT - 1))]
    assert max(taken) < run.GRAIN


def test_back_ends_where_the_run_begins(history):
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(40)
    assert same(walker.back(), history[39])
    assert same(walker.back(9), history[30])
    assert same(walker.back(99), history[0])
    assert walker.reached == 40
    with pytest.raises(ValueError, match=r"^steps must be a whole number from 0 up, not -1\.$"):
        walker.back(-1)


def test_a_look_at_another_step_moves_nothing_and_sees_nothing_ahead(history):
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(40)
    assert same(walker.at(17), history[17])
    assert same(walker.state, history[40])
    with pytest.raises(ValueError, match=r"^step must be a whole number from 0 to 40, not 41\.$"):
        walker.at(41)


def test_the_next_step_is_one_step_and_to_stay_is_none():
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(1_005)
    assert steps_taken(walker, 1_005) == 0
    assert steps_taken(walker, 1_006) == 1


def test_a_rule_is_recorded_once_however_often_the_run_is_moved():
    with patch.object(run, "walker", wraps=run.walker) as recorded:
        walker = Run(NETWORK, TRAINING, X, Y)
        for target in (5, 3, 40, 0):
            walker.seek(target)
    assert recorded.call_count == 1


def test_a_run_knows_how_far_it_has_been():
    walker, furthest = Run(NETWORK, TRAINING, X, Y), []
    for target in (0, 7, 3, 8, 0):
        walker.seek(target)
        furthest.append(walker.reached)
    assert furthest == [0, 7, 7, 8, 8]


@pytest.mark.parametrize(("steps", "epochs"), [(0, 0), (1, 8 / 30), (4, 1), (6, 1 + 16 / 30)])
def test_an_epoch_is_every_example_once(steps, epochs):
    walker = Run(NETWORK, TRAINING, X, Y)  # 30 examples in batches of 8
    walker.seek(steps)
    assert walker.epoch == epochs


# --- changes on the way

CHANGES = [
    {"learning_rate": 0.01},
    {"optimizer": "sgd"},
    {"optimizer": "adagrad", "l2": 0.01},
    {"l1": 0.01, "keep_zeros": True},
    {"batch_size": None},
    {"batch_size": 5, "loss": "mse"},
    {"dropout": 0.3},
    {"clip": 0.1, "schedule": "cosine", "schedule_steps": 90},
    {"optimizer": "line-search"},
]


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    changes=st.lists(st.tuples(st.integers(0, 60), st.sampled_from(CHANGES)), max_size=4),
    targets=st.lists(st.integers(0, 240), min_size=1, max_size=6),
)
def test_a_run_whose_training_changes_is_exact_wherever_it_is_moved(changes, targets):
    walker, training = Run(NETWORK, TRAINING, X, Y), TRAINING
    states = [walker.state]
    for steps, change in [*changes, (60, {})]:
        for target in range(walker.state.step + 1, walker.state.step + steps + 1):
            states.append(walker.seek(target))
        training = replace(training, **change)
        walker.change(training)
        states[-1] = walker.state
    for target in targets:
        target = min(target, len(states) - 1)
        assert same(walker.seek(target), states[target])


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_change_holds_from_the_next_step_on(change):
    walker, training = Run(NETWORK, TRAINING, X, Y), replace(TRAINING, **change)
    before = walker.seek(20)
    walker.change(training)
    assert walker.training == training
    assert np.array_equal(walker.state.theta, before.theta)
    expected = step(walker.state, NETWORK, training, X, Y)
    assert walker.seek(21).theta == pytest.approx(expected.theta, rel=1e-12, abs=1e-15)
    walker.seek(19)
    assert walker.training == TRAINING


def test_another_optimizer_begins_without_memories_and_a_rate_alone_keeps_them():
    walker = Run(NETWORK, TRAINING, X, Y)
    memories = walker.seek(20).slots
    walker.change(replace(TRAINING, learning_rate=0.3))
    assert walker.state.slots is memories
    assert walker.state.age == 20
    walker.change(replace(TRAINING, optimizer="momentum"))
    assert walker.state.slots.shape == (1, NETWORK.n_parameters)
    assert not walker.state.slots.any()
    assert (walker.state.age, walker.state.step) == (0, 20)


def test_what_lay_ahead_of_a_change_is_forgotten():
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(300)
    walker.seek(100)
    walker.change(replace(TRAINING, learning_rate=1e-9))
    assert walker.reached == 100
    moved = np.abs(walker.seek(300).theta - walker.at(100).theta).max()
    assert moved < 1e-6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"init": "he"}, "^init must stay 'xavier', not 'he': it belongs to the start of a run"),
        ({"bias": 0.5}, "^bias must stay None, not 0.5: it belongs to the start"),
        ({"seed": 1}, "^seed must stay 0, not 1: it belongs to the start"),
        ({"batch_size": 31}, "^batch_size is 31, but there are 30 examples"),
        ({"rule": "perceptron"}, "^rule is 'perceptron', which needs hidden to be empty"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_refused_and_the_run_is_as_it_was(change, sentence, history):
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(200)
    walker.seek(150)
    with pytest.raises(ValueError, match=sentence):
        walker.change(replace(TRAINING, **change))
    assert walker.reached == 200
    assert walker.training == TRAINING
    assert same(walker.seek(201), history[201])


def test_with_too_many_changes_the_run_forgets_its_beginning():
    walker, states = Run(NETWORK, TRAINING, X, Y), {}
    for target in range(3, 3 * run.CHANGES + 12, 3):
        walker.seek(target)
        walker.change(replace(TRAINING, learning_rate=1 / target))
        states[target] = walker.state
    assert walker.first == 12  # where the run began, at 3, 6 and 9 rules began that are forgotten
    for target in (12, 15, 600):
        assert same(walker.seek(target), states[target])
    with pytest.raises(ValueError, match=r"^step must be a whole number from 12 up, not 11\.$"):
        walker.seek(11)
    assert walker.back(10_000).step == 12
    assert states_held_by(walker) <= run.CHANGES + run.RECENT + run.KEYFRAMES + 1


def test_an_edit_is_part_of_the_history(history):
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(60)
    walker.seek(40)
    theta = walker.state.theta.copy()
    theta[3] = 2.5
    walker.edit(theta)
    theta[3] = -1  # what was given may be used again
    assert walker.reached == 40
    assert walker.state.theta[3] == 2.5
    assert walker.state.slots is not None
    later = walker.seek(90)
    assert not same(later, history[90])
    assert same(walker.seek(39), history[39])
    assert walker.seek(40).theta[3] == 2.5
    assert same(walker.seek(90), later)


@pytest.mark.parametrize(
    ("theta", "sentence"),
    [
        (np.zeros(12), r"^theta has shape \(12,\); it must be \(13,\)"),
        (np.full(13, np.nan), "^theta holds numbers that are not finite"),
        (np.full(13, np.inf), "^theta holds numbers that are not finite"),
    ],
    ids=["shape", "nan", "inf"],
)
def test_an_edit_that_is_none_is_refused(theta, sentence):
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(20)
    with pytest.raises(ValueError, match=sentence):
        walker.edit(theta)
    assert (walker.state.step, walker.reached) == (20, 20)


def test_two_branches_share_the_past_and_part_where_they_were_made(history):
    trunk = Run(NETWORK, TRAINING, X, Y)
    trunk.seek(150)
    trunk.seek(100)
    twin, other = trunk.branch(), trunk.branch(training=replace(TRAINING, learning_rate=0.01))
    assert (trunk.reached, twin.reached, other.reached) == (150, 100, 100)
    other.seek(140)
    assert same(twin.seek(140), history[140])
    assert same(trunk.seek(140), history[140])
    assert not same(other.state, history[140])
    for past in (100, 99, 31, 0):
        assert same(other.seek(past), history[past])


def test_a_run_can_go_on_from_any_state(history):
    later = Run(NETWORK, TRAINING, X, Y, begin=history[77])
    assert same(later.seek(200), history[200])
    assert same(later.back(500), history[77])
    with pytest.raises(ValueError, match=r"^step must be a whole number from 77 up, not 76\.$"):
        later.seek(76)


# --- divergence

WILD = [
    ("identity", (), 1e3, None),
    ("relu", (4,), 1e3, None),
    ("identity", (4, 4), 10.0, None),
    ("relu", (4,), 1e3, 8),
    ("identity", (), 2.0, 8),
    ("identity", (), 1e3, 1),
]


def wild(activation, hidden, rate, size):
    network = Network(2, hidden, 1, activation, "identity")
    training = Training("mse", "sgd", learning_rate=rate, batch_size=size)
    return Run(network, training, X, X.sum(1) + 0.1)


def next_loss(walker):
    state = step(walker.state, walker.network, walker.training, walker.x, walker.y)
    return loss(walker.network, walker.training, state.theta, walker.x, walker.y)


@pytest.mark.parametrize("case", WILD, ids=str)
def test_a_run_that_explodes_stands_at_its_last_finite_step(case):
    walker = wild(*case)
    with pytest.raises(Diverged, match=r"not finite after step \d"):
        walker.seek(5000)
    assert 0 < walker.state.step < 5000
    assert np.isfinite(walker.loss())
    assert not np.isfinite(next_loss(walker))


@pytest.mark.parametrize("case", WILD, ids=str)
def test_leaping_and_creeping_stop_at_the_same_step(case):
    leaper, creeper = wild(*case), wild(*case)
    with pytest.raises(Diverged):
        leaper.seek(5000)
    for target in range(1, leaper.state.step + 1):
        creeper.seek(target)
    with pytest.raises(Diverged):
        creeper.seek(leaper.state.step + 1)
    assert same(leaper.state, creeper.state)


def test_no_leap_passes_over_a_step_that_is_not_finite():
    """Penalised far too hard, weights swing: relu lets them through at one step, and hides them at the next."""
    network, training = Network(1, (1, 1), 1, "relu", "identity"), Training("mse", "sgd", 1.0, 1, l2=10.0, seed=0)
    walker = Run(network, training, np.array([[1.0], [-1.0]]), np.ones(2))
    with pytest.raises(Diverged, match="after step 6"):
        walker.seek(8)


@pytest.mark.parametrize("target", [-1, 1.0, None])
def test_there_is_no_step_before_the_first_or_between_two(target):
    with pytest.raises(ValueError, match=r"^step must be a whole number from 0 up"):
        Run(NETWORK, TRAINING, X, Y).seek(target)


@pytest.mark.parametrize("case", WILD, ids=str)
def test_after_an_explosion_the_way_back_is_open(case):
    walker = wild(*case)
    with pytest.raises(Diverged):
        walker.seek(5000)
    last = walker.state
    assert walker.reached == last.step
    assert same(walker.seek(0), start(walker.network, walker.training))
    assert same(walker.seek(last.step), last)
    with pytest.raises(Diverged):
        walker.seek(last.step + 1)
    assert same(walker.state, last)


@pytest.mark.parametrize("size", [1, 8])
@pytest.mark.parametrize("far", ["x", "y"])
def test_a_start_without_a_finite_loss_goes_nowhere(far, size):
    x, y = np.zeros((30, 2)), np.zeros(30)
    (x if far == "x" else y)[7] = 1e200  # one example, which the first batch may well leave out
    walker = Run(Network(2, (), 1, output="identity"), Training("mse", batch_size=size), x, y)
    assert not np.isfinite(walker.loss())
    with pytest.raises(Diverged):
        walker.seek(1)
    assert walker.state.step == 0


def test_a_run_tells_since_when_it_goes_by_which_rule():
    network, training, x, y = Network(2, (3,), 1), Training(), *_clouds()
    walker = Run(network, training, x, y)
    walker.seek(20)
    walker.change(other := Training(learning_rate=0.01))
    walker.seek(30)
    walker.edit(walker.state.theta + 1)
    assert [walker.rule(step) for step in (0, 19, 20, 29, 30)] == [
        *[(0, training)] * 2,
        *[(20, other)] * 2,
        (30, other),
    ]
    with pytest.raises(ValueError, match="step"):
        walker.rule(31)


def _clouds():
    x = np.random.default_rng(0).normal(size=(40, 2))
    return x, (x.sum(1) > 0).astype(int)
