"""What is drawn on the plane: read strictly from what the browser wrote, taken where it can be learned from."""

from dataclasses import replace

import numpy as np
import streamlit as st

from playground.data import COLOURS, PLANE, Dataset, write_points
from playground.data.points import REACH, STEP
from playground.experiment import DRAWN, Config, check_drawn
from playground.limits import MOST_DRAWN
from playground.pages.fields import CHOSEN, DEFAULT, apply, say

DRAFT = "draft"  # in the session: the turn of the latest drawing, and for which data it was refused

TOO_FEW = "Draw at least two points, one to train on and one to test on; until then the network learns what it did."


def draw(message: object) -> None:
    """Take over a drawing, for use in a callback. What nothing can be learned from is not taken, and the page says so.

    Raises `ValueError` for what the stage does not send.
    """
    turn, dataset = parse_drawing(message)
    _, refused = st.session_state.get(DRAFT, (0, None))
    try:
        if dataset is None:
            raise ValueError(TOO_FEW)
        text = write_points(dataset)
        check_drawn(replace(st.session_state.get(CHOSEN, DEFAULT), data=DRAWN, points=text))
    except ValueError as reason:
        say(str(reason))
        st.session_state[DRAFT] = turn, _present()
        return
    if refused:
        say()
    apply({"data": DRAWN, "points": text})
    st.session_state[DRAFT] = turn, None


def draft(config: Config) -> dict:
    """What the browser must know to go on drawing: which of its turns is heard, and whether `config` has it."""
    turn, refused = st.session_state.get(DRAFT, (0, None))
    return {"heard": turn, "taken": refused != (config.data, config.points), "most": MOST_DRAWN, "classes": COLOURS}


def parse_drawing(message: object) -> tuple[int, Dataset | None]:
    """The browser's number for a drawing, and its points, None where there are none.

    They come as `{"turn": …, "classes": 0 for values, "points": [x1, x2, y, …]}`, places and values in hundredths.
    Raises `ValueError` for anything else.
    """
    if not isinstance(message, dict) or set(message) != {"turn", "classes", "points"}:
        raise ValueError
    turn, classes, units = message["turn"], message["classes"], message["points"]
    if not _whole(turn, 0, 2**53) or not _whole(classes, 0, len(COLOURS)) or classes == 1:
        raise ValueError
    if not isinstance(units, list) or len(units) % 3 or len(units) > 3 * MOST_DRAWN:
        raise ValueError
    limits = [(-REACH * STEP, REACH * STEP)] * 2 + [(0, classes - 1) if classes else (-REACH * STEP, REACH * STEP)]
    if not all(_whole(unit, *limits[i % 3]) for i, unit in enumerate(units)):
        raise ValueError
    return turn, _dataset(classes, np.array(units, np.int64).reshape(-1, 3)) if units else None


def _whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _dataset(classes: int, units: np.ndarray) -> Dataset:
    x, y = units[:, :2] / STEP, units[:, 2]
    if classes:
        return Dataset(x, y, "classification", PLANE, COLOURS[:classes])
    return Dataset(x, y / STEP, "regression", PLANE)


def _present() -> tuple[str, str]:
    """The data that are chosen now: those of the latest callback, which may come before they are shown."""
    data = st.session_state["data"]
    return data, st.session_state.get("points", "") if data == DRAWN else ""
