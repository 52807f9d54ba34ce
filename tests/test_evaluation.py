"""A network's scores are the ones scikit-learn gives, also where a class is missing or a probability is 0."""

import math
import warnings

import numpy as np
import pytest
from sklearn import metrics

from playground.engine import OUTPUTS, Network, Training, accuracy, predict, r2, start
from playground.evaluation import BINS, evaluate, probabilities

X = np.random.default_rng(0).normal(size=(80, 2)) * 3
CLASSIFIERS = [(key, outputs) for key in OUTPUTS if key != "identity" for outputs in (1, 2, 3)]
CLASSIFIERS.remove(("softmax", 1))
every_classifier = pytest.mark.parametrize(("output", "outputs"), CLASSIFIERS)


def example(output, outputs, seed=2):
    """An untrained network, and labels it gets right about half the time."""
    network = Network(2, (4,), outputs, output=output)
    theta = start(network, Training(loss="mse", seed=seed)).theta
    random = np.random.default_rng(seed)
    answers = predict(network, network.forward(theta, X).a[-1])
    return network, theta, np.where(random.random(len(X)) < 0.5, answers, random.integers(0, max(outputs, 2), len(X)))


def passes_through(output, outputs=1):
    """A network without hidden layers whose pre-activations are its inputs."""
    return Network(outputs, (), outputs, output=output), np.concatenate([np.eye(outputs).ravel(), np.zeros(outputs)])


# --- classes


@every_classifier
def test_every_score_is_scikit_learns(output, outputs):
    network, theta, y = example(output, outputs)
    answers = network.forward(theta, X).a[-1]
    predicted, p = predict(network, answers), probabilities(network, answers)
    scores = evaluate(network, theta, X, y)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(y, predicted))
    assert scores.balanced_accuracy == pytest.approx(metrics.balanced_accuracy_score(y, predicted))
    assert scores.log_loss == pytest.approx(-np.log(np.maximum(p[np.arange(len(y)), y], 2**-52)).mean())
    assert scores.confusion.tolist() == metrics.confusion_matrix(y, predicted).tolist()
    assert 0.3 < scores.accuracy < 0.9


@every_classifier
def test_the_scores_of_a_class_are_read_off_the_confusion_matrix(output, outputs):
    network, theta, y = example(output, outputs)
    scores = evaluate(network, theta, X, y)
    hits = np.diag(scores.confusion)
    assert scores.recall == pytest.approx(hits / scores.confusion.sum(1))  # rows are the truth
    assert scores.precision == pytest.approx(hits / scores.confusion.sum(0))
    assert scores.f1 == pytest.approx(2 / (1 / scores.precision + 1 / scores.recall))
    assert scores.support.tolist() == np.bincount(y).tolist()


@every_classifier
def test_accuracy_is_the_one_the_engine_gives(output, outputs):
    network, theta, y = example(output, outputs)
    assert evaluate(network, theta, X, y).accuracy == pytest.approx(accuracy(network, theta, X, y))


def test_rows_of_the_confusion_matrix_are_the_truth():
    network, theta = passes_through("sigmoid")
    scores = evaluate(network, theta, np.array([[1.0], [1.0], [-1.0]]), np.array([0, 0, 0]))
    assert scores.confusion.tolist() == [[1, 2], [0, 0]]


@every_classifier
def test_probabilities_are_shares_and_the_largest_is_the_prediction(output, outputs):
    network, theta, _ = example(output, outputs)
    answers = network.forward(theta, X).a[-1]
    p = probabilities(network, answers)
    assert p.shape == (80, max(outputs, 2))
    assert p.min() >= 0
    assert p.sum(1) == pytest.approx(1)
    assert p.argmax(1).tolist() == predict(network, answers).tolist()


@pytest.mark.parametrize(
    ("output", "answers", "expected"),
    [
        ("sigmoid", [[0.2]], [[0.8, 0.2]]),
        ("tanh", [[-1.0], [0.0], [0.5]], [[1, 0], [0.5, 0.5], [0.25, 0.75]]),
        ("softmax", [[0.5, 0.3, 0.2]], [[0.5, 0.3, 0.2]]),
        ("sigmoid", [[0.9, 0.3, 0.6], [0, 0, 0]], [[1 / 2, 1 / 6, 1 / 3], [1 / 3, 1 / 3, 1 / 3]]),
        ("tanh", [[1.0, 0.0, -1.0], [-1, -1, -1]], [[2 / 3, 1 / 3, 0], [1 / 3, 1 / 3, 1 / 3]]),
    ],
)
def test_each_output_activation_has_its_own_way_to_say_a_probability(output, answers, expected):
    answers = np.array(answers, float)
    p = probabilities(Network(1, (), answers.shape[1], output=output), answers)
    assert p == pytest.approx(np.array(expected, float))


@every_classifier
def test_a_class_that_occurs_nowhere_is_counted_without_a_warning(output, outputs):
    network, theta, y = example(output, outputs)
    y = np.zeros_like(y)  # one class only
    scores = evaluate(network, theta, X, y)
    assert scores.confusion.sum(1).tolist() == scores.support.tolist() == [80, *[0] * (max(outputs, 2) - 1)]
    assert scores.balanced_accuracy == scores.accuracy == scores.recall[0]
    assert np.isfinite([*scores.precision, *scores.recall, *scores.f1, scores.log_loss]).all()


def test_balanced_accuracy_is_over_the_classes_that_occur():
    network, theta, y = example("softmax", 3)
    y = np.where(y == 1, 0, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the class that is predicted but does not occur
        expected = metrics.balanced_accuracy_score(y, predict(network, network.forward(theta, X).a[-1]))
    scores = evaluate(network, theta, X, y)
    assert scores.balanced_accuracy == pytest.approx(expected)
    assert scores.balanced_accuracy != pytest.approx(scores.accuracy)


@pytest.mark.parametrize(("output", "outputs"), [("sigmoid", 1), ("tanh", 1), ("softmax", 3), ("sigmoid", 3)])
def test_being_surely_wrong_costs_much_but_not_without_limit(output, outputs):
    network, theta = passes_through(output, outputs)
    x = np.full((1, outputs), -800.0)
    x[0, 0] = 800
    scores = evaluate(network, theta, x, np.array([0 if outputs == 1 else 1]))
    assert scores.accuracy == 0
    assert 20 < scores.log_loss < 40  # the clip is at the smallest step beside 1


def test_a_network_that_is_surely_right_loses_nothing():
    network, theta = passes_through("sigmoid")
    scores = evaluate(network, theta, np.array([[800.0], [-800.0]]), np.array([1, 0]))
    assert scores.log_loss == pytest.approx(0, abs=1e-12)
    assert scores.accuracy == scores.balanced_accuracy == 1


# --- calibration


@every_classifier
def test_calibration_splits_the_examples_into_bins(output, outputs):
    network, theta, y = example(output, outputs)
    bins = evaluate(network, theta, X, y).calibration
    assert len(bins.predicted) == len(bins.observed) == len(bins.count) <= BINS
    assert bins.count.sum() == len(y)
    came_true = bins.observed * bins.count
    assert came_true == pytest.approx(came_true.round())  # a share times its own count is a whole number
    happened = y == 1 if outputs < 3 else y == predict(network, network.forward(theta, X).a[-1])
    assert came_true.sum() == pytest.approx(happened.sum())


def test_calibration_of_two_classes_is_about_class_1():
    network, theta = passes_through("sigmoid")
    p = np.array([0.05, 0.05, 0.35, 0.31, 0.99])
    bins = evaluate(network, theta, np.log(p / (1 - p))[:, None], np.array([0, 0, 1, 0, 1])).calibration
    assert bins.predicted == pytest.approx([0.05, 0.33, 0.99])
    assert bins.observed.tolist() == [0, 0.5, 1]
    assert bins.count.tolist() == [2, 2, 1]


def test_calibration_of_more_classes_is_about_the_most_probable_one():
    network, theta = passes_through("softmax", 3)
    p = np.array([[0.05, 0.15, 0.8], [0.75, 0.2, 0.05], [0.4, 0.35, 0.25]])
    bins = evaluate(network, theta, np.log(p), np.array([2, 1, 0])).calibration
    assert bins.predicted == pytest.approx([0.4, 0.775])
    assert bins.observed.tolist() == [1, 0.5]
    assert bins.count.tolist() == [1, 2]


def test_a_network_that_draws_labels_from_its_own_probabilities_is_calibrated():
    network, theta = passes_through("sigmoid")
    random = np.random.default_rng(0)
    p = random.random(20_000)
    bins = evaluate(network, theta, np.log(p / (1 - p))[:, None], (random.random(20_000) < p).astype(int)).calibration
    assert len(bins.count) == BINS
    assert bins.observed == pytest.approx(bins.predicted, abs=0.04)


# --- quantities


def test_scores_of_a_regression_are_scikit_learns():
    network = Network(2, (4,), 1, output="identity")
    theta, y = start(network, Training(loss="mse", seed=2)).theta, X.sum(1)
    answers = network.forward(theta, X).a[-1][:, 0]
    scores = evaluate(network, theta, X, y)
    assert scores.r2 == pytest.approx(metrics.r2_score(y, answers))
    assert scores.r2 == pytest.approx(r2(network, theta, X, y))
    assert scores.rmse == pytest.approx(np.sqrt(np.mean((y - answers) ** 2)))
    assert scores.mae == pytest.approx(np.mean(np.abs(y - answers)))
    assert scores.mae < scores.rmse


def test_one_example_has_errors_but_no_r2():
    network, theta = passes_through("identity")
    scores = evaluate(network, theta, np.array([[3.0]]), np.array([1.0]))
    assert math.isnan(scores.r2)
    assert (scores.rmse, scores.mae) == (2, 2)


def test_an_error_too_large_to_square_is_infinite():
    network, theta = passes_through("identity")
    scores = evaluate(network, theta, np.array([[1e200], [0.0]]), np.array([1.0, 0.0]))
    assert (scores.r2, scores.rmse) == (-math.inf, math.inf)
    assert scores.mae == pytest.approx(5e199)


# --- refusals


def test_several_networks_at_once_are_refused():
    network, theta, y = example("sigmoid", 1)
    with pytest.raises(ValueError, match=r"theta has shape \(2, 17\); it must be one network, \(17,\)"):
        evaluate(network, np.stack([theta, theta]), X, y)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("output", ["identity", "sigmoid"])
def test_a_network_that_diverged_has_no_scores(output, bad):
    network = Network(2, (4,), 1, activation="relu", output=output)
    theta = np.full(network.n_parameters, bad)
    with pytest.raises(ValueError, match="diverged"):
        evaluate(network, theta, X, np.zeros(len(X)))


@pytest.mark.parametrize("label", [3, -1, 0.5, math.nan])
def test_a_class_the_network_does_not_have_is_refused(label):
    network, theta, y = example("softmax", 3)
    with pytest.raises(ValueError, match=r"y holds \[.*\]; the classes are 0 to 2"):
        evaluate(network, theta, X, np.where(np.arange(len(y)) == 0, label, y))
