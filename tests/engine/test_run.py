"""A run can be anywhere in its own history, to the bit, in bounded memory, and stops before infinity."""

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
    states = [start(NETWORK, TRAINING)]
    for _ in range(LAST):
        states.append(step(states[-1], NETWORK, TRAINING, X, Y))
    return states


def same(one, other):
    return (one.step, one.theta.tobytes(), one.slots.tobytes()) == (
        other.step,
        other.theta.tobytes(),
        other.slots.tobytes(),
    )


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
    assert same(Run(NETWORK, TRAINING, X, Y).state, history[0])


@pytest.mark.parametrize(("recent", "keyframes"), [(run.RECENT, run.KEYFRAMES), (8, 4), (1, 1)])
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


def test_back_is_the_very_loss_it_was():
    walker = Run(NETWORK, TRAINING, X, Y)
    walker.seek(40)
    before = walker.loss()
    walker.seek(41)
    assert walker.loss() != before
    walker.seek(40)
    assert walker.loss() == before == loss(NETWORK, TRAINING, walker.state.theta, X, Y)


def test_thirty_thousand_steps_fit_in_the_memory_promised_and_the_way_back_is_short():
    network, training = Network(1, (), 1), Training(batch_size=None)
    walker = Run(network, training, X[:4, :1], Y[:4])
    passed, most = {}, 0
    for target in range(500, 30_001, 500):
        passed[target] = walker.seek(target)
        most = max(most, states_held_by(walker))
    assert run.KEYFRAMES / 2 < most <= run.RECENT + run.KEYFRAMES + 1
    for target in (20_500, 5_000, 25_500, 29_500, 500):
        with patch.object(run, "step", wraps=step) as retaken:
            assert same(walker.seek(target), passed[target])
        assert retaken.call_count < 300  # a hundredth of the run
        assert states_held_by(walker) <= run.RECENT + run.KEYFRAMES + 1


def test_a_run_knows_how_far_it_has_been():
    walker, furthest = Run(NETWORK, TRAINING, X, Y), []
    for target in (0, 7, 3, 8, 0):
        walker.seek(target)
        furthest.append(walker.reached)
    assert furthest == [0, 7, 7, 8, 8]


@pytest.mark.parametrize(("steps", "epochs"), [(0, 0), (1, 0.25), (4, 1), (6, 1.5)])
def test_an_epoch_is_every_example_once(steps, epochs):
    walker = Run(NETWORK, TRAINING, X, Y)  # 30 examples in batches of 8: four steps
    walker.seek(steps)
    assert walker.epoch == epochs


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
    with np.errstate(all="ignore"):
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


def test_a_start_without_a_finite_loss_goes_nowhere():
    network = Network(2, (), 1, output="identity")
    walker = Run(network, Training("mse"), X, np.full(30, 1e200))
    assert not np.isfinite(walker.loss())
    with pytest.raises(Diverged):
        walker.seek(1)
    assert walker.state.step == 0
