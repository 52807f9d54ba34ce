"""Your data: bring a table, look at it, choose what is to be learned from it."""

import numpy as np
import streamlit as st

from playground.data import Dataset
from playground.data.columns import KINDS, MISSING, guess_inputs, guess_kind, guess_target, to_dataset
from playground.data.rows import SEPARATORS
from playground.data.table import Table
from playground.data.words import shown
from playground.limits import MOST_COLUMNS, MOST_PASTED, MOST_ROWS, TABLE_BYTES
from playground.pages import sheet
from playground.pages.fields import learn_from

SAYS = {"classification": "Classes", "regression": "Values"}
PLACEHOLDER = "height; width; kind\n1,5; 2; oak\n2,5; 3; elm\n…"


def bring() -> None:
    """Let a table be chosen, dropped or pasted; what cannot be read is said, and changes nothing."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.file_uploader(
            "Choose a file",
            key=sheet.UPLOAD,
            on_change=sheet.read_upload,
            max_upload_size=TABLE_BYTES // 2**20,
            help=f"CSV, TSV or any other text with a row in each line: up to {MOST_ROWS:,} rows and {MOST_COLUMNS} "
            "columns. From a spreadsheet, save the sheet as CSV.",
        )
        with st.expander("Read it differently", icon=":material/tune:"):
            one, other = st.columns(2)
            one.selectbox(
                "Separator",
                (None, *SEPARATORS),
                format_func=lambda key: SEPARATORS.get(key, "guess"),
                key=sheet.SEPARATOR,
                on_change=sheet.read_again,
            )
            other.selectbox(
                "First row holds names", ("guess", "yes", "no"), key=sheet.NAMED, on_change=sheet.read_again
            )
    with right:
        st.text_area(
            "Or paste it here",
            max_chars=MOST_PASTED,
            key=sheet.PASTED,
            placeholder=PLACEHOLDER,
            height=108,
        )
        with st.container(horizontal=True):
            st.button("Read the text", icon=":material/content_paste:", on_click=sheet.read_pasted)
            st.button("Try an example", icon=":material/nutrition:", on_click=sheet.read_example)
    if problem := st.session_state.get(sheet.PROBLEM):
        st.error(problem, icon=":material/error:")


def choose(table: Table) -> tuple[list[str], str, str, str]:
    """Let the target be chosen, how it is learned and from what, and what becomes of gaps."""
    names = [column.name for column in table.columns]
    one, two, three = st.columns(3, gap="medium")
    with one:
        target = st.selectbox(
            "What is to be learned (target)",
            names,
            index=names.index(guess_target(table)),
            key=sheet.TARGET,
            on_change=sheet.follow_target,
            persist_state="session",
        )
    st.session_state.setdefault(sheet.KIND, guess_kind(table, target))
    st.session_state.setdefault(sheet.INPUTS, guess_inputs(table, target))
    with two:
        kind = st.segmented_control(
            "As",
            KINDS,
            format_func=SAYS.get,
            key=sheet.KIND,
            required=True,
            width="stretch",
            help="Classes: which kind is it? Values: how much is it?",
            persist_state="session",
        )
    with three:
        missing = st.selectbox("Missing values", MISSING, key="sheet missing", persist_state="session")
        st.caption(MISSING[missing])
    inputs = st.multiselect(
        "From what (inputs)",
        [name for name in names if name != target],
        key=sheet.INPUTS,
        persist_state="session",
        help="Words become a column of 0 and 1 for each.",
    )
    return inputs, target, kind, missing


def outcome(dataset: Dataset, said: list[str], target: str) -> None:
    """Say what the network will learn from, and offer to begin."""
    words, picture = st.columns(2, gap="medium")
    with words:
        n, d = dataset.x.shape
        what = f"{dataset.n_classes} classes" if dataset.n_classes else f"the values of “{shown(target)}”"
        st.markdown(f"**{n:,}** rows, **{d}** input{'s' * (d > 1)}, to learn **{what}**.")
        if said:
            st.markdown("  \n".join(f":material/arrow_forward: {sentence}" for sentence in said))
        if not dataset.n_classes:
            low, mean, high = dataset.y.min(), dataset.y.mean(), dataset.y.max()
            st.markdown(f":material/straighten: From {low:.4g} to {high:.4g}, {mean:.4g} on average.")
        _use(dataset)
    if dataset.n_classes:
        with picture:
            _classes(dataset)


def _classes(dataset: Dataset) -> None:
    counts = np.bincount(dataset.y, minlength=dataset.n_classes)
    st.dataframe(
        {"class": dataset.class_names, "rows": counts},
        column_config={
            "class": st.column_config.TextColumn("class"),
            "rows": st.column_config.ProgressColumn(
                "rows", format="localized", min_value=0, max_value=int(counts.max())
            ),
        },
        hide_index=True,
    )


def _use(dataset: Dataset) -> None:
    if st.button("Use this table", type="primary", icon=":material/play_arrow:"):
        try:
            learn_from(dataset)
        except ValueError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.switch_page("playground/pages/playground.py")


def page() -> None:
    st.title("Your data", anchor=False)
    st.markdown("A table with a row for each example. The network learns to tell one column from the others.")
    st.subheader("1 · Bring", anchor=False)
    bring()
    if (kept := sheet.sheet()) is None:
        return
    st.subheader("2 · See", anchor=False)
    table = sheet.editor(kept)
    if table is None:
        return
    n, d = table.frame.shape
    name = shown(table.name.rpartition(".")[0] or table.name)
    st.markdown(
        f"**{name or 'Table'}**: {n:,} rows × {d} columns. Cells can be corrected, numbers with a point: 118.5."
    )
    sheet.remarks(table)
    st.subheader("3 · Choose", anchor=False)
    inputs, target, kind, missing = choose(table)
    st.subheader("4 · Learn", anchor=False)
    try:
        dataset, said = to_dataset(table, inputs, target, kind, missing)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        return
    outcome(dataset, said, target)


if sheet.UPLOAD not in st.session_state:  # the page has just been opened
    st.session_state.pop(sheet.PROBLEM, None)
page()
