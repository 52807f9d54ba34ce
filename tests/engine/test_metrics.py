"""Accuracy and R² are the ones everybody quotes."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, r2_score

from playground.engine import OUTPUTS, Network, Training, accuracy, predict, r2, start

X = np.random.default_rng(0).normal(size=(50, 2))
CLASSIFIERS = [(key, outputs) for key in OUTPUTS if key != "identity" for outputs in (1, 3)]
CLASSIFIERS.remove(("softmax", 1))


def network_and_answers(outputs, output):
    network = Network(2, (4,), outputs, output=output)
    theta = np.stack([start(network, Training(loss="mse", seed=seed)).theta for seed in range(6)])
    return network, theta, network.forward(theta, X).a[-1]


@pytest.mark.parametrize(("output", "outputs"), CLASSIFIERS)
def test_accuracy_is_scikit_learns(output, outputs):
    network, theta, answers = network_and_answers(outputs, output)
    y = np.random.default_rng(1).integers(0, max(outputs, 2), 50)
    expected = [accuracy_score(y, predict(network, answer)) for answer in answers]
    assert accuracy(network, theta, X, y) == pytest.approx(expected)
    assert accuracy(network, theta[2], X, y) == pytest.approx(expected[2])
    assert 0 < min(expected) < max(expected) < 1


def test_r2_is_scikit_learns():
    network, theta, answers = network_and_answers(1, "identity")
    y = X.sum(1)
    expected = [r2_score(y, answer[:, 0]) for answer in answers]
    assert r2(network, theta, X, y) == pytest.approx(expected)
    assert r2(network, theta[2], X, y) == pytest.approx(expected[2])


@pytest.mark.parametrize(
    ("output", "answers", "classes"),
    [
        ("sigmoid", [[0.1], [0.49], [0.51], [1.0]], [0, 0, 1, 1]),
        ("tanh", [[-1.0], [-0.1], [0.1], [1.0]], [0, 0, 1, 1]),
        ("softmax", [[0.5, 0.3, 0.2], [0.3, 0.2, 0.5]], [0, 2]),
        ("softmax", [[0.7, 0.3], [0.3, 0.7]], [0, 1]),
        ("sigmoid", [[0.9, 0.8, 0.1], [0.1, 0.2, 0.3]], [0, 2]),
        ("tanh", [[-0.9, -0.8, -0.95], [-0.1, 0.2, 0.3]], [1, 2]),
    ],
)
def test_the_class_is_the_side_of_the_middle_or_the_largest_output(output, answers, classes):
    answers = np.array(answers)
    predicted = predict(Network(1, (), answers.shape[1], output=output), answers)
    assert predicted.tolist() == classes
    assert predicted.dtype.kind == "i"


def test_a_quantity_is_predicted_as_it_is():
    assert predict(Network(1, (), 1, output="identity"), np.array([[0.2], [-7.0]])).tolist() == [0.2, -7]


def test_the_mean_explains_nothing_and_the_truth_everything():
    line, x = Network(1, (), 1, output="identity"), np.array([[0.0], [1.0], [5.0]])
    assert r2(line, np.array([0.0, 2.0]), x, x[:, 0]) == pytest.approx(0)  # always the mean, 2
    assert r2(line, np.array([1.0, 0.0]), x, x[:, 0]) == 1
    assert r2(line, np.array([-1.0, 0.0]), x, x[:, 0]) < 0  # worse than the mean


def test_where_nothing_varies_only_the_truth_scores():
    line, x = Network(1, (), 1, output="identity"), np.array([[0.0], [1.0]])
    flat = np.array([[0.0, 3.0], [0.0, 2.0]])  # two networks: always 3, always 2
    assert r2(line, flat, x, np.array([3.0, 3.0])).tolist() == [1, 0]
    tenths = np.full(3, 0.1)  # whose mean is not 0.1
    assert r2(line, np.array([[0.0, 0.1], [0.0, 0.2]]), np.zeros((3, 1)), tenths).tolist() == [1, 0]
    assert r2(line, flat, x, np.array([0.0, 1e-200])).tolist() == [0, 0]  # the square of what they differ by is 0


def test_several_quantities_are_answered_side_by_side_and_have_no_r2_in_common():
    network = Network(2, (), 2, output="identity")
    theta = np.arange(6.0)
    assert predict(network, network.forward(theta, np.eye(2)).a[-1]).tolist() == [[4, 6], [6, 8]]
    with pytest.raises(ValueError, match=r"^outputs is 2; R² is of one quantity\.$"):
        r2(network, theta, np.eye(2), np.eye(2))
