"""The live picture: a component drawn in the browser, and the line on which it asks Python for frames."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from playground.stage.frames import Ask, answer, opening, parse
from playground.stage.scene import Scene

__all__ = ["Ask", "Scene", "answer", "bell", "line", "opening", "parse", "stage"]

HERE = Path(__file__).parent
SCRIPTS = ("colors", "frames", "pixels", "graph", "plane", "curves", "surface", "player", "stage")


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_stage = st.components.v2.component(
    "playground_stage",
    html=_read("stage.html"),
    css=_read("stage.css"),
    js=_read(*(f"{name}.js" for name in SCRIPTS)),
)
_line = st.components.v2.component("playground_line", js=_read("line.js"))
_bell = st.components.v2.component("playground_bell", js=_read("bell.js"))


def stage(scene: Scene) -> None:
    """Draw the stage for a scene. Frames reach it through `line`, which must be on the same page."""
    _stage(key="stage", data=scene.setup())


def line(data: bytes, on_ask: Callable[[object], None]) -> None:
    """Send `data` to the stage; what the stage then asks for reaches `on_ask` as the browser wrote it."""
    _line(key="line", data=data, on_ask_change=lambda: on_ask(st.session_state["line"]["ask"]), height="content")


def bell(step: int) -> None:
    """Rerun the fragment this stands in when the stage settles on another step than `step`, or once a second."""
    _bell(key="bell", data={"step": step}, on_rung_change=lambda: None)
