"""Learning is one pure step, repeated; the same seed is the same history; scikit-learn walks the same path."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.linear_model import Perceptron
from sklearn.neural_network import MLPClassifier, MLPRegressor

from playground.engine import (
    OPTIMIZERS,
    Network,
    Training,
    batch,
    gradient,
    loss,
    objective,
    start,
    start_many,
    step,
    steps_per_epoch,
)

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


def test_one_example_through_a_network_of_two_two_and_one_by_hand():
    """x = (1, 2), target 2; ReLU, then a plain sum; half the squared error; rate 0.1. Every number fits on paper."""
    network = Network(2, (2,), 1, "relu", "identity")
    training = Training("half-mse", "sgd", learning_rate=0.1, batch_size=None)
    x, y = np.array([[1.0, 2.0]]), np.array([2.0])
    theta = np.array([1, -1, 2, 1, 0, 1, 0.5, -1, 0.25])  # W₁ row by row, b₁, W₂, b₂

    trace = network.forward(theta, x)
    assert trace.z[0].tolist() == [[5, 2]]  # 1·1 + 2·2 + 0, and 1·(−1) + 2·1 + 1
    assert trace.a[1].tolist() == [[5, 2]]
    assert trace.z[1].tolist() == trace.a[2].tolist() == [[0.75]]  # 5·½ − 2·1 + ¼
    value, g = gradient(network, training, theta, x, y)
    assert value == 0.78125  # ½·1.25²
    (w1, b1), (w2, b2) = network.layers(g)
    assert b2.tolist() == [-1.25]  # δ = 0.75 − 2
    assert w2.tolist() == [[-6.25], [-2.5]]  # a·δ
    assert b1.tolist() == [-0.625, 1.25]  # δ·w, and both neurons let it through
    assert w1.tolist() == [[-0.625, 1.25], [-1.25, 2.5]]  # x·δ

    after = step(replace(start(network, training), theta=theta), network, training, x, y).theta
    assert after == pytest.approx([1.0625, -1.125, 2.125, 0.75, 0.0625, 0.875, 1.125, -0.75, 0.375], rel=1e-15)
    assert loss(network, training, after, x, y) > value  # 0.1 is too far here: the sum overshoots 2
    shorter = replace(training, learning_rate=0.01)
    after = step(replace(start(network, shorter), theta=theta), network, shorter, x, y).theta
    assert loss(network, shorter, after, x, y) < value


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


# --- many networks at once

OPTIONS = [
    {},
    {"batch_size": None},
    {"l1": 0.01, "l2": 0.02},
    {"l1": 0.01, "keep_zeros": True},
    {"dropout": 0.3},
    {"clip": 0.1},
    {"schedule": "exponential", "schedule_steps": 10},
    {"bias": 0.2, "init": "he"},
    {"loss": "hinge"},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_many_seeds_together_learn_what_each_learns_alone(optimizer, options):
    training, seeds = Training(**({"optimizer": optimizer, "batch_size": 8} | options)), (3, 14, 15)
    many = start_many(NETWORK, training, seeds)
    for _ in range(10):
        many = step(many, NETWORK, training, X, Y)
    assert many.theta.shape == (3, NETWORK.n_parameters)
    for i, seed in enumerate(seeds):
        alone = history(NETWORK, replace(training, seed=seed), steps=10)[-1]
        assert many.theta[i] == pytest.approx(alone.theta, rel=1e-9, abs=1e-12)
        assert many.slots[:, i] == pytest.approx(alone.slots, rel=1e-9, abs=1e-12)
        assert (many.step, many.age, many.epoch, many.position) == (10, 10, alone.epoch, alone.position)


def test_many_perceptrons_learn_together_too():
    network, training = Network(2, (), 1, output="step"), Training("mse", rule="perceptron", batch_size=1)
    many = start_many(network, training, range(4))
    for _ in range(20):
        many = step(many, network, training, X, Y)
    for seed in range(4):
        alone = history(network, replace(training, seed=seed), steps=20)[-1]
        assert many.theta[seed] == pytest.approx(alone.theta, rel=1e-12)


def test_many_seeds_may_have_data_of_their_own():
    training, x = Training(batch_size=8), np.stack([X, X[::-1], -X])
    many = step(start_many(NETWORK, training, range(3)), NETWORK, training, x, np.stack([Y, Y[::-1], Y]))
    for seed, (own_x, own_y) in enumerate([(X, Y), (X[::-1], Y[::-1]), (-X, Y)]):
        alone = history(NETWORK, replace(training, seed=seed), own_x, own_y, steps=1)[-1]
        assert many.theta[seed] == pytest.approx(alone.theta, rel=1e-12)


@pytest.mark.parametrize(
    ("seeds", "sentence"),
    [
        ((), "^number of seeds must be a whole number from 1 to 4,096, not 0"),
        ((0, -1), "^seeds must be a whole number from 0 to .*, not -1"),
        ((0, 2**32), "^seeds must be a whole number from 0 to 4,294,967,295, not 4294967296"),
        ((0, 1.5), "^seeds must be .*, not 1.5"),
    ],
)
def test_seeds_that_are_none_are_refused(seeds, sentence):
    with pytest.raises(ValueError, match=sentence):
        start_many(NETWORK, Training(), seeds)


# --- the perceptron's rule

SEPARABLE = (X @ np.array([1.0, -2.0]) > 0.1).astype(int)


@pytest.mark.parametrize("output", ["step", "sigmoid", "tanh"])
def test_scikit_learns_perceptron_takes_the_same_steps(output):
    network = Network(2, (), 1, output=output)
    training = Training("mse", rule="perceptron", learning_rate=0.5, batch_size=1, seed=3)
    states = history(network, training, y=SEPARABLE, steps=60)
    rows = [batch(state, training, 30)[0] for state in states[:-1]]
    theirs = Perceptron(eta0=0.5, shuffle=False, max_iter=1, tol=None)
    theirs.fit(X[rows], SEPARABLE[rows], coef_init=states[0].theta[None, :2], intercept_init=states[0].theta[2:])
    assert states[-1].theta == pytest.approx([*theirs.coef_[0], *theirs.intercept_], rel=1e-12)


def test_a_perceptron_corrects_by_its_input_and_only_where_it_is_wrong():
    network = Network(2, (), 1, output="step")
    training = Training("mse", rule="perceptron", learning_rate=0.25, batch_size=1)
    for state, after in pairwise(history(network, training, y=SEPARABLE, steps=60)):
        (row,) = batch(state, training, 30)
        fires = float(X[row] @ state.theta[:2] + state.theta[2] >= 0)
        assert after.theta - state.theta == pytest.approx(0.25 * (SEPARABLE[row] - fires) * np.array([*X[row], 1]))


def test_a_perceptron_at_rest_has_made_no_mistake():
    network, training = Network(2, (), 1, output="step"), Training("mse", rule="perceptron", batch_size=1)
    state = history(network, training, y=SEPARABLE, steps=3000)[-1]
    assert loss(network, training, state.theta, X, SEPARABLE) == 0
    assert bits([step(state, network, training, X, SEPARABLE)]) == bits([state])


def test_a_perceptron_never_rests_on_xor():
    network, training = Network(2, (), 1, output="step"), Training("mse", rule="perceptron", batch_size=1)
    states = history(network, training, y=Y, steps=3000)
    assert all(loss(network, training, state.theta, X, Y) > 0.1 for state in states[::30])
    assert len({state.theta.tobytes() for state in states[-300:]}) > 30


def test_a_neuron_that_only_fires_or_not_has_no_gradient():
    network = Network(2, (), 1, output="step")
    before, *_, after = history(network, Training("mse", batch_size=8))
    assert np.array_equal(after.theta, before.theta)


# --- the line search


def test_a_line_search_never_climbs():
    for key in ("cross-entropy", "mse", "hinge"):
        training = Training(key, "line-search", batch_size=None, l1=0.001, l2=0.001)
        losses = [loss(NETWORK, training, state.theta, X, Y) for state in history(NETWORK, training, steps=100)]
        assert all(later <= earlier for earlier, later in pairwise(losses))
        assert losses[-1] < 0.8 * losses[0]


def test_a_line_search_takes_the_best_of_the_lengths_it_tries():
    training = Training(optimizer="line-search", batch_size=None, learning_rate=0.3)
    before, after = history(NETWORK, training, steps=1)
    _, g = gradient(NETWORK, training, before.theta, X, Y)
    tried = [loss(NETWORK, training, before.theta - 0.3 * 2.0**k * g, X, Y) for k in range(-20, 11)]
    assert loss(NETWORK, training, after.theta, X, Y) == pytest.approx(min(tried), rel=1e-12)


def test_a_line_search_holds_few_of_its_lengths_at_once_and_finds_the_same(monkeypatch):
    training = Training(optimizer="line-search", batch_size=None)
    with_all = bits(history(NETWORK, training))
    held, forward = [], Network.forward

    def counted(network, theta, x):
        trace = forward(network, theta, x)
        held.append(sum(z.size for z in trace.z))
        return trace

    monkeypatch.setattr(objective, "HELD", 500)  # two networks of 4 + 3 + 1 neurons on 30 examples
    monkeypatch.setattr(Network, "forward", counted)
    assert bits(history(NETWORK, training)) == with_all
    assert max(held) == 480


def test_a_line_search_on_a_parabola_is_within_a_doubling_of_its_bottom():
    network, theta = Network(1, (), 1, output="identity"), np.array([5.0, 0.0])
    training = Training("half-mse", "line-search", batch_size=None)
    x, y = np.array([[2.0], [-2.0]]), np.array([6.0, -6.0])  # the slope is 4(w − 3): a length of ¼ leads to 3
    after = step(replace(start(network, training), theta=theta), network, training, x, y).theta
    assert abs(after[0] - 3) <= 2 / 3


@pytest.mark.parametrize("power", [-20, -2, 10])
def test_a_line_search_reaches_from_a_millionth_to_a_thousand_learning_rates(power):
    network, theta = Network(1, (), 1, output="identity"), np.array([5.0, 0.0])
    training = Training("half-mse", "line-search", learning_rate=0.25 / 2.0**power, batch_size=None)
    x, y = np.array([[2.0], [-2.0]]), np.array([6.0, -6.0])  # a length of ¼ leads to 3, as above
    assert step(replace(start(network, training), theta=theta), network, training, x, y).theta.tolist() == [3, 0]


def test_at_the_bottom_a_line_search_stands_still():
    network = Network(1, (), 1, output="identity")
    training = Training("half-mse", "line-search", batch_size=None)
    state = replace(start(network, training), theta=np.array([3.0, 0.0]))
    assert bits([step(state, network, training, np.array([[2.0], [1.0]]), np.array([6.0, 3.0]))]) == bits([state])


def test_a_line_search_takes_all_the_data_whatever_the_batch():
    small, all_ = (Training(optimizer="line-search", batch_size=size) for size in (8, None))
    assert bits(history(NETWORK, small)) == bits(history(NETWORK, all_))
    assert steps_per_epoch(small, 30) == 1


# --- where it starts


@pytest.mark.parametrize("bias", [-0.5, 0.0, 0.3])
def test_every_bias_starts_where_it_is_told_and_the_weights_are_the_same(bias):
    theta, plain = start(NETWORK, Training(bias=bias)).theta, start(NETWORK, Training()).theta
    for (weights, biases), (others, _) in zip(NETWORK.layers(theta), NETWORK.layers(plain), strict=True):
        assert np.array_equal(weights, others)
        assert (biases == bias).all()


def test_tensorflow_playgrounds_start_has_its_own_bias():
    assert all((bias == 0.1).all() for _, bias in NETWORK.layers(start(NETWORK, Training(init="uniform")).theta))


def test_a_step_too_far_is_infinite_and_no_warning():
    network, training = Network(2, (3,), 1, "relu", "identity"), Training("mse", "sgd", 1e6, None)
    state = start(network, training)
    for _ in range(60):
        state = step(state, network, training, X, X.sum(1))
    assert not np.isfinite(state.theta).all()
