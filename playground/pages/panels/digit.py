"""The panel of the pad: draw a digit, and see what the network on the stage takes it for."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from playground.data.words import shown
from playground.evaluation import probabilities
from playground.pages.controls import refuse
from playground.pages.fields import apply
from playground.stage import CELLS, Scene, pad, parse_ink

BOARD, SWITCHED = "pad board", "pad switched"  # in the session
SHAPE = (CELLS, CELLS)
DIGITS = {  # what learns digits within 300 steps so that it reads drawn ones, too
    "data": "digits", "inputs": (), "labels": 100, "scaling": "min-max", "hidden": (16,), "activation": "tanh",
    "init": "xavier", "loss": "cross-entropy", "optimizer": "adam", "lr": 0.03, "batch": 32,
    "l1": 0.0, "l2": 0.003, "dropout": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """What is on the pad: drawn by hand (`sample` is −1), or sample number `sample` of the test part `of`."""

    values: tuple[int, ...] = (0,) * CELLS**2
    put: int = 0  # how often something was put on it, other than by hand
    heard: int = 0  # the latest change by hand
    sample: int = -1
    of: tuple = ()
    dealt: int = 0  # how many test digits were asked for


def panel(scene: Scene, step: int) -> None:
    """Draw the pad, and the probabilities at a step for what is on it."""
    if st.session_state.pop(SWITCHED, False):
        st.rerun()  # the whole page: other data were chosen
    if scene.image != SHAPE:
        st.markdown(
            "This needs a network that learns pictures of 8 × 8 pixels: the handwritten digits, all pixels as inputs."
        )
        st.button("Take the digits", icon=":material/draw:", on_click=_take, type="primary", key="take digits")
        return
    board: Board = st.session_state.setdefault(BOARD, Board())
    st.caption(
        "Draw a digit from edge to edge, or press **Fit** when it is drawn: the digits in the data were brought to one "
        "height and one amount of ink as well. The network sees the 64 cells."
    )
    pad("pad", told(scene, step, board), lambda message: _on_draw(scene, message))
    if scene.experiment.config.scaling != DIGITS["scaling"] or not scene.experiment.config.l2:
        said, take = st.columns([3, 1], vertical_alignment="center")
        said.caption(
            "Inputs scaled min–max and an L2 penalty of 0.003 help with drawn digits: a pixel that hardly ever had ink "
            "in the training part does not shout then, and no weight grows large without need."
        )
        take.button("Settings for drawing", on_click=_take, key="take digits", width="stretch")


def told(scene: Scene, step: int, board: Board) -> dict:
    """What the pad is told: the network's answer at a step to what is on it."""
    network, data, names = scene.run.network, scene.experiment.data, scene.experiment.dataset.class_names
    with np.errstate(over="ignore", invalid="ignore"):
        output = network.forward(scene.run.at(step).theta, data.inputs([board.values])).a[-1]
        p = probabilities(network, output)[0]
    finite = bool(np.isfinite(p).all())
    best = int(p.argmax())
    most = f"Most likely {shown(names[best])}, {_percent(p[best])}" if finite else "The network has no finite answer."
    return {
        "values": list(board.values),
        "put": board.put,
        "heard": board.heard,
        "dealt": board.dealt,
        "ink": round(float(data.train.points.sum(1).mean())),
        "names": [shown(name) for name in names],
        "probabilities": p.tolist() if finite else [],
        "most": most,
        "truth": _truth(scene, board, best) if finite else "",
        "note": f"At step {step:,}."
        + ("" if any(board.values) else " The pad is empty: this is what it makes of nothing."),
        "step": step,
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _truth(scene: Scene, board: Board, best: int) -> str:
    test, names = scene.experiment.data.test, scene.experiment.dataset.class_names
    if board.sample < 0 or board.of != _test_part(scene):
        return ""
    truth = int(test.y[board.sample])
    verdict = "✓ right" if truth == best else "✗ wrong"
    return f"Test digit {board.sample + 1:,} of {len(test.y):,} is {shown(names[truth])}: {verdict}."


def _test_part(scene: Scene) -> tuple:
    """What decides which samples the test part has, and what is asked of them."""
    config = scene.experiment.config
    return (config.data, config.split, config.validation, config.seed, config.labels == 0)


def deal(scene: Scene, board: Board, count: int) -> Board:
    """Put test digit number `count`, in an order drawn by lot, on the pad."""
    test = scene.experiment.data.test
    order = np.random.default_rng((scene.experiment.config.seed, *b"pad")).permutation(len(test.y))
    sample = int(order[(count - 1) % len(order)])
    values = tuple(map(int, test.points[sample].round()))
    return Board(values, board.put + 1, board.heard, sample, _test_part(scene), count)


def _on_draw(scene: Scene, message: object) -> None:
    ink, board = parse_ink(message), st.session_state[BOARD]
    if ink is None:
        refuse("pad")
    elif ink.deal > board.dealt:
        st.session_state[BOARD] = deal(scene, board, ink.deal)
    elif ink.put == board.put:  # else something was put on the pad since
        st.session_state[BOARD] = Board(ink.values, board.put, ink.turn, dealt=board.dealt)


def _take() -> None:
    apply(DIGITS)
    st.session_state[SWITCHED] = True
