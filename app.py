"""The playground's front door: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

ICON = Path(__file__).parent / "playground" / "icon.svg"  # browsers would fetch one of Streamlit's from Google
st.set_page_config(page_title="Neural network playground", page_icon=ICON, layout="wide")


@st.cache_resource
def hold_to_one_thread() -> threadpool_limits:
    """The networks are small: a second thread gains nothing alone, and costs much when many people play."""
    return threadpool_limits(limits=1)


hold_to_one_thread()
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
