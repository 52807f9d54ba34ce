"""The Playground: choose in the sidebar, watch on the stage, look closer below."""

import secrets

import streamlit as st

from playground.experiment import Config, build
from playground.pages.controls import complaints, sidebar
from playground.pages.panels import panels
from playground.stage import Scene, answer, line, opening, parse, stage


def scene_of(config: Config) -> Scene:
    """This session's scene; a new one when the config has changed."""
    if "scene" not in st.session_state or st.session_state["scene"].experiment.config != config:
        st.session_state["scene"] = Scene(build(config), name=secrets.token_hex(4))
    return st.session_state["scene"]


def on_ask(message: object) -> None:
    """Answer the stage. What is not an ask, or asks for a run that is over, is left unanswered."""
    scene, ask = st.session_state["scene"], parse(message)
    if ask and ask.run == scene.name:
        st.session_state["answer"] = (scene.name, answer(scene, ask))


@st.fragment
def live(scene: Scene) -> None:
    """The line to the stage: carries the latest answer, before the first one the present picture."""
    name, data = st.session_state.get("answer", ("", b""))
    line(data if name == scene.name else opening(scene), on_ask)


config = sidebar()
with st.container():  # always there, so that the stage keeps its place on the page
    for sentence in complaints(config):
        st.warning(sentence, icon=":material/info:")
scene = scene_of(config)
stage(scene)
panels(scene)
live(scene)
