"""A quiet line for whoever runs the server, on the Playground's link with `?teacher`: numbers only, of nobody."""

import os
from pathlib import Path

import streamlit as st
from streamlit import runtime

from playground import VERSION
from playground.stage import LOAD

WORD = "teacher"  # in the link
EVERY = 5  # seconds
STATM = Path("/proc/self/statm")  # on Linux: the sizes of this process, in pages of memory


def teacher() -> None:
    """Say how the server is, where the link asks for it."""
    if WORD in st.query_params:
        if not st.query_params[WORD]:
            st.query_params[WORD] = "1"  # the browser takes a word without a value out of the link at the next change
        _line()


@st.fragment(run_every=EVERY)
def _line() -> None:
    st.caption(" · ".join(filter(None, (_sessions(), _pictures(), _memory(), _version()))))


def _sessions() -> str:
    playing = f"{LOAD.playing} playing"
    if not runtime.exists():
        return playing
    stats = runtime.get_instance().stats_mgr.get_stats(family_names=["active_sessions"])
    return f"{sum(stat.value for stat in stats.get('active_sessions', ()))} sessions open, {playing}"


def _pictures() -> str:
    return f"{LOAD.rate:.0f} pictures a second served"


def _memory() -> str:
    if not STATM.exists():
        return ""
    return f"{int(STATM.read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6:,.0f} MB"


def _version() -> str:
    return f"playground {VERSION}, Streamlit {st.__version__}"
