"""The fields of a config as widgets: shown, set from elsewhere, and kept in step with the link.

Streamlit binds a widget to its query parameter by itself. Those of `OURS` are written here: lists, for which Streamlit
repeats a parameter where our links separate items by commas, and what is chosen in parts of the page of our own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from playground.data import Dataset
from playground.data.words import unlike
from playground.experiment import TABLE, Config, build, losses_for
from playground.limits import LONGEST_WORD
from playground.share import links

DEFAULT = Config()
NEW_LAYER = 2  # neurons in a layer that is added
TYPED = (  # widgets that hold a number or a flag, not a word
    *("noise", "split", "n", "seed", "keep_zeros", "label_noise", "outliers", "validation"),
)
OURS = ("data", "points", "features", "inputs", "plane", "hidden")  # written into the link here, not by Streamlit
SAID, CHOSEN, WRITTEN = "said", "chosen", "written"  # in the session: complaints, the latest config, words in the link
LATEST = "designed"  # whether something has just been changed in the gallery or on the stage
LOADED = "loaded run"  # what a file held that is to come on the stage
OURS_WRITTEN = {"x1": "x₁", "x2": "x₂"}  # what a table calls x1 is in no plane of ours
TABLE_BROUGHT, TABLE_WORD = "table brought", "table word"  # the learner's own table as a data set, its fingerprint


def table() -> Dataset | None:
    """The table that the learner has brought in this session."""
    return st.session_state.get(TABLE_BROUGHT)


def bring(dataset: Dataset) -> None:
    """Make a data set the learner's own table."""
    st.session_state[TABLE_BROUGHT], st.session_state[TABLE_WORD] = dataset, dataset.fingerprint()


def learn_from(dataset: Dataset) -> None:
    """Make a data set the learner's own table, and the data that the Playground will show when it is opened.

    Raises ValueError, and changes nothing, where nothing can be learned from it by what is chosen there.
    """
    dataset = replace(dataset, feature_names=_own_names(dataset.feature_names))
    config = replace(
        st.session_state.get(CHOSEN, DEFAULT),
        **{"data": TABLE, "table": dataset.fingerprint(), "points": "", "inputs": (), "plane": None},
    )
    suitable = losses_for(config, dataset)
    config = config if config.loss in suitable else replace(config, loss=suitable[0])
    build(config, dataset)
    bring(dataset)
    st.session_state[CHOSEN] = config
    st.session_state.setdefault(WRITTEN, {})


def _own_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, those of our own plane or line written otherwise: a table has units of its own."""
    return tuple(unlike(OURS_WRITTEN.get(name, name) for name in names))


def say(*sentences: str) -> None:
    """Have sentences shown above the stage until the next change."""
    st.session_state[SAID] = (list(sentences), None)


def complaints(config: Config) -> list[str]:
    """Sentences about values that could not be used, until the next change of `config`."""
    said, since = st.session_state.get(SAID, ([], None))
    if said and since not in (None, config):
        said = []
    st.session_state[SAID] = (said, config if said else None)
    return said


def apply(changes: Mapping[str, object]) -> None:
    """Put values of fields of a config into their widgets, as if they had been chosen there; for use in a callback."""
    for field, value in changes.items():
        put(field, value)
    st.session_state[LATEST] = True


def put(field: str, value: object) -> None:
    """Put a value into the widget of a field."""
    if field in OURS:
        show(field, value)
    else:
        st.session_state[field] = value if field in TYPED else links.word(field, value)


def show(field: str, value: object) -> None:
    """`put` for one of `OURS`."""
    if field in ("features", "inputs"):
        st.session_state[field] = list(value)
    elif field == "hidden":
        st.session_state["layers"] = len(value)
        for layer, width in enumerate(value):
            st.session_state[f"width{layer}"] = width
    elif field == "plane":
        st.session_state["by components"] = value is None
        if value is not None:
            st.session_state["across"], st.session_state["up"] = value
    else:
        st.session_state[field] = value


def write(field: str, value: object) -> None:
    """Write one of `OURS` into the link, where it is not the default."""
    word = links.word(field, value) if value != getattr(DEFAULT, field) else None
    if word != st.query_params.get(field) or word != st.session_state[WRITTEN].get(field):
        if word is None:
            st.query_params.setdefault(field, links.word(field, value))  # a late browser is told even so
            del st.query_params[field]
        else:
            st.query_params[field] = word
    st.session_state[WRITTEN][field] = word


def choice(label: str, field: str, keys: Sequence[str], help_text: str | None = None) -> str:
    """A choice of one of the keys; the default is the first where that of the config is none of them."""
    default = getattr(DEFAULT, field)
    index = keys.index(default) if default in keys else 0
    return st.selectbox(label, keys, index=index, key=field, bind="query-params", help=help_text)


def listed(label: str, field: str, words: Sequence[str], help_text: str) -> object:
    """A choice of usual values; a link, and the stage, add their own to the list."""
    default = links.word(field, getattr(DEFAULT, field))
    read = links.PARAMETERS[field].read
    asked = st.session_state.get(field) or links.word(field, _asked(field))
    if not _can_be_read(field, asked):  # the browser has sent what this page has not offered
        st.session_state[field] = asked = default
    word = st.selectbox(
        label,
        words if asked in words else (*words, asked),
        index=words.index(default),
        key=field,
        bind="query-params",
        help=help_text,
    )
    return read(word)


def _can_be_read(field: str, word: str) -> bool:
    try:
        links.PARAMETERS[field].read(word[: LONGEST_WORD + 1])
    except ValueError:
        return False
    return len(word) <= LONGEST_WORD


def _asked(field: str) -> object:
    """What the link has for a field, the default where it is silent or wrong."""
    try:
        return links.PARAMETERS[field].read(st.query_params[field][:LONGEST_WORD])
    except (KeyError, ValueError):
        return getattr(DEFAULT, field)
