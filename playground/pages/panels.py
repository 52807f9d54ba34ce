"""Below the stage: one chosen panel, drawn for the step that the stage shows."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import gradient, loss
from playground.pages.look import theme
from playground.stage import Scene, bell, surface_around

SIDE = 41  # points a side of the surface in 3-D
SHOWN = "step on the panel"


def panels(scene: Scene) -> None:
    """Let a panel be chosen, and draw it."""
    chosen = st.segmented_control("Look closer", tuple(PANELS), key="panel", persist_state="session")
    st.session_state[SHOWN] = scene.run.state.step
    if chosen:
        _panel(scene, chosen)


@st.fragment
def _panel(scene: Scene, chosen: str) -> None:
    step = min(st.session_state[SHOWN], scene.run.reached)
    theta = scene.run.at(step).theta
    figure, words = PANELS[chosen](scene, step, theta, theme())
    st.plotly_chart(figure, theme=None, key=f"chart {chosen}", config={"displaylogo": False, "scrollZoom": False})
    st.caption(f"At step {step:,}. {words}")
    bell(step, _on_rung)


def _on_rung(step: object) -> None:
    if type(step) is int and step >= 0:
        st.session_state[SHOWN] = step


def _surface(scene: Scene, step: int, theta: np.ndarray, theme: figures.Theme) -> tuple:
    run = scene.run
    a, b, losses = surface_around(scene, theta, SIDE)
    here = np.array([*scene.position(theta), loss(run.network, run.training, theta, run.x, run.y)])
    path = np.array([(at_a, at_b, value) for _, value, _, at_a, at_b in scene.history(before=step)] + [here])
    figure = figures.surface_3d(a, b, losses, path, here, theme=theme, revision=scene.name)
    return figure, figures.describe_surface(a, b, losses, here)


def _histograms(scene: Scene, step: int, theta: np.ndarray, theme: figures.Theme) -> tuple:
    run = scene.run
    _, g = gradient(run.network, run.training, theta, run.x, run.y)
    weights, gradients = ([w.ravel() for w, _ in run.network.layers(vector)] for vector in (theta, g))
    return figures.histograms(weights, gradients, theme=theme), figures.describe_histograms(weights, gradients)


PANELS = {"Loss surface in 3-D": _surface, "Weights and gradients": _histograms}
