"""The network: one vector of parameters, layers as views into it, forward and backward.

Leading axes are many networks: `theta` (…, P) evaluates all of them in stacked matrix products.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from playground.engine.activations import ACTIVATIONS, OUTPUTS, Activation
from playground.engine.checks import check_choice, check_list, check_whole

Array = np.ndarray

WIDEST = 1024  # neurons in a layer
DEEPEST = 64  # hidden layers


@dataclass(frozen=True, slots=True)
class Trace:
    """All that a forward pass computed, layer by layer.

    `a[0]` is the input (n, inputs), `a[i + 1]` the activation of layer i, `a[-1]` the output;
    `z[i]` (…, n, fan_out) is the pre-activation of layer i.
    """

    z: list[Array]
    a: list[Array]


@dataclass(frozen=True, slots=True)
class Network:
    """A fully connected network: its shape and its activations, not its weights.

    `hidden` holds the neurons of each hidden layer and may be empty. `activation` is one key of `ACTIVATIONS`,
    or one for each hidden layer; `output` is a key of `OUTPUTS`.

    Raises `ValueError` that names the field for anything else.
    """

    inputs: int
    hidden: tuple[int, ...]
    outputs: int
    activation: str | tuple[str, ...] = "tanh"
    output: str = "sigmoid"

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", check_list("hidden", self.hidden))
        check_whole("inputs", self.inputs, 1, WIDEST)
        check_whole("outputs", self.outputs, 1, WIDEST)
        check_whole("number of hidden layers", len(self.hidden), 0, DEEPEST)
        for width in self.hidden:
            check_whole("hidden layer width", width, 1, WIDEST)
        if not isinstance(self.activation, str):
            object.__setattr__(self, "activation", check_list("activation", self.activation))
            if len(self.activation) != len(self.hidden):
                raise ValueError(
                    f"activation has {len(self.activation)} entries for {len(self.hidden)} hidden layers; "
                    "give one key for all layers, or one for each."
                )
        for name in (self.activation,) if isinstance(self.activation, str) else self.activation:
            check_choice("activation", name, ACTIVATIONS)
        check_choice("output", self.output, OUTPUTS)
        if self.output == "softmax" and self.outputs < 2:
            raise ValueError(f"outputs is {self.outputs}; softmax needs at least 2, one for each class.")

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation key of every hidden layer."""
        return (self.activation,) * len(self.hidden) if isinstance(self.activation, str) else self.activation

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(fan_in, fan_out) of every layer."""
        sizes = (self.inputs, *self.hidden, self.outputs)
        return tuple(pairwise(sizes))

    @property
    def n_parameters(self) -> int:
        """P, the number of weights and biases."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in self.shapes)

    def layers(self, theta: Array) -> list[tuple[Array, Array]]:
        """`(W, b)` of each layer, as views into `theta` (…, P).

        W (…, fan_in, fan_out): rows are where a connection leaves, columns where it enters. b (…, fan_out).
        """
        lead = theta.shape[:-1]
        return [
            (theta[..., start:middle].reshape(*lead, fan_in, fan_out), theta[..., middle:stop])
            for start, middle, stop, fan_in, fan_out in _layout(self)
        ]

    def forward(self, theta: Array, x: Array) -> Trace:
        """Run x (n, inputs) through the network(s) `theta` (…, P); x may have the leading axes of `theta`."""
        self._check(theta, x)
        zs, activations = [], [x]
        for (weights, bias), function in zip(self.layers(theta), functions(self), strict=True):
            z = activations[-1] @ weights  # (…, n, fan_out)
            z += bias[..., None, :]
            zs.append(z)
            activations.append(function.f(z))
        return Trace(zs, activations)

    def backward(self, theta: Array, trace: Trace, delta: Array) -> Array:
        """The gradient (…, P) of a sum over examples, from `delta` (…, n, outputs) = ∂L/∂z of the output.

        With δ of a layer known, ∂L/∂W = aᵀδ, ∂L/∂b = Σδ, and the layer below has δ = (δWᵀ)·f′(z)
        (Rumelhart, Hinton & Williams, Nature 1986).
        """
        gradient = np.empty((*delta.shape[:-2], self.n_parameters), delta.dtype)
        for (weights, bias), a, error in zip(
            self.layers(gradient), trace.a[:-1], self.errors(theta, trace, delta), strict=True
        ):
            weights[...] = np.swapaxes(a, -1, -2) @ error
            bias[...] = error.sum(-2)
        return gradient

    def errors(self, theta: Array, trace: Trace, delta: Array) -> list[Array]:
        """δ = ∂L/∂z of every layer, (…, n, fan_out), from `delta`, that of the output."""
        layers, hidden, found = self.layers(theta), functions(self)[:-1], [delta]
        for i in reversed(range(1, len(layers))):
            upstream = found[0] @ np.swapaxes(layers[i][0], -1, -2)
            found.insert(0, hidden[i - 1].pull(trace.z[i - 1], trace.a[i], upstream))
        return found

    def _check(self, theta: Array, x: Array) -> None:
        if theta.shape[-1:] != (self.n_parameters,):
            raise ValueError(f"theta has shape {theta.shape}; its last axis must be {self.n_parameters} long.")
        if x.ndim < 2 or x.shape[-1] != self.inputs or x.shape[:-2] not in ((), theta.shape[:-1][-(x.ndim - 2) :]):
            own = f", or that after the leading axes of theta {theta.shape[:-1]}" if theta.ndim > 1 else ""
            raise ValueError(f"x has shape {x.shape}; it must be (examples, {self.inputs}){own}.")


@lru_cache(maxsize=256)
def _layout(network: Network) -> tuple[tuple[int, int, int, int, int], ...]:
    rows, start = [], 0
    for fan_in, fan_out in network.shapes:
        middle = start + fan_in * fan_out
        rows.append((start, middle, middle + fan_out, fan_in, fan_out))
        start = middle + fan_out
    return tuple(rows)


@lru_cache(maxsize=256)
def weight_mask(network: Network, dtype: type = np.float64) -> Array:
    """1 for every weight and 0 for every bias, (P,)."""
    mask = np.zeros(network.n_parameters, dtype)
    for weights, _ in network.layers(mask):
        weights[...] = 1
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=256)
def functions(network: Network) -> tuple[Activation, ...]:
    """The activation of every layer, the output's last."""
    return (*(ACTIVATIONS[key] for key in network.activations), OUTPUTS[network.output])
