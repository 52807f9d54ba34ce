"""How good a network is, in numbers people quote: accuracy for classes, R² for quantities."""

import numpy as np

from playground.engine.network import Network

Array = np.ndarray


def predict(network: Network, output: Array) -> Array:
    """What the output activation (…, n, outputs) answers: classes (…, n) as integers, or quantities (…, n).

    Several quantities are (…, n, outputs).
    """
    if network.output == "identity":
        return output[..., 0] if network.outputs == 1 else output
    if network.outputs > 1:
        return output.argmax(-1)
    threshold = 0.0 if network.output == "tanh" else 0.5
    return (output[..., 0] >= threshold).astype(np.int64)  # a neuron fires at its threshold


def accuracy(network: Network, theta: Array, x: Array, y: Array) -> Array:
    """Share of x (n, inputs) whose class y (n,) is predicted, 0 to 1; shape (…) for `theta` (…, P)."""
    return (predict(network, network.forward(theta, x).a[-1]) == y).mean(-1)


def r2(network: Network, theta: Array, x: Array, y: Array) -> Array:
    """Coefficient of determination, 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 no better than the mean.

    Shape (…) for `theta` (…, P). Where y (n,) is constant, 1 if every prediction is right and 0 if not. Raises
    `ValueError` for several quantities.
    """
    if network.outputs > 1:
        raise ValueError(f"outputs is {network.outputs}; R² is of one quantity.")
    return explained(predict(network, network.forward(theta, x).a[-1]), y)


def explained(answers: Array, y: Array) -> Array:
    """R² (…) of answers (…, n) to questions whose right answers are y (n,); see `r2`."""
    residual = ((answers - y) ** 2).sum(-1)
    total = ((y - y.mean()) ** 2).sum()  # 0 as well where all y are all but 0
    if np.ptp(y) == 0 or total == 0:  # rounding may put the mean beside a constant
        return (residual == 0).astype(float)
    return 1 - residual / total
