"""A network that grows or shrinks by a neuron or a layer and keeps what it has learned, as far as that can be.

Every function gives the new network and its parameters. A new neuron changes nothing of what the network computes:
it listens, and nobody listens to it yet (the function-preserving start of Net2Net, Chen, Goodfellow & Shlens, ICLR
2016, with zeros instead of copies, so that it can learn something of its own at once). A new layer starts as a copy
of what comes in; where its activation bends that, the layer behind it is refitted to make up for it.
"""

from dataclasses import replace

import numpy as np

from playground.engine.activations import ACTIVATIONS
from playground.engine.checks import check_whole
from playground.engine.initializers import INITIALIZERS
from playground.engine.network import Network
from playground.engine.training import Training

Array = np.ndarray


def add_neuron(network: Network, theta: Array, layer: int, training: Training) -> tuple[Network, Array]:
    """One neuron more at the end of hidden layer `layer` (from 0), without effect at first; `theta` is (P,).

    Its incoming weights and its bias begin as `training` has them begin. Raises `ValueError` for a layer the network
    does not have.
    """
    _check(network, theta, layer)
    width, initializer = network.hidden[layer] + 1, INITIALIZERS[training.init]
    parts = _copies(network, theta)
    (weights, bias), (after, after_bias) = parts[layer], parts[layer + 1]
    rng = np.random.default_rng((training.seed, *b"neuron", layer, width))  # for each that comes another one
    drawn = initializer.weights(rng, len(weights), width)
    begin = initializer.bias if training.bias is None else training.bias
    parts[layer] = np.column_stack([weights, drawn[:, -1]]), np.append(bias, begin)
    parts[layer + 1] = np.vstack([after, np.zeros(after.shape[1])]), after_bias
    return _resized(network, layer, width), _joined(parts)


def remove_neuron(network: Network, theta: Array, layer: int, neuron: int) -> tuple[Network, Array]:
    """Hidden layer `layer` without `neuron` (both from 0); every other weight stays. `theta` is (P,).

    Raises `ValueError` for a neuron the network does not have, and for the last one of a layer.
    """
    _check(network, theta, layer)
    check_whole("neuron", neuron, 0, network.hidden[layer] - 1)
    narrower = _resized(network, layer, network.hidden[layer] - 1)
    parts = _copies(network, theta)
    (weights, bias), (after, after_bias) = parts[layer], parts[layer + 1]
    parts[layer] = np.delete(weights, neuron, 1), np.delete(bias, neuron)
    parts[layer + 1] = np.delete(after, neuron, 0), after_bias
    return narrower, _joined(parts)


def add_layer(network: Network, theta: Array, layer: int, activation: str, x: Array) -> tuple[Network, Array]:
    """A hidden layer more, at place `layer` (from 0), as wide as what comes into it; `theta` is (P,).

    Each of its neurons passes one input on, through `activation`. The sums behind it are then fitted by least squares
    on x (n, inputs) to what they were: exactly, where the activation lets every input through unchanged. Raises
    `ValueError` for a place the network does not have.
    """
    _check(network, theta)
    check_whole("place of the layer", layer, 0, len(network.hidden))
    trace, parts = network.forward(theta, x), _copies(network, theta)
    width = trace.a[layer].shape[1]
    deeper = replace(
        network,
        hidden=_inserted(network.hidden, layer, width),
        activation=_inserted(network.activations, layer, activation),
    )
    passed = ACTIVATIONS[activation].f(trace.a[layer])
    parts[layer : layer + 1] = [(np.eye(width), np.zeros(width)), _fitted(*parts[layer], passed, trace.z[layer])]
    return deeper, _joined(parts)


def remove_layer(network: Network, theta: Array, layer: int, x: Array) -> tuple[Network, Array]:
    """The network without hidden layer `layer` (from 0); `theta` is (P,).

    The sums behind it are fitted by least squares on x (n, inputs) to what they were. Raises `ValueError` for a layer
    the network does not have.
    """
    _check(network, theta, layer)
    trace, parts = network.forward(theta, x), _copies(network, theta)
    shallower = replace(
        network, hidden=_without(network.hidden, layer), activation=_without(network.activations, layer)
    )
    nothing = np.zeros((trace.a[layer].shape[1], len(parts[layer + 1][1]))), np.zeros(len(parts[layer + 1][1]))
    parts[layer : layer + 2] = [_fitted(*nothing, trace.a[layer], trace.z[layer + 1])]
    return shallower, _joined(parts)


def reshaped(network: Network, theta: Array, wanted: Network, training: Training, x: Array) -> Array:
    """The parameters (P,) that `wanted` starts with, so that it keeps as much of `network` as it has room for.

    Layers come and go at the end, then neurons at the end of each layer, new ones as `training` has them begin; an
    activation that is another simply takes the weights over. Raises `ValueError` where inputs or outputs differ.
    """
    if (wanted.inputs, wanted.outputs) != (network.inputs, network.outputs):
        raise ValueError(
            f"inputs and outputs must stay {network.inputs} and {network.outputs}, "
            f"not {wanted.inputs} and {wanted.outputs}."
        )
    while len(network.hidden) > len(wanted.hidden):
        network, theta = remove_layer(network, theta, len(network.hidden) - 1, x)
    for layer in range(len(network.hidden), len(wanted.hidden)):
        network, theta = add_layer(network, theta, layer, wanted.activations[layer], x)
    for layer, width in enumerate(wanted.hidden):
        while network.hidden[layer] > width:
            network, theta = remove_neuron(network, theta, layer, network.hidden[layer] - 1)
        while network.hidden[layer] < width:
            network, theta = add_neuron(network, theta, layer, training)
    return theta


def _check(network: Network, theta: Array, layer: int = 0) -> None:
    if theta.shape != (network.n_parameters,):
        raise ValueError(f"theta has shape {theta.shape}; it must be one network, ({network.n_parameters},).")
    check_whole("layer", layer, 0, max(len(network.hidden) - 1, 0))


def _resized(network: Network, layer: int, width: int) -> Network:
    return replace(network, hidden=(*network.hidden[:layer], width, *network.hidden[layer + 1 :]))


def _fitted(weights: Array, bias: Array, a: Array, z: Array) -> tuple[Array, Array]:
    """Weights and bias, changed as little as it takes to bring a @ weights + bias (n, k) as near to z as can be."""
    missing = z - (a @ weights + bias)
    change = np.linalg.lstsq(np.column_stack([a, np.ones(len(a))]), missing)[0]
    return weights + change[:-1], bias + change[-1]


def _copies(network: Network, theta: Array) -> list[tuple[Array, Array]]:
    return network.layers(theta.copy())


def _joined(parts: list[tuple[Array, Array]]) -> Array:
    return np.concatenate([part.ravel() for pair in parts for part in pair])


def _inserted(values: tuple, at: int, value: object) -> tuple:
    return (*values[:at], value, *values[at:])


def _without(values: tuple, at: int) -> tuple:
    return (*values[:at], *values[at + 1 :])
