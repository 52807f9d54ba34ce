"""Your data: bring a table."""

import streamlit as st

st.title("Your data")
