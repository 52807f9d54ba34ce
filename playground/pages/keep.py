"""What the browser keeps of the run, so that it goes on after a reload and after the server was started again.

A run that is as its config begins it, to the bit, is in the link: the browser keeps the step. Any other it keeps as
the text of a file, if that is not too long, and hands it back to a session that has just begun.
"""

import hashlib
import json
import secrets

import numpy as np
import streamlit as st

from playground.engine import start
from playground.experiment import TABLE, build, learn_alike
from playground.limits import LAST_STEP, LONGEST_KEPT
from playground.pages.controls import OPENED, refuse, take
from playground.pages.fields import LOADED, bring, table
from playground.share import links
from playground.share.saved import SavedError, read_run, savable, write_run
from playground.stage import Scene, keeper

MOST_HISTORY = 500  # rows of its losses
LONGEST_NUMBER = 24  # characters
MOST = 2**32  # more than the number of any message
SESSION, STORED, TAKEN, AGAIN = "kept session", "kept step", "kept run taken", "kept run reruns the page"


@st.fragment
def keep(scene: Scene) -> None:
    """Tell the browser what it takes to keep this run, and take over the one it has kept."""
    if st.session_state.pop(AGAIN, False):
        st.rerun()  # the whole page: what was taken over is a choice of the sidebar
    stored, step = st.session_state.pop(STORED, (0, None))
    heard, taken = st.session_state.get(TAKEN, (0, False))
    told = {
        "session": st.session_state.setdefault(SESSION, secrets.token_hex(4)),
        "run": scene.name,
        "mark": mark(links.write(scene.experiment.config, table())),
        "asked": mark(st.session_state.get(OPENED, {})),
        "plain": is_plain(scene),
        "deeds": len(scene.past),
        "version": scene.version,
        "step": step or 0,
        "text": "" if step is None else text_of(scene, step),
        "stored": stored,
        "heard": heard,
        "taken": taken,
    }
    keeper(told, _on_store, _on_offer)


def mark(words: dict[str, str]) -> str:
    """What tells the words of one link from those of another."""
    return hashlib.sha256(json.dumps(sorted(words.items())).encode()).hexdigest()[:16]


def is_plain(scene: Scene) -> bool:
    """Whether the run is, to the bit, what its config begins, so that a config and a step are all of it."""
    experiment, run = scene.experiment, scene.run
    if scene.pending or run.first or run.rule(run.reached)[0] or experiment.config.data == TABLE:
        return False
    begin = start(experiment.network, experiment.training).theta
    return run.training == experiment.training and np.array_equal(run.at(0).theta, begin) and _follows(scene)


def _follows(scene: Scene) -> bool:
    """Whether a config alone makes the experiment of a scene; found out once, as it takes as long as to begin it."""
    if scene.follows is None:
        scene.follows = learn_alike(build(scene.experiment.config), scene.experiment)
    return scene.follows


def text_of(scene: Scene, step: int) -> str:
    """The run at a step as the text of a file; none where that is too long, or cannot be."""
    brought, step = table(), max(scene.run.first, min(step, scene.run.reached))
    if scene.experiment.config.data == TABLE and brought.x.size * LONGEST_NUMBER > LONGEST_KEPT:
        return ""
    if not savable(state := scene.onward(step)):
        return ""
    rows = scene.trail.rows(before=step)
    text = write_run(scene.experiment, brought, state, rows[:: 1 + len(rows) // MOST_HISTORY]).decode()
    return text if len(text) <= LONGEST_KEPT else ""


def _on_store(message: object) -> None:
    match message:
        case {"run": str(run), "step": int(step), "number": int(number)} if 0 <= step <= LAST_STEP:
            if run == st.session_state["scene"].name and 0 < number < MOST:
                st.session_state[STORED] = number, step
        case _:
            refuse("store")


def _on_offer(message: object) -> None:
    """Take over a run that was kept, read as strictly as a file from anywhere."""
    match message:
        case {"run": str(run), "number": int(number), "text": str(text)} if (
            0 < number < MOST and len(text) <= LONGEST_KEPT
        ):
            said_before = st.session_state.get(TAKEN, (0, False))[0] == number
            if run == st.session_state["scene"].name and not said_before:
                st.session_state[TAKEN] = number, _take(text)
        case _:
            refuse("offer")


def _take(text: str) -> bool:
    try:
        saved = read_run(text.encode())
    except (SavedError, UnicodeEncodeError):
        return False
    if saved.table is not None:
        bring(saved.table)
    st.session_state[LOADED], st.session_state[AGAIN] = saved, True
    take(saved.experiment.config)
    return True
