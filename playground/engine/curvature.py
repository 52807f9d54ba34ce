"""How sharply the loss bends, and the longest step plain gradient descent can take on it without overshooting."""

from dataclasses import dataclass

import numpy as np

from playground.engine.activations import Activation
from playground.engine.losses import LOSSES
from playground.engine.network import Network, Trace, functions
from playground.engine.objective import targets
from playground.engine.training import Training

Array = np.ndarray

GAP = 1e-5  # between two values of z: rounding (1e-16 / GAP) and the next derivative (GAP²) then both stay below 1e-10
NOTHING_NEW = 1e-8  # share of a product outside the directions already seen that is rounding alone


@dataclass(frozen=True, slots=True, eq=False)
class Curvature:
    """The two ends of the Hessian's spectrum: eigenvalues, and their eigenvectors (P,) of length 1.

    `smallest` is negative where the loss bends down some way, as on a saddle. An eigenvector's sign means nothing.
    Where the loss bends alike every way, both directions are the same one.
    """

    smallest: float
    largest: float
    smallest_direction: Array
    largest_direction: Array

    @property
    def stable_rate(self) -> float:
        """2/λ_max, as `largest_stable_rate` says; infinite where the loss bends down every way."""
        return np.inf if self.largest <= 0 else 2 / self.largest


def hessian_product(network: Network, training: Training, theta: Array, v: Array, x: Array, y: Array) -> Array:
    """The Hessian of the loss over x (n, inputs), y (n,) at `theta` (…, P), times the direction v (…, P): (…, P).

    Pearlmutter's R-operator (Neural Computation 1994): the derivative along v of everything that `forward` and
    `backward` compute. Only f″ and the second derivative of the loss are differences, of f′ and of δ.

    The penalty l2 counts. Kinks do not, of an activation as ReLU, of a loss as the absolute error or of the penalty
    l1: beside them nothing bends.
    """
    theta, v = np.broadcast_arrays(np.asarray(theta, np.float64), v)
    trace = network.forward(theta, x)
    moved = _forward_along(network, theta, v, trace)
    delta, r_delta = _delta_along(network, training, trace.z[-1], moved.z[-1], targets(network, y))
    product = training.l2 * v
    layers, turns, slots = network.layers(theta), network.layers(v), network.layers(product)
    for i in reversed(range(len(layers))):
        weights, bias = slots[i]
        weights += _swap(moved.a[i]) @ delta + _swap(trace.a[i]) @ r_delta
        bias[...] = r_delta.sum(-2)  # the penalty spares biases
        if i:
            up, r_up = delta @ _swap(layers[i][0]), r_delta @ _swap(layers[i][0]) + delta @ _swap(turns[i][0])
            function, z, a = functions(network)[i - 1], trace.z[i - 1], trace.a[i]
            r_delta = r_up * function.df(z, a) + up * bend(function, z) * moved.z[i - 1]
            delta = up * function.df(z, a)
    return product


def _forward_along(network: Network, theta: Array, v: Array, trace: Trace) -> Trace:
    """How fast every z and every a of the hidden layers moves when `theta` moves along v."""
    zs, activations = [], [np.zeros_like(trace.a[0])]
    for i, ((weights, _), (turn, shift)) in enumerate(zip(network.layers(theta), network.layers(v), strict=True)):
        zs.append(activations[-1] @ weights + trace.a[i] @ turn + shift[..., None, :])
        if i < len(network.hidden):
            activations.append(functions(network)[i].df(trace.z[i], trace.a[i + 1]) * zs[-1])
    return Trace(zs, activations)


def _delta_along(network: Network, training: Training, z: Array, r_z: Array, t: Array) -> tuple[Array, Array]:
    """∂L/∂z (…, n, outputs) of the output, and how fast it moves when z moves along `r_z`: not at all over a kink."""
    loss, f = LOSSES[training.loss], functions(network)[-1].f
    speed = np.abs(r_z).max((-2, -1), keepdims=True)
    h = GAP / np.where(speed > 0, speed, 1)
    places = z, z + h * r_z, z - h * r_z
    here, ahead, behind = (loss.delta(at, f(at), t, network.output) / len(t) for at in places)
    r_delta = (ahead - behind) / (2 * h)
    if loss.kink:
        _, ahead, behind = (np.sign(loss.kink(at, f(at), t)) for at in places)
        r_delta[ahead != behind] = 0
    return here, r_delta


def bend(function: Activation, z: Array) -> Array:
    """f″(z), of the shape of z, to nine digits; 0 at a kink, where it does not exist."""
    ahead, behind = (function.df(at, function.f(at)) for at in (z + GAP, z - GAP))
    at_kink = np.any([np.abs(z - kink) <= GAP for kink in function.kinks], axis=0)
    return np.where(at_kink, 0, (ahead - behind) / (2 * GAP))


def _swap(matrix: Array) -> Array:
    return np.swapaxes(matrix, -1, -2)


def extremes(network: Network, training: Training, theta: Array, x: Array, y: Array, products: int = 32) -> Curvature:
    """Both ends of the spectrum of the Hessian at `theta` (P,), from one sweep of Hessian–vector products.

    Found in the space of at most `products` Hessian–vector products from a random direction, always the same
    (Lanczos 1950, with full reorthogonalisation; Golub & Van Loan, Matrix Computations, section 10.3). `largest` never
    exceeds the true value and `smallest` is never below it; both equal it to rounding where `products` reaches P.
    Power iteration would find the eigenvalue of largest magnitude alone, whichever end that is. Not numbers where the
    loss overflows.

    Raises `ValueError` for several networks at once.
    """
    if theta.shape != (network.n_parameters,):
        raise ValueError(f"theta has shape {theta.shape}; it must be one network, ({network.n_parameters},).")
    basis, images = np.empty((0, theta.size)), np.empty((0, theta.size))
    rest = np.random.default_rng(0).normal(size=theta.size)
    while len(basis) < min(products, theta.size):
        basis = np.vstack([basis, rest / np.linalg.norm(rest)])
        images = np.vstack([images, hessian_product(network, training, theta, basis[-1], x, y)])
        rest = _outside(basis, images[-1])
        if not np.linalg.norm(rest) > NOTHING_NEW * np.linalg.norm(images):
            break
    small = basis @ images.T
    if not np.isfinite(small).all():
        return Curvature(np.nan, np.nan, *np.full((2, theta.size), np.nan))
    values, mixes = np.linalg.eigh((small + small.T) / 2)  # ascending
    return Curvature(float(values[0]), float(values[-1]), mixes[:, 0] @ basis, mixes[:, -1] @ basis)


def _outside(basis: Array, v: Array) -> Array:
    for _ in range(2):  # once leaves rounding errors behind
        v = v - (basis @ v) @ basis
    return v


def largest_curvature(
    network: Network, training: Training, theta: Array, x: Array, y: Array, products: int = 32
) -> float:
    """λ_max, the `largest` of `extremes`: negative where the loss bends down every way."""
    return extremes(network, training, theta, x, y, products).largest


def largest_stable_rate(network: Network, training: Training, theta: Array, x: Array, y: Array) -> float:
    """2/λ_max, the learning rate beyond which gradient descent on all of x, y leaves a minimum at `theta` (P,).

    Along the sharpest direction a step multiplies the distance from the minimum by 1 − rate·λ_max, whose size is
    above 1 beyond 2/λ_max (LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998, section 5.1). Infinite where the
    loss bends down every way. Momentum and adaptive rules have other limits; the noise of mini-batches lowers this one.
    """
    return extremes(network, training, theta, x, y).stable_rate
