"""The playground's front door: `streamlit run app.py`."""

import gc
from pathlib import Path

import streamlit as st

from playground.process import settle

ICON = Path(__file__).parent / "playground" / "icon.svg"  # browsers would fetch one of Streamlit's from Google
st.set_page_config(page_title="Neural network playground", page_icon=ICON, layout="wide")


@st.cache_resource(ttl=60, show_spinner=False)
def clear_away() -> None:
    """Let go of sessions that have ended, with their open files; after every rerun it would cost too much."""
    gc.collect()


@st.cache_resource(show_spinner=False)
def leave_out_what_is_imported() -> None:
    """It stays, so no collection needs to look at it: that would take 85 ms each time, and nobody plays meanwhile."""
    gc.freeze()


st.cache_resource(settle, show_spinner=False)()
clear_away()
PAGES = "playground/pages"
page = st.navigation(
    [
        st.Page(f"{PAGES}/playground.py", title="Playground", icon=":material/hub:", default=True),
        st.Page(f"{PAGES}/bring.py", title="Your data", icon=":material/table:", url_path="your-data"),
        st.Page(f"{PAGES}/one_weight.py", title="One weight", icon=":material/trending_down:", url_path="one-weight"),
        st.Page(f"{PAGES}/one_neuron.py", title="One neuron", icon=":material/line_end_circle:", url_path="one-neuron"),
        st.Page(
            f"{PAGES}/functions.py", title="Activations and losses", icon=":material/show_chart:", url_path="functions"
        ),
    ],
)
page.run()
leave_out_what_is_imported()
