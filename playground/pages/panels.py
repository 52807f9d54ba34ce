"""Below the stage: one chosen panel, drawn for the step that the stage shows."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import gradient
from playground.pages.look import theme
from playground.pages.microscope import microscope
from playground.stage import Scene, bell, losses_along, surface_of

SIDE = 41  # points a side of the surface in 3-D
SHOWN = "step on the panel"
MICROSCOPE = "Microscope"


def panels(scene: Scene) -> None:
    """Let a panel be chosen, and draw it."""
    chosen = st.segmented_control("Look closer", (MICROSCOPE, *PANELS), key="panel", persist_state="session")
    st.session_state[SHOWN] = scene.run.state.step
    if chosen:
        _panel(scene, chosen)


@st.fragment
def _panel(scene: Scene, chosen: str) -> None:
    step = min(st.session_state[SHOWN], scene.run.reached)
    if chosen == MICROSCOPE:
        microscope(scene, step, theme())
        return bell(step, _on_rung)
    theta = scene.run.at(step).theta
    figure, words = PANELS[chosen](scene, step, theta, theme())
    st.plotly_chart(figure, theme=None, key=f"chart {chosen}", config={"displaylogo": False, "scrollZoom": False})
    st.caption(f"At step {step:,}. {words}")
    bell(step, _on_rung)


def _on_rung(step: object) -> None:
    if type(step) is int and step >= 0:
        st.session_state[SHOWN] = step


def _surface(scene: Scene, step: int, theta: np.ndarray, theme: figures.Theme) -> tuple:
    state = scene.run.at(step)
    surface = surface_of(scene, scene.look, state, SIDE)
    title_a, title_b = surface.slice.titles
    path = np.column_stack([surface.path, losses_along(scene, scene.look, state)])
    figure = figures.surface_3d(
        *(surface.a, surface.b, surface.losses, path, path[-1]),
        theme=theme,
        title_a=title_a,
        title_b=title_b,
        revision=f"{scene.name} {scene.look}",
    )
    return figure, figures.describe_surface(
        surface.a, surface.b, surface.losses, path[-1], title_a=title_a, title_b=title_b
    )


def _histograms(scene: Scene, step: int, theta: np.ndarray, theme: figures.Theme) -> tuple:
    run = scene.run
    _, g = gradient(run.network, run.training, theta, run.x, run.y)
    weights, gradients = ([w.ravel() for w, _ in run.network.layers(vector)] for vector in (theta, g))
    return figures.histograms(weights, gradients, theme=theme), figures.describe_histograms(weights, gradients)


PANELS = {"Loss surface in 3-D": _surface, "Weights and gradients": _histograms}
