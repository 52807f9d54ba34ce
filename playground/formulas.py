"""Formulas with their numbers put in, as LaTeX: what one would write on the blackboard for one neuron."""

from collections.abc import Sequence

import numpy as np

from playground.engine import ACTIVATIONS, OPTIMIZERS, OUTPUTS
from playground.engine.optimizers import BETA1, BETA2
from playground.microscope import Examination, memory

Array = np.ndarray

BETAS = [(f"{beta:g}", f"{1 - beta:.3g}") for beta in (BETA1, BETA2)]  # of Adam, and what is left to the new
PER_LINE = 2  # products that fit in a line on a phone


def number(value: float, digits: int) -> str:
    """A number to so many decimals, in LaTeX; in powers of ten where nothing else would be left of it."""
    if not np.isfinite(value):
        return r"\text{not finite}"
    if value and (abs(value) < 10**-digits or abs(value) >= 1e6):
        mantissa, power = f"{value:.{max(digits - 1, 1)}e}".split("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}"
    return f"{value:.{digits}f}"


def signed(value: float, digits: int) -> str:
    """The same as a factor, in brackets where it is negative or a product itself."""
    text = number(value, digits)
    return f"({text})" if text.startswith("-") or r"\cdot" in text else text


def products(factors: Sequence[tuple[float, float]], digits: int, last: float | None = None) -> str:
    """Σ of products written out, over several lines where there are many; `last` is added at the end."""
    terms = [rf"{signed(a, digits)} \cdot {signed(b, digits)}" for a, b in factors]
    if last is not None:
        terms.append(signed(last, digits))
    lines = [" + ".join(terms[i : i + PER_LINE]) for i in range(0, len(terms), PER_LINE)]
    return r" \\ &\quad + ".join(lines)


def forward(examined: Examination, layer: int, unit: int, row: int, digits: int) -> str:
    """z = Σ w·a + b and a = f(z) of one neuron for one example."""
    weights, bias = examined.network.layers(examined.theta)[layer]
    z, a = examined.trace.z[layer][row], examined.trace.a[layer + 1][row]
    terms = list(zip(weights[:, unit], examined.trace.a[layer][row], strict=True))
    lines = [
        r"z &= \sum_i w_i \, a_i + b",
        rf"&= {products(terms, digits, bias[unit])}",
        rf"&= {number(z[unit], digits)}",
        _activated(examined, layer, z, a, unit, digits),
    ]
    return aligned(lines)


def _activated(examined: Examination, layer: int, z: Array, a: Array, unit: int, digits: int) -> str:
    name = activation_of(examined, layer)
    if name == "softmax":
        return (
            rf"a &= \frac{{e^{{{number(z[unit], digits)}}}}}{{\sum_k e^{{z_k}}}} = {number(a[unit], digits)}"
            r" \quad \text{(softmax)}"
        )
    function = {**OUTPUTS, **ACTIVATIONS}[name].name
    return rf"a &= \operatorname{{{function.replace(' ', '~')}}}({number(z[unit], digits)}) = {number(a[unit], digits)}"


def activation_of(examined: Examination, layer: int) -> str:
    """The key of a layer's activation, the output's for the last one."""
    return [*examined.network.activations, examined.network.output][layer]


def cost(examined: Examination, row: int, digits: int) -> str:
    """The loss of one example with its numbers, and the mean with the penalty where there are more."""
    a, t = examined.trace.a[-1][row], examined.target[row]
    written = _COSTS.get((examined.training.loss, examined.network.output), _COSTS.get(examined.training.loss))
    lines = [rf"\ell &= {written(a, t, digits)}"] if written else []
    lines.append(("&= " if lines else r"\ell &= ") + number(examined.losses[row], digits))
    if len(examined.x) > 1:
        n, mean = len(examined.x), number(examined.losses.mean(), digits)
        lines.append(rf"L &= \frac{{1}}{{{n}}} \sum_{{i=1}}^{{{n}}} \ell_i = {mean}")
    if examined.penalty:
        lines.append(
            rf"L + \text{{penalty}} &= {number(examined.loss - examined.penalty, digits)} + "
            rf"{number(examined.penalty, digits)} = {number(examined.loss, digits)}"
        )
    return aligned(lines)


def _binary(a: Array, t: Array, digits: int) -> str:
    answer, wanted = number(a[0], digits), number(t[0], 0)
    return rf"-\left[{wanted} \ln {answer} + (1 - {wanted}) \ln (1 - {answer})\right]"


def _categorical(a: Array, t: Array, digits: int) -> str:
    return rf"-\ln {number(a[t.argmax()], digits)}"


def _squares(factor: str) -> object:
    def written(a: Array, t: Array, digits: int) -> str:
        return factor + " + ".join(rf"({number(p, digits)} - {signed(q, digits)})^2" for p, q in zip(a, t, strict=True))

    return written


def _absolute(a: Array, t: Array, digits: int) -> str:
    return " + ".join(rf"|{number(p, digits)} - {signed(q, digits)}|" for p, q in zip(a, t, strict=True))


_COSTS = {
    ("cross-entropy", "sigmoid"): _binary,
    ("cross-entropy", "softmax"): _categorical,
    "mse": _squares(""),
    "half-mse": _squares(r"\tfrac12 "),
    "mae": _absolute,
}


def backward(examined: Examination, layer: int, unit: int, row: int, digits: int) -> str:
    """δ = ∂L/∂z of one neuron for one example, as the product it is."""
    delta = examined.deltas[layer][row, unit]
    if layer == len(examined.network.hidden):
        return aligned([*_output_error(examined, unit, row, digits), rf"&= {number(delta, digits)}"])
    weights, _ = examined.network.layers(examined.theta)[layer + 1]
    terms = list(zip(weights[unit], examined.deltas[layer + 1][row], strict=True))
    z, a = examined.trace.z[layer][row, unit], examined.trace.a[layer + 1][row, unit]
    slope = float(ACTIVATIONS[activation_of(examined, layer)].df(z, a))
    return aligned(
        [
            r"\delta &= \Big(\sum_k w_k \, \delta_k\Big) \cdot f'(z)",
            rf"&= \big({products(terms, digits)}\big) \cdot {signed(slope, digits)}",
            rf"&= {number(delta, digits)}",
        ]
    )


def _output_error(examined: Examination, unit: int, row: int, digits: int) -> list[str]:
    a, t, n = examined.trace.a[-1][row, unit], examined.target[row, unit], len(examined.x)
    wanted = digits if examined.network.output == "identity" else 0  # a class is 0 or 1
    difference, share = rf"{number(a, digits)} - {signed(t, wanted)}", rf"\frac{{1}}{{{n}}} \cdot " if n > 1 else ""
    symbol_share = r"\frac{1}{n} \," if n > 1 else ""
    loss, output = examined.training.loss, examined.network.output
    if loss == "cross-entropy":
        return [rf"\delta &= {symbol_share}(a - t)", rf"&= {share}({difference})"]
    if loss in ("mse", "half-mse") and output != "softmax":
        slope = float(OUTPUTS[output].df(examined.trace.z[-1][row, unit], a))
        twice = r"2 \," if loss == "mse" else ""
        return [
            rf"\delta &= {symbol_share}{twice}(a - t) \cdot f'(z)",
            rf"&= {share}{twice}({difference}) \cdot {signed(slope, digits)}",
        ]
    return [rf"\delta &= {symbol_share}\frac{{\partial \ell}}{{\partial z}}"]


def connection(examined: Examination, layer: int, source: int, unit: int, digits: int) -> str:
    """∂L/∂w of one connection: what leaves its start times the error at its end, over all examples."""
    a, delta = examined.trace.a[layer][:, source], examined.deltas[layer][:, unit]
    slope = examined.network.layers(examined.slope)[layer][0][source, unit]
    thin = examined.network.layers(examined.thin)[layer][0][source, unit]
    dropout = "" if thin == 1 else rf" \cdot {number(thin, digits)} \text{{ (dropout)}}"
    if len(a) == 1:
        written = rf"a \cdot \delta = {signed(a[0], digits)} \cdot {signed(delta[0], digits)}"
    else:
        written = rf"\sum_{{i=1}}^{{{len(a)}}} a_i \, \delta_i"
    return aligned([rf"\frac{{\partial L}}{{\partial w}} &= {written}{dropout}", rf"&= {number(slope, digits)}"])


def update(examined: Examination, index: int, digits: int) -> str:
    """How one parameter gets its new value: the optimizer's arithmetic with its numbers."""
    kept = {name: float(values[index]) for name, values in memory(examined).items()}
    old, new = float(examined.state.theta[index]), float(examined.following.theta[index])
    g, rate = float(examined.gradient[index]), number(examined.rate, digits)

    def n(value: float) -> str:
        return signed(value, digits)

    t = examined.state.age + 1
    lines = [rf"g &= {number(g, digits)}"]
    match examined.training.optimizer:
        case "momentum" | "nesterov":
            lines.append(rf"v &= 0.9 \cdot {n(kept['v before'])} - {rate} \cdot {n(g)} = {number(kept['v'], digits)}")
        case "adagrad":
            lines.append(rf"s &= {n(kept['s before'])} + {n(g)}^2 = {number(kept['s'], digits)}")
        case "rmsprop":
            lines.append(rf"s &= 0.9 \cdot {n(kept['s before'])} + 0.1 \cdot {n(g)}^2 = {number(kept['s'], digits)}")
        case "adam" | "adamw":
            (m, v), (m0, v0) = BETAS, (n(kept["m before"]), n(kept["v before"]))
            lines += [
                rf"m &= {m[0]} \cdot {m0} + {m[1]} \cdot {n(g)} = {number(kept['m'], digits)}",
                rf"v &= {v[0]} \cdot {v0} + {v[1]} \cdot {n(g)}^2 = {number(kept['v'], digits)}",
                rf"\hat m &= \frac{{m}}{{1 - {m[0]}^{{{t}}}}} = {number(kept['m̂'], digits)}",
                rf"\hat v &= \frac{{v}}{{1 - {v[0]}^{{{t}}}}} = {number(kept['v̂'], digits)}",
            ]
    lines.append(
        rf"\Delta &= {_RULES[examined.training.optimizer].format(rate=rate, g=n(g))} = {number(kept['Δ'], digits)}"
    )
    rest = _rest(examined, new - old - kept["Δ"], digits)
    lines.append(rf"w_\text{{new}} &= {number(old, digits)} + {n(kept['Δ'])}{rest}")
    lines.append(rf"&= {number(new, digits)}")
    return aligned(lines)


_ROOT = r"-{rate} \cdot \frac{{g}}{{\sqrt{{s}} + 10^{{-8}}}}"
_ADAM = r"-{rate} \cdot \frac{{\hat m}}{{\sqrt{{\hat v}} + 10^{{-8}}}}"
_RULES = {
    "sgd": r"-\eta \, g = -{rate} \cdot {g}",
    "line-search": r"-\eta \, g = -{rate} \cdot {g}",
    "momentum": "v",
    "nesterov": r"0.9 \, v - {rate} \cdot {g}",
    "adagrad": _ROOT,
    "rmsprop": _ROOT,
    "adam": _ADAM,
    "adamw": _ADAM,
}


def _rest(examined: Examination, rest: float, digits: int) -> str:
    """What weight decay, or L1 that keeps zeros, adds to the step."""
    training = examined.training
    decays, softens = OPTIMIZERS[training.optimizer].decay, training.keep_zeros and training.l1
    causes = " and ".join(cause for cause, there in (("decay", decays), ("L1", softens)) if there)
    return rf" + {signed(rest, digits)}\,\text{{({causes})}}" if causes and abs(rest) > 1e-12 else ""


def aligned(lines: Sequence[str]) -> str:
    """Lines of LaTeX below each other, aligned at their `&`."""
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"
