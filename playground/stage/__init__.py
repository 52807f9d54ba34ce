"""The live picture: a component drawn in the browser, and the line on which it asks Python for frames."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from playground.stage.deeds import LARGEST
from playground.stage.frames import LAST_STEP, MOST_FRAMES, MOST_STRIDE, answer, opening, parse
from playground.stage.ink import CELLS, Ink, parse_ink
from playground.stage.load import LOAD
from playground.stage.scene import Scene
from playground.stage.slices import inherited, losses_along, surface_of
from playground.stage.thumbnails import thumbnails

__all__ = [
    "CELLS",
    "LOAD",
    "MOST_FRAMES",
    "Ink",
    "Scene",
    "answer",
    "bell",
    "gallery",
    "inherited",
    "keeper",
    "line",
    "losses_along",
    "opening",
    "pad",
    "parse",
    "parse_ink",
    "pointer",
    "stage",
    "surface_of",
    "thumbnails",
]

HERE = Path(__file__).parent
SCRIPTS = (
    *(
        "turns",
        "colors",
        "frames",
        "pixels",
        "view",
        "hits",
        "sight",
        "graph",
        "plane",
        "curves",
        "surface",
        "captions",
        "player",
    ),
    *("slicer", "aim", "touch", "tools", "explain", "table", "take", "keys", "words", "easel"),
    *("sketch", "drawbar", "cross", "post", "draw", "bar", "stage"),
)


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_stage = st.components.v2.component(
    "playground_stage",
    html=_read("stage.html"),
    css=_read("stage.css"),
    js=_read(*(f"{name}.js" for name in SCRIPTS)),
)
_line = st.components.v2.component("playground_line", js=_read("turns.js", "line.js"))
_keeper = st.components.v2.component("playground_keeper", js=_read("turns.js", "keep.js"))
_bell = st.components.v2.component("playground_bell", js=_read("turns.js", "bell.js"))
_pointer = st.components.v2.component("playground_pointer", js=_read("turns.js", "pointer.js"))
_gallery = st.components.v2.component(
    "playground_gallery",
    html='<div class="thumbs"></div>',
    css=_read("gallery.css"),
    js=_read("colors.js", "sight.js", "plane.js", "turns.js", "gallery.js"),
)

_pad = st.components.v2.component(
    "playground_pad",
    html=_read("pad.html"),
    css=_read("pad.css"),
    js=_read("colors.js", "turns.js", "ink.js", "pad.js"),
)


def _heard(key: str, word: str, then: Callable[[object], None]) -> Callable[[], None]:
    """What Streamlit calls when the browser says something; what is said of a page that was just left is not heard."""
    return lambda: then(st.session_state[key][word]) if key in st.session_state else None


def stage(scene: Scene, choices: dict, draft: dict, on_design: Callable[[object], None]) -> None:
    """Draw the stage for a scene. Frames reach it through `line`, which must be on the same page.

    `choices` are what can be designed on it, `draft` says how far Python has followed the learner's drawing; what the
    learner does there reaches `on_design` as the browser wrote it.
    """
    limits = {"lastStep": LAST_STEP, "mostFrames": MOST_FRAMES, "mostStride": MOST_STRIDE, "largest": LARGEST}
    _stage(
        key="stage",
        data=scene.setup() | {"limits": limits, "choices": choices, "draft": draft},
        on_design_change=_heard("stage", "design", on_design),
        on_wake_change=lambda: None,  # the page runs anew, which is all that is asked for
    )


def line(data: bytes, on_ask: Callable[[object], None]) -> None:
    """Send `data` to the stage; what the stage then asks for reaches `on_ask` as the browser wrote it."""
    _line(key="line", data=data, on_ask_change=_heard("line", "ask", on_ask), height="content")


def keeper(told: dict, on_store: Callable[[object], None], on_offer: Callable[[object], None]) -> None:
    """Let the browser keep the run on the stage; `told` says what it takes.

    When it wants the run as text, `on_store` hears at which step; a text it has kept for a session that has just begun
    reaches `on_offer`. Both as the browser wrote them.
    """
    _keeper(
        key="keeper",
        data=told,
        on_store_change=_heard("keeper", "store", on_store),
        on_offer_change=_heard("keeper", "offer", on_offer),
    )


def bell(step: int, on_rung: Callable[[object], None], key: str = "bell", pause: float = 0) -> None:
    """Rerun the fragment this stands in when the stage settles on another step than `step`, and now and then in play.

    `on_rung` gets the step the stage shows, as the browser wrote it. In play at least `pause` seconds pass between two.
    """
    _bell(key=key, data={"step": step, "pause": pause}, on_rung_change=_heard(key, "rung", on_rung))


def pointer(
    key: str,
    lit: Sequence[tuple[int, int]] = (),
    links: Sequence[tuple[int, int, int]] = (),
    words: Sequence[tuple[int, int, str]] = (),
    points: Sequence[int] = (),
    on_pick: Callable[[object], None] | None = None,
) -> None:
    """Point at parts of the network on the stage, for as long as this stands on the page.

    `lit` are neurons as column (0 is the inputs) and row, `links` connections as layer, from and to, `words` are
    written at neurons, and `points` are data points by number, the training data first. `on_pick` gets the number of
    a data point that is clicked on the stage, as the browser wrote it.
    """
    _pointer(
        key=key,
        data={"lit": list(lit), "links": list(links), "words": list(words), "points": list(points)},
        on_pick_change=_heard(key, "pick", on_pick or (lambda _: None)),
    )


def gallery(key: str, label: str, choices: list[dict], chosen: str, on_pick: Callable[[object], None]) -> None:
    """Choose one of several data sets by sight; `choices` are made by `thumbnails`.

    `on_pick` gets the name that is picked, as the browser wrote it. The browser numbers its picks and is told which one
    is heard, so that an answer to an earlier one does not undo what was picked since.
    """

    def picked() -> object:
        pick = st.session_state[key]["pick"] if key in st.session_state else None
        return pick if isinstance(pick, dict) else {}

    heard = picked().get("turn")
    _gallery(
        key=key,
        data={"label": label, "choices": choices, "chosen": chosen, "heard": heard if isinstance(heard, int) else 0},
        default={"pick": None},
        on_pick_change=lambda: on_pick(picked().get("name")),
    )


def pad(key: str, data: dict, on_draw: Callable[[object], None]) -> None:
    """A pad of 8 × 8 cells to draw on, and beside it what the network takes that for.

    `data` has the `values` of the cells, which the browser follows where `put` has grown, else it knows better;
    `heard` and `dealt`, the latest change and wish that this is about; `names` and `probabilities`, sentences `most`,
    `truth` and `note`, the `step` they are of, and how much `ink` a digit has. What is drawn reaches `on_draw` as the
    browser wrote it.
    """
    _pad(key=key, data=data, default={"ink": None}, on_ink_change=_heard(key, "ink", on_draw))
