"""A network is its weights, multiplied through: forward by hand, backward by differences."""

import math
from itertools import pairwise

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, LOSSES, OUTPUTS, Network, Training, gradient, loss
from playground.engine.network import weight_mask

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 2))

MANY = tuple(2 + i % 3 for i in range(len(ACTIVATIONS)))  # a layer for each activation

NETWORKS = [
    *(Network(2, (), outputs, output=key) for key in OUTPUTS for outputs in (1, 3) if (key, outputs) != ("softmax", 1)),
    *(Network(2, (3,), 1, activation=key) for key in ACTIVATIONS),
    Network(2, MANY, 3, activation=tuple(ACTIVATIONS), output="softmax"),
    Network(2, (4, 3, 2), 1, activation=("relu", "tanh", "relu"), output="identity"),
]


def name(network):
    return f"{network.hidden} {network.activation} {network.outputs} {network.output}"


every_network = pytest.mark.parametrize("network", NETWORKS, ids=name)


def random_theta(network, *lead):
    return np.random.default_rng(network.n_parameters).normal(size=(*lead, network.n_parameters))


# --- layers


def test_rows_are_where_a_connection_leaves_and_columns_where_it_enters():
    network = Network(2, (3,), 1, activation="identity", output="identity")
    theta = np.zeros(network.n_parameters)
    (into, bias), (out, _) = network.layers(theta)
    into[...] = [
        [1, 2, 3],  # from x₁ to each of the three neurons
        [10, 20, 30],  # from x₂
    ]
    bias[...] = [0.1, 0.2, 0.3]
    out[...] = [[1], [0], [-1]]
    trace = network.forward(theta, np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 5.0]]))
    assert trace.z[0] == pytest.approx(np.array([[1.1, 2.2, 3.3], [10.1, 20.2, 30.3], [52.1, 104.2, 156.3]]))
    assert trace.a[-1] == pytest.approx(np.array([[-2.2], [-20.2], [-104.2]]))


def test_two_relu_neurons_compute_xor():
    """Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.1."""
    network = Network(2, (2,), 1, activation="relu", output="identity")
    theta = np.array([1, 1, 1, 1, 0, -1, 1, -2, 0.0])
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    assert network.forward(theta, corners).a[-1].ravel().tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("lead", [(), (4,), (2, 3)], ids=str)
@every_network
def test_a_layer_is_a_window_onto_the_parameters(network, lead):
    theta = random_theta(network, *lead)
    for (weights, bias), (fan_in, fan_out) in zip(network.layers(theta), network.shapes, strict=True):
        assert weights.shape == (*lead, fan_in, fan_out)
        assert bias.shape == (*lead, fan_out)
        weights[...], bias[...] = 7, 8
    assert np.isin(theta, (7, 8)).all()  # nothing is outside a layer


@every_network
def test_parameters_stand_layer_by_layer_weights_row_by_row_then_biases(network):
    """Saved runs and the stage count on this order."""
    layers = network.layers(np.arange(network.n_parameters))
    entries = np.concatenate([part.ravel() for layer in layers for part in layer])
    assert entries.tolist() == list(range(network.n_parameters))


@pytest.mark.parametrize(
    ("network", "parameters"),
    [
        (Network(1, (), 1), 2),  # one weight, one bias
        (Network(8, (10,), 1), 101),  # the Keras model of the introductions: 8·10 + 10 and 10 + 1
        (Network(64, (16,), 10, output="softmax"), 1210),
    ],
    ids=["a line", "Keras", "digits"],
)
def test_parameters_are_counted_as_on_paper(network, parameters):
    assert network.n_parameters == parameters


def test_one_activation_stands_for_all_layers():
    one, each = Network(2, (3, 3), 1, "relu"), Network(2, (3, 3), 1, ("relu", "relu"))
    theta = random_theta(one)
    assert np.array_equal(one.forward(theta, X).a[-1], each.forward(theta, X).a[-1])
    assert one.activations == each.activations


def test_a_network_is_a_key():
    assert {Network(2, [4, 2], 1, ["tanh", "relu"]): 1}[Network(2, (4, 2), 1, ("tanh", "relu"))] == 1


# --- forward


@every_network
def test_forward_is_each_neuron_summing_up_in_turn(network):
    theta = random_theta(network)
    answers = network.forward(theta, X).a[-1]
    functions = [*(ACTIVATIONS[key] for key in network.activations), OUTPUTS[network.output]]
    for x, answer in zip(X, answers, strict=True):
        signal = x
        for (weights, bias), function in zip(network.layers(theta), functions, strict=True):
            sums = []
            for j in range(len(bias)):
                sums.append(sum(signal[i] * weights[i, j] for i in range(len(signal))) + bias[j])
            signal = function.f(np.array(sums))
        assert answer == pytest.approx(signal, rel=1e-12)


@every_network
def test_the_trace_holds_every_layer_and_the_input_first(network):
    trace = network.forward(random_theta(network), X)
    assert trace.a[0] is X
    assert [z.shape for z in trace.z] == [a.shape for a in trace.a[1:]]
    assert [z.shape[1] for z in trace.z] == [*network.hidden, network.outputs]


@pytest.mark.parametrize("lead", [(5,), (2, 3), (0,)], ids=str)
@every_network
def test_many_networks_at_once_answer_as_they_do_one_by_one(network, lead):
    thetas = random_theta(network, *lead)
    together = network.forward(thetas, X)
    assert together.a[-1].shape == (*lead, 6, network.outputs)
    for i in np.ndindex(lead):
        alone = network.forward(thetas[i], X)
        for both in zip((*together.z, *together.a[1:]), (*alone.z, *alone.a[1:]), strict=True):
            assert both[0][i] == pytest.approx(both[1], rel=1e-12)


@every_network
def test_single_precision_stays_single(network):
    trace = network.forward(random_theta(network).astype(np.float32), X.astype(np.float32))
    assert {array.dtype for array in (*trace.z, *trace.a)} == {np.dtype(np.float32)}


@every_network
def test_forward_changes_neither_weights_nor_inputs(network):
    theta, x = random_theta(network), X.copy()
    before = theta.copy()
    network.forward(theta, x)
    assert np.array_equal(theta, before)
    assert np.array_equal(x, X)


def test_the_mask_of_the_weights_cannot_be_spoiled_by_who_reads_it():
    with pytest.raises(ValueError, match="read-only"):
        weight_mask(Network(2, (2,), 1))[0] = 0


# --- backward, as the gradient of every loss

PAIRS = [(key, output) for key in LOSSES for output in LOSSES[key].outputs]
SHAPES = [((), "tanh"), *(((3, 2), each) for each in pairwise(ACTIVATIONS)), ((4, 3, 2), "tanh")]
PENALTIES = [(0, 0), (0.3, 0), (0, 0.3), (0.2, 0.1)]
H = 1e-5


def labels(network):
    if network.output == "identity":
        return RNG.normal(size=(6, network.outputs))
    return np.arange(6) % max(network.outputs, 2)


def slopes(network, training, theta, x, y):
    """∂L/∂θ (P,) by central differences: a network for each parameter, nudged up, and one nudged down."""
    nudge = H * np.eye(theta.size)
    return (loss(network, training, theta + nudge, x, y) - loss(network, training, theta - nudge, x, y)) / (2 * H)


@pytest.mark.parametrize(("l1", "l2"), PENALTIES)
@pytest.mark.parametrize(("hidden", "activation"), SHAPES)
@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_backpropagation_is_the_slope_of_the_loss(key, output, hidden, activation, l1, l2):
    network = Network(2, hidden, 2, activation, output)
    training, theta, y = Training(loss=key, l1=l1, l2=l2), random_theta(network), labels(network)
    value, g = gradient(network, training, theta, X, y)
    assert value == loss(network, training, theta, X, y)
    assert g == pytest.approx(slopes(network, training, theta, X, y), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("key", "output"), [pair for pair in PAIRS if pair[1] != "softmax"])
def test_backpropagation_is_the_slope_for_a_single_output_too(key, output):
    network = Network(2, (3,), 1, output=output)
    training, theta = Training(loss=key), random_theta(network)
    y = labels(network)[:, 0] if output == "identity" else labels(network)
    assert gradient(network, training, theta, X, y)[1] == pytest.approx(
        slopes(network, training, theta, X, y), rel=1e-6, abs=1e-8
    )


@pytest.mark.parametrize("lead", [(5,), (2, 3)], ids=str)
@pytest.mark.parametrize(("key", "output"), PAIRS)
def test_many_gradients_at_once_are_those_of_one_network_each(key, output, lead):
    network, training = Network(2, (4, 3), 3, ("relu", "tanh"), output), Training(loss=key, l1=0.2, l2=0.1)
    thetas, y = random_theta(network, *lead), labels(network)
    values, gradients = gradient(network, training, thetas, X, y)
    assert values.shape == lead
    for i in np.ndindex(lead):
        value, g = gradient(network, training, thetas[i], X, y)
        assert values[i] == pytest.approx(value, rel=1e-12)
        assert gradients[i] == pytest.approx(g, rel=1e-9, abs=1e-14)


# --- refusals


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        *(("inputs", {"inputs": value}) for value in (0, -1, 2.0, "2", None, True, math.nan, 10**9)),
        *(("outputs", {"outputs": value}) for value in (0, -1, 1.5, "1", None, False, 10**9)),
        *(("hidden", {"hidden": value}) for value in ((0,), (4, -1), (2.5,), "42", (None,), (True,), (10**9,))),
        *(("hidden", {"hidden": value}) for value in ((1,) * 1000, 4, None)),
        *(
            ("activation", {"activation": value})
            for value in ("softmax", "", "Tanh", ("tanh", "steps"), ("tanh", None))
        ),
        *(("activation", {"activation": value}) for value in ((), ("tanh",), ("tanh",) * 3, None, 3)),
        ("activation", {"hidden": (), "activation": "steps"}),
        *(("output", {"output": value}) for value in ("relu", "", None, 1, ["sigmoid"])),
        ("outputs", {"outputs": 1, "output": "softmax"}),
    ],
)
def test_an_impossible_network_is_refused_by_the_field(field, arguments):
    with pytest.raises(ValueError, match=rf"\b{field}\b.*\.$"):
        Network(**{"inputs": 2, "hidden": (4, 2), "outputs": 1} | arguments)


@pytest.mark.parametrize("shape", [(8,), (10,), (3, 8), ()], ids=str)
def test_parameters_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match=r"theta has shape .* 9 long"):
        Network(2, (2,), 1).forward(np.zeros(shape), X)


@pytest.mark.parametrize("shape", [(6, 3), (2,), (1, 6, 2), ()], ids=str)
def test_inputs_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match=r"^x has shape .* \(examples, 2\)\.$"):
        Network(2, (2,), 1).forward(np.zeros(9), np.zeros(shape))
