"""How every panel puts a figure on the page."""

import streamlit as st

from playground import figures


def theme() -> figures.Theme:
    """The colours that suit the page as the learner has it."""
    return figures.DARK if st.context.theme.type == "dark" else figures.LIGHT


def draw(figure: object, key: str) -> None:
    """Draw a figure in its own colours; one that has the same `key` as before is updated in place."""
    st.plotly_chart(figure, theme=None, key=f"chart {key}", config={"displaylogo": False, "scrollZoom": False})
