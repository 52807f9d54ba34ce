"""What keeps weights small, few, or independent of each other. Biases are spared by all of it."""

import numpy as np

from playground.engine.network import Network, weight_mask
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.training import Training

Array = np.ndarray


def penalty(network: Network, training: Training, theta: Array) -> Array:
    """l1·Σ|w| + ½·l2·Σw² over the weights of `theta` (…, P); shape (…)."""
    w = theta * weight_mask(network, theta.dtype)
    return training.l1 * np.abs(w).sum(-1) + training.l2 / 2 * (w * w).sum(-1)


def penalty_slope(network: Network, l1: float, l2: float, theta: Array) -> Array:
    """The derivative (…, P) of that penalty; 0 is taken for the slope of |w| at its kink."""
    w = theta * weight_mask(network, theta.dtype)
    return l1 * np.sign(w) + l2 * w


def regularized(network: Network, training: Training, theta: Array, g: Array) -> Array:
    """The gradient (…, P) of the data, `g`, with that of the penalty, and then no longer than `clip`.

    L1 that keeps zeros is no part of it: it acts after the step, in `constrained`.
    """
    l1 = 0.0 if training.keep_zeros else training.l1
    if l1 or training.l2:
        g = g + penalty_slope(network, l1, training.l2, theta)
    return g if training.clip is None else clipped(g, training.clip)


def clipped(g: Array, longest: float) -> Array:
    """`g` (…, P), shortened to the Euclidean length `longest` where it is longer (Pascanu et al., ICML 2013)."""
    length = np.linalg.norm(g, axis=-1, keepdims=True)
    return g * (longest / np.maximum(length, longest))


def constrained(network: Network, training: Training, rate: float | Array, before: Array, after: Array) -> Array:
    """What a step from `before` to `after` (…, P) still does to the weights apart from the gradient.

    AdamW lets them decay. L1 that keeps zeros moves each by rate·l1 towards zero and no further, and a weight that
    was exactly zero stays so: soft thresholding, the proximal step of the penalty (Langford, Li & Zhang, JMLR 2009,
    equation 6, at every step).
    """
    mask = weight_mask(network)
    if decay := OPTIMIZERS[training.optimizer].decay:
        after = after - rate * decay * mask * before
    if training.keep_zeros and training.l1:
        softened = np.sign(after) * np.maximum(np.abs(after) - rate * training.l1, 0)
        after = np.where(mask == 0, after, np.where(before == 0, 0.0, softened))
    return after


def thinning(network: Network, training: Training, step: int, seeds: tuple[int, ...] = ()) -> Array:
    """Dropout: a factor (P,), or (seeds, P), on the parameters, that silences some hidden neurons.

    A silenced neuron's outgoing weights are 0; those of the others grow by 1 / (1 − dropout) to make up for it. Each
    step has one such network, a function of seed and step alone (Srivastava et al., JMLR 2014; there one for each
    example).
    """
    if seeds:
        return np.stack([_thinning(network, training.dropout, seed, step) for seed in seeds])
    return _thinning(network, training.dropout, training.seed, step)


def _thinning(network: Network, share: float, seed: int, step: int) -> Array:
    rng = np.random.default_rng((seed, *b"dropout", step))
    factor = np.ones(network.n_parameters)
    for weights, _ in network.layers(factor)[1:]:
        weights *= (rng.random(len(weights)) >= share)[:, None] / (1 - share)
    return factor
