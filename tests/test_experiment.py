"""What a learner chooses is what is trained; and what the introductions claim about learning comes true."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from playground.data import DATASETS, FEATURES, load, real, write_points
from playground.engine import ACTIVATIONS, LOSSES, accuracy, r2, steps_per_epoch
from playground.experiment import DRAWN, TABLE, Config, build, losses_for, output_of, suggested

SEEDS = range(3)
every_data_set = pytest.mark.parametrize("data", DATASETS)


def trained(config, steps):
    run = build(config).run()
    run.seek(steps)
    return run


def accuracy_after(steps, **choices):
    """Training accuracy of a config for each of a few seeds, (seeds,)."""
    runs = [trained(Config(seed=seed, **choices), steps) for seed in SEEDS]
    return np.array([accuracy(run.network, run.state.theta, run.x, run.y) for run in runs])


# --- building


def test_the_default_run_reaches_95_percent_training_accuracy_within_45_steps():
    """A promise of the page: one picture a step, so a learner sees it learn at once."""
    run = build(Config()).run()
    seen = []
    for target in range(46):
        run.seek(target)
        seen.append(accuracy(run.network, run.state.theta, run.x, run.y))
    assert seen[0] < 0.75
    assert max(seen) >= 0.95


CHOICES = [
    {},
    {"hidden": (), "batch": None},
    {"hidden": (3, 2, 4), "activation": ("relu", "tanh", "sigmoid"), "init": "he", "optimizer": "momentum", "lr": 0.01},
    {"features": tuple(FEATURES), "l1": 0.001, "l2": 0.01, "noise": 30, "optimizer": "sgd", "batch": 1},
    {"n": 20, "split": 10, "hidden": (8,) * 6, "init": "zeros"},
]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
@every_data_set
def test_every_data_set_can_be_trained_on(data, choices):
    for loss in losses_for(Config(data=data)):
        run = trained(Config(data=data, loss=loss, **choices), 20)
        assert run.state.step == 20
        assert np.isfinite(run.loss())


@every_data_set
def test_equal_configs_are_equal_runs_to_the_bit(data):
    config = Config(data=data, loss=losses_for(Config(data=data))[0], noise=10)
    one, same, other = (trained(c, 50).state.theta for c in (config, replace(config), replace(config, seed=5)))
    assert one.tobytes() == same.tobytes()
    assert not np.array_equal(one, other)


def test_what_is_chosen_is_what_is_trained():
    config = Config(
        data="blobs",
        n=200,
        split=75,
        seed=9,
        features=("x1", "x2", "x1x2"),
        hidden=(5,),
        activation=("relu",),
        init="he",
        loss="mse",
        optimizer="momentum",
        lr=0.02,
        batch=7,
        l1=0.1,
        l2=0.2,
    )
    experiment = build(config)
    network, training = experiment.network, experiment.training
    assert experiment.config is config
    assert (network.inputs, network.hidden, network.outputs) == (3, (5,), 3)
    assert (network.activation, network.output) == (("relu",), "softmax")
    assert (training.loss, training.optimizer, training.init) == ("mse", "momentum", "he")
    assert (training.learning_rate, training.batch_size, training.seed) == (0.02, 7, 9)
    assert (training.l1, training.l2) == (0.1, 0.2)
    assert experiment.data.train.x.shape == (150, 3)
    assert experiment.data.test.x.shape == (50, 3)
    assert experiment.run().x is experiment.data.train.x


def test_noise_reaches_the_data():
    clean, noisy = (build(Config(data="gaussian", noise=noise)).dataset.x for noise in (0, 40))
    assert np.ptp(noisy) > np.ptp(clean)


@every_data_set
def test_the_output_suits_the_data(data):
    classes = len(DATASETS[data].class_names)
    assert output_of(Config(data=data)) == {0: "identity", 2: "sigmoid"}.get(classes, "softmax")
    network = build(Config(data=data, loss=losses_for(Config(data=data))[0])).network
    assert network.outputs == (classes if classes > 2 else 1)


@every_data_set
def test_the_losses_offered_suit_the_output_and_cross_entropy_comes_first_for_classes(data):
    offered = losses_for(Config(data=data))
    assert all(output_of(Config(data=data)) in LOSSES[key].outputs for key in offered)
    assert (offered[0] == "cross-entropy") == (DATASETS[data].kind == "classification")
    assert ("cross-entropy" in offered) == (DATASETS[data].kind == "classification")
    assert ("hinge" in offered) == (len(DATASETS[data].class_names) == 2)


def test_what_is_learned_does_not_depend_on_the_inputs():
    """A table is not cut to its inputs to find out what it is about."""
    everything, some = Config(data="iris"), Config(data="iris", inputs=(2, 99))
    assert losses_for(some) == losses_for(everything)
    with pytest.raises(ValueError, match=r"^inputs must be columns from 0 to 3, not 99"):
        build(some)


@pytest.mark.parametrize(
    "choices",
    [
        *({"data": "doughnut"}, {"noise": 51}, {"n": 19}, {"split": 95}, {"seed": -1}),
        *({"features": ("x3",)}, {"features": ("x1", "x1")}, {"hidden": (0,)}, {"activation": "step?"}, {"init": "?"}),
        *({"activation": ("tanh",) * 3}, {"loss": "hubris"}, {"optimizer": "?"}),
        *({"lr": float("nan")}, {"lr": -1}, {"batch": 0}, {"l1": -1}, {"l2": float("inf")}),
    ],
    ids=str,
)
def test_a_config_that_cannot_work_is_refused(choices):
    """The engine's names for `lr` and `batch` are the long ones."""
    (field,) = choices
    with pytest.raises(ValueError, match={"lr": "learning_rate", "batch": "batch_size"}.get(field, field)):
        build(Config(**choices))


# --- what the introductions claim


def test_xor_needs_a_hidden_layer():
    assert (accuracy_after(500, data="xor", hidden=()) < 0.75).all()
    assert (accuracy_after(500, data="xor", hidden=(8,)) > 0.95).all()


def test_with_the_product_of_its_inputs_a_single_neuron_learns_xor():
    assert (accuracy_after(200, data="xor", hidden=(), features=("x1x2",)) > 0.95).all()


def test_depth_without_a_curved_activation_is_still_a_straight_line():
    assert (accuracy_after(500, data="circle", hidden=(8, 8, 8), activation="identity", lr=0.03) < 0.75).all()


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS) - {"identity", "step"}))
def test_a_curved_activation_closes_the_circle(activation):
    assert (accuracy_after(500, data="circle", hidden=(8,), activation=activation) > 0.95).all()


def test_no_gradient_passes_a_step_so_only_the_weights_behind_it_learn():
    run = build(Config(hidden=(8,), activation="step")).run()
    (before, bias_before), (out_before, _) = run.network.layers(run.state.theta)
    run.seek(100)
    (after, bias_after), (out_after, _) = run.network.layers(run.state.theta)
    assert np.array_equal(before, after)
    assert np.array_equal(bias_before, bias_after)
    assert (out_before != out_after).all()


def test_two_clouds_need_no_hidden_layer():
    assert (accuracy_after(100, data="gaussian", hidden=()) > 0.95).all()


def test_squares_make_the_circle_a_straight_cut():
    assert (accuracy_after(200, data="circle", hidden=(), features=("x1sq", "x2sq")) > 0.95).all()


def test_a_plane_needs_no_hidden_layer():
    run = trained(Config(data="plane", loss="mse", hidden=()), 300)
    assert r2(run.network, run.state.theta, run.x, run.y) > 0.99


def test_a_penalty_keeps_weights_small_and_l1_makes_idle_ones_vanish():
    """Of seven features, xor needs one."""
    choices = {"data": "xor", "hidden": (), "features": tuple(FEATURES), "optimizer": "sgd"}
    size = {}
    for name, penalty in {"none": {}, "l1": {"l1": 0.05}, "l2": {"l2": 0.05}}.items():
        run = trained(Config(**choices, **penalty), 1000)
        size[name] = np.abs(run.network.layers(run.state.theta)[0][0].ravel())
    assert size["l2"].sum() < size["none"].sum()
    assert size["l1"].sum() < size["none"].sum()
    assert (size["l1"] < 0.02).sum() == 6 > (size["l2"] < 0.02).sum()


@pytest.mark.parametrize(("rate", "outcome"), [(1e-4, "crawls"), (0.1, "converges"), (3.0, "diverges")])
def test_the_learning_rate_decides_between_crawling_and_diverging(rate, outcome):
    run = build(Config(data="plane", loss="mse", hidden=(), optimizer="sgd", batch=None, lr=rate)).run()
    before = run.loss()
    run.seek(100)
    ratio = run.loss() / before
    assert outcome == ("converges" if ratio < 0.01 else "crawls" if ratio < 1 else "diverges")


# --- suggestions

SECOND = 60  # steps: one a picture, sixty pictures a second
SOON = {"circle": SECOND, "xor": SECOND, "moons": 1.5 * SECOND, "spiral": 2 * SECOND, "rings": SECOND, "heart": SECOND}
SOON |= dict.fromkeys(["checkerboard", "above-sine", "above-cubic", "above-abs"], 2 * SECOND)


@pytest.mark.parametrize("data", [key for key, recipe in DATASETS.items() if recipe.kind == "classification"])
def test_with_the_settings_suggested_most_starts_have_learned_within_a_second_or_two_of_playing(data):
    steps = SOON.get(data, SECOND // 2)
    learned = []
    for seed in range(20, 32):
        experiment = build(replace(Config(data=data, seed=seed), **suggested(data)))
        run = experiment.run()
        run.seek(int(steps * 0.8))  # the rest of the time is for the way there and back
        learned.append(accuracy(run.network, run.state.theta, run.x, run.y) >= 0.95)
    assert np.mean(learned) >= 0.8


@every_data_set
def test_every_data_set_has_settings_that_can_be_built(data):
    run = trained(replace(Config(data=data, loss=losses_for(Config(data=data))[0]), **suggested(data)), 100)
    assert (
        run.loss()
        < trained(replace(Config(data=data, loss=losses_for(Config(data=data))[0]), **suggested(data)), 0).loss() / 2
    )


# --- data of every kind


def test_the_first_network_of_the_keras_articles_can_be_built_and_learns():
    """Eight inputs, Dense(10, relu), Dense(1, sigmoid), Adam, batch 10, 150 epochs."""
    config = Config(
        data="eight-inputs", hidden=(10,), activation="relu", optimizer="adam", lr=0.001, batch=10, split=80
    )
    experiment = build(config)
    assert experiment.network.shapes == ((8, 10), (10, 1))
    run = experiment.run()
    run.seek(150 * steps_per_epoch(run.training, len(run.x)))
    assert run.epoch == 150
    theirs = MLPClassifier((10,), batch_size=10, max_iter=150, n_iter_no_change=150, alpha=0, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(experiment.data.train.x, experiment.data.train.y)
    ours = accuracy(run.network, run.state.theta, experiment.data.test.x, experiment.data.test.y)
    assert ours > 0.8
    assert ours == pytest.approx(theirs.score(experiment.data.test.x, experiment.data.test.y), abs=0.06)


@pytest.mark.parametrize(("data", "least"), [("iris", 0.9), ("wine", 0.9), ("breast-cancer", 0.93), ("digits", 0.85)])
def test_real_classes_are_told_apart_on_data_not_seen(data, least):
    experiment = build(replace(Config(data=data), **suggested(data)))
    run = experiment.run()
    run.seek(200)
    assert accuracy(run.network, run.state.theta, experiment.data.test.x, experiment.data.test.y) >= least


def test_columns_that_are_left_out_are_not_seen():
    experiment = build(Config(data="iris", inputs=(1, 3)))
    assert experiment.data.columns == ("sepal width (cm)", "petal width (cm)")
    assert np.array_equal(np.sort(experiment.dataset.x, axis=0), np.sort(real("iris").x[:, [1, 3]], axis=0))
    with pytest.raises(ValueError, match=r"^inputs must be columns from 0 to 3, not 4\."):
        build(Config(data="iris", inputs=(4,)))


def test_the_training_part_alone_decides_the_scale():
    data = build(Config(data="wine", scaling="min-max")).data
    assert data.train.x.min(axis=0) == pytest.approx(0)
    assert data.train.x.max(axis=0) == pytest.approx(1)
    assert data.test.x.min() < 0 or data.test.x.max() > 1


def test_with_no_label_known_clusters_are_learned():
    experiment = build(Config(data="blobs", labels=0))
    assert experiment.dataset.class_names == ("cluster 1", "cluster 2", "cluster 3")
    run = experiment.run()
    run.seek(60)
    assert accuracy(run.network, run.state.theta, run.x, run.y) > 0.95
    with pytest.raises(ValueError, match=r"^labels must be above 0 where values are learned"):
        build(Config(data="plane", labels=0, loss="mse"))


def test_a_few_labels_are_those_of_all_classes():
    experiment = build(Config(data="blobs", classes=6, labels=1))
    assert sorted(experiment.data.train.y) == [0, 1, 2, 3, 4, 5]


def test_a_table_without_its_rows_cannot_be_built():
    with pytest.raises(ValueError, match=r"^data is a table, and a link does not hold it"):
        build(Config(data=TABLE))


def test_points_that_are_drawn_later_leave_the_scale_as_it_was():
    first = build(Config(data=DRAWN, points=write_points(load("xor", 40))))
    later = build(Config(data=DRAWN, points=write_points(load("xor", 200))), scaler=first.data.scaler)
    corner = np.array([[6.0, -6.0]])
    assert np.array_equal(first.data.inputs(corner), later.data.inputs(corner))
