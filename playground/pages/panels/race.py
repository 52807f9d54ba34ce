"""The panel of the race: several training rules from one start, on one map and against one clock."""

import numpy as np
import streamlit as st

from playground import figures
from playground.engine import OPTIMIZERS
from playground.limits import LONGEST_RACE, MOST_LANES
from playground.pages.controls import RATES
from playground.pages.look import draw, theme
from playground.pages.panels.contest import Contest, Rival, begin, chart, name
from playground.pages.panels.standings import leaders, table, usual_target
from playground.pages.panels.trial import begun, on_the_way, switch
from playground.stage import Scene

CONTEST, RIVALS = "race", "rivals"
STEPS = (100, 300, 1000, LONGEST_RACE)
STARTS = ("the start of this run", "the step on screen")
USUAL = {
    "sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "adagrad": 0.1,
    "rmsprop": 0.01, "adam": 0.01, "adamw": 0.01, "line-search": 1.0,
}  # fmt: skip
CLASSICS = ("sgd", "momentum", "rmsprop", "adam")
FACTORS = (0.01, 0.1, 0.3, 3, 10)


def panel(scene: Scene, step: int) -> None:
    """Let a race be set up, run and read."""
    contest: Contest | None = begun(scene, CONTEST, "race")
    _set_up(scene, step, contest)
    if contest and contest.steps < contest.asked:
        st.caption(
            f"Each lane has {contest.steps:,} steps, fewer than the {contest.asked:,} asked for, so that the race "
            "takes half a minute at most or so."
        )
    if contest and not contest.settled:
        on_the_way(contest, _progress)
    elif contest and contest.refused:
        st.warning(f"This race cannot be run: {contest.refused}", icon=":material/info:")
    elif contest and contest.outcomes:
        _result(scene, contest)
    elif contest:
        st.caption("Stopped before the first lane was through.")
    else:
        st.caption("The present settings race against the rivals above, all from the same weights.")


def _set_up(scene: Scene, step: int, contest: Contest | None) -> None:
    own = scene.experiment.training.optimizer, scene.experiment.training.learning_rate
    st.session_state.setdefault(RIVALS, _classics(own))
    options = dict.fromkeys([*st.session_state[RIVALS], *_other_rates(own), *_all()])
    st.multiselect(
        f"Rivals of {name(own)}, the present settings",
        [rival for rival in options if rival != own or rival in st.session_state[RIVALS]],
        format_func=name,
        key=RIVALS,
        max_selections=MOST_LANES - 1,
        persist_state="session",
        help="Up to seven: an optimizer and its learning rate. All else is as in the sidebar.",
    )
    with st.container(horizontal=True):
        for label, rivals in _suggestions(own).items():
            st.button(label, on_click=_suggest, args=(rivals,), key=f"suggest {label}")
    left, middle, right = st.columns([2, 3, 1.2], vertical_alignment="bottom")
    left.segmented_control(
        "Steps", STEPS, default=300, format_func=lambda n: f"{n:,}", required=True, key="race steps",
        persist_state="session",
    )  # fmt: skip
    middle.radio("From", STARTS, horizontal=True, key="race start", persist_state="session")
    if contest and not contest.settled:
        with right:
            switch(contest, "Racing")
    else:
        right.button(
            "Race", icon=":material/flag:", on_click=_begin, args=(scene, step), key="start race", type="primary",
            width="stretch", disabled=not [rival for rival in st.session_state[RIVALS] if rival != own],
        )  # fmt: skip


def _all() -> list[Rival]:
    return [(optimizer, float(rate)) for optimizer in OPTIMIZERS for rate in RATES]


def _classics(own: Rival) -> list[Rival]:
    return [(key, USUAL[key]) for key in CLASSICS if (key, USUAL[key]) != own]


def _other_rates(own: Rival) -> list[Rival]:
    rates = [float(f"{own[1] * factor:.6g}") for factor in FACTORS]
    return [(own[0], rate) for rate in rates if 1e-6 <= rate <= 100]


def _suggestions(own: Rival) -> dict[str, list[Rival]]:
    every = [(key, rate) for key, rate in USUAL.items() if key != own[0]]
    return {"Four classics": _classics(own), "Same rule, other rates": _other_rates(own), "Every other rule": every}


def _suggest(rivals: list[Rival]) -> None:
    st.session_state[RIVALS] = rivals


def _begin(scene: Scene, step: int) -> None:
    state, run = st.session_state, scene.run
    first = run.first if state["race start"] == STARTS[0] else max(run.first, min(step, run.reached))
    state[CONTEST] = begin(scene, state[RIVALS], state["race steps"], first)


def _progress(contest: Contest) -> None:
    done, names = len(contest.outcomes), contest.names
    share = min(1.0, (done + contest.through) / len(names))
    lane = (
        f"Lane {min(done + 1, len(names))} of {len(names)}: {names[min(done, len(names) - 1)]}, {contest.through:.0%}"
    )
    st.progress(share, text=lane)
    st.caption(" ".join(f"{each}: {_came_in(lane)}." for each, lane in zip(names, contest.outcomes, strict=False)))


def _came_in(lane: object) -> str:
    return f"diverged after step {lane.steps[-1]:,}" if lane.diverged else f"through in {lane.milliseconds:,.0f} ms"


def _result(scene: Scene, contest: Contest) -> None:
    contest.map = contest.map or chart(scene, contest)
    lanes, grain = contest.outcomes, max(1, contest.steps // 100)
    names = contest.names[: len(lanes)]
    left, middle, right = st.columns([3, 1.4, 1], vertical_alignment="bottom")
    after = left.slider("After step", 0, contest.steps, contest.steps, grain, key=f"after {contest.key}")
    target = middle.number_input(
        "Target loss", 0.0, None, usual_target(lanes), format="%.4g", key=f"target {contest.key}",
        help="To begin with, the loss that half of the lanes reach.",
    )  # fmt: skip
    log = right.toggle("Log loss", key="race log", persist_state="session")
    _pictures(contest, names, after, target, log)
    st.markdown(leaders(lanes, names, target))
    st.dataframe(table(lanes, names, target), hide_index=True, column_config=COLUMNS, key="race table", placeholder="–")
    st.caption(_small_print(contest, names, grain))


COLUMNS = {
    "Place": st.column_config.NumberColumn(width="small", help="By the loss at the end."),
    "Rule": st.column_config.TextColumn(pinned=True),
    "Loss at the end": st.column_config.NumberColumn(format="%.4g"),
    "ms to target": st.column_config.NumberColumn(format="%.1f", help="Measured on this machine."),
    "ms in all": st.column_config.NumberColumn(format="%.1f", help="Measured on this machine."),
}


def _pictures(contest: Contest, names: list[str], after: int, target: float, log: bool) -> None:
    lanes, field = contest.outcomes, contest.map
    seen = [max(1, int(np.searchsorted(lane.steps, after, "right"))) for lane in lanes]
    steps, losses, paths = (
        [values[:n] for values, n in zip(kept, seen, strict=True)]
        for kept in ([lane.steps for lane in lanes], [lane.losses for lane in lanes], field.paths)
    )
    ended = [lane.diverged and n == len(lane.steps) for lane, n in zip(lanes, seen, strict=True)]
    left, right = st.columns(2)
    with left:
        draw(
            figures.race_map(
                field.a, field.b, field.losses, paths, names, theme=theme(), ended=ended, revision=contest.key
            ),
            "race map",
        )
    with right:
        draw(
            figures.race_curves(
                steps, losses, names, theme=theme(), target=target, log=log, steps_in_all=contest.steps
            ),
            "race curves",
        )
    st.caption(figures.describe_race(steps, losses, names))


def _small_print(contest: Contest, names: list[str], grain: int) -> str:
    shares = "; ".join(
        f"{each} {share:.0%}" if np.isfinite(share) else f"{each} does not move"
        for each, share in zip(names, contest.map.shares, strict=True)
    )
    left_out = len(contest.trainings) - len(names)
    said = [
        f"From step {contest.begin:,} of the run. Loss without penalty, on all training data, places by it at the end.",
        f"Steps are told to within {grain}." if grain > 1 else "",
        "Milliseconds are measured on this machine, for the steps alone.",
        f"Share of each way's movement that lies in the plane of the map: {shares}.",
        "Points where the loss is ten times that of the start do not shape the map.",
        f"The map is computed on {contest.map.samples:,} training samples drawn by lot." if contest.map.samples else "",
        f"Stopped: {left_out} of {len(contest.trainings)} lanes did not run." if left_out else "",
        contest.map.plane.note,
    ]
    return " ".join(filter(None, said))
