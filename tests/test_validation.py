"""Scaling that has seen the test part leaks; each sample is tested on once; the folds score as scikit-learn's do."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from playground.data import SCALINGS, folds
from playground.engine import accuracy
from playground.estimator import NetworkClassifier, NetworkRegressor
from playground.experiment import Config, build, dataset_of, split_of
from playground.limits import MOST_PRODUCTS
from playground.validation import (
    Outcome,
    affine,
    affordable,
    column,
    cross_validate,
    fitted_on_all,
    leak,
    learned_from,
    spread,
    with_leak,
)


def outcomes(legs) -> list[Outcome]:
    return [leg for leg in legs if isinstance(leg, Outcome)]


# --- scaling


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("data", ["circle", "iris", "digits"])
def test_a_scaler_is_its_centre_and_its_scale(scaling, data):
    scaler = build(Config(data=data, scaling=scaling)).data.scaler
    centre, scale = affine(scaler)
    x = np.random.default_rng(0).normal(size=(5, scaler.n_features_in_))
    np.testing.assert_allclose(scaler.transform(x), (x - centre) / scale, atol=1e-9)


def test_each_scaling_does_to_the_training_part_what_it_says():
    def seen(scaling):
        return column(learned_from(build(Config(data="wine", scaling=scaling, labels=50)).data))

    np.testing.assert_allclose(seen("standardise").mean, 0, atol=1e-12)
    np.testing.assert_allclose(seen("standardise").deviation, 1)
    np.testing.assert_allclose(seen("min-max").smallest, 0, atol=1e-12)
    np.testing.assert_allclose(seen("min-max").largest, 1)
    robust = learned_from(build(Config(data="wine", scaling="robust")).data)
    np.testing.assert_allclose(np.median(robust, 0), 0, atol=1e-12)


def test_a_leak_moves_the_centre_by_what_the_test_part_differs():
    config = Config(data="iris", scaling="standardise")
    dataset, experiment = dataset_of(config), build(config)
    found, leaky = leak(experiment, dataset)
    train, _, _ = split_of(config, dataset)
    x = dataset.x
    np.testing.assert_allclose(found.shift, (x.mean(0) - x[train].mean(0)) / x[train].std(0))
    np.testing.assert_allclose(found.stretch, x.std(0) / x[train].std(0))
    np.testing.assert_allclose(leaky.mean_, x.mean(0))


def test_nothing_leaks_where_nothing_is_fitted():
    config = Config(data="iris", scaling="none")
    found, _ = leak(build(config), dataset_of(config))
    assert not found.shift.any()
    assert (found.stretch == 1).all()


def test_features_of_points_are_scaled_and_not_the_points():
    config = Config(features=("x1", "x1x2", "sinx2"))
    scaler = fitted_on_all(config, dataset_of(config))
    assert scaler.n_features_in_ == 3


def test_with_and_without_the_leak_all_else_is_the_same():
    config = Config(data="iris", lr=0.03, hidden=(4,))
    experiment, dataset = build(config), dataset_of(config)
    honest, leaky = outcomes(with_leak(experiment, dataset, 40))
    run = experiment.run()
    theta = run.seek(40).theta
    assert honest.train.loss == run.loss()
    assert honest.test.score == accuracy(run.network, theta, experiment.data.test.x, experiment.data.test.y)
    scaled = build(config, scaler=fitted_on_all(config, dataset))
    theta = scaled.run().seek(40).theta
    assert leaky.test.score == accuracy(run.network, theta, scaled.data.test.x, scaled.data.test.y)
    assert leaky.test.loss != honest.test.loss
    assert (honest.n_train, honest.n_test) == (leaky.n_train, leaky.n_test) == (75, 75)


# --- folds


@pytest.mark.parametrize("k", [3, 5])
def test_folds_score_as_scikit_learn_scores_them(k):
    config = Config(data="iris", hidden=(5,), lr=0.03, seed=3)  # 150 samples: every fold has as many
    experiment, dataset = build(config), dataset_of(config)
    epochs = 4
    steps = epochs * -(-(150 - 150 // k) // 32)
    found = [outcome.test.score for outcome in outcomes(cross_validate(experiment, dataset, k, steps))]
    model = NetworkClassifier(hidden=(5,), learning_rate=0.03, epochs=epochs, random_state=3)
    pipeline = make_pipeline(StandardScaler(), model)
    expected = cross_val_score(pipeline, dataset.x, dataset.y, cv=folds(dataset, k, 3))
    np.testing.assert_allclose(found, expected)
    assert spread(found) == pytest.approx((expected.mean(), expected.std(ddof=1)))


def test_a_regression_is_scored_by_r2_as_scikit_learn_does():
    config = Config(data="plane", hidden=(3,), lr=0.03, loss="half-mse", n=200)
    experiment, dataset = build(config), dataset_of(config)
    found = [outcome.test.score for outcome in outcomes(cross_validate(experiment, dataset, 4, 3 * 5))]
    model = NetworkRegressor(hidden=(3,), epochs=3, random_state=7)
    expected = cross_val_score(make_pipeline(StandardScaler(), model), dataset.x, dataset.y, cv=folds(dataset, 4, 7))
    np.testing.assert_allclose(found, expected)


def test_every_sample_is_tested_on_once_and_hidden_labels_stay_hidden():
    config = Config(data="iris", labels=20)
    found = outcomes(cross_validate(build(config), dataset_of(config), 5, 2))
    assert sum(outcome.n_test for outcome in found) == 150
    assert [outcome.n_train for outcome in found] == [24] * 5


def test_without_labels_each_fold_learns_its_own_clusters():
    config = Config(data="iris", labels=0, lr=0.03)
    found = outcomes(cross_validate(build(config), dataset_of(config), 3, 60))
    assert all(outcome.n_train == 100 and outcome.test.score > 0.8 for outcome in found)


def test_in_between_one_hears_how_far_a_fold_is():
    config = Config(data="iris")
    legs = list(cross_validate(build(config), dataset_of(config), 2, 40))
    first = legs[: next(i for i, leg in enumerate(legs) if isinstance(leg, Outcome))]
    assert first == [32 / 40, 1]


def test_a_fold_of_much_work_is_heard_of_often():
    config = Config(n=5000, hidden=(16,) * 6, batch=None)
    legs = cross_validate(build(config), dataset_of(config), 2, 100)
    assert [next(legs), next(legs)] == [0.02, 0.04]


def test_a_fold_that_diverges_ends_where_it_was_finite():
    config = Config(data="plane", loss="half-mse", optimizer="sgd", lr=10.0, batch=None, hidden=(4,), activation="relu")
    found = outcomes(cross_validate(build(config), dataset_of(config), 2, 300))
    assert any(outcome.diverged and outcome.steps < 300 for outcome in found)


def test_too_many_folds_are_refused_in_a_sentence():
    config = Config(n=20)
    dataset = dataset_of(config)
    small = replace(dataset, x=dataset.x[:3], y=dataset.y[:3])
    with pytest.raises(ValueError, match=r"k must be|at least"):
        next(cross_validate(build(config), small, 5, 10))


def test_as_many_steps_as_the_stage_an_epoch_at_least_and_never_too_much_work():
    experiment = build(Config())
    assert affordable(experiment, 500, 5, 400) == 500
    assert affordable(experiment, 3, 5, 400) == 13
    large = build(Config(data="digits", hidden=(16, 16, 16), batch=None))
    steps = affordable(large, 10**6, 10, 1600)
    assert steps < 10**5
    assert 10 * steps * 1600 * large.network.n_parameters < MOST_PRODUCTS
    assert affordable(build(Config(dropout=0.2)), 10**6, 2, 400) < 10**5  # a step that cannot be recorded takes long


def test_the_spread_is_that_of_a_sample():
    assert spread([0.5, 0.7]) == pytest.approx((0.6, np.sqrt(0.02)))
    assert spread([0.4]) == (0.4, 0.0)
