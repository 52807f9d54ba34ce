"""A network grows without forgetting: a new neuron changes nothing, a new layer as little as can be."""

from dataclasses import replace

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, INITIALIZERS, Network, Training, advance, loss, start
from playground.engine.growth import add_layer, add_neuron, remove_layer, remove_neuron, reshaped

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
TRAINING = Training(batch_size=None, learning_rate=0.05)


def trained(hidden, activation="tanh", outputs=1, output="sigmoid"):
    network = Network(2, hidden, outputs, activation, output)
    return network, advance(start(network, TRAINING), network, TRAINING, X, Y, 60).theta


def answers(network, theta):
    return network.forward(theta, X).a[-1]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layer", [0, 1])
def test_a_new_neuron_changes_nothing_and_then_learns(activation, layer):
    network, theta = trained((3, 2), activation)
    wider, grown = add_neuron(network, theta, layer, TRAINING)
    assert wider.hidden == ((4, 2), (3, 3))[layer]
    assert answers(wider, grown) == pytest.approx(answers(network, theta), rel=1e-12)
    later = advance(replace(start(wider, TRAINING), theta=grown), wider, TRAINING, X, Y, 5).theta
    outgoing = wider.layers(later)[layer + 1][0][-1]
    if activation == "step" and layer == 0:
        assert not outgoing.any()  # no slope leads through the layer behind it
    else:
        assert outgoing.any()


@pytest.mark.parametrize("init", INITIALIZERS)
@pytest.mark.parametrize("bias", [None, -2.0])
def test_new_neurons_begin_as_those_of_a_new_network_do(init, bias):
    network, theta = trained((3,))
    wanted, came, fresh = Network(2, (4,), 1), [], []
    for seed in range(300):
        training = replace(TRAINING, init=init, bias=bias, seed=seed)
        came.append(wanted.layers(reshaped(network, theta, wanted, training, X))[0])
        fresh.append(wanted.layers(start(wanted, training).theta)[0])
    assert {biases[3] for _, biases in came} == {biases[3] for _, biases in fresh}
    one, other = (np.array([weights[:, 3] for weights, _ in drawn]) for drawn in (came, fresh))
    assert one.std() == pytest.approx(other.std(), rel=0.1)
    assert one.mean() == pytest.approx(other.mean(), abs=0.1)


def test_new_neurons_are_drawn_from_the_seed_no_two_alike():
    network, theta = trained((3, 2))
    wanted = Network(2, (5, 3), 1)

    def grown(seed):
        (first, _), (second, _), _ = wanted.layers(reshaped(network, theta, wanted, replace(TRAINING, seed=seed), X))
        return [*first[:, 3:].T, second[:, 2]]

    one, other, third = grown(7)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, third[:2])
    assert all(map(np.array_equal, grown(7), (one, other, third)))
    assert not any(map(np.array_equal, grown(8), (one, other, third)))


def test_a_neuron_that_came_can_go_again():
    network, theta = trained((3, 2))
    for layer in (0, 1):
        wider, grown = add_neuron(network, theta, layer, TRAINING)
        back, small = remove_neuron(wider, grown, layer, network.hidden[layer])
        assert back == network
        assert np.array_equal(small, theta)


def test_without_a_neuron_every_other_weight_stays():
    network, theta = trained((3, 2))
    smaller, rest = remove_neuron(network, theta, 0, 1)
    (first, first_bias), (second, second_bias), last = network.layers(theta)
    kept = smaller.layers(rest)
    assert np.array_equal(kept[0][0], first[:, [0, 2]])
    assert np.array_equal(kept[0][1], first_bias[[0, 2]])
    assert np.array_equal(kept[1][0], second[[0, 2]])
    assert np.array_equal(kept[1][1], second_bias)
    assert all(map(np.array_equal, kept[2], last))


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("place", [1, 2])
def test_a_layer_that_passes_everything_on_changes_nothing(activation, place):
    network, theta = trained((4, 3), "relu")
    deeper, grown = add_layer(network, theta, place, activation, X)
    assert deeper.hidden == ((4, 4, 3), (4, 3, 3))[place - 1]
    assert deeper.activations[place] == activation
    assert answers(deeper, grown) == pytest.approx(answers(network, theta), rel=1e-12)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_layer_that_bends_keeps_what_was_learned_for_the_most_part(place):
    network, theta = trained((6, 4))
    deeper, grown = add_layer(network, theta, place, "tanh", X)
    fresh = start(deeper, TRAINING).theta
    kept, lost = (np.abs(answers(deeper, new) - answers(network, theta)).mean() for new in (grown, fresh))
    assert kept < 0.25 * lost
    assert loss(deeper, TRAINING, grown, X, Y) < 0.9 * loss(deeper, TRAINING, fresh, X, Y)


def test_the_first_hidden_layer_is_as_wide_as_the_input():
    network, theta = trained(())
    deeper, grown = add_layer(network, theta, 0, "identity", X)
    assert deeper.hidden == (2,)
    assert answers(deeper, grown) == pytest.approx(answers(network, theta), rel=1e-12)


def test_a_layer_that_came_can_go_again():
    network, theta = trained((4, 3), "relu")
    deeper, grown = add_layer(network, theta, 1, "relu", X)
    back, small = remove_layer(deeper, grown, 1, X)
    assert (back.hidden, back.activations) == (network.hidden, network.activations)
    assert answers(back, small) == pytest.approx(answers(network, theta), rel=1e-8)


def test_linear_layers_merge_into_one_without_loss():
    network, theta = trained((5, 3), "identity")
    for layer in (1, 0):
        network, theta, before = *remove_layer(network, theta, layer, X), answers(network, theta)
        assert answers(network, theta) == pytest.approx(before, rel=1e-9)
    assert network.hidden == ()


@pytest.mark.parametrize("hidden", [(4, 2), (7,), (), (4, 2, 2), (5, 3, 6), (1, 1), (9, 9)], ids=str)
def test_a_network_of_any_other_shape_has_a_start(hidden):
    network, theta = trained((4, 2), "relu")
    wanted = Network(2, hidden, 1, "relu")
    grown = reshaped(network, theta, wanted, TRAINING, X)
    assert grown.shape == (wanted.n_parameters,)
    assert np.isfinite(answers(wanted, grown)).all()


@pytest.mark.parametrize("hidden", [(4, 2), (4, 2, 2), (5, 3, 6), (9, 9)], ids=str)
def test_a_network_with_room_for_everything_answers_as_before(hidden):
    network, theta = trained((4, 2), "relu")
    wanted = Network(2, hidden, 1, "relu")
    assert answers(wanted, reshaped(network, theta, wanted, TRAINING, X)) == pytest.approx(
        answers(network, theta), rel=1e-9
    )


def test_another_activation_takes_the_weights_over():
    network, theta = trained((4, 2))
    assert np.array_equal(reshaped(network, theta, Network(2, (4, 2), 1, ("relu", "tanh")), TRAINING, X), theta)


def test_nothing_grows_in_place():
    network, theta = trained((3, 2))
    before = theta.copy()
    add_neuron(network, theta, 0, TRAINING)
    remove_neuron(network, theta, 0, 0)
    add_layer(network, theta, 1, "tanh", X)
    remove_layer(network, theta, 0, X)
    assert np.array_equal(theta, before)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda n, t: add_neuron(n, t, 2, TRAINING), "^layer must be a whole number from 0 to 1, not 2"),
        (lambda n, t: remove_neuron(n, t, 2, 0), "^layer must be a whole number from 0 to 1, not 2"),
        (lambda n, t: remove_neuron(n, t, 0, 3), "^neuron must be a whole number from 0 to 2, not 3"),
        (lambda n, t: remove_neuron(*remove_neuron(n, t, 1, 0), 1, 0), "^hidden layer width must be .* not 0"),
        (lambda n, t: add_layer(n, t, 3, "tanh", X), "^place of the layer must be a whole number from 0 to 2, not 3"),
        (lambda n, t: add_layer(n, t, 0, "tan", X), "^activation must be one of"),
        (lambda n, t: remove_layer(n, t, -1, X), "^layer must be a whole number from 0 to 1, not -1"),
        (
            lambda n, t: add_neuron(n, np.stack([t, t]), 0, TRAINING),
            r"^theta has shape \(2, 20\); it must be one network",
        ),
    ],
)
def test_what_a_network_does_not_have_is_refused(ask, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask(*trained((3, 2)))
