"""The playground's front door: `streamlit run app.py`."""

import streamlit as st
from threadpoolctl import threadpool_limits

st.set_page_config(page_title="Neural network playground", page_icon=":material/hub:", layout="wide")


@st.cache_resource
def hold_to_one_thread() -> threadpool_limits:
    """The networks are small: a second thread gains nothing alone, and costs much when many people play."""
    return threadpool_limits(limits=1)


hold_to_one_thread()
page = st.navigation(
    [st.Page("playground/pages/playground.py", title="Playground", icon=":material/hub:", default=True)]
)
page.run()
