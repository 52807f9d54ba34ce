"""One weight: gradient descent in its smallest form, every number put into its formula."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine.one_weight import LARGEST, OneWeight, behaviour, diverged
from playground.pages.look import chart, equals, say_unusable, tex, theme

LIMITS = {"x": (-10.0, 10.0), "label": (-100.0, 100.0), "w": (-100.0, 100.0), "eps": (1e-6, 1e6)}
PRESETS = {"Crawl": 0.95, "Converge": 0.6, "At once": 0.0, "Jump": -0.8, "For ever": -1.0, "Diverge": -1.2}  # factors
VERDICTS = {
    "still": "The input is 0, so the weight changes nothing: there is no slope, and nothing moves.",
    "creeps": "It is between 0 and 1: the weight **creeps** to the optimum from one side.",
    "at once": "It is 0: **one step** leads to the optimum.",
    "jumps": "It is between −1 and 0: the weight **jumps from side to side**, and comes closer each time.",
    "for ever": "It is −1: the weight jumps from side to side **for ever**, and never comes closer.",
    "diverges": "It is below −1: every jump is longer than the one before. The weight **diverges**.",
}
PATH, SETUP = "weights so far", "their setup"
LAST = 8  # weights listed


def choices() -> OneWeight:
    """Draw the sidebar; the path begins anew where x, the label or the first weight is another."""
    with st.sidebar:
        st.subheader("One example", anchor=False)
        x = _number("Input x", "x", 2.0, 0.5)
        label = _number("Label y", "label", 6.0, 0.5)
        st.subheader("The walk", anchor=False)
        w = _number("First weight w", "w", 5.0, 0.5)
        st.session_state[SETUP], before = (x, label, w), st.session_state.get(SETUP)
        if before != (x, label, w):
            st.session_state[PATH] = [w]
        rate = _number("Learning rate ε", "eps", 0.1, 0.01)
        st.caption("A learning rate for each thing that can happen:")
        with st.container(horizontal=True):
            for name, factor in PRESETS.items():
                eps = _rate_for(factor, x)
                st.button(name, on_click=_take, args=(eps,), disabled=eps is None)
    return OneWeight(x, label, rate)


def _number(name: str, key: str, value: float, step: float) -> float:
    low, high = LIMITS[key]
    return st.number_input(name, low, high, value, step, "%.7g", key=key, bind="query-params")


def _rate_for(factor: float, x: float) -> float | None:
    rate = float(f"{(1 - factor) / x**2:.12g}") if x**2 else np.inf
    return rate if LIMITS["eps"][0] <= rate <= LIMITS["eps"][1] else None


def _take(rate: float) -> None:
    st.session_state["eps"] = rate


def buttons(one: OneWeight) -> None:
    path = st.session_state[PATH]
    gone = diverged(one.step(path[-1]))
    with st.container(horizontal=True):
        st.button("Step", icon=":material/skip_next:", type="primary", on_click=_walk, args=(one, 1), disabled=gone)
        st.button("×10", on_click=_walk, args=(one, 10), disabled=gone)
        st.button("Back", icon=":material/undo:", on_click=_back, disabled=len(path) == 1)
        st.button("Reset", icon=":material/replay:", on_click=_reset, disabled=len(path) == 1)
    if gone:
        st.warning(
            f"The walk stops here, after {len(path) - 1:,} steps: the next weight would be beyond ±{LARGEST:,.0f}. "
            "A smaller learning rate helps; Back and Reset lead out.",
            icon=":material/warning:",
        )


def _walk(one: OneWeight, steps: int) -> None:
    path = st.session_state[PATH]
    for _ in range(steps):
        if diverged(w := one.step(path[-1])):
            break
        path.append(w)


def _back() -> None:
    st.session_state[PATH].pop()


def _reset() -> None:
    del st.session_state[PATH][1:]


def formulas(one: OneWeight, w: float) -> None:
    """Prediction, loss, slope and update, with the present numbers put in."""
    x, y, rate, answer, slope = tex(one.x), tex(one.y), tex(one.rate), one.prediction(w), one.slope(w)
    error = rf"({tex(answer)} - {y})"
    rows = (
        rf"\hat y &= w x = {tex(w)} \cdot {x} {equals(answer)}",
        rf"L &= \tfrac12 (\hat y - y)^2 = \tfrac12 {error}^2",
        rf"&{equals(one.loss(w))}",
        rf"\tfrac{{dL}}{{dw}} &= (\hat y - y)\, x = {error} \cdot {x}",
        rf"&{equals(slope)}",
        r"w' &= w - \varepsilon \tfrac{dL}{dw}",
        rf"&= {tex(w)} - {rate} \cdot {tex(slope)}",
        rf"&{equals(one.step(w))}",
    )
    st.markdown("Prediction ŷ, loss L, its slope, and the weight w′ after the next step:")
    st.latex(r"\begin{aligned}" + r" \\[2pt] ".join(rows) + r"\end{aligned}")
    st.markdown("What decides: each step multiplies the distance from the optimum by")
    st.latex(rf"1 - \varepsilon x^2 = 1 - {rate} \cdot {x}^2 {equals(one.factor)}")
    st.markdown(VERDICTS[behaviour(one.factor)])


def picture(one: OneWeight, path: list[float]) -> None:
    w, following = path[-1], one.step(path[-1])
    weights = figures.weights_around(path, following, one.optimum)
    heights, ahead = one.losses(np.array(path)), (following, one.loss(following))
    facts = path, heights, one.slope(w), ahead, one.optimum
    figure = figures.parabola(weights, one.losses(weights), *facts, theme=theme())
    chart(figure, figures.describe_parabola(*facts), "parabola")


def listed(path: list[float]) -> str:
    """The latest weights in a row."""
    return ("… → " if len(path) > LAST else "") + " → ".join(f"{w + 0.0:.7g}" for w in path[-LAST:])


say_unusable(LIMITS, {})
st.title("One weight", anchor=False)
st.markdown(
    "A neuron with one input and one weight, and one example to learn. "
    "The loss is a parabola over the weight, and gradient descent walks down on it."
)
one = choices()
buttons(one)
path = st.session_state[PATH]
left, right = st.columns([5, 6], gap="medium")
with left:
    formulas(one, path[-1])
with right:
    st.markdown(f"**Weight at step {len(path) - 1:,}:** {listed(path)}")
    picture(one, path)
