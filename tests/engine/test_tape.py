"""The recorded step is the step, whatever is learned and by what rule."""

import numpy as np
import pytest

from playground.engine import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    OUTPUTS,
    SCHEDULES,
    Network,
    Training,
    advance,
    start,
    start_many,
    step,
    tape,
)

X = np.random.default_rng(0).normal(size=(30, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
PAIRS = [(key, output) for key, loss in LOSSES.items() for output in loss.outputs]
CASES = [(*pair, outputs) for pair in PAIRS for outputs in ((3,) if pair[1] == "softmax" else (1, 3))]
RULES = [
    {},
    {"l1": 0.01},
    {"l2": 0.1},
    {"l1": 0.1, "l2": 0.1, "keep_zeros": True},
    {"clip": 0.01},
    {"l2": 0.1, "clip": 0.05, "schedule": "cosine", "schedule_steps": 4},
    {"batch_size": 1},
    {"batch_size": None},
    {"dropout": 0.4},
]


def labels(output, outputs):
    if output == "identity":
        return X @ np.arange(1, 2 * outputs + 1).reshape(2, -1) if outputs > 1 else X.sum(1)
    return np.arange(30) % max(outputs, 2)


def hold_together(network, training, y=Y, steps=9):
    """Each recorded step from a state of the true path, beside the true one: more than one epoch of them."""
    state = start(network, training)
    for _ in range(steps):
        recorded, state = advance(state, network, training, X, y, 1), step(state, network, training, X, y)
        assert recorded.theta == pytest.approx(state.theta, rel=1e-12, abs=1e-14)
        assert recorded.slots == pytest.approx(state.slots, rel=1e-12, abs=1e-14)
        for field in ("step", "age", "epoch", "position"):
            assert getattr(recorded, field) == getattr(state, field)


@pytest.mark.parametrize(("key", "output", "outputs"), CASES)
def test_it_holds_for_every_loss_and_output(key, output, outputs):
    network = Network(2, (4, 3), outputs, ("tanh", "relu"), output)
    hold_together(network, Training(key, "sgd", batch_size=8), labels(output, outputs))


@pytest.mark.parametrize("hidden", [(), (3,), (4, 3, 3)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_it_holds_for_every_activation_and_depth(activation, hidden):
    hold_together(Network(2, hidden, 1, activation), Training(optimizer="sgd", batch_size=8))


@pytest.mark.parametrize("activations", [("tanh", "tanh", "relu", "tanh"), ("relu", "sigmoid", "sigmoid", "mish")])
def test_it_holds_for_layers_of_different_kinds(activations):
    hold_together(Network(2, (3, 2, 4, 3), 1, activations), Training(optimizer="sgd", batch_size=8))


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_holds_for_every_optimizer_with_everything_around_it(optimizer, rule):
    hold_together(Network(2, (4, 3), 1), Training(**({"optimizer": optimizer, "batch_size": 8} | rule)))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "momentum"])
def test_it_holds_for_every_schedule(optimizer, schedule):
    training = Training(optimizer=optimizer, schedule=schedule, schedule_steps=3, batch_size=8)
    hold_together(Network(2, (3,), 1), training)


def test_it_holds_for_a_perceptron():
    network, training = Network(2, (), 1, output="step"), Training("mse", rule="perceptron", batch_size=1)
    hold_together(network, training, (X[:, 0] > 0.3).astype(int))


def test_most_options_are_recorded_and_not_just_stepped(monkeypatch):
    monkeypatch.setattr(tape, "step", None)
    for rule in RULES[:-1]:
        training = Training(**({"batch_size": 8} | rule))
        network = Network(2, (4, 3), 1)
        advance(start(network, training), network, training, X, Y, 5)


@pytest.mark.parametrize("parts", [(60,), (1,) * 60, (7, 1, 30, 22)], ids=str)
@pytest.mark.parametrize("size", [None, 8])
def test_however_the_way_is_divided_it_is_the_same_to_the_bit(size, parts):
    network, training = Network(2, (4, 3), 1), Training(batch_size=size)
    whole = advance(start(network, training), network, training, X, Y, 60)
    state, walk = start(network, training), tape.walker(network, training, X, Y)
    for steps in parts:
        state, _ = walk(state, steps)
    assert state.theta.tobytes() == whole.theta.tobytes()
    assert state.slots.tobytes() == whole.slots.tobytes()
    assert (state.step, state.epoch, state.position) == (whole.step, whole.epoch, whole.position)


@pytest.mark.parametrize("optimizer", ["sgd", "line-search"])  # recorded, and not
def test_a_walk_tells_the_largest_square_it_met(optimizer):
    network, training = Network(2, (3,), 1), Training(optimizer=optimizer, batch_size=None)
    walk, state, squares = tape.walker(network, training, X, Y), start(network, training), []
    for _ in range(20):
        state, square = walk(state, 1)
        squares.append(square)
        assert square == pytest.approx((state.theta**2).sum())
    assert walk(start(network, training), 20)[1] == pytest.approx(max(squares))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "line-search"])
def test_what_it_is_given_stays_as_it_was(optimizer):
    network, training = Network(2, (3,), 1), Training(optimizer=optimizer, batch_size=None)
    state, x, y = start(network, training), X.copy(), Y.copy()
    theta, slots = state.theta.copy(), state.slots.copy()
    later = advance(state, network, training, x, y, 5)
    assert np.array_equal(state.theta, theta)
    assert np.array_equal(state.slots, slots)
    assert np.array_equal(x, X)
    again = advance(state, network, training, x, y, 5)
    assert later.theta.tobytes() == again.theta.tobytes()


def test_many_networks_walk_too():
    network, training = Network(2, (3,), 1), Training(batch_size=8)
    many = advance(start_many(network, training, range(3)), network, training, X, Y, 12)
    for seed in range(3):
        alone = Training(batch_size=8, seed=seed)
        state = advance(start(network, alone), network, alone, X, Y, 12)
        assert many.theta[seed] == pytest.approx(state.theta, rel=1e-10)


def test_every_activation_and_output_has_calls_of_its_own_kind():
    """The short cuts are named by key; a renamed key must not fall back in silence."""
    short = {"tanh", "sigmoid", "relu"}
    assert short <= set(ACTIVATIONS)
    z, a = np.zeros((2, 3, 4))
    for key in short | set(OUTPUTS):
        generic = any(call.func is tape._into for call in tape.activation_calls(key, z, a))
        assert generic == (key not in short)
