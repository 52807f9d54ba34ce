"""Activations and losses: every function of the engine with its derivative, formula and code, and any of them upon
each other."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import ACTIVATIONS, LOSSES, activations, losses
from playground.engine.shapes import SHOWN, activation_curve, loss_curve, losses_over, own_output
from playground.pages.look import chart, say_unusable, theme
from playground.pages.source import entry_source

Z = np.linspace(-5, 5, 501)  # 0 and every kink among them
KINDS = ("Activations", "Losses")
FIRST = ("step", "sigmoid", "tanh", "relu", "identity")
OVERS = {"error": "identity", "sigmoid": "sigmoid", "tanh": "tanh"}  # what losses are drawn over: its output
X_TITLES = {"identity": "prediction − label", "sigmoid": "z, then sigmoid", "tanh": "z, then tanh"}
ABREAST = 2  # cards in a row


def name_of(key: str) -> str:
    return SHOWN[key].name


def bounds(low: float, high: float) -> str:
    """A range in words."""
    ends = [f"{end:g}" if np.isfinite(end) else "no limit" for end in (low, high)]
    return "unbounded" if ends == ["no limit"] * 2 else f"from {ends[0]} to {ends[1]}"


def stacked(formula: str) -> str:
    """A formula in as many lines as it has parts, so that it finds room on a card."""
    parts = formula.replace(r"\qquad", r"\quad").split(r"\quad")
    return r"\begin{gathered}" + r" \\ ".join(part.strip() for part in parts) + r"\end{gathered}"


def compare_activations() -> None:
    chosen = st.multiselect("Compare", SHOWN, FIRST, key="compare", bind="query-params")
    if not chosen:
        st.info("Choose at least one activation to draw it.", icon=":material/info:")
        return
    both = {name_of(key): activation_curve(SHOWN[key], Z) for key in chosen}
    for side, which, title in zip(st.columns(2), (0, 1), ("a = f(z)", "da/dz"), strict=True):
        named = {name: pair[which] for name, pair in both.items()}
        figure = figures.curves(Z, named, theme=theme(), y_title=title, height=400)
        with side:
            chart(figure, f"{title}. {figures.describe_curves(Z, named)}", f"compared {title}")


def compare_losses() -> None:
    left, right = st.columns(2)
    over = OVERS[left.selectbox("Over the error, or the sum z of an output", OVERS, key="over", bind="query-params")]
    label = 0
    if over != "identity":
        label = right.selectbox("Label", (1, 0), key="truth", bind="query-params")
    both = {LOSSES[key].name: loss_curve(LOSSES[key], over, Z, label) for key in losses_over(over)}
    by = "error" if over == "identity" else "z"
    for side, which, title in zip(st.columns(2), (0, 1), ("loss", f"d loss / d {by}"), strict=True):
        named = {name: pair[which] for name, pair in both.items()}
        figure = figures.curves(Z, named, theme=theme(), x_title=X_TITLES[over], y_title=title, height=400)
        with side:
            chart(figure, f"{title}. {figures.describe_curves(Z, named)}", f"compared losses {which}")


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of one function: `named` are its curves, `code` the lines of its registry entry."""

    key: str
    name: str
    formula: str
    note: str
    x_title: str
    named: dict
    code: str
    range: str = ""


def activation_card(key: str) -> Card:
    function = SHOWN[key]
    a, slope = activation_curve(function, Z)
    over = "z₁, where z₂ = z₃ = 0" if function.joint else "z"
    code = entry_source(activations, "ACTIVATIONS" if key in ACTIVATIONS else "OUTPUTS", key)
    named = {"a": a, "da/dz": slope}
    return Card(key, function.name, function.formula, function.note, over, named, code, bounds(*function.range))


def loss_card(key: str) -> Card:
    loss, over = LOSSES[key], own_output(LOSSES[key])
    if over == "identity":
        value, slope = loss_curve(loss, over, Z, 0)
        named = {"loss": value, "slope": slope}
    else:
        named = {f"label {label}": loss_curve(loss, over, Z, label)[0] for label in (1, 0)}
        named["slope, label 1"] = loss_curve(loss, over, Z, 1)[1]
    return Card(key, loss.name, loss.formula, loss.note, X_TITLES[over], named, entry_source(losses, "LOSSES", key))


def draw(card: Card) -> None:
    with st.container(border=True):
        st.markdown(f"**{card.name}**")
        figure = figures.curves(Z, card.named, theme=theme(), x_title=card.x_title, y_title="", height=260)
        chart(figure, figures.describe_curves(Z, card.named), f"card {card.key}")
        st.latex(stacked(card.formula))
        st.markdown(f"{card.note}" + (f" Range: {card.range}." if card.range else ""))
        with st.expander("Code", icon=":material/code:"):
            st.code(card.code, language="python", wrap_lines=True)


say_unusable({}, {"kind": KINDS, "compare": SHOWN, "over": OVERS, "truth": ("0", "1")})
st.title("Activations and losses", anchor=False)
st.markdown("Every function of the engine, drawn from the very code that the networks here are trained with.")
kind = st.segmented_control("Show", KINDS, default=KINDS[0], required=True, key="kind", bind="query-params")
if kind == "Losses":
    compare_losses()
    cards = [loss_card(key) for key in LOSSES]
else:
    compare_activations()
    cards = [activation_card(key) for key in (*ACTIVATIONS, "softmax")]
st.subheader("One by one", anchor=False)
for row in range(0, len(cards), ABREAST):
    for column, card in zip(st.columns(ABREAST), cards[row : row + ABREAST], strict=False):
        with column:
            draw(card)
