"""Below the stage: one chosen panel, drawn for the step on which the stage stands."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import gradient
from playground.stage import Scene, bell
from playground.stage.pictures import loss_surface

SIDE = 41  # points a side of the surface in 3-D


def panels(scene: Scene) -> None:
    """Let a panel be chosen, and draw it."""
    chosen = st.segmented_control("Look closer", tuple(PANELS), key="panel")
    if chosen:
        _panel(scene, chosen)


@st.fragment
def _panel(scene: Scene, chosen: str) -> None:
    step = scene.run.state.step
    figure, words = PANELS[chosen](scene, figures.DARK if st.context.theme.type == "dark" else figures.LIGHT)
    st.plotly_chart(figure, theme=None, key=f"chart {chosen}", config={"displaylogo": False})
    st.caption(f"At step {step:,}. {words}")
    bell(step)


def _surface(scene: Scene, theme: figures.Theme) -> tuple:
    theta = scene.run.state.theta
    position = scene.position(theta)
    low, high = scene.box(position)
    a, b = (np.linspace(low[i], high[i], SIDE) for i in (0, 1))
    losses = loss_surface(scene, theta.astype(np.float32), position, low, high, SIDE)
    here = np.array([*position, scene.run.loss()])
    path = np.array([[a, b, loss] for _, loss, _, a, b in scene.history(before=scene.run.state.step)] + [here])
    figure = figures.surface_3d(a, b, losses, path, here, theme=theme, revision=scene.name)
    return figure, figures.describe_surface(a, b, losses, here)


def _histograms(scene: Scene, theme: figures.Theme) -> tuple:
    run = scene.run
    _, g = gradient(run.network, run.training, run.state.theta, run.x, run.y)
    weights, gradients = ([w.ravel() for w, _ in run.network.layers(vector)] for vector in (run.state.theta, g))
    return figures.histograms(weights, gradients, theme=theme), figures.describe_histograms(weights, gradients)


PANELS = {"Loss surface in 3-D": _surface, "Weights and gradients": _histograms}
