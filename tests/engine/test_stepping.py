"""Learning is one pure step, repeated; the same seed is the same history; scikit-learn walks the same path."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from playground.engine import OPTIMIZERS, Network, Training, batch, gradient, loss, start, step

X = np.random.default_rng(0).normal(size=(30, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NETWORK = Network(2, (4, 3), 1)


def history(network, training, x=X, y=Y, steps=20):
    states = [start(network, training)]
    for _ in range(steps):
        states.append(step(states[-1], network, training, x, y))
    return states


def bits(states):
    return [state.theta.tobytes() + state.slots.tobytes() for state in states]


# --- the step


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("size", [None, 8])
def test_a_step_leaves_no_trace_in_what_it_was_given(optimizer, size):
    training = Training(optimizer=optimizer, batch_size=size, l1=0.01, l2=0.01)
    state, x, y = history(NETWORK, training, steps=3)[-1], X.copy(), Y.copy()
    before = bits([state])
    first, second = (step(state, NETWORK, training, x, y) for _ in range(2))
    assert bits([state]) == before
    assert state.step == 3
    assert x.tobytes() == X.tobytes()
    assert y.tobytes() == Y.tobytes()
    assert bits([first]) == bits([second])
    assert not np.shares_memory(first.theta, state.theta)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_seed_is_the_same_history_bit_for_bit(optimizer):
    training = Training(optimizer=optimizer, batch_size=8, seed=5)
    assert bits(history(NETWORK, training)) == bits(history(NETWORK, training))


def test_another_seed_is_another_start():
    one, other = (start(NETWORK, Training(seed=seed)) for seed in (5, 6))
    assert not np.array_equal(one.theta, other.theta)


def test_another_seed_shuffles_otherwise():
    one, other = (history(NETWORK, Training(init="zeros", batch_size=8, seed=seed)) for seed in (5, 6))
    assert not np.array_equal(one[-1].theta, other[-1].theta)


def test_a_state_counts_its_steps_and_epochs():
    states = history(NETWORK, Training(batch_size=8), steps=9)
    assert [state.step for state in states] == list(range(10))
    assert [(state.epoch, state.position) for state in states[2:6]] == [(0, 16), (0, 24), (1, 0), (1, 8)]
    assert [state.age for state in states] == list(range(10))


@pytest.mark.parametrize("size", [None, 8])
def test_a_step_follows_the_gradient_of_its_batch(size):
    training = Training(optimizer="sgd", learning_rate=0.1, batch_size=size, l1=0.01, l2=0.01)
    for before, after in pairwise(history(NETWORK, training)):
        some = batch(before, training, 30)
        _, g = gradient(NETWORK, training, before.theta, X[some], Y[some])
        assert np.array_equal(after.theta, before.theta - 0.1 * g)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_optimizer_starts_without_memories(optimizer):
    state = start(NETWORK, Training(optimizer=optimizer))
    assert state.slots.shape == (OPTIMIZERS[optimizer].n_slots, NETWORK.n_parameters)
    assert not state.slots.any()


def test_the_worked_example_of_the_introductions():
    """x = 2, label 6, w = 5: the prediction is 10, the slope 8, and a step of 0.1 leads to 4.2; 3 would be right."""
    network = Network(1, (), 1, output="identity")
    training = Training(loss="half-mse", optimizer="sgd", learning_rate=0.1, batch_size=None)
    x, y, theta = np.array([[2.0]]), np.array([6.0]), np.array([5.0, 0.0])  # w and b
    assert network.forward(theta, x).a[-1].item() == 10
    assert gradient(network, training, theta, x, y)[1][0] == 8
    after = step(replace(start(network, training), theta=theta), network, training, x, y)
    assert after.theta[0] == pytest.approx(4.2)
    assert gradient(network, training, np.array([3.0, 0.0]), x, y)[1][0] == 0


@pytest.mark.parametrize("optimizer", ["adam", "adagrad"])
def test_the_first_step_is_the_learning_rate_long_in_every_coordinate(optimizer):
    before, after = history(NETWORK, Training(optimizer=optimizer, learning_rate=0.03, batch_size=None), steps=1)
    assert np.abs(after.theta - before.theta) == pytest.approx(0.03, rel=1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_small_steps_on_all_the_data_go_downhill(optimizer):
    training = Training(optimizer=optimizer, learning_rate=1e-3, batch_size=None)
    losses = [loss(NETWORK, training, state.theta, X, Y) for state in history(NETWORK, training)]
    assert all(later < earlier for earlier, later in pairwise(losses))


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_adamw_shrinks_idle_weights_by_a_steady_share_and_leaves_the_biases(rate):
    network = Network(1, (), 1, output="identity")
    training = Training("mse", "adamw", learning_rate=rate, batch_size=None)
    x, y, theta = np.zeros((3, 1)), np.full(3, 7.0), np.array([-3.0, 7.0])  # the bias is right, the weight idle
    state = replace(start(network, training), theta=theta)
    for steps in range(1, 6):
        state = step(state, network, training, x, y)
        assert state.theta == pytest.approx([-3 * (1 - 0.01 * rate) ** steps, 7], rel=1e-12)


def test_the_decay_of_adamw_does_not_pass_through_adam():
    """A penalty in the loss would be rescaled like any slope: that is the point of decoupling it."""
    (before, adam), (_, adamw) = (
        history(NETWORK, Training(optimizer=key, batch_size=8), steps=1) for key in ("adam", "adamw")
    )
    for i, (weights, _) in enumerate(NETWORK.layers(before.theta)):
        pulled, bias_pulled = (NETWORK.layers(adamw.theta)[i][j] - NETWORK.layers(adam.theta)[i][j] for j in (0, 1))
        assert pulled == pytest.approx(-0.001 * weights, rel=1e-9)
        assert not bias_pulled.any()
    assert adam.slots.tobytes() == adamw.slots.tobytes()


# --- against scikit-learn

THEIR_NAMES = {"identity": "identity", "sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}
THEIR_RULES = {
    "sgd": {"solver": "sgd", "momentum": 0},
    "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    "nesterov": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": True},
    "adam": {"solver": "adam", "epsilon": 1e-99},  # they add it before the bias correction, we after: add none
}
TASKS = {
    "two classes": (MLPClassifier, Y, 1, "sigmoid", "cross-entropy"),
    "three classes": (MLPClassifier, np.digitize(X[:, 0], [-0.4, 0.4]), 3, "softmax", "cross-entropy"),
    "a quantity": (MLPRegressor, X.sum(1) + X[:, 0] ** 2, 1, "identity", "half-mse"),
}


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer:sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("l2", [0, 0.05])
@pytest.mark.parametrize("steps", [5, 20])
@pytest.mark.parametrize("activation", THEIR_NAMES)
@pytest.mark.parametrize("rule", THEIR_RULES)
@pytest.mark.parametrize("task", TASKS)
def test_scikit_learn_takes_the_same_steps(task, rule, activation, steps, l2):
    model, y, outputs, output, key = TASKS[task]
    network = Network(2, (4, 3), outputs, activation, output)
    training = Training(key, rule, learning_rate=0.05, batch_size=None, l2=l2)
    ours = history(network, training, y=y, steps=steps)

    options = THEIR_RULES[rule] | {"learning_rate_init": 0.05, "alpha": 30 * l2}  # they share the penalty out
    options |= {"batch_size": 30, "shuffle": False, "n_iter_no_change": 99, "max_iter": 1}
    theirs = model(hidden_layer_sizes=(4, 3), activation=THEIR_NAMES[activation], **options).fit(X, y)
    for layer, (weights, bias) in enumerate(network.layers(ours[0].theta.copy())):
        theirs.coefs_[layer], theirs.intercepts_[layer] = weights, bias
    theirs.set_params(max_iter=steps, warm_start=True).fit(X, y)  # from our weights, with a fresh optimizer

    assert not np.allclose(ours[-1].theta, ours[0].theta, atol=0.01)
    precision = 1e-4 if rule == "adam" else 1e-10  # our ε tells where a slope passes through zero
    for layer, (weights, bias) in enumerate(network.layers(ours[-1].theta)):
        assert weights == pytest.approx(theirs.coefs_[layer], rel=precision, abs=precision)
        assert bias == pytest.approx(theirs.intercepts_[layer], rel=precision, abs=precision)
