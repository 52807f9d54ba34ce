"""Every fault is found where it is, and a network that learns hears nothing."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from playground.engine import (
    ACTIVATIONS,
    LOSSES,
    Network,
    Training,
    accuracy,
    diagnose,
    gradient,
    largest_stable_rate,
    loss,
    start,
    step,
)
from playground.engine.diagnosis.course import long_steps, overfitting, progress
from playground.engine.diagnosis.finding import say
from playground.engine.diagnosis.neurons import SATURATED
from playground.engine.diagnosis.symptoms import steepest
from playground.experiment import Config, build

SEEDS = range(5)
DEEP = Config(hidden=(4,) * 6, optimizer="sgd")
SILENT = [  # learn, or start to
    Config(),
    Config(activation="softplus"),
    Config(activation="gelu"),
    Config(activation="sine"),
    Config(loss="mse"),
    Config(optimizer="sgd"),
    Config(optimizer="momentum"),
    Config(optimizer="rmsprop"),
    Config(data="xor", noise=25, l2=0.01),
    Config(data="gaussian", hidden=()),
    Config(data="moons", optimizer="sgd"),
    Config(data="blobs", classes=10),
    Config(data="plane", loss="mse", optimizer="sgd"),
    Config(data="plane", loss="mae"),
    Config(noise=50),  # as good as it gets
    replace(DEEP, activation="tanh"),
]


@cache
def run(config, steps):
    """The experiment of a config, and every theta (steps + 1, P) and loss of its run; shorter if it overflows."""
    experiment = build(config)
    states, data = [start(experiment.network, experiment.training)], experiment.data
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            states.append(step(states[-1], experiment.network, experiment.training, data.train.x, data.train.y))
            if not np.isfinite(states[-1].theta).all():
                break
        thetas = np.stack([state.theta for state in states])
        losses = loss(experiment.network, experiment.training, thetas, data.train.x, data.train.y)
    return experiment, thetas, losses


def examine(config, steps, of=None):
    """The findings after some steps of a run that is `of` steps long, all that can be known given."""
    experiment, thetas, losses = run(config, of or steps)
    data = experiment.data
    return diagnose(
        *(experiment.network, experiment.training, thetas[: steps + 1][-1], data.train.x, data.train.y),
        test=(data.test.x, data.test.y),
        losses=losses[: steps + 1],
        before=thetas[: steps + 1][-2] if steps else None,
    )


def kinds(findings):
    return {finding.kind for finding in findings}


def only(findings, kind):
    return [finding for finding in findings if finding.kind == kind]


def clouds(seed=0, n=60):
    x = np.random.default_rng(seed).normal(size=(n, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


# --- silence


@pytest.mark.parametrize("seed", range(10))
def test_the_first_network_a_learner_meets_hears_nothing(seed):
    for steps in range(201):
        assert examine(Config(seed=seed), steps, of=200) == []


@pytest.mark.parametrize("config", SILENT, ids=str)
@pytest.mark.parametrize("seed", SEEDS)
def test_networks_that_learn_hear_nothing(config, seed):
    for steps in (0, 1, 10, 50, 120, 200):
        assert examine(replace(config, seed=seed), steps, of=200) == []


def test_a_network_that_has_learned_all_there_is_hears_nothing():
    assert examine(Config(data="gaussian", optimizer="sgd", lr=1.0), 3000) == []  # where all gradients are tiny


@pytest.mark.parametrize("label", [0, 1])
def test_labels_that_all_agree_give_nothing_to_say(label):
    x, network, training = clouds()[0], Network(2, (4,), 1), Training()
    theta = start(network, training).theta
    assert diagnose(network, training, theta, x, np.full(len(x), label), losses=np.full(300, 0.7)) == []


# --- neurons


@pytest.mark.parametrize("seed", SEEDS)
def test_a_learning_rate_of_ten_kills_relus(seed):
    found = only(examine(Config(activation="relu", hidden=(8, 8), lr=10.0, seed=seed), 20), "dead")
    assert sum(len(finding.units) for finding in found) >= 4


def test_the_dead_are_named():
    network, (x, y) = Network(2, (3, 2), 1, "relu"), clouds()
    theta = np.ones(network.n_parameters)
    network.layers(theta)[0][1][...] = [-100, 100, -100]  # the biases of the first layer
    (finding,) = only(diagnose(network, Training(), theta, x, y), "dead")
    assert (finding.layer, finding.units) == (0, (0, 2))
    assert finding.sentence.startswith("Neurons 1 and 3 of layer 1 have slope 0 for all 60 examples")
    assert not gradient(network, Training(), theta, x, y)[1][[0, 2, 3, 5, 6, 8]].any()  # their weights and biases


def test_a_unit_that_a_single_example_reaches_is_alive():
    network, (x, y) = Network(2, (2,), 1, "relu"), clouds()
    theta = start(network, Training()).theta.copy()
    weights, bias = network.layers(theta)[0]
    reach = np.sort(x @ weights[:, 0])[-2:]
    bias[0] = -reach.mean()  # between the two examples that reach furthest
    assert not only(diagnose(network, Training(), theta, x, y), "dead")
    bias[0] = -reach.max()
    (finding,) = only(diagnose(network, Training(), theta, x, y), "dead")
    assert finding.units == (0,)
    assert finding.sentence.startswith("Neuron 1 of layer 1 has slope 0 for all 60 examples")
    assert finding.evidence == {"share": 1, "examples": 60}


@pytest.mark.parametrize("steps", [0, 200])
def test_steps_have_no_slope_from_start_to_end(steps):
    findings = examine(Config(activation=("tanh", "step")), steps)
    (finding,) = only(findings, "no slope")
    assert (finding.layer, finding.units, finding.evidence) == (1, (0, 1), {"slope": 0})
    assert not kinds(findings) & {"dead", "saturated"}


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softsign", "hard-sigmoid"])
@pytest.mark.parametrize("seed", SEEDS)
def test_weights_too_large_saturate(activation, seed):
    network, (x, y) = Network(2, (6,), 1, activation), clouds(seed)
    theta = start(network, Training(seed=seed)).theta.copy()
    assert not only(diagnose(network, Training(), theta, x, y), "saturated")
    network.layers(theta)[0][0][...] *= 200
    (finding,) = only(diagnose(network, Training(), theta, x, y), "saturated")
    z = network.forward(theta, x).z[0]
    slopes = ACTIVATIONS[activation].df(z, ACTIVATIONS[activation].f(z))
    flat, told = (slopes < 0.05 * steepest(activation)).mean(0), list(finding.units)
    assert finding.evidence["share"] == flat[told].min() >= SATURATED
    dead = (slopes == 0).all(0) if activation == "hard-sigmoid" else np.zeros(6, bool)  # of which more is said
    assert np.flatnonzero((flat >= SATURATED) & ~dead).tolist() == told


def test_a_unit_far_out_for_every_example_is_flat_for_all():
    network, (x, y) = Network(2, (1,), 1), clouds()
    (finding,) = only(diagnose(network, Training(), np.array([1.0, 1, 1e3, 1, 0]), x, y), "saturated")
    assert finding.sentence == "Neuron 1 of layer 1 is on a flat part of the tanh for all examples."


@pytest.mark.parametrize("activation", ["relu", "gelu", "leaky-relu", "softplus", "identity"])
def test_what_has_no_ceiling_does_not_saturate(activation):
    network, (x, y) = Network(2, (6,), 1, activation), clouds()
    theta = start(network, Training()).theta * 200
    assert not only(diagnose(network, Training(), theta, x, y), "saturated")


def test_a_unit_is_dead_or_saturated_and_never_both():
    x, y = clouds()
    for activation, kind in (("tanh", "saturated"), ("sigmoid", "saturated"), ("hard-sigmoid", "dead")):
        network = Network(2, (1,), 1, activation)
        findings = diagnose(network, Training(), np.array([1.0, 1, 1e3, 1, 0]), x, y)
        assert kinds(findings) & {"dead", "saturated"} == {kind}


@pytest.mark.parametrize("init", ["zeros", "constant"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize("steps", [0, 50])
def test_equal_weights_make_copies(init, activation, steps):
    found = only(examine(Config(init=init, activation=activation), steps), "copies")
    assert [(finding.layer, finding.units) for finding in found] == [(0, (0, 1, 2, 3)), (1, (0, 1))]


def test_each_group_of_copies_is_told_apart():
    network, (x, y) = Network(2, (5,), 1), clouds()
    theta = start(network, Training()).theta.copy()
    (weights, bias), (outgoing, _) = network.layers(theta)
    for copy, original in ((2, 0), (4, 1)):
        weights[:, copy], bias[copy], outgoing[copy] = weights[:, original], bias[original], outgoing[original]
    assert [f.units for f in only(diagnose(network, Training(), theta, x, y), "copies")] == [(1, 4), (0, 2)]
    outgoing[4] *= 1 + 1e-12
    close, equal = only(diagnose(network, Training(), theta, x, y), "copies")
    assert 1e-9 > close.evidence["difference"] > equal.evidence["difference"] == 0
    outgoing[4] += 1e-3
    assert [f.units for f in only(diagnose(network, Training(), theta, x, y), "copies")] == [(0, 2)]
    bias[2] += 1e-3
    assert not only(diagnose(network, Training(), theta, x, y), "copies")


# --- gradients and steps


@pytest.mark.parametrize("steps", [0, 60, 200])
@pytest.mark.parametrize("seed", SEEDS)
def test_six_layers_of_sigmoid_lose_the_gradient(seed, steps):
    config = replace(DEEP, activation="sigmoid", seed=seed)
    (finding,) = only(examine(config, steps, of=200), "vanishing gradient")
    assert finding.evidence["ratio"] == finding.evidence["first"] / finding.evidence["last"] < 1
    assert f"{say(1 / finding.evidence['ratio'])} times smaller" in finding.sentence


@pytest.mark.parametrize("activation", ["tanh", "relu", "silu"])
@pytest.mark.parametrize("seed", SEEDS)
def test_six_layers_of_others_keep_it(activation, seed):
    for steps in (0, 60, 200):
        found = kinds(examine(replace(DEEP, activation=activation, seed=seed), steps, of=200))
        assert not found & {"vanishing gradient", "exploding gradient"}


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "identity"])
@pytest.mark.parametrize("seed", SEEDS)
def test_large_weights_make_the_gradient_explode(activation, seed):
    network, (x, y) = Network(2, (8,) * 6, 1, activation), clouds(seed)
    training = Training(init="he", seed=seed)
    theta = start(network, training).theta
    assert not only(diagnose(network, training, theta, x, y), "exploding gradient")
    (finding,) = only(diagnose(network, training, 5 * theta, x, y), "exploding gradient")
    assert f"{say(finding.evidence['ratio'])} times larger" in finding.sentence
    assert finding.layer == 0


@pytest.mark.parametrize("rate", [1e-6, 1e-7])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_tiny_learning_rate_takes_tiny_steps(rate, seed):
    (finding,) = only(examine(Config(optimizer="sgd", lr=rate, seed=seed), 5), "steps too short")
    assert say(1 / finding.evidence["ratio"]) in finding.sentence


def test_where_no_gradient_arrives_the_steps_are_not_to_blame():
    assert kinds(examine(Config(init="zeros", activation="relu"), 50)) == {"copies", "dead"}
    dead = kinds(examine(Config(activation="relu", seed=4), 200))
    assert dead == {"dead", "stalled"}  # Adam still drifts by a billionth


def test_a_layer_that_no_gradient_reaches_does_not_hide_that_the_others_creep():
    found = examine(Config(activation="step", optimizer="sgd", lr=1e-7), 5)
    assert kinds(found) == {"no slope", "steps too short"}


def test_no_step_is_not_a_short_one():
    experiment, thetas, _ = run(Config(), 1)
    known = experiment.network, experiment.training, thetas[0], experiment.data.train.x, experiment.data.train.y
    assert diagnose(*known, before=thetas[0]) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_huge_learning_rate_makes_the_loss_jump(seed):
    found = [examine(Config(optimizer="sgd", lr=10.0, seed=seed), steps, of=300) for steps in range(110, 301, 10)]
    jumps = [finding for findings in found for finding in only(findings, "steps too long")]
    assert jumps
    assert all(finding.evidence["low"] < finding.evidence["high"] for finding in jumps)


def test_long_steps_are_no_fault_where_the_loss_falls_or_rests():
    experiment, thetas, _ = run(Config(), 1)
    known = experiment.network, experiment.training, thetas[0] * 1.5, experiment.data.train.x, experiment.data.train.y
    jumping = 0.6 + 0.1 * (-1) ** np.arange(200)
    for losses, expected in (
        (jumping, {"steps too long", "stalled"}),
        (jumping * np.linspace(2, 1, 200), set()),
        (np.full(200, 0.6), {"stalled"}),
        (jumping[:50], set()),
    ):
        assert kinds(diagnose(*known, before=thetas[0], losses=losses)) - {"saturated"} == expected


@pytest.mark.parametrize("unit", [1e-3, 1, 1e3])
def test_whether_a_loss_jumps_or_a_gap_is_wide_does_not_depend_on_its_unit(unit):
    for jump, told in ((0.1, True), (0.02, False)):
        losses = unit * (0.6 + jump * (-1) ** np.arange(200))
        assert bool(long_steps(np.array([0.5, 0.2]), losses)) == told
    for gap, told in ((0.3, True), (0.1, False)):
        seen, unseen = np.full(100, 0.1 * unit), np.full(100, (0.1 + gap) * unit)
        assert bool(overfitting(seen, unseen, (1.0, 0.5), "accuracy", 0.7 * unit)) == told


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_beyond_the_stable_one_is_told_before_the_first_step(seed):
    (x, _), network = clouds(seed), Network(2, (), 1, output="identity")
    y, theta = x.sum(1), np.zeros(3)
    stable = largest_stable_rate(network, Training(loss="mse"), theta, x, y)

    def found(rate, **others):
        training = Training(**({"loss": "mse", "optimizer": "sgd", "learning_rate": rate} | others))
        return only(diagnose(network, training, theta, x, y), "learning rate too large")

    assert found(3 * stable)[0].evidence == {"learning rate": 3 * stable, "stable": stable}
    assert not found(stable)
    assert not found(3 * stable, optimizer="adam")


# --- losses


@pytest.mark.parametrize("seed", SEEDS)
def test_a_circle_stalls_a_straight_line(seed):
    config = Config(hidden=(), optimizer="sgd", lr=0.5, seed=seed)
    (finding,) = only(examine(config, 300), "stalled")
    assert abs(finding.evidence["then"] - finding.evidence["now"]) < 0.01
    experiment, thetas, losses = run(config, 300)
    _, g = gradient(
        experiment.network, experiment.training, thetas[-1], experiment.data.train.x, experiment.data.train.y
    )
    assert finding.evidence["gradient"] == pytest.approx(np.linalg.norm(g))
    assert finding.evidence["constant"] == pytest.approx(np.log(2), rel=0.01)
    assert finding.evidence["now"] == pytest.approx(losses[-75:].mean())
    assert finding.sentence.startswith("No progress for 150 steps: ")


def test_progress_is_the_share_by_which_the_last_quarter_is_below_the_third():
    assert progress(np.repeat([9.0, 8, 4, 3], [28, 25, 25, 25])) == (4, 3, 0.25)  # what is left over is the oldest
    assert progress(np.zeros(100)) == (0, 0, 0)


def test_a_loss_that_still_falls_has_not_stalled():
    experiment, thetas, _ = run(Config(), 1)
    known = experiment.network, experiment.training, thetas[0], experiment.data.train.x, experiment.data.train.y
    assert "stalled" in kinds(diagnose(*known, losses=np.full(200, 0.7)))
    assert "stalled" not in kinds(diagnose(*known, losses=np.linspace(0.8, 0.7, 200)))
    assert "stalled" not in kinds(diagnose(*known, losses=np.full(50, 0.7)))


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_who_answers_everything_with_the_commoner_class_has_stalled_whatever_the_loss(key, share):
    network, training = Network(2, (), 1), Training(loss=key)
    x, y = np.random.default_rng(0).normal(size=(100, 2)), (np.arange(100) < 100 * share).astype(int)
    answers = np.concatenate([np.zeros((801, 2)), np.linspace(-8, 8, 801)[:, None]], 1)
    losses = loss(network, training, answers, x, y)
    theta = answers[losses.argmin()]
    assert "stalled" in kinds(diagnose(network, training, theta, x, y, losses=np.full(200, losses.min())))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_learned_in_steps_too_long_diverges(seed):
    config = Config(data="plane", loss="mse", hidden=(), optimizer="sgd", lr=3.0, seed=seed)
    (finding,) = only(examine(config, 100), "diverged")
    assert finding.evidence["now"] > finding.evidence["start"] == examine_loss(config, 0)
    assert kinds(examine(config, 5000)) == {"diverged"}  # by now it overflows, and nothing else can be said
    assert "diverged" not in kinds(examine(replace(config, lr=0.1), 100))


@pytest.mark.parametrize("size", [1e120, np.inf])
def test_where_the_loss_overflows_nothing_else_is_said(size):
    network, (x, y), training = (
        Network(2, (4, 4), 1, "relu", "identity"),
        clouds(),
        Training(loss="mse", optimizer="sgd"),
    )
    known = network, training, np.full(network.n_parameters, size), x, y
    (finding,) = diagnose(*known, test=(x, y), before=known[2] * 0.5, losses=np.ones(200))
    assert finding.kind == "diverged"
    assert not np.isfinite(finding.evidence["now"])


def examine_loss(config, steps):
    return run(config, steps)[2][-1]


def overfitted(seed, **others):
    return Config(**({"data": "xor", "noise": 35, "n": 200, "split": 20, "hidden": (8, 8), "seed": seed} | others))


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
def test_a_large_network_learns_few_noisy_examples_by_heart(seed):
    (finding,) = only(examine(overfitted(seed), 400), "overfitting")
    experiment, thetas, _ = run(overfitted(seed), 400)
    data = experiment.data
    assert finding.evidence["train accuracy"] == accuracy(experiment.network, thetas[-1], data.train.x, data.train.y)
    assert finding.evidence["test accuracy"] == accuracy(experiment.network, thetas[-1], data.test.x, data.test.y)
    assert finding.evidence["test loss"] == loss(experiment.network, Training(), thetas[-1], data.test.x, data.test.y)
    assert not only(examine(overfitted(seed), 0), "overfitting")


@pytest.mark.parametrize("seed", SEEDS)
def test_more_data_closes_the_gap(seed):
    assert not only(examine(overfitted(seed, n=2000, split=80), 400), "overfitting")


def test_a_gap_between_a_handful_of_examples_may_be_chance():
    seen, unseen, scores = np.full(100, 0.1), np.array([0.0, 2.0]), (1.0, 0.5)
    assert not overfitting(seen, unseen, scores, "accuracy", 0.7)
    (finding,) = overfitting(seen, np.tile(unseen, 50), scores, "accuracy", 0.7)
    assert "(accuracy 100% and 50%)" in finding.sentence
    assert not overfitting(seen, seen + np.inf, scores, "accuracy", 0.7)


def test_the_gap_of_a_quantity_is_told_with_its_r2():
    network, (x, _) = Network(2, (), 1, output="identity"), clouds()
    theta, y = np.array([1.0, 1, 0]), x.sum(1)
    (finding,) = diagnose(network, Training(loss="mse"), theta, x, y, test=(x, y + 5 * np.sin(9 * y)))
    assert finding.evidence["train R²"] == 1 > finding.evidence["test R²"]


# --- the record


def test_every_finding_has_a_sentence_and_numbers_and_points_at_what_exists():
    configs = [Config(activation="relu", lr=10.0), Config(init="zeros"), replace(DEEP, activation="sigmoid")]
    configs += [Config(optimizer="sgd", lr=10.0), overfitted(0), Config(activation="step"), Config(lr=3.0)]
    for config in configs:
        network, findings = build(config).network, examine(config, 300)
        assert findings
        for finding in findings:
            assert finding.sentence[0].isupper()
            assert finding.sentence.endswith(".")
            assert any(digit in finding.sentence for digit in "0123456789")
            assert all(type(number) in (int, float) for number in finding.evidence.values())
            assert finding.evidence
            assert finding.layer is None or 0 <= finding.layer <= len(network.hidden)
            assert finding.layer is None or f"layer {finding.layer + 1}" in finding.sentence
            assert not finding.units or max(finding.units) < network.hidden[finding.layer]
            assert hash(finding) == hash(replace(finding))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00009, "9.0 × 10⁻⁵"),
        (0.00012, "0.00012"),
        (0.6931, "0.69"),
        (1, "1"),
        (3.14159, "3.14"),
        (16040, "16,000"),
        (-640_000, "-640,000"),
        (1e6, "1.0 × 10⁶"),
        (6.6e-7, "6.6 × 10⁻⁷"),
        (3.4e9, "3.4 × 10⁹"),
        (np.inf, "no finite number"),
        (np.nan, "no finite number"),
    ],
)
def test_numbers_are_written_as_by_hand(value, text):
    assert say(value) == text


def test_a_diagnosis_takes_one_network_and_matching_examples():
    network, (x, y), training = Network(2, (4,), 1), clouds(), Training()
    theta = start(network, training).theta
    with pytest.raises(ValueError, match=r"^theta has shape \(3, 17\); a diagnosis needs one network, \(17,\)\.$"):
        diagnose(network, training, np.stack([theta] * 3), x, y)
    with pytest.raises(ValueError, match=r"^x has 60 examples and y 59;"):
        diagnose(network, training, theta, x, y[1:])
    with pytest.raises(ValueError, match=r"^x has 0 examples"):
        diagnose(network, training, theta, x[:0], y[:0])
    assert diagnose(network, training, theta, x[:1], y[:1]) == []


def test_a_diagnosis_changes_nothing():
    network, (x, y), training = Network(2, (4,), 1, "relu"), clouds(), Training(optimizer="sgd", l1=0.1, l2=0.1)
    theta = start(network, training).theta
    given = [theta, x, y, np.full(200, 0.7), theta * 0.9]
    before = [array.copy() for array in given]
    diagnose(network, training, *given[:3], test=(x, y), losses=given[3], before=given[4])
    assert all(np.array_equal(now, then) for now, then in zip(given, before, strict=True))
