"""Learning is one pure step, repeated; the same seed is the same history; scikit-learn walks the same path."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier, MLPRegressor

from playground.engine import (
    LOSSES,
    OPTIMIZERS,
    OUTPUTS,
    Network,
    Training,
    batch,
    gradient,
    loss,
    start,
    step,
    steps_per_epoch,
    targets,
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


def test_a_state_counts_its_steps_and_tells_the_loss_each_batch_met():
    training = Training(batch_size=8)
    states = history(NETWORK, training)
    assert [state.step for state in states] == list(range(21))
    assert math.isnan(states[0].batch_loss)
    for before, after in pairwise(states):
        rows = batch(training, before.step, 30)
        assert after.batch_loss == loss(NETWORK, training, before.theta, X[rows], Y[rows])


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
    before, after = history(NETWORK, Training(optimizer=optimizer, learning_rate=0.03), steps=1)
    assert np.abs(after.theta - before.theta) == pytest.approx(0.03, rel=1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_small_steps_on_all_the_data_go_downhill(optimizer):
    training = Training(optimizer=optimizer, learning_rate=1e-3, batch_size=None)
    losses = [loss(NETWORK, training, state.theta, X, Y) for state in history(NETWORK, training)]
    assert all(later < earlier for earlier, later in pairwise(losses))


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_adamw_shrinks_idle_weights_by_a_steady_share_and_leaves_the_biases(rate):
    network = Network(1, (), 1, output="identity")
    training = Training("mse", "adamw", learning_rate=rate)
    x, y, theta = np.zeros((3, 1)), np.full(3, 7.0), np.array([-3.0, 7.0])  # the bias is right, the weight idle
    state = replace(start(network, training), theta=theta)
    for steps in range(1, 6):
        state = step(state, network, training, x, y)
        assert state.theta == pytest.approx([-3 * (1 - 0.01 * rate) ** steps, 7], rel=1e-12)


def test_the_decay_of_adamw_does_not_pass_through_adam():
    """A penalty in the loss would be rescaled like any slope: that is the point of decoupling it."""
    (before, adam), (_, adamw) = (history(NETWORK, Training(optimizer=key), steps=1) for key in ("adam", "adamw"))
    for i, (weights, _) in enumerate(NETWORK.layers(before.theta)):
        pulled, bias_pulled = (NETWORK.layers(adamw.theta)[i][j] - NETWORK.layers(adam.theta)[i][j] for j in (0, 1))
        assert pulled == pytest.approx(-0.001 * weights, rel=1e-9)
        assert not bias_pulled.any()
    assert adam.slots.tobytes() == adamw.slots.tobytes()


# --- the loss


def test_the_penalty_weighs_weights_and_spares_biases():
    network = Network(1, (), 1, output="identity")
    x, y, theta = np.array([[0.0]]), np.array([7.0]), np.array([-3.0, 7.0])  # the bias is right, the weight idle

    def penalty(**penalties):
        return loss(network, Training(loss="mse", **penalties), theta, x, y)

    assert penalty() == 0
    assert penalty(l1=0.1) == pytest.approx(0.3)
    assert penalty(l2=0.1) == pytest.approx(0.45)
    assert penalty(l1=0.1, l2=0.1) == pytest.approx(0.75)


def test_whole_numbers_as_inputs_do_not_round_the_labels():
    network, training = Network(1, (), 1, output="identity"), Training(loss="mse")
    theta, y = np.zeros(2), np.array([0.5])
    assert loss(network, training, theta, np.array([[1]]), y) == 0.25
    assert gradient(network, training, theta, np.array([[1]]), y)[1].tolist() == [-1, -1]


def test_a_coin_toss_between_k_classes_costs_log_k():
    for k in (2, 3, 10):
        network = Network(2, (4,), k, output="softmax")
        theta, y = np.zeros(network.n_parameters), np.arange(30) % k
        assert loss(network, Training(), theta, X, y) == pytest.approx(math.log(k))


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_loss_goes_with_the_outputs_it_names_and_refuses_the_others_in_a_sentence(key, output):
    network, training = Network(2, (4,), 2, output=output), Training(loss=key)
    y = np.zeros((30, 2)) if output == "identity" else Y
    theta = np.zeros(network.n_parameters)
    asks = [
        lambda: start(network, training),
        lambda: loss(network, training, theta, X, y),
        lambda: gradient(network, training, theta, X, y),
    ]
    for ask in asks:
        if output in LOSSES[key].outputs:
            ask()
        else:
            with pytest.raises(ValueError, match=rf"^loss is '{key}', .* output '{output}'; .*\.$"):
                ask()


def test_cross_entropy_needs_probabilities():
    assert set(LOSSES["cross-entropy"].outputs) == {"sigmoid", "softmax"}


@pytest.mark.parametrize("output", LOSSES["hinge"].outputs)
def test_hinge_puts_each_of_two_classes_on_its_own_side_of_zero(output):
    network, training = Network(2, (), 1, output=output), Training("hinge", l2=1e-3)
    y = (X[:, 0] > 0.2 * X[:, 1]).astype(int)
    theta = history(network, training, y=y, steps=300)[-1].theta
    assert np.array_equal(network.forward(theta, X).a[-1][:, 0] > 0, y == 1)


# --- the targets


@pytest.mark.parametrize(
    ("output", "outputs", "y", "expected"),
    [
        ("sigmoid", 1, [0, 1], [[0], [1]]),
        ("tanh", 1, [0, 1], [[-1], [1]]),
        ("identity", 1, [0.5, -2.0], [[0.5], [-2]]),
        ("identity", 2, [[0.5, 1.0], [-2.0, 3.0]], [[0.5, 1], [-2, 3]]),
        ("softmax", 3, [2, 0], [[0, 0, 1], [1, 0, 0]]),
        ("sigmoid", 3, [2, 0], [[0, 0, 1], [1, 0, 0]]),
        ("tanh", 3, [2, 0], [[-1, -1, 1], [1, -1, -1]]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_target_of_a_label_is_the_output_that_would_be_right(output, outputs, y, expected, dtype):
    t = targets(Network(1, (), outputs, output=output), np.array(y), dtype)
    assert t.tolist() == expected
    assert t.dtype == dtype


# --- batches


@settings(derandomize=True, deadline=None)
@given(
    n=st.integers(1, 60), size=st.none() | st.integers(1, 80), epoch=st.integers(0, 5), seed=st.integers(0, 2**32 - 1)
)
def test_an_epoch_visits_every_row_exactly_once(n, size, epoch, seed):
    training = Training(batch_size=size, seed=seed)
    per_epoch = steps_per_epoch(training, n)
    batches = [np.arange(n)[batch(training, epoch * per_epoch + i, n)] for i in range(per_epoch)]
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert {len(rows) for rows in batches[:-1]} <= {size}
    assert 0 < len(batches[-1]) <= (size or n)


def test_a_thousand_examples_in_batches_of_ten_make_a_hundred_steps():
    assert steps_per_epoch(Training(batch_size=10), 1000) == 100


def test_the_last_batch_takes_what_is_left():
    training = Training(batch_size=8)
    assert [len(batch(training, i, 30)) for i in range(steps_per_epoch(training, 30))] == [8, 8, 8, 6]


def test_each_epoch_has_an_order_of_its_own():
    training = Training(batch_size=8)
    orders = [np.concatenate([batch(training, 4 * epoch + i, 30) for i in range(4)]).tolist() for epoch in range(5)]
    assert len({tuple(order) for order in [*orders, range(30)]}) == 6


def test_no_order_can_be_spoiled_by_who_reads_it():
    training = Training(batch_size=8)
    with pytest.raises(ValueError, match="read-only"):
        batch(training, 0, 30)[0] = 0


@pytest.mark.parametrize("size", [None, 30, 31, 10**6])
def test_a_batch_of_all_is_all_whatever_its_size_says(size):
    full, training = Training(batch_size=None), Training(batch_size=size)
    assert steps_per_epoch(training, 30) == 1
    assert bits(history(NETWORK, training)) == bits(history(NETWORK, full))


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


# --- refusals


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("loss", ["", "MSE", "huber!", None, 1, ["mse"]]),
        ("optimizer", ["", "Adam", "rmsprop!", None, 1, {}]),
        ("learning_rate", [0, -0.1, math.nan, math.inf, 1e7, "0.1", None, True, 1j]),
        ("batch_size", [0, -1, 1.0, math.nan, "32", "full", True, 10**7]),
        ("init", ["", "Xavier", "random!", None, 0]),
        ("l1", [-1e-9, math.nan, math.inf, 1e7, "0", None, False]),
        ("l2", [-1e-9, math.nan, math.inf, 1e7, "0", None, False]),
        ("seed", [-1, 2**32, 0.0, "0", None, True, math.nan]),
    ],
)
def test_an_impossible_training_is_refused_by_the_field(field, values):
    for value in values:
        with pytest.raises(ValueError, match=rf"^{field} must be .*\.$") as refusal:
            Training(**{field: value})
        assert str(refusal.value).endswith(f"not {value!r}.")


def test_numpy_numbers_are_numbers():
    training = Training(learning_rate=np.float64(0.1), batch_size=np.int64(32), seed=np.uint32(0))
    assert training == Training()
