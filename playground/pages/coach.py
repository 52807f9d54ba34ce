"""The coach below the stage: what is wrong with the run, shown where it is, and one thing to try; else nothing."""

from dataclasses import replace

import streamlit as st

from playground.coach import Advice, advise, examine, foresee
from playground.engine import ACTIVATIONS, Finding
from playground.engine.diagnosis.finding import say
from playground.experiment import LIVE, Config
from playground.pages.controls import apply
from playground.share import links
from playground.stage import Scene, bell, pointer

SEEN, LIT, TRIED, ANEW = "step the coach sees", "what the coach shows", "what the coach has tried", "coach's rerun"
AFRESH = "afresh"  # in the session: whether the page is to begin another run, whatever has changed
PAUSE = 4.0  # seconds at least between two looks while the run is playing
NAMES = {"lr": "learning rate", "init": "initial weights", "l2": "L2 penalty", "n": "points", "split": "training share"}
NAMES |= {"hidden": "hidden layers", "bias": "initial bias", "clip": "clip gradient"}


@st.fragment
def coach(scene: Scene) -> None:
    """Say what is wrong at the step that the stage shows."""
    if st.session_state.pop(ANEW, False):
        st.rerun()  # the whole page: what has been tried is a choice of the sidebar
    run, config = scene.run, scene.experiment.config
    step = min(max(run.first, _step(scene)), run.reached)
    if scene.pending:  # the rule has just been changed, and has done nothing yet
        findings = foresee(run, scene.experiment.training, step)
    else:
        data = scene.experiment.data
        findings = examine(run, (data.test.x, data.test.y), step, scene.trail.rows(before=step))
    advice = advise(config, findings)
    if advice or _tried(config):
        with st.container():
            st.markdown("**Coach**" + (f" · at step {step:,}" if advice else ""))
            for one in advice:
                _row(scene, one)
            _undo_row(config)
    _point(scene, advice)
    bell(step, lambda rung: _on_rung(scene.name, rung), key="coach bell", pause=PAUSE)


def _step(scene: Scene) -> int:
    name, step = st.session_state.get(SEEN, ("", 0))
    return step if name == scene.name else scene.run.state.step


def _on_rung(name: str, step: object) -> None:
    if type(step) is int and step >= 0:
        st.session_state[SEEN] = (name, step)


def _row(scene: Scene, advice: Advice) -> None:
    kind = advice.findings[0].kind
    with st.container(border=True):
        said, buttons = st.columns([3, 1], vertical_alignment="center")
        with said:
            sentences = " ".join(finding.sentence for finding in advice.findings)
            st.markdown(f"**{kind.capitalize()}.** {sentences}")
            st.markdown(advice.remedy)
            st.caption(_evidence(advice.findings[0]))
        with buttons:
            if advice.changes:
                _try_button(scene, kind, advice)
            if lit(scene, advice.findings):
                shown = st.session_state.get(LIT) == (scene.name, kind)
                label = "Hide" if shown else "Show me"
                st.button(label, key=f"show {kind}", on_click=_show, args=(scene.name, kind), width="stretch")


def _evidence(finding: Finding) -> str:
    return " · ".join(f"{name}: {say(value)}" for name, value in finding.evidence.items())


# --- trying and undoing


def _try_button(scene: Scene, kind: str, advice: Advice) -> None:
    afresh = advice.afresh or not set(advice.changes) <= LIVE
    st.button(
        f"Try {words(advice.changes)}",
        key=f"try {kind}",
        on_click=_try,
        args=(scene, advice),
        type="primary",
        width="stretch",
        help="Begins again at step 0; this run can be taken back."
        if afresh
        else "From this step on, with these weights.",
    )


def words(changes: dict[str, object]) -> str:
    """What is changed, as a learner would say it."""
    return ", ".join(_word(name, value) for name, value in changes.items())


def _word(name: str, value: object) -> str:
    if name == "activation":
        keys = dict.fromkeys([value] if isinstance(value, str) else value)
        return " and ".join(ACTIVATIONS[key].name for key in keys)
    return f"{NAMES.get(name, name)} {links.word(name, value)}"


def _try(scene: Scene, advice: Advice) -> None:
    before = scene.experiment.config
    afresh = advice.afresh or not set(advice.changes) <= LIVE
    st.session_state[TRIED] = (replace(before, **advice.changes), before, advice.changes, scene if afresh else None)
    apply(advice.changes)
    st.session_state[AFRESH], st.session_state[ANEW] = afresh, True


def _tried(config: Config) -> bool:
    """Whether what is on the stage is what has been tried; forgotten once anything else is."""
    if TRIED in st.session_state and st.session_state[TRIED][0] != config:
        del st.session_state[TRIED]
    return TRIED in st.session_state


def _undo_row(config: Config) -> None:
    if _tried(config):
        said, button = st.columns([3, 1], vertical_alignment="center")
        said.caption(f"Tried: {words(st.session_state[TRIED][2])}.")
        button.button("Take it back", key="undo advice", on_click=_undo, icon=":material/undo:", width="stretch")


def _undo() -> None:
    _, before, changes, scene = st.session_state.pop(TRIED)
    apply({name: getattr(before, name) for name in changes})
    if scene:
        scene.answered = b""  # the browser has seen another run since
        st.session_state["scene"] = scene
    st.session_state[ANEW] = True


# --- pointing


def _show(name: str, kind: str) -> None:
    shown = st.session_state.get(LIT) == (name, kind)
    st.session_state[LIT] = None if shown else (name, kind)


def _point(scene: Scene, advice: list[Advice]) -> None:
    for one in advice:
        if st.session_state.get(LIT) == (scene.name, one.findings[0].kind):
            pointer("coach", lit=lit(scene, one.findings))


def lit(scene: Scene, findings: tuple[Finding, ...]) -> list[tuple[int, int]]:
    """The neurons that findings are about, as column and row on the stage; column 0 is the inputs."""
    sizes = [scene.run.network.inputs, *scene.run.network.hidden, scene.run.network.outputs]
    places = []
    for finding in findings:
        column = 0 if finding.layer is None else finding.layer + 1
        whole = range(sizes[column]) if finding.layer is not None else ()
        places += [(column, row) for row in finding.units or whole]
    return places
