"""The learner's own table in a session: read from a file or a text, shown, corrected by hand."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from playground.data.columns import guess_inputs, guess_kind, guess_target
from playground.data.table import Table, TableError, edited, read_table
from playground.data.words import unlike
from playground.limits import LONGEST_CELL, MOST_PASTED

SHEET, PROBLEM = "sheet", "sheet problem"  # in the session: the table, and why another one could not be read
UPLOAD, PASTED = "sheet upload", "sheet pasted"
WRITTEN = "sheet written"  # the text that was read last, where it was none of a file
SEPARATOR, NAMED = "sheet separator", "sheet named"
TARGET, KIND, INPUTS = "sheet target", "sheet kind", "sheet inputs"
NOTHING = f"The field is empty: paste a table of at most {MOST_PASTED:,} characters, and choose a larger one as a file."
UNREADABLE = "This could not be read as a table: save it as CSV in UTF-8 and choose that file."

ICONS = {
    "constant": ":material/horizontal_rule:",
    "id-like": ":material/tag:",
    "mostly missing": ":material/grid_off:",
    "text": ":material/match_case:",
    "figures": ":material/attach_money:",
    "mixed": ":material/warning:",
}
MOST_REMARKS = 8

EXAMPLE = """no,weight (g),length (cm),colour,fruit
1,118,18.2,yellow,banana
2,102,8.1,yellow,lemon
3,182,7.6,red,apple
4,95,7.7,green,lemon
5,121,19.4,yellow,banana
6,171,7.2,green,apple
7,110,8.6,yellow,lemon
8,,17.5,green,banana
9,165,7.0,red,apple
10,132,20.1,yellow,banana
11,158,6.9,yellow,apple
12,99,8.3,yellow,lemon
"""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A table as it was read, and as it is `now`, after the corrections that `edits` tells."""

    read: Table
    now: Table
    turn: int = 0
    edits: str = ""

    @property
    def key(self) -> str:
        """The editor's; another one for another table."""
        return f"sheet editor {self.turn}"


def sheet() -> Sheet | None:
    """The table of this session; an editor that was left begins with what it had come to."""
    kept: Sheet | None = st.session_state.get(SHEET)
    if kept and kept.edits and kept.key not in st.session_state:
        kept = st.session_state[SHEET] = Sheet(kept.now, kept.now, kept.turn + 1)
    return kept


def read_upload() -> None:
    """Take over the file that was chosen; for use in a callback."""
    if file := st.session_state[UPLOAD]:
        st.session_state[WRITTEN] = ""
        _read(file.getvalue(), file.name)


def read_pasted() -> None:
    """Take over the text that was pasted; for use in a callback."""
    if not st.session_state[PASTED].strip():
        st.session_state[PROBLEM] = NOTHING
        return
    st.session_state[WRITTEN] = st.session_state[PASTED]
    if _read(st.session_state[PASTED], "Pasted text"):
        st.session_state[PASTED] = ""  # or the browser would send it again with every click


def read_again() -> None:
    """Read what was read last, as the learner now says; for use in a callback."""
    if written := st.session_state.get(WRITTEN):
        _read(written, "Pasted text")
    else:
        read_upload()


def read_example() -> None:
    """Take over a small made-up table; for use in a callback."""
    st.session_state[WRITTEN] = EXAMPLE
    _take(read_table(EXAMPLE, "Example"))


def _read(data: bytes | str, name: str) -> bool:
    """Read a table as the learner says; where that fails the one before stays, and a sentence says why."""
    try:
        table = read_table(
            data,
            name,
            separator=st.session_state.get(SEPARATOR),
            header={"yes": True, "no": False}.get(st.session_state.get(NAMED)),
        )
    except TableError as error:
        st.session_state[PROBLEM] = str(error)
    except (ValueError, OverflowError):
        st.session_state[PROBLEM] = UNREADABLE
    else:
        _take(table)
        return True
    return False


def _take(table: Table) -> None:
    before = st.session_state.get(SHEET)
    st.session_state[SHEET] = Sheet(table, table, before.turn + 1 if before else 0)
    st.session_state.pop(PROBLEM, None)
    st.session_state[TARGET] = guess_target(table)
    follow_target()


def follow_target() -> None:
    """Guess the kind and the inputs that go with the target; for use in a callback."""
    table, target = st.session_state[SHEET].now, st.session_state[TARGET]
    st.session_state[KIND] = guess_kind(table, target)
    st.session_state[INPUTS] = guess_inputs(table, target)


def remarks(table: Table) -> None:
    """Say what is remarkable about the file and the columns."""
    asked = ("text", st.session_state[TARGET])  # words are welcome in a target
    lines = [
        f"{ICONS.get(remark.about, ':material/info:')} {remark.sentence}"
        for remark in table.remarks
        if (remark.about, remark.column) != asked
    ]
    st.markdown("  \n".join(lines[:MOST_REMARKS]))
    if more := lines[MOST_REMARKS:]:
        with st.expander(f"{len(more)} more remarks"):
            st.markdown("  \n".join(more))


def editor(kept: Sheet) -> Table | None:
    """Let the cells be corrected; the table after that, or None where too little is left of it."""
    names = [column.name for column in kept.read.columns]
    *_, count = unlike([*names, "row"])
    frame = kept.read.frame.set_axis(safe := [f" {name}" for name in names], axis=1)
    frame.insert(0, count, kept.read.rows)
    cells = st.data_editor(
        frame,
        key=kept.key,
        num_rows="dynamic",
        hide_index=True,
        height=min(36 * (len(frame) + 2), 360),
        placeholder="–",
        alt="The table, a row for each example",
        column_config={
            count: st.column_config.NumberColumn("row", disabled=True, pinned=True, width="small", format="%d"),
            **{name: _column(column) for name, column in zip(safe, kept.read.columns, strict=True)},
        },
    )
    edits = repr(st.session_state[kept.key])
    if edits == kept.edits or (not kept.edits and not any(st.session_state[kept.key].values())):
        return kept.now
    try:
        now = edited(kept.read, cells[safe], [None if pd.isna(row) else int(row) for row in cells[count]])
    except TableError as error:
        st.error(str(error), icon=":material/error:")
        return None
    st.session_state[SHEET] = Sheet(kept.read, now, kept.turn, edits)
    return now


def _column(column: object) -> object:
    if column.kind == "number":
        return st.column_config.NumberColumn(column.name, format="%.10g")
    return st.column_config.TextColumn(column.name, max_chars=LONGEST_CELL)
