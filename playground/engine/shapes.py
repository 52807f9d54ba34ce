"""The curves of activations and losses, over one sum or one error: what a learner sees of them."""

import numpy as np

from playground.engine.activations import ACTIVATIONS, OUTPUTS, Activation
from playground.engine.losses import LOSSES, Loss

Array = np.ndarray

SHOWN = {"softmax": OUTPUTS["softmax"]} | ACTIVATIONS  # what has a shape to show; softmax as one share of three


def activation_curve(activation: Activation, z: Array) -> tuple[Array, Array]:
    """a and da/dz, each (n,), over z (n,); of softmax the first of three shares, where the other two sums are 0."""
    if activation.joint:
        sums = np.stack([z, np.zeros_like(z), np.zeros_like(z)], -1)  # (n, 3)
        a = activation.f(sums)
        return a[:, 0], activation.df(sums, a)[:, 0, 0]
    a = activation.f(z)
    return a, activation.df(z, a)


def loss_curve(loss: Loss, output: str, z: Array, label: float) -> tuple[Array, Array]:
    """The loss of one example and its derivative by z, each (n,), over the sum z (n,) of an output with a `label`.

    Over the identity z is the prediction, and with label 0 its error. Raises `ValueError` for an output that the
    loss cannot be combined with.
    """
    if output not in loss.outputs:
        raise ValueError(f"output is {output!r}; {loss.name} needs one of {', '.join(loss.outputs)}.")
    t = np.full((len(z), 1), -1.0 if output == "tanh" and label == 0 else label)
    sums = z[:, None]
    return loss.value(sums, t, output), loss.delta(sums, OUTPUTS[output].f(sums), t, output)[:, 0]


def own_output(loss: Loss) -> str:
    """The output over which a loss shows its own shape: the identity where it can, else the sigmoid."""
    return "identity" if "identity" in loss.outputs else "sigmoid"


def losses_over(output: str) -> list[str]:
    """The keys of all losses that can be combined with an output."""
    return [key for key, loss in LOSSES.items() if output in loss.outputs]
