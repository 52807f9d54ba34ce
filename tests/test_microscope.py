"""Every number of a step is the one worked out by hand: a 2-2-1 network in fractions, or the engine's."""

import re
from fractions import Fraction as F

import numpy as np
import pytest

from playground import formulas
from playground.engine import OPTIMIZERS, Network, State, Training, batch, gradient, loss, step
from playground.engine.regularizers import constrained
from playground.engine.stepping import LENGTHS
from playground.experiment import Config, build
from playground.microscope import check_gradient, examine, memory

# Two inputs, two hidden neurons of leaky ReLU (slope 1/100 below zero), one output: all of it rational.
NET = Network(2, (2,), 1, activation="leaky-relu", output="identity")
W1 = [[F(1, 2), F(-3, 4)], [F(1, 4), F(1, 2)]]  # rows: from, columns: to
B1 = [F(1, 8), F(-1, 4)]
W2 = [F(3, 2), F(-1, 2)]
B2 = F(1, 4)
X = [[F(1), F(2)], [F(-1), F(1, 2)]]
Y = [F(3), F(-1)]
RATE = F(1, 10)
THETA = np.array([float(v) for v in [*W1[0], *W1[1], *B1, *W2, B2]])


def by_hand(rows):
    """z, a and δ of both layers and ∂L/∂θ, for ½(a − y)², the mean over `rows` of the examples."""
    zs, hs, outs, d2s, d1s = [], [], [], [], []
    g = [F(0)] * 9
    for row in rows:
        z = [sum(X[row][i] * W1[i][j] for i in range(2)) + B1[j] for j in range(2)]
        slope = [F(1) if value > 0 else F(1, 100) for value in z]
        h = [value * s for value, s in zip(z, slope, strict=True)]
        out = sum(h[j] * W2[j] for j in range(2)) + B2
        d2 = (out - Y[row]) / len(rows)
        d1 = [W2[j] * d2 * slope[j] for j in range(2)]
        for j in range(2):
            g[j] += X[row][0] * d1[j]
            g[2 + j] += X[row][1] * d1[j]
            g[4 + j] += d1[j]
            g[6 + j] += h[j] * d2
        g[8] += d2
        for kept, value in ((zs, z), (hs, h), (outs, [out]), (d2s, [d2]), (d1s, d1)):
            kept.append(value)
    return {"z": zs, "h": hs, "out": outs, "d2": d2s, "d1": d1s, "g": g}


def examined_rows(rows, **changes):
    training = Training(
        **{"loss": "half-mse", "optimizer": "sgd", "learning_rate": float(RATE), "batch_size": None} | changes
    )
    x, y = (np.array(values, float)[rows] for values in (X, Y))
    slots = np.zeros((OPTIMIZERS[training.optimizer].n_slots, THETA.size))
    return examine(NET, training, State(THETA, slots), x, y)


@pytest.mark.parametrize("rows", [[0], [1], [0, 1]])
def test_forward_backward_and_update_are_those_by_hand(rows):
    hand, seen = by_hand(rows), examined_rows(rows)
    for name, values in {
        "z": seen.trace.z[0],
        "h": seen.trace.a[1],
        "out": seen.trace.a[2],
        "d1": seen.deltas[0],
        "d2": seen.deltas[1],
        "g": seen.gradient,
    }.items():
        np.testing.assert_allclose(values, np.array(hand[name], float), rtol=1e-14, err_msg=name)
    errors = [(out[0] - Y[row]) ** 2 / 2 for out, row in zip(hand["out"], rows, strict=True)]
    np.testing.assert_allclose(seen.losses, np.array(errors, float), rtol=1e-14)
    new = [F(value).limit_denominator(10**9) - RATE * g for value, g in zip(THETA, hand["g"], strict=True)]
    np.testing.assert_allclose(seen.following.theta, np.array(new, float), rtol=1e-14)


def test_adam_s_first_step_is_the_one_by_hand():
    hand, seen = by_hand([0, 1]), examined_rows([0, 1], optimizer="adam")
    kept = memory(seen)
    for index, g in enumerate(map(float, hand["g"])):
        assert kept["m"][index] == pytest.approx(0.1 * g)
        assert kept["v"][index] == pytest.approx(0.001 * g * g)
        assert kept["m̂"][index] == pytest.approx(g)
        assert kept["v̂"][index] == pytest.approx(g * g)
        assert kept["Δ"][index] == pytest.approx(-0.1 * g / (abs(g) + 1e-8))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("more", [{}, {"dropout": 0.3}, {"l2": 0.1, "clip": 0.5}, {"l1": 0.01}], ids=str)
def test_the_step_seen_is_the_step_taken(optimizer, more):
    experiment = build(Config(optimizer=optimizer, lr=0.01, **more))
    run = experiment.run()
    for at in (0, 7):
        state = run.seek(at)
        rows = batch(state, experiment.training, len(run.x))
        seen = examine(run.network, experiment.training, state, run.x[rows], run.y[rows])
        following = step(state, run.network, experiment.training, run.x, run.y)
        np.testing.assert_allclose(seen.following.theta, following.theta, rtol=0, atol=1e-15)
        ahead = state.theta + memory(seen)["Δ"]
        decayed = following.theta + 0.01 * OPTIMIZERS[optimizer].decay * _weights_alone(run.network, state.theta)
        np.testing.assert_allclose(ahead, decayed, rtol=0, atol=1e-14)


@pytest.mark.parametrize("more", [{}, {"keep_zeros": True}, {"clip": 1e-3}], ids=str)
def test_the_rate_of_a_line_search_is_one_of_the_lengths_it_tries(more):
    experiment = build(Config(optimizer="line-search", lr=0.1, l1=0.03, **more))
    run = experiment.run()
    for at in range(3):
        seen = examine(run.network, experiment.training, run.seek(at), run.x, run.y)
        assert seen.rate in 0.1 * LENGTHS
        ahead = seen.state.theta + memory(seen)["Δ"]
        after = constrained(run.network, experiment.training, seen.rate, seen.state.theta, ahead)
        np.testing.assert_allclose(after, seen.following.theta, rtol=0, atol=1e-15)


def _weights_alone(network, theta):
    alone = theta.copy()
    for _, bias in network.layers(alone):
        bias[...] = 0
    return alone


def test_without_dropout_the_gradient_and_the_loss_are_the_engines():
    experiment = build(Config(data="blobs", l2=0.05))
    run = experiment.run()
    state = run.seek(9)
    seen = examine(run.network, experiment.training, state, run.x[:20], run.y[:20])
    value, g = gradient(run.network, experiment.training, state.theta, run.x[:20], run.y[:20])
    assert seen.loss == pytest.approx(float(value), rel=1e-14)
    np.testing.assert_allclose(seen.gradient, g, rtol=1e-13)


def test_an_example_with_a_missing_value_is_refused_by_name():
    x = np.array([[1.0, np.nan]])
    with pytest.raises(ValueError, match=r"x\[0, 1\] is nan"):
        examine(NET, Training(loss="mse"), State(THETA, np.zeros((2, 9))), x, np.array([1.0]))


# --- the check


def test_the_check_finds_backpropagation_right_and_a_wrong_derivative_wrong(monkeypatch):
    experiment = build(Config(hidden=(5, 4), l2=0.01))
    run = experiment.run()
    theta = run.seek(5).theta
    *_, (count, worst, _) = check_gradient(run.network, experiment.training, theta, run.x, run.y)
    assert count == run.network.n_parameters
    assert worst < 1e-5
    value, g = gradient(run.network, experiment.training, theta, run.x, run.y)
    g[7] *= 1.01
    monkeypatch.setattr("playground.microscope.gradient", lambda *_: (value, g))
    *_, (_, worst, where) = check_gradient(run.network, experiment.training, theta, run.x, run.y)
    assert where == 7
    assert worst == pytest.approx(0.01, rel=0.05)


def test_the_check_tells_how_far_it_is():
    experiment = build(Config(hidden=(16, 16)))
    run = experiment.run()
    counts = [count for count, *_ in check_gradient(run.network, experiment.training, run.state.theta, run.x, run.y)]
    assert len(counts) > 3
    assert counts == sorted(counts)
    assert loss(run.network, experiment.training, run.state.theta, run.x, run.y) > 0


# --- the formulas


def test_a_weighted_sum_is_written_with_its_numbers():
    text = formulas.forward(examined_rows([0]), 0, 1, 0, 4)
    hand = by_hand([0])
    assert text == (
        r"\begin{aligned}z &= \sum_i w_i \, a_i + b \\ &= (-0.7500) \cdot 1.0000 + 0.5000 \cdot 2.0000"
        rf" \\ &\quad + (-0.2500) \\ &= {float(hand['z'][0][1]):.4f}"
        r" \\ a &= \operatorname{leaky~ReLU}(0.0000) = 0.0000\end{aligned}"
    )


@pytest.mark.parametrize("rows", [[0], [0, 1]])
def test_an_error_and_a_slope_are_written_with_their_numbers(rows):
    seen, hand = examined_rows(rows), by_hand(rows)
    assert f"{float(hand['d2'][0][0]):.5f}" in formulas.backward(seen, 1, 0, 0, 5)
    assert f"{float(hand['d1'][0][0]):.5f}" in formulas.backward(seen, 0, 0, 0, 5)
    assert f"{float(hand['g'][0]):.5f}" in formulas.connection(seen, 0, 0, 0, 5)
    assert f"{float((hand['out'][0][0] - Y[0]) ** 2 / 2):.5f}" in formulas.cost(seen, 0, 5)


def test_the_update_is_written_with_its_numbers():
    seen, hand = examined_rows([0]), by_hand([0])
    new = W1[0][0] - RATE * hand["g"][0]
    text = formulas.update(seen, 0, 6)
    assert rf"-0.100000 \cdot {float(hand['g'][0]):.6f}".replace(r"\cdot -", r"\cdot (-").rstrip() in text.replace(
        ")", ""
    )
    assert text.endswith(rf"&= {float(new):.6f}\end{{aligned}}")


@pytest.mark.parametrize(
    ("optimizer", "keep_zeros", "said"),
    [
        ("sgd", False, ""),
        ("sgd", True, "L1"),
        ("line-search", True, "L1"),
        ("adamw", False, "decay"),
        ("adamw", True, "decay and L1"),
    ],
)
def test_what_moves_a_weight_beside_the_step_is_called_by_its_name(optimizer, keep_zeros, said):
    weight, bias = (
        formulas.update(examined_rows([0, 1], optimizer=optimizer, l1=0.1, keep_zeros=keep_zeros), index, 5)
        for index in (0, 8)
    )
    assert re.findall(r"text\{\((.*?)\)\}", weight) == ([said] if said else [])
    assert r"\text{(" not in bias


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_has_its_arithmetic(optimizer):
    seen = examined_rows([0, 1], optimizer=optimizer)
    for index in range(9):
        text = formulas.update(seen, index, 5)
        assert formulas.number(float(seen.following.theta[index]), 5) in text
        for values in memory(seen).values():
            assert formulas.number(float(values[index]), 5) in text or values[index] == 0


@pytest.mark.parametrize("data", ["circle", "blobs", "plane"])
def test_every_loss_and_output_has_its_formulas(data):
    from playground.experiment import losses_for

    for key in losses_for(Config(data=data)):
        experiment = build(Config(data=data, loss=key))
        run = experiment.run()
        seen = examine(run.network, experiment.training, run.state, run.x[:4], run.y[:4])
        assert formulas.number(float(seen.losses[2]), 4) in formulas.cost(seen, 2, 4)
        assert formulas.number(float(seen.deltas[-1][2, 0]), 4) in formulas.backward(seen, 2, 0, 2, 4)
        assert formulas.number(float(seen.trace.a[-1][2, 0]), 4) in formulas.forward(seen, 2, 0, 2, 4)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.000"), (1.5, "1.500"), (-1.5, "-1.500"), (1.25e-7, r"1.25 \cdot 10^{-7}"), (2e7, r"2.00 \cdot 10^{7}")],
)
def test_a_number_keeps_its_decimals_or_its_power(value, text):
    assert formulas.number(value, 3) == text


def test_a_number_that_is_not_finite_says_so():
    assert "not finite" in formulas.number(np.inf, 3)
