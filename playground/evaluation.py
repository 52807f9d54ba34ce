"""How good a network is on examples, in scikit-learn's own metrics; nothing of them is written again."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    recall_score,
    root_mean_squared_error,
)

from playground.engine import Network, predict

Array = np.ndarray

BINS = 10  # of equal width, from probability 0 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What a network promised and what came true, for each of the b ≤ `BINS` bins that hold an example.

    For two classes it is about the probability of class 1. For more, it is about the most probable class of each
    example, and whether that was the right one.
    """

    predicted: Array  # (b,) mean predicted probability
    observed: Array  # (b,) share that came true
    count: Array  # (b,) examples


@dataclass(frozen=True, slots=True, eq=False)
class ClassScores:
    """The scores of a classifier with k classes; what would be divided by 0 is 0."""

    accuracy: float
    balanced_accuracy: float  # the mean recall of the classes that occur
    log_loss: float
    confusion: Array  # (k, k) examples, rows = truth, columns = prediction
    precision: Array  # (k,)
    recall: Array  # (k,)
    f1: Array  # (k,)
    support: Array  # (k,) examples of each class
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class QuantityScores:
    """The scores of a regression; R² needs two examples and is not a number for one."""

    r2: float
    rmse: float
    mae: float


def evaluate(network: Network, theta: Array, x: Array, y: Array) -> ClassScores | QuantityScores:
    """The scores of one network `theta` (P,) on x (n, inputs), y (n,): classes 0 to k − 1, or quantities.

    Raises `ValueError` for several networks at once, for outputs that are not finite, as those of a network that
    diverged, and for a class the network does not have.
    """
    if theta.ndim != 1:
        raise ValueError(f"theta has shape {theta.shape}; it must be one network, ({network.n_parameters},).")
    with np.errstate(over="ignore", invalid="ignore"):
        output = network.forward(theta, x).a[-1].astype(np.float64, copy=False)
    if not np.isfinite(output).all():
        raise ValueError("The outputs of the network are not all finite numbers; it diverged, and has no scores.")
    return _quantity_scores(network, output, y) if network.output == "identity" else _class_scores(network, output, y)


def probabilities(network: Network, output: Array) -> Array:
    """What the outputs (n, outputs) of a classifier say about each class: (n, k), rows that sum to 1.

    One output speaks for class 1. Several sigmoids or tanhs are independent of each other and are divided by their
    sum; where all are 0 each class gets the same share.
    """
    share = (output + 1) / 2 if network.output == "tanh" else output
    if network.outputs == 1:
        return np.hstack([1 - share, share])
    if network.output == "softmax":
        return share
    total = share.sum(1, keepdims=True)
    return np.divide(share, total, out=np.full_like(share, 1 / network.outputs), where=total > 0)


def _class_scores(network: Network, output: Array, y: Array) -> ClassScores:
    p, predicted, classes = probabilities(network, output), predict(network, output), range(max(network.outputs, 2))
    if not np.isin(y, classes).all():
        raise ValueError(f"y holds {np.setdiff1d(y, classes).tolist()}; the classes are 0 to {classes[-1]}.")
    by_class = precision_recall_fscore_support(y, predicted, labels=classes, zero_division=0)
    return ClassScores(
        float(accuracy_score(y, predicted)),
        _balanced_accuracy(y, predicted),
        float(log_loss(y, p, labels=classes)),  # clips probabilities of 0
        confusion_matrix(y, predicted, labels=classes),
        *by_class,
        _calibration(p, predicted, y),
    )


def _balanced_accuracy(y: Array, predicted: Array) -> float:
    """Equal to `balanced_accuracy_score`, which warns of a class that is predicted but does not occur."""
    return float(recall_score(y, predicted, labels=np.unique(y), average="macro", zero_division=0))


def _calibration(p: Array, predicted: Array, y: Array) -> Calibration:
    from sklearn.calibration import calibration_curve  # five megabytes of every server, and seldom asked for

    promised, came_true = (p[:, 1], y == 1) if p.shape[1] == 2 else (p.max(1), predicted == y)
    observed, mean = calibration_curve(came_true.astype(int), promised, pos_label=1, n_bins=BINS)
    inner_edges = np.linspace(0, 1, BINS + 1)[1:-1]
    return Calibration(mean, observed, np.unique_counts(np.searchsorted(inner_edges, promised)).counts)


def _quantity_scores(network: Network, output: Array, y: Array) -> QuantityScores:
    predicted = predict(network, output)
    with np.errstate(over="ignore"):  # squares of very large errors are infinite
        return QuantityScores(
            float(r2_score(y, predicted)) if len(y) > 1 else np.nan,
            float(root_mean_squared_error(y, predicted)),
            float(mean_absolute_error(y, predicted)),
        )
