"""The app with a fault: a session whose link says `?harm=1` raises at every run of its script."""

from pathlib import Path

import streamlit as st

APP = Path(__file__).parents[2] / "app.py"

if "harm" in st.query_params:
    raise RuntimeError("harm was asked for")
source = APP.read_text(encoding="utf-8").replace('PAGES = "', f'PAGES = "{APP.parent}/')
exec(compile(source, str(APP), "exec"))
