"""The loss surface: the loss on a plane through the space of all weights.

Which plane is another question; `planes` has the answers.
"""

import numpy as np

from playground.engine.network import Network, functions
from playground.engine.objective import checked, mean_loss, quietly, targets
from playground.engine.training import Training

Array = np.ndarray

CHUNK = 64  # networks evaluated in one stacked product: as many as stay in the cache


@quietly
def surface(
    network: Network, training: Training, theta: Array, d1: Array, d2: Array, a: Array, b: Array, x: Array, y: Array
) -> Array:
    """Losses (…, len(a), len(b)) at `theta + a·d1 + b·d2`, each exact over all of x (n, inputs), y (n,).

    Computed in the precision of `theta` (…, P). Where a loss overflows it is infinite or not a number.

    Raises `ValueError` for directions of another shape than (P,), and for data the network cannot take.
    """
    x, y = checked(network, x, y)
    for name, direction in (("d1", d1), ("d2", d2)):
        if direction.shape != (network.n_parameters,):
            raise ValueError(f"{name} has shape {direction.shape}; it must be ({network.n_parameters},).")
    steps = np.stack([np.repeat(a, len(b)), np.tile(b, len(a))], 1).astype(theta.dtype)
    plane = np.stack([d1, d2]).astype(theta.dtype)
    columns, t = np.ascontiguousarray(x.T, theta.dtype), targets(network, y, theta.dtype)
    chunk = max(1, CHUNK * network.n_parameters // theta.size)
    losses = [
        _losses(network, training, theta[..., None, :] + steps[i : i + chunk] @ plane, columns, t)
        for i in range(0, len(steps), chunk)
    ]
    return np.concatenate(losses, -1).reshape(*theta.shape[:-1], len(a), len(b))


def _losses(network: Network, training: Training, thetas: Array, columns: Array, t: Array) -> Array:
    """`loss` for each of `thetas` (…, P), with the examples in `columns` (inputs, n).

    Examples along the last axis keep the inner loops long: three to six times faster than `Network.forward` here.
    """
    a = columns
    *hidden, (weights, bias) = network.layers(thetas)
    for (w, b), activation in zip(hidden, functions(network)[:-1], strict=True):
        a = activation.f(_affine(w, b, a))
    z = np.swapaxes(_affine(weights, bias, a), -1, -2)  # (…, n, outputs)
    return mean_loss(network, training, thetas, z, t)


def _affine(weights: Array, bias: Array, a: Array) -> Array:
    rows = np.ascontiguousarray(np.swapaxes(weights, -1, -2))  # (…, fan_out, fan_in); a product of views is slower
    shared = a.ndim == 2  # the examples, the same for all networks: one product is enough
    z = (rows.reshape(-1, len(a)) @ a).reshape(*rows.shape[:-1], -1) if shared else rows @ a  # (…, fan_out, n)
    z += bias[..., None]
    return z
