"""Below the stage: one chosen panel, drawn for the step that the stage shows."""

import streamlit as st

from playground.pages.panels import curvature, data, digit, histograms, microscope, race, share, surface
from playground.stage import Scene, bell

SHOWN = "step on the panel"


def panels(scene: Scene) -> None:
    """Let a panel be chosen, and draw it."""
    chosen = st.pills("Look closer", tuple(PANELS), key="panel", persist_state="session")
    st.session_state[SHOWN] = scene.run.state.step
    if chosen:
        _panel(scene, chosen)


@st.fragment
def _panel(scene: Scene, chosen: str) -> None:
    step = max(scene.run.first, min(st.session_state[SHOWN], scene.run.reached))
    PANELS[chosen](scene, step)
    bell(step, _on_rung)


def _on_rung(step: object) -> None:
    if type(step) is int and step >= 0:
        st.session_state[SHOWN] = step


PANELS = {
    "Microscope": microscope.panel,
    "Loss surface in 3-D": surface.panel,
    "Weights and gradients": histograms.panel,
    "Race": race.panel,
    "Curvature": curvature.panel,
    "Data": data.panel,
    "Draw a digit": digit.panel,
    "Save and share": share.panel,
}
