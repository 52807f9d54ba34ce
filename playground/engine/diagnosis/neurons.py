"""Neurons that do not learn: flat ones, and copies of others. Each function judges one fault; none found, none told."""

import numpy as np

from playground.engine.activations import ACTIVATIONS
from playground.engine.diagnosis.finding import Finding, name, say
from playground.engine.diagnosis.symptoms import differences, flatness, steepest
from playground.engine.network import Network, Trace

Array = np.ndarray

FLAT = 0.05  # of the steepest slope: a tanh beyond ±2.2
SATURATED = 0.9  # of the examples
SAME = 1e-9  # of the largest activation or weight in the layer; rounding alone does not tell copies apart


def no_slope(network: Network) -> list[Finding]:
    """Layers whose activation is flat wherever it does not jump, as the binary step."""
    return [
        Finding(
            "no slope",
            f"The {ACTIVATIONS[key].name} of layer {layer + 1} has slope 0 everywhere, "
            "so no gradient reaches the weights in front of it.",
            {"slope": 0.0},
            layer,
            tuple(range(network.hidden[layer])),
        )
        for layer, key in enumerate(network.activations)
        if steepest(key) == 0
    ]


def dead(network: Network, trace: Trace) -> list[Finding]:
    """Units without any slope for any example; those that only come close to it, as a tanh does, are saturated."""
    found = []
    for layer, (key, shares) in enumerate(zip(network.activations, flatness(network, trace), strict=True)):
        units = _where(shares == 1)
        if units and steepest(key) > 0 and not _smoothly_bounded(key):
            who, examples = name(layer, units, "has", "have"), trace.z[layer].shape[-2]
            sentence = f"{who} slope 0 for all {examples:,} examples, so no gradient reaches the weights in front."
            found.append(Finding("dead", sentence, {"share": 1.0, "examples": examples}, layer, units))
    return found


def saturated(network: Network, trace: Trace) -> list[Finding]:
    """Units of bounded activations that have hardly any slope for nearly all examples, and are not dead."""
    found, silent = [], flatness(network, trace)
    for layer, (key, shares) in enumerate(zip(network.activations, flatness(network, trace, FLAT), strict=True)):
        flat = (shares >= SATURATED) & (_smoothly_bounded(key) | (silent[layer] < 1))
        if (units := _where(flat)) and _bounded(key) and steepest(key) > 0:
            share = float(shares[flat].min())
            who = name(layer, units, "is", "are")
            most = "all" if share == 1 else f"at least {int(100 * share)}% of the"
            sentence = f"{who} on a flat part of the {ACTIVATIONS[key].name} for {most} examples."
            found.append(Finding("saturated", sentence, {"share": share}, layer, units))
    return found


def copies(network: Network, theta: Array, trace: Trace) -> list[Finding]:
    """Groups of units that gradient descent can never tell apart."""
    found = []
    for layer, apart in enumerate(differences(network, theta, trace)):
        for group in np.unique(apart <= SAME, axis=0):
            if len(units := _where(group)) > 1:
                largest = float(apart[np.ix_(units, units)].max())
                who = name(layer, units, "", "are")
                sentence = f"{who} copies of each other (difference {say(largest)}): all learn the same."
                found.append(Finding("copies", sentence, {"difference": largest}, layer, units))
    return found


def _where(flags: Array) -> tuple[int, ...]:
    return tuple(np.flatnonzero(flags).tolist())


def _bounded(key: str) -> bool:
    return bool(np.isfinite(ACTIVATIONS[key].range).all())


def _smoothly_bounded(key: str) -> bool:
    return _bounded(key) and not ACTIVATIONS[key].kinks
