"""Whatever a learner combines, learning makes the loss smaller; where nothing can be learned, nothing moves."""

from itertools import product

import numpy as np
import pytest

from playground.engine import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    Network,
    Training,
    accuracy,
    advance,
    loss,
    start,
)

PENALTIES = {
    "none": {},
    "l1": {"l1": 0.001},
    "l2": {"l2": 0.001},
    "both": {"l1": 0.001, "l2": 0.001},
    "zeros": {"l1": 0.001, "keep_zeros": True},
    "dropout": {"dropout": 0.1},
}
RATES = {
    "sgd": 0.2,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 0.1,
    "rmsprop": 0.02,
    "adam": 0.05,
    "adamw": 0.05,
    "line-search": 1.0,
}
TRIES = ((1, 30), (4, 60), (1, 400), (20, 200))  # times that rate, and steps: where one falls short, the next
STEEPNESS = {"sigmoid": 4, "hard-sigmoid": 6}  # the slope at 0 is a quarter and a sixth: weights start so much larger

BENT = [key for key in ACTIVATIONS if key not in ("identity", "step")]

RNG = np.random.default_rng(0)
BOWL = RNG.normal(size=(40, 2))
SLOPE = np.array([[1.0, 0.5, -1.0], [2.0, -1.0, 0.0]])  # of three planes over it
XOR = np.repeat([(-1, -1), (-1, 1), (1, -1), (1, 1)], 8, 0) + 0.25 * RNG.normal(size=(32, 2))
ODD = (XOR[:, 0] * XOR[:, 1] > 0).astype(int)


def learnable(kind):
    """The outputs that go with a loss and have a slope."""
    return [output for output in LOSSES[kind].outputs if output != "step"]


def bowl(network):
    """A task whose loss is a bowl for one layer: classes between parallel lines, or quantities on planes."""
    heights = BOWL @ SLOPE
    if network.output == "identity":
        return BOWL, heights[:, 0] if network.outputs == 1 else heights[:, : network.outputs]
    return BOWL, np.digitize(heights[:, 0], [-1, 1] if network.outputs == 3 else [0])


def xor(network):
    return XOR, 2.0 * ODD - 1 if network.output == "identity" else ODD


PAIRS = [(kind, output) for kind in LOSSES for output in learnable(kind)]


def begin(network, training):
    """A start with bends in the hidden layers, and an output near 0: it knows nothing."""
    state = start(network, training)
    *hidden, (weights, _) = network.layers(state.theta)
    for (below, _), activation in zip(hidden, network.activations, strict=True):
        below *= STEEPNESS.get(activation, 1)
    weights *= 0.05
    return state


def share_left(network, training, x, y, steps):
    """The loss after learning, penalty included, as a share of that before."""
    state = begin(network, training)
    end = advance(state, network, training, x, y, steps)
    return float(loss(network, training, end.theta, x, y) / loss(network, training, state.theta, x, y))


def stuck(network, kind, task, most, penalties=tuple(PENALTIES)):
    """The penalties and optimizers with which more than the share `most` of the loss is left, after all tries."""
    left, (x, y) = {}, task(network)
    for penalty, optimizer in product(penalties, OPTIMIZERS):
        searches = OPTIMIZERS[optimizer].searches
        for factor, steps in TRIES:
            training = Training(kind, optimizer, factor * RATES[optimizer], None, "he", seed=1, **PENALTIES[penalty])
            share = share_left(network, training, x, y, steps // 2 if searches else steps)
            if share <= most:
                break
        else:
            left[penalty, optimizer] = round(share, 3)
    return left


@pytest.mark.parametrize(("kind", "output"), PAIRS)
def test_every_rule_finds_its_way_down_a_bowl(kind, output):
    for outputs in (2, 3) if output == "softmax" else (1, 2, 3):
        assert not stuck(Network(2, (), outputs, output=output), kind, bowl, 0.8)


@pytest.mark.parametrize("kind", LOSSES)
def test_layers_without_bend_learn_what_one_layer_can(kind):
    for output in learnable(kind):
        network = Network(2, (8,), 2 if output == "softmax" else 1, "identity", output)
        assert not stuck(network, kind, bowl, 0.8), output


@pytest.mark.parametrize("kind", LOSSES)
def test_behind_a_layer_of_steps_the_output_still_learns(kind):
    """Under a penalty the steps' own weights, which nothing else moves, would be lost to it."""
    for output in learnable(kind):
        network = Network(2, (8,), 2 if output == "softmax" else 1, "step", output)
        assert not stuck(network, kind, bowl, 0.8, ("none", "dropout")), output


@pytest.mark.parametrize("activation", BENT)
@pytest.mark.parametrize("kind", LOSSES)
def test_every_bend_learns_xor_by_every_rule(activation, kind):
    for output in learnable(kind):
        network = Network(2, (8,), 2 if output == "softmax" else 1, activation, output)
        assert not stuck(network, kind, xor, 0.85), output


@pytest.mark.parametrize("second", BENT)
def test_layers_of_different_kinds_learn_xor_together(second):
    training = Training(learning_rate=0.05, batch_size=None, init="he", seed=1)
    for first in BENT:
        network = Network(2, (6, 6), 1, (first, second))
        end = advance(begin(network, training), network, training, XOR, ODD, 150)
        assert accuracy(network, end.theta, XOR, ODD) > 0.9, first


@pytest.mark.parametrize("penalty", ["none", "l1", "l2", "both", "zeros"])
def test_a_line_search_never_leads_up(penalty):
    for (kind, output), seed in product(PAIRS, range(3)):
        network = Network(2, (8,), 2 if output == "softmax" else 1, "selu", output)
        x, y = xor(network)
        training = Training(kind, "line-search", 1.0, None, "he", seed=seed, **PENALTIES[penalty])
        state = begin(network, training)
        losses = [loss(network, training, state.theta, x, y)]
        for _ in range(20):
            state = advance(state, network, training, x, y, 1)
            losses.append(loss(network, training, state.theta, x, y))
        assert (np.diff(losses) < 1e-12).all(), (kind, output, seed)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_run_that_explodes_does_so_without_a_warning(dropout):
    network, training = Network(2, (4,), 1, "relu", "identity"), Training("mse", "sgd", 100.0, None, dropout=dropout)
    end = advance(start(network, training), network, training, *bowl(network), 300)
    assert not np.isfinite(end.theta).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_leads_down_in_batches_of_any_size_with_short_gradients_or_not(optimizer, schedule):
    network = Network(2, (), 1)
    x, y = bowl(network)
    for size, clip in product((None, 1, 7, 40), (None, 0.5)):
        training = Training(
            "cross-entropy", optimizer, RATES[optimizer], size, clip=clip, schedule=schedule, schedule_steps=50
        )
        assert share_left(network, training, x, y, 80) < 0.9, (size, clip)


@pytest.mark.parametrize("init", INITIALIZERS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_start_leads_down_a_bowl(init, optimizer):
    network = Network(2, (), 1)
    x, y = bowl(network)
    training = Training("cross-entropy", optimizer, RATES[optimizer], None, init)
    assert share_left(network, training, x, y, 80) < 0.8


@pytest.mark.parametrize("kind", [kind for kind, rule in LOSSES.items() if "step" in rule.outputs])
@pytest.mark.parametrize("hidden", [(), (4,)])
def test_behind_an_output_that_steps_no_rule_finds_a_slope(kind, hidden):
    network = Network(2, hidden, 1, output="step")
    for optimizer, dropout in product(OPTIMIZERS, (0.0, 0.3)):
        training = Training(kind, optimizer, 1.0, None, dropout=dropout)
        state = start(network, training)
        end = advance(state, network, training, *bowl(network), 20)
        decay = 1 - OPTIMIZERS[optimizer].decay
        np.testing.assert_allclose(end.theta, state.theta * decay**20, rtol=1e-12)


@pytest.mark.parametrize("output", ["step", "sigmoid", "tanh"])
@pytest.mark.parametrize("size", [None, 1, 7])
@pytest.mark.parametrize("outputs", [1, 2])
def test_the_perceptrons_rule_finds_the_line_whatever_the_output(output, size, outputs):
    network = Network(2, (), outputs, output=output)
    x, y = bowl(network)
    training = Training("mse", rule="perceptron", learning_rate=1.0, batch_size=size)
    end = advance(start(network, training), network, training, x, y, 2000 // (size or 40) * 5)
    fires = network.forward(end.theta, x).z[-1] >= 0
    np.testing.assert_array_equal(fires, (y[:, None] == np.arange(outputs)) if outputs > 1 else y[:, None] == 1)
