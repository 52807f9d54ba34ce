"""The panel of curvature: how long a plain gradient step may be here, and how the loss bends to both extremes."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import ACTIVATIONS, LOSSES, Curvature, Network, Training, extremes, gradient, landscape, loss
from playground.pages.look import draw, theme
from playground.stage import Scene
from playground.stage.look import Look
from playground.stage.slices import material

POINTS = 81  # of a curve
REACH = 2.0  # of a curve either way, at most, unless a plain step leads further
FURTHEST = 10.0


def panel(scene: Scene, step: int) -> None:
    """Draw both ends of the Hessian's spectrum at a step, and the largest stable learning rate."""
    state, network = scene.run.at(step), scene.run.network
    training, x, y, samples = material(scene, Look(), state)
    rate = training.rate(step)
    with st.spinner("Measuring how the loss bends …"), np.errstate(over="ignore", invalid="ignore"):
        found = extremes(network, training, state.theta, x, y)
    if not np.isfinite([found.smallest, found.largest]).all():
        st.caption(f"At step {step:,}. The curvature is not finite here: the weights are too large to measure it.")
        return
    limit = found.stable_rate
    draw(figures.rates(rate, limit, theme=theme()), "rates")
    st.markdown(verdict(found, rate))
    said = [
        _direction(column, scene, training, state.theta, x, y, rate, *end)
        for column, end in zip(st.columns(2), _ends(found), strict=True)
    ]
    st.caption(
        " ".join([f"At step {step:,}. {figures.describe_rates(rate, limit)}", *said, _limits(network, training)])
    )
    if samples:
        st.caption(f"Measured on {samples:,} training samples drawn by lot, the same at every step.")


def verdict(found: Curvature, rate: float) -> str:
    """What the curvature means for a plain gradient step of this rate, and whether the loss bends down somewhere."""
    share = rate / found.stable_rate
    if found.largest <= 0:
        first = "The loss bends up in no direction, so its curvature sets no limit to a plain gradient step here."
    elif share > 1:
        first = (
            f"**Too sharp for this rate:** a plain gradient step of {rate:.4g} is {share:.3g} times too long "
            "for the sharpest direction: it overshoots, and each step leads further away."
        )
    elif share > 0.5:
        first = (
            f"**Just flat enough:** a plain gradient step of {rate:.4g} is {share:.0%} of the limit. It crosses the "
            "bottom of the sharpest direction and lands nearer on the other side."
        )
    else:
        first = (
            f"**Flat enough:** a plain gradient step of {rate:.4g} is {share:.2%} of the limit, "
            f"{'well ' if share < 0.1 else ''}below what would overshoot in the sharpest direction."
        )
    return f"{first} {_valley(found)}"


def _valley(found: Curvature) -> str:
    ends = f"λ goes from {found.smallest:.4g} to {found.largest:.4g}"
    if found.smallest < -1e-6 * abs(found.largest):
        return f"Some direction bends down ({ends}), so these weights lie in no valley of all directions."
    if found.smallest <= 1e-6 * found.largest:
        return f"Some direction is all but flat ({ends})."
    return f"The sharpest direction bends {found.largest / found.smallest:,.3g} times as much as the flattest ({ends})."


def _ends(found: Curvature) -> list[tuple[str, float, np.ndarray]]:
    least = "most downward" if found.smallest < 0 else "flattest"
    return [("sharpest", found.largest, found.largest_direction), (least, found.smallest, found.smallest_direction)]


def _direction(
    column: object,
    scene: Scene,
    training: Training,
    theta: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    rate: float,
    name: str,
    curvature: float,
    v: np.ndarray,
) -> str:
    network = scene.run.network
    value, g = gradient(network, training, theta, x, y)
    slope = float(g @ v)
    step = -rate * slope
    s = np.linspace(-1, 1, POINTS) * _reach(float(value), curvature, step)
    losses = landscape.surface(network, training, theta, v, np.zeros_like(v), s, np.zeros(1), x, y)[:, 0]
    landing = np.array([step, loss(network, training, theta + step * v, x, y)])
    bent = " with penalty" if training.l1 or training.l2 else ""
    figure = figures.bend(
        *(s, losses, float(value), slope, curvature, landing),
        theme=theme(),
        title=f"distance along the {name} direction",
        title_loss=f"training loss{bent}",
    )
    with column:
        st.markdown(f"**{name.capitalize()} direction**, λ = {curvature:.4g}")
        draw(figure, f"bend {name}")
    return figures.describe_bend(s, losses, curvature, name)


def _reach(value: float, curvature: float, step: float) -> float:
    """How far to look either way: until the parabola has risen by four times the loss, and past where a step leads."""
    room = np.sqrt(8 * max(value, 1e-6) / max(abs(curvature), 1e-9))
    return float(min(max(min(room, REACH), 1.2 * abs(step)), FURTHEST))


def _limits(network: Network, training: Training) -> str:
    said = (
        "The limit 2/λ holds for plain gradient descent on all the data near a minimum; "
        "momentum and adaptive rules have other limits, and mini-batches lower it."
    )
    kinks = [ACTIVATIONS[key].name for key in dict.fromkeys(network.activations) if ACTIVATIONS[key].kinks]
    if LOSSES[training.loss].kink:
        kinks.append("the loss")
    if training.l1:
        kinks.append("the L1 penalty")
    return f"{said} The kinks of {' and '.join(kinks)} do not count: beside them nothing bends." if kinks else said
