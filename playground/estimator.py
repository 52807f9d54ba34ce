"""The playground's networks as scikit-learn estimators: for pipelines, cross-validation and parameter searches."""

from dataclasses import dataclass
from numbers import Integral
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from playground.engine import LOSSES, Diverged, Network, State, Training, loss, predict, start, steps_per_epoch
from playground.engine.checks import check_choice, check_whole
from playground.engine.tape import walker
from playground.evaluation import probabilities

Array = np.ndarray

QUANTITY_LOSSES = [key for key, rule in LOSSES.items() if "identity" in rule.outputs]


@dataclass(kw_only=True, eq=False, repr=False)  # writes __init__; scikit-learn brings the rest
class _NetworkEstimator(BaseEstimator):
    hidden: tuple[int, ...] = (8,)
    activation: str | tuple[str, ...] = "tanh"
    loss: str = "cross-entropy"
    optimizer: str = "adam"
    learning_rate: float = 0.03
    batch_size: int | None = 32
    epochs: int = 200
    init: str = "xavier"
    l1: float = 0.0
    l2: float = 0.0
    random_state: int | np.random.RandomState | None = None

    def _learn(self, outputs: int, output: str, x: Array, y: Array) -> Self:
        """Train on x (n, inputs), y (n,) and keep what was learned."""
        check_whole("epochs", self.epochs, 1)
        network, training = Network(x.shape[1], self.hidden, outputs, self.activation, output), self._training(len(x))
        state, curve = _run(network, training, x, y, self.epochs)
        self.network_, self.theta_, self.n_iter_, self.loss_curve_ = network, state.theta, self.epochs, curve
        return self

    def _training(self, n: int) -> Training:
        return Training(
            loss=self.loss,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            batch_size=_batch_size(self.batch_size, n),
            init=self.init,
            l1=self.l1,
            l2=self.l2,
            seed=_seed(self.random_state),
        )

    def _output(self, X: ArrayLike) -> Array:
        """What the output neurons answer, (n, outputs)."""
        check_is_fitted(self, "theta_")  # other attributes may be left by a fit that failed
        x = validate_data(self, X, reset=False, dtype=np.float64)
        return self.network_.forward(self.theta_, x).a[-1]


class NetworkClassifier(ClassifierMixin, _NetworkEstimator):
    """A network that learns classes: one sigmoid output for two of them, softmax for more.

    The parameters are those of `Network` and `Training`, with `epochs` and `random_state` for the seed: a whole
    number is the seed itself, so that the run is the engine's own. `batch_size` is at most the number of examples,
    and None is all of them. Inputs are used as they are; put a `StandardScaler` in front, in a `Pipeline`.

    After `fit`: `classes_` (k,), `network_`, its parameters `theta_` (P,), `n_iter_` epochs, `loss_curve_` (n_iter_,)
    the training loss after each epoch, penalty included, and `n_features_in_`.
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from X (n, inputs), y (n,) of at least two classes, from a fresh start.

        Raises `ValueError` for a parameter or data that cannot work, and `Diverged` where the loss is not finite.
        """
        x, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if (k := len(self.classes_)) < 2:
            raise ValueError(f"y must hold at least two classes; it holds 1 class only, {self.classes_.tolist()}.")
        return self._learn(*((1, "sigmoid") if k == 2 else (k, "softmax")), x, codes)

    def predict(self, X: ArrayLike) -> Array:
        """The class (n,) of each row of X (n, inputs)."""
        output = self._output(X)
        return self.classes_[predict(self.network_, output)]

    def predict_proba(self, X: ArrayLike) -> Array:
        """The probability of each class for X (n, inputs): (n, k), columns as in `classes_`."""
        output = self._output(X)
        return probabilities(self.network_, output)


@dataclass(kw_only=True, eq=False, repr=False)
class NetworkRegressor(RegressorMixin, _NetworkEstimator):
    """A network that learns a quantity, with one identity output.

    Parameters and fitted attributes are those of `NetworkClassifier`, without `classes_`. Inputs and targets are
    used as they are; put a `StandardScaler` in front, in a `Pipeline`, and a `TransformedTargetRegressor` around it
    where y is far from the size of 1.
    """

    loss: str = "half-mse"

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from X (n, inputs), y (n,), from a fresh start.

        Raises `ValueError` for a parameter or data that cannot work, and `Diverged` where the loss is not finite.
        """
        check_choice("loss", self.loss, QUANTITY_LOSSES)
        x, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        return self._learn(1, "identity", x, y)

    def predict(self, X: ArrayLike) -> Array:
        """The quantity (n,) for each row of X (n, inputs)."""
        output = self._output(X)
        return predict(self.network_, output)


def _run(network: Network, training: Training, x: Array, y: Array, epochs: int) -> tuple[State, Array]:
    """The state after the last epoch, and the loss after each, (epochs,)."""
    state, curve = start(network, training), np.empty(epochs)
    walk, steps = walker(network, training, x, y), steps_per_epoch(training, len(x))
    for epoch in range(epochs):
        state, _ = walk(state, steps)
        curve[epoch] = loss(network, training, state.theta, x, y)
        if not np.isfinite(curve[epoch]):
            raise Diverged(f"The loss is not finite after epoch {epoch + 1:,}; scale the data, or learn slower.")
    return state, curve


def _batch_size(batch_size: int | None, n: int) -> int | None:
    """None, which is all examples, where there are not more; what is impossible is left for `Training` to refuse."""
    return None if isinstance(batch_size, Integral) and batch_size >= n else batch_size


def _seed(random_state: int | np.random.RandomState | None) -> int:
    if isinstance(random_state, Integral):
        return random_state
    return int(check_random_state(random_state).randint(2**31))
