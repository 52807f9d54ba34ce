"""How the learning rate changes on the way: each schedule is a factor on it, a function of the step alone."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """`factor(step, span)` multiplies the learning rate of step number `step` (from 0); `span` is in steps.

    `formula` is LaTeX for the factor, with t the step and T the span; `note` one sentence a learner understands.
    """

    name: str
    factor: Callable[[int, int], float]
    formula: str
    note: str


SCHEDULES = {
    "constant": Schedule("constant", lambda t, span: 1.0, "1", "The same learning rate from first to last."),
    "step": Schedule(
        "step",
        lambda t, span: math.ldexp(1, -(t // span)),
        r"2^{-\lfloor t / T \rfloor}",
        "Halved after every span: large steps to find the valley, small ones to settle in it.",
    ),
    "exponential": Schedule(
        "exponential",
        lambda t, span: math.exp(-t / span),
        r"e^{-t / T}",
        "Shrinks by the same share in every step, to about a third after each span.",
    ),
    "cosine": Schedule(  # Loshchilov & Hutter, ICLR 2017, equation 5, without restarts
        "cosine",
        lambda t, span: (1 + math.cos(math.pi * min(t / span, 1))) / 2,
        r"\tfrac{1}{2}\left(1 + \cos \pi \min(t / T, 1)\right)",
        "Half a cosine wave: hardly any change at first, then down to nothing at the end of the span.",
    ),
    "inverse": Schedule(  # Robbins & Monro, Annals of Mathematical Statistics 1951, example 1/n
        "1/t",
        lambda t, span: 1 / (1 + t / span),
        r"\frac{1}{1 + t / T}",
        "Falls ever more slowly: the steps still lead anywhere, yet their noise dies out.",
    ),
    "warm-up": Schedule(  # Goyal et al., arXiv:1706.02677, section 2.2
        "warm-up",
        lambda t, span: min(1.0, (t + 1) / span),
        r"\min\left(1, \tfrac{t + 1}{T}\right)",
        "Grows evenly to its full size within the span, so that the first slopes do no harm.",
    ),
}
