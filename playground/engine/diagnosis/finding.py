"""One thing to tell a learner about a network, and the words for it."""

import math
from dataclasses import dataclass, field

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its `kind`, a `sentence` for a learner, and the numbers it rests on in `evidence`.

    `layer` counts from 0, the output last, and is `None` where the whole network is meant; `units` are the affected
    ones of the layer, from 0, without a layer the affected features. The sentence counts both from 1.
    """

    kind: str
    sentence: str
    evidence: dict[str, float] = field(default_factory=dict, hash=False)
    layer: int | None = None
    units: tuple[int, ...] = ()


def say(value: float) -> str:
    """A number as one would write it by hand, to two or three digits."""
    if not math.isfinite(value):
        return "no finite number"
    if value == 0 or 1e-4 <= abs(value) < 1:
        return f"{value:.2g}"
    if 1 <= abs(value) < 1e6:
        return f"{float(f'{value:.3g}'):,.10g}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(SUPERSCRIPT)}"


def name(layer: int, units: tuple[int, ...], one: str, many: str) -> str:
    """The units of a layer as a subject, and its verb: `one` for a single unit, `many` for more."""
    *most, last = (str(unit + 1) for unit in units)
    if not most:
        return f"Neuron {last} of layer {layer + 1} {one}"
    return f"Neurons {', '.join(most)} and {last} of layer {layer + 1} {many}"
