"""The playground's front door: `streamlit run app.py`."""

import gc
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

ICON = Path(__file__).parent / "playground" / "icon.svg"  # browsers would fetch one of Streamlit's from Google
st.set_page_config(page_title="Neural network playground", page_icon=ICON, layout="wide")


@st.cache_resource
def hold_to_one_thread() -> threadpool_limits:
    """The networks are small: a second thread gains nothing alone, and costs much when many people play."""
    return threadpool_limits(limits=1)


@st.cache_resource(ttl=60, show_spinner=False)
def clear_away() -> None:
    """Let go of sessions that have ended, with their open files; after every rerun it would cost too much."""
    gc.collect()


hold_to_one_thread()
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
