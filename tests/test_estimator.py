"""The networks are scikit-learn estimators like any other, and learn exactly what the engine learns."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris, make_circles, make_moons
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from playground.engine import Diverged, Network, Training, loss, start, step, steps_per_epoch
from playground.estimator import NetworkClassifier, NetworkRegressor
from playground.evaluation import evaluate

IRIS = load_iris(return_X_y=True)
MOONS = make_moons(200, noise=0.1, random_state=0)
LINE = np.linspace(-2, 2, 90)
WAVE = LINE[:, None], np.sin(2 * LINE)
every_kind = pytest.mark.parametrize(
    ("estimator", "data"),
    [(NetworkClassifier, MOONS), (NetworkClassifier, IRIS), (NetworkRegressor, WAVE)],
    ids=["two classes", "three classes", "quantity"],
)


@parametrize_with_checks([NetworkClassifier(), NetworkRegressor()])
def test_scikit_learn_accepts_it_as_an_estimator(estimator, check):
    check(estimator)


# --- learning


def test_a_pipeline_with_scaling_learns_two_moons():
    x, y = MOONS
    model = make_pipeline(StandardScaler(), NetworkClassifier(random_state=0))
    assert cross_val_score(model, x * 1000, y).mean() > 0.98
    assert cross_val_score(model[-1], x * 1000, y).mean() < 0.95  # unscaled, every neuron is saturated


def test_iris_is_learned_as_well_as_by_scikit_learns_own_network():
    x, y = IRIS
    theirs = MLPClassifier((8,), "tanh", solver="lbfgs", alpha=0.1, max_iter=2000, random_state=0)
    ours = NetworkClassifier(random_state=0, l2=0.001)
    scores = [cross_val_score(make_pipeline(StandardScaler(), model), x, y).mean() for model in (ours, theirs)]
    assert scores[0] == pytest.approx(scores[1], abs=0.03)
    assert min(scores) > 0.93


def test_a_wave_is_learned():
    assert NetworkRegressor(random_state=0).fit(*WAVE).score(*WAVE) > 0.98


def test_targets_far_from_1_are_learned_once_they_are_scaled():
    x, y = load_diabetes(return_X_y=True)
    network = NetworkRegressor(hidden=(4,), epochs=40, random_state=0)
    model = TransformedTargetRegressor(make_pipeline(StandardScaler(), network), transformer=StandardScaler())
    assert cross_val_score(model, x, y).mean() > 0.4


def test_a_search_finds_that_circles_need_a_hidden_layer():
    choices = {"hidden": [(), (1,), (6,)], "learning_rate": [0.001, 0.05]}
    search = GridSearchCV(NetworkClassifier(epochs=60, random_state=0), choices)
    search.fit(*make_circles(200, factor=0.5, noise=0.05, random_state=0))
    assert search.best_params_ == {"hidden": (6,), "learning_rate": 0.05}
    assert search.best_score_ > 0.95


# --- the same as the engine


def by_hand(network, training, x, y, epochs):
    state, curve = start(network, training), []
    for _ in range(epochs):
        for _ in range(steps_per_epoch(training, len(x))):
            state = step(state, network, training, x, y)
        curve.append(loss(network, training, state.theta, x, y))
    return state.theta, curve


CHOICES = {"optimizer": "momentum", "learning_rate": 0.02, "batch_size": 20, "init": "he", "l1": 0.001, "l2": 0.01}


@pytest.mark.parametrize(
    ("estimator", "data", "outputs", "output", "name"),
    [
        (NetworkClassifier, MOONS, 1, "sigmoid", "cross-entropy"),
        (NetworkClassifier, IRIS, 3, "softmax", "mse"),
        (NetworkRegressor, WAVE, 1, "identity", "huber"),
    ],
)
def test_fitting_is_stepping_the_engine_by_hand(estimator, data, outputs, output, name):
    x, y = data
    hidden, activation = (5, 3), ("relu", "tanh")
    network = Network(x.shape[1], hidden, outputs, activation, output)
    theta, curve = by_hand(network, Training(loss=name, seed=11, **CHOICES), x, y, epochs=7)
    model = estimator(hidden=hidden, activation=activation, loss=name, epochs=7, random_state=11, **CHOICES).fit(x, y)
    assert model.network_ == network
    assert model.theta_ == pytest.approx(theta, rel=1e-11, abs=1e-13)
    assert model.loss_curve_ == pytest.approx(curve, rel=1e-11)
    assert model.n_iter_ == 7


@every_kind
def test_its_score_is_the_one_of_the_evaluation(estimator, data):
    model = estimator(epochs=5, random_state=0).fit(*data)
    scores = evaluate(model.network_, model.theta_, *data)
    assert model.score(*data) == pytest.approx(scores.accuracy if estimator is NetworkClassifier else scores.r2)
    assert 0.2 < model.score(*data) < 0.999


def test_defaults_are_cross_entropy_for_classes_and_half_the_squared_error_for_a_quantity():
    assert (NetworkClassifier().loss, NetworkRegressor().loss) == ("cross-entropy", "half-mse")
    assert set(NetworkClassifier().get_params()) == set(NetworkRegressor().get_params())


# --- classes and probabilities


@pytest.mark.parametrize("names", [["ja", "nein"], ["c", "a", "b"]])
def test_classes_may_have_names_and_probabilities_stand_in_their_order(names):
    x, y = IRIS
    x, y = x[y < len(names)], y[y < len(names)]
    model = NetworkClassifier(random_state=0).fit(x, np.array(names)[y])
    p = model.predict_proba(x)
    assert model.classes_.tolist() == sorted(names)
    assert p.shape == (len(x), len(names))
    assert p.sum(1) == pytest.approx(1)
    assert model.predict(x).tolist() == model.classes_[p.argmax(1)].tolist()
    assert model.score(x, np.array(names)[y]) > 0.95


# --- randomness and batches


@every_kind
def test_the_same_seed_is_the_same_network_and_another_seed_another_one(estimator, data):
    theta = [estimator(epochs=2, random_state=seed).fit(*data).theta_ for seed in (3, 3, 4)]
    assert theta[0].tolist() == theta[1].tolist() != theta[2].tolist()


def test_without_a_seed_every_fit_is_another_one():
    model = NetworkRegressor(epochs=1)
    assert model.fit(*WAVE).theta_.tolist() != model.fit(*WAVE).theta_.tolist()


def test_a_random_state_goes_on_from_fit_to_fit():
    def two_fits():
        model = NetworkRegressor(epochs=1, random_state=np.random.RandomState(5))
        return [model.fit(*WAVE).theta_.tolist() for _ in range(2)]

    assert two_fits() == two_fits()
    assert two_fits()[0] != two_fits()[1]


@every_kind
def test_a_batch_of_more_than_all_examples_is_all_of_them(estimator, data):
    def theta(size):
        return estimator(epochs=3, batch_size=size, random_state=0).fit(*data).theta_.tolist()

    n = len(data[0])
    assert theta(None) == theta(n) == theta(n + 1) == theta(9999)
    assert theta(None) != theta(n - 1)


# --- copies


@every_kind
def test_a_pickled_network_answers_the_same(estimator, data):
    x, y = data
    model = estimator(epochs=2, random_state=0).fit(x, y)
    restored = pickle.loads(pickle.dumps(model))
    assert restored.predict(x).tolist() == model.predict(x).tolist()
    assert restored.fit(x, y).theta_.tolist() == model.theta_.tolist()


@every_kind
def test_a_clone_has_the_choices_and_nothing_learned(estimator, data):
    model = estimator(hidden=[3, 2], epochs=2, l2=0.1, random_state=0).fit(*data)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert len({copy, model}) == 2  # equal choices do not make two estimators one
    with pytest.raises(NotFittedError):
        copy.predict(data[0])


# --- refusals


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"hidden": (0,)}, "hidden layer width"),
        ({"hidden": 8}, "hidden must be a list"),
        ({"activation": "sinus"}, "activation"),
        ({"loss": "hinges"}, "loss"),
        ({"optimizer": "adma"}, "optimizer"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": "all"}, "batch_size"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 1.5}, "epochs"),
        ({"init": "best"}, "init"),
        ({"l1": -1}, "l1"),
        ({"l2": "little"}, "l2"),
        ({"random_state": -1}, "seed"),
    ],
    ids=str,
)
@every_kind
def test_a_choice_that_cannot_work_is_named(estimator, data, choice, message):
    with pytest.raises(ValueError, match=message):
        estimator(**{"epochs": 1, **choice}).fit(*data)


@pytest.mark.parametrize("name", ["cross-entropy", "hinge"])
def test_a_loss_of_classes_is_refused_for_a_quantity(name):
    with pytest.raises(ValueError, match=f"loss must be one of mse, half-mse, mae, huber, not '{name}'"):
        NetworkRegressor(loss=name).fit(*WAVE)


def test_one_class_only_is_refused():
    with pytest.raises(ValueError, match=r"at least two classes; it holds 1 class only, \['yes'\]"):
        NetworkClassifier().fit([[0.0], [1.0]], ["yes", "yes"])


def test_several_targets_are_refused_and_a_column_is_taken_as_one():
    x, y = WAVE
    for model in (NetworkRegressor(), NetworkClassifier()):
        with pytest.raises(ValueError, match="should be a 1d array"):
            model.fit(x, np.ones((len(x), 2), int))
    with pytest.warns(DataConversionWarning, match="column-vector"):
        column = NetworkRegressor(epochs=1, random_state=0).fit(x, y[:, None])
    assert column.predict(x).shape == (90,)
    assert column.theta_.tolist() == NetworkRegressor(epochs=1, random_state=0).fit(x, y).theta_.tolist()


def test_a_run_that_diverges_says_so_and_leaves_nothing_to_predict_with():
    model = NetworkRegressor(activation="relu", optimizer="sgd", learning_rate=1e5, random_state=0)
    with pytest.raises(Diverged, match=r"not finite after epoch \d+; scale the data, or learn slower"):
        model.fit(*WAVE)
    with pytest.raises(NotFittedError):
        model.predict(WAVE[0])
