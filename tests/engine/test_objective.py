"""What learning makes small: the loss with its penalty, from the right targets, of data that make sense."""

import math
import re

import numpy as np
import pytest
from sklearn.svm import SVC

from playground.engine import (
    LOSSES,
    OUTPUTS,
    Network,
    Run,
    Training,
    advance,
    gradient,
    loss,
    predict,
    start,
    step,
    targets,
)

X = np.random.default_rng(0).normal(size=(30, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NETWORK = Network(2, (4, 3), 1)


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
def test_hinge_draws_the_line_of_a_support_vector_machine(output):
    network = Network(2, (), 1, output=output)
    training = Training("hinge", "adam", learning_rate=0.01, batch_size=None, l2=0.1, schedule="inverse")
    y = (X[:, 0] > 0.2 * X[:, 1]).astype(int)
    theta = advance(start(network, training), network, training, X, y, 4000).theta
    machine = SVC(C=1 / (30 * 0.1), kernel="linear", tol=1e-9).fit(X, y)
    assert theta[:2] == pytest.approx(machine.coef_[0], abs=0.02)
    assert np.array_equal(predict(network, network.forward(theta, X).a[-1]), machine.predict(X))


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


# --- refusals

DATA = [
    (X[:, :1], Y, "x has shape (30, 1); it must be (examples, 2) with at least one example."),
    (X[0], Y, "x has shape (2,); it must be (examples, 2) with at least one example."),
    (X[:0], Y[:0], "x has shape (0, 2); it must be (examples, 2) with at least one example."),
    (X, Y[:1], "y has shape (1,); it must be (30,), a label for every example of x."),
    (X, Y[:, None], "y has shape (30, 1); it must be (30,), a label for every example of x."),
    (np.where(X[3, 1] == X, np.nan, X), Y, "x[3, 1] is nan; every number in x must be finite."),
    (np.where(X[3, 1] == X, -np.inf, X), Y, "x[3, 1] is -inf; every number in x must be finite."),
    (X, np.where(np.arange(30) == 7, np.inf, Y), "y[7] is inf; every number in y must be finite."),
    (X, Y + 1, "y holds the label 2; with this output it must be one of 0 to 1."),
    (X, 2 * Y - 1, "y holds the label -1; with this output it must be one of 0 to 1."),
    (X, Y / 2, "y holds the label 0.5; with this output it must be one of 0 to 1."),
    (X, np.where(np.arange(30) == 7, 5, Y), "y holds the label 5; with this output it must be one of 0 to 1."),
    (X.astype(str), Y, "x is of type <U32; it must be an array of numbers."),
    (X, Y.astype(object), "y is of type object; it must be an array of numbers."),
]


@pytest.mark.parametrize(("x", "y", "sentence"), DATA, ids=[case[2] for case in DATA])
def test_data_that_make_no_sense_are_refused_in_a_sentence(x, y, sentence):
    training = Training(batch_size=None)
    state = start(NETWORK, training)
    for ask in (loss, gradient):
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            ask(NETWORK, training, state.theta, x, y)
    for ask in (step, lambda state, *rest: advance(state, *rest, 3), lambda _, *rest: Run(*rest)):
        with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
            ask(state, NETWORK, training, x, y)


def test_labels_of_many_classes_have_their_range_too():
    network = Network(2, (), 3, output="softmax")
    with pytest.raises(ValueError, match=r"^y holds the label 3; with this output it must be one of 0 to 2\.$"):
        loss(network, Training(), np.zeros(network.n_parameters), X, np.arange(30) % 4)


@pytest.mark.parametrize("y", [np.zeros(30), np.ones(30, int)], ids=["0", "1"])
def test_one_class_only_leaves_nothing_to_learn(y):
    training = Training(batch_size=None)
    with pytest.raises(ValueError, match=rf"^y holds one class only, {y[0]}; .* two classes at least\.$"):
        step(start(NETWORK, training), NETWORK, training, X, y)


def test_a_quantity_may_be_the_same_everywhere():
    network, training = Network(2, (), 1, output="identity"), Training("mse", "sgd", batch_size=None)
    before, y = start(network, training), np.full(30, 7.0)
    after = step(before, network, training, X, y)
    assert loss(network, training, after.theta, X, y) < loss(network, training, before.theta, X, y)


def test_a_single_example_may_be_followed_through_a_step():
    training = Training(batch_size=1)
    assert step(start(NETWORK, training), NETWORK, training, X[:1], Y[:1]).step == 1


def test_a_batch_larger_than_the_data_is_refused_before_the_first_step():
    training = Training(batch_size=32)
    with pytest.raises(
        ValueError, match=r"^batch_size is 32, but there are 30 examples; it must be at most that, or None\.$"
    ):
        step(start(NETWORK, training), NETWORK, training, X, Y)


@pytest.mark.parametrize("ask", [loss, gradient])
def test_an_overflow_is_infinite_and_no_warning(ask):
    network = Network(2, (3,), 1, "relu", "identity")
    found = ask(network, Training("mse"), np.full(network.n_parameters, 1e200), X, Y.astype(float))
    assert not np.isfinite(found if ask is loss else found[0])


def test_leading_axes_of_the_data_belong_to_those_of_theta():
    thetas, x, y = np.zeros((3, NETWORK.n_parameters)), np.stack([X] * 2), np.stack([Y] * 2)
    with pytest.raises(ValueError, match=r"^x has shape \(2, 30, 2\); .* after the leading axes of theta \(3,\)\.$"):
        loss(NETWORK, Training(), thetas, x, y)


@pytest.mark.parametrize("lead", [(3,), (2, 3)], ids=str)
def test_each_of_many_networks_may_have_its_own_data(lead):
    rng = np.random.default_rng(1)
    thetas, x = rng.normal(size=(*lead, NETWORK.n_parameters)), rng.normal(size=(*lead, 30, 2))
    y = (x[..., 0] > 0).astype(int)
    values, gradients = gradient(NETWORK, Training(l2=0.1), thetas, x, y)
    for i in np.ndindex(lead):
        value, g = gradient(NETWORK, Training(l2=0.1), thetas[i], x[i], y[i])
        assert values[i] == pytest.approx(value, rel=1e-12)
        assert gradients[i] == pytest.approx(g, rel=1e-9, abs=1e-14)
