"""The Playground: choose in the sidebar, watch on the stage, look closer below."""

import secrets

import streamlit as st

from playground.data import PLANE
from playground.experiment import (
    DRAWING,
    DRAWN,
    LIVE,
    SHAPE,
    VIEW,
    Config,
    build,
    differences,
    grown,
    learn_alike,
    output_of,
    task_of,
)
from playground.pages.coach import AFRESH, coach
from playground.pages.controls import CHOICES, KEEP, design, refuse, sidebar
from playground.pages.drawing import draft
from playground.pages.fields import LOADED, complaints, say, table
from playground.pages.keep import keep
from playground.pages.panels import panels
from playground.pages.teacher import teacher
from playground.share.saved import Saved
from playground.stage import Scene, answer, inherited, line, opening, parse, stage


def scene_of(config: Config) -> Scene:
    """This session's scene, as `config` has it; as it was before, and a sentence, where that cannot be."""
    try:
        _set_up(config)
    except ValueError as error:
        say(f"{error} Until that is changed, the run before stays on the stage.")
        if "scene" not in st.session_state:
            st.session_state["scene"] = Scene(build(Config()), secrets.token_hex(4))
    for told in (LOADED, AFRESH):  # only now: where another rerun came before the scene was there, it needs them again
        st.session_state.pop(told, None)
    return st.session_state["scene"]


def _set_up(config: Config) -> None:
    """Put the scene of `config` into the session.

    What can change on the way changes; anything else begins another run, with the weights there are if the learner
    wants to keep them, and so does what the coach has tried where only a new start shows its effect.
    """
    scene: Scene | None = st.session_state.get("scene")
    if LOADED in st.session_state:
        st.session_state["scene"] = scene = _loaded(st.session_state[LOADED], config, scene)
    differs = differences(config, scene.experiment.config) if scene else {"everything"}
    afresh = st.session_state.get(AFRESH, False)
    if differs and differs <= VIEW:
        scene.see(build(config, table(), scene.experiment.data.scaler))
    elif differs and differs <= LIVE | VIEW and not afresh:
        scene.change(build(config, table(), scene.experiment.data.scaler))
    elif differs and _drawn_on(scene, config, differs) and not afresh:
        scene.change(build(config, scaler=scene.experiment.data.scaler))
    elif differs:
        experiment, kept = build(config, table()), st.session_state.get(KEEP) and differs <= SHAPE and not afresh
        begin = grown(scene.run, experiment) if kept else None
        st.session_state["scene"] = Scene(experiment, secrets.token_hex(4), begin, scene and inherited(scene.look))


def _loaded(saved: Saved, config: Config, scene: Scene | None) -> Scene:
    """The scene of a run out of a file, its past in the curve."""
    experiment = saved.experiment
    if config != experiment.config:  # a file may choose what this page does not offer, such as noise for drawn points
        experiment = build(config, table(), experiment.data.scaler)
    if not learn_alike(experiment, saved.experiment):
        say("The run of this file could not be set up here as it was: choose another file.")
        return scene
    scene = Scene(experiment, secrets.token_hex(4), saved.state, scene and inherited(scene.look))
    scene.trail.recall(saved.history)
    return scene


def _drawn_on(scene: Scene | None, config: Config, differs: set[str]) -> bool:
    """Whether only points were drawn since, such as the same network can learn."""
    if scene is None or config.data != DRAWN or not differs <= DRAWING | LIVE | VIEW:
        return False
    if scene.experiment.data.columns != PLANE:
        return False
    return output_of(config) == scene.run.network.output and task_of(config)[1] == scene.experiment.dataset.n_classes


def on_ask(message: object) -> None:
    """Answer the stage. What is not an ask, or asks for a run or a rule that is over, is left unanswered."""
    scene, ask = st.session_state["scene"], parse(message)
    if not ask:
        refuse("ask")
    elif ask.run == scene.name and scene.ruled <= ask.version <= scene.version:
        scene.answered = answer(scene, ask)  # not in the session, where Streamlit would give way to another rerun first


@st.fragment
def live(scene: Scene) -> None:
    """The line to the stage: carries the latest answer, before the first one the present picture."""
    line(scene.answered or opening(scene), on_ask)


config = sidebar()
scene = scene_of(config)
with st.container():  # always there, so that the stage keeps its place on the page
    for sentence in complaints(config):
        st.warning(sentence, icon=":material/info:")
stage(scene, CHOICES, draft(config), design)
teacher()
below = st.container()
panels(scene)
live(scene)
keep(scene)
with below:  # drawn last, so that the first picture does not wait for it
    coach(scene)
