"""Where network and data do not suit each other: features of unequal size, a curved question to a straight network.

Both can be told before the first step. Each function judges one fault; none found, none told.
"""

import numpy as np

from playground.engine.diagnosis.finding import Finding, say
from playground.engine.metrics import predict
from playground.engine.network import Network
from playground.engine.stepping import start
from playground.engine.tape import advance
from playground.engine.training import Training

Array = np.ndarray

APART = 10.0  # times: the sharpness of the loss grows with the square, and with it the steps that descent needs
COMPARED = 500  # examples that are compared with their neighbours; every pair is
FEW = 30  # examples; fewer are not judged
NEIGHBOURS = 5
MARGIN = 0.05  # of the examples, or of their variance
CHANCE = 3.0  # standard errors, beyond which a difference is no accident of which examples were drawn
FIT = Training(learning_rate=0.3, batch_size=None)  # Adam, settled after
FIT_STEPS = 200  # of them, on standardised data


def unscaled(x: Array) -> list[Finding]:
    """Features of x (n, inputs) of very different size, or far from 0 for their spread; constant ones are left out.

    `units` of the finding are the features that stand out. For one linear neuron the curvature along a weight is the
    mean square of its feature, and what is shared with the bias grows with mean² / variance (LeCun, Bottou, Orr &
    Müller, Efficient BackProp, 1998, sections 4.3 and 5.3).
    """
    mean, spread = x.mean(0), x.std(0)
    varies = spread > 1e-9 * np.abs(x).max(0)
    if not varies.any():
        return []
    least, most = float(spread[varies].min()), float(spread[varies].max())
    shift = float((np.abs(mean) / np.where(varies, spread, np.inf)).max())
    if most <= APART * least and shift <= APART:
        return []
    evidence = {"smallest spread": least, "largest spread": most, "largest shift": shift}
    if most > APART * least:
        units = np.flatnonzero(varies & (spread > APART * least))
        sentence = f"The features are not on one scale: the widest spreads {say(most / least)} times as far as "
        sentence += "the narrowest, so no learning rate suits both."
    else:
        units = np.flatnonzero(varies & (np.abs(mean) > APART * spread))
        sentence = f"A feature lies {say(shift)} times its own spread away from 0, so its weight and the bias "
        sentence += "pull against each other."
    return [Finding("data not scaled", sentence, evidence, None, tuple(units.tolist()))]


def straight(network: Network, x: Array, y: Array) -> list[Finding]:
    """A network linear in x (n, inputs), while y (n,) is answered much better by the nearest neighbours of each x.

    It is compared at its best, not as it is now: with the linear network that fits the examples.
    """
    quantity = network.output == "identity"
    if not set(network.activations) <= {"identity"} or (quantity and network.outputs > 1):
        return []
    x, y = (part[:: -(-len(x) // COMPARED)] for part in (x, y))
    if len(x) < FEW or np.ptp(y) == 0:
        return []
    x = (x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1)
    line, near = (_errors(answers(network, x, y), y, quantity) for answers in (_best_line, _neighbours))
    better = line - near
    if better.mean() <= max(MARGIN, CHANCE * better.std() / np.sqrt(len(better))):
        return []
    name = "R²" if quantity else "accuracy"
    own, others = float(1 - line.mean()), float(1 - near.mean())
    why = "All its activations are the identity" if network.hidden else "It has no hidden layer"
    sentence = f"{why}, so this network can only draw {'a flat plane' if quantity else 'straight lines'}: the best "
    sentence += f"has {name} {own:.0%}, a look at the {NEIGHBOURS} nearest examples {others:.0%}."
    return [Finding("linear network", sentence, {f"best linear {name}": own, f"neighbours' {name}": others})]


def _errors(answers: Array, y: Array, quantity: bool) -> Array:
    """How wrong each answer is, so that the mean is 1 − R² or 1 − accuracy."""
    return (answers - y) ** 2 / (y.var() or 1.0) if quantity else (answers != y).astype(float)


def _best_line(network: Network, x: Array, y: Array) -> Array:
    if network.output == "identity":
        design = np.column_stack([x, np.ones(len(x))])
        return design @ np.linalg.lstsq(design, y)[0]
    line = Network(network.inputs, (), network.outputs, output="softmax" if network.outputs > 1 else "sigmoid")
    theta = advance(start(line, FIT), line, FIT, x, y, FIT_STEPS).theta
    return predict(line, line.forward(theta, x).a[-1])


def _neighbours(network: Network, x: Array, y: Array) -> Array:
    """What the nearest others of each example say: the class of most, or their mean."""
    squares = (x**2).sum(1)
    distance = squares[:, None] + squares - 2 * x @ x.T
    np.fill_diagonal(distance, np.inf)
    said = y[np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]]  # (n, neighbours)
    if network.output == "identity":
        return said.mean(1)
    return (said[..., None] == np.arange(max(network.outputs, 2))).sum(1).argmax(1)
