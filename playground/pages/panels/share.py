"""The panel that keeps a run and hands it on: a file to save and load, a link to copy, a link of another playground."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from playground.experiment import DRAWN, TABLE, Config
from playground.limits import LONGEST_ADDRESS, RUN_BYTES
from playground.pages.controls import take
from playground.pages.fields import LOADED, bring, table
from playground.share import links
from playground.share.saved import UNSAVABLE, SavedError, read_run, savable, write_run
from playground.share.tensorflow import read_tfp
from playground.stage import Scene

FILE, LINK = "saved file", "tensorflow link"  # the widgets
FILES = "files loaded"  # in the session: how many, so that the next one finds an empty place
OUTCOME = "what came of it"  # in the session: for the file and for the link, whether it went well and what is said
AGAIN = "share reruns the page"


def panel(scene: Scene, step: int) -> None:
    """Let the run be saved at a step or another one be loaded, and links go out and come in."""
    if st.session_state.pop(AGAIN, False):
        st.rerun()  # the whole page: what was opened is a choice of the sidebar
    left, right = st.columns(2, gap="large")
    with left:
        _save(scene, step)
        _load()
    with right:
        _link(scene.experiment.config)
        _tensorflow()


def _save(scene: Scene, step: int) -> None:
    st.markdown("**Save this run**")
    experiment, state = scene.experiment, scene.onward(step)
    history = scene.trail.rows(before=step)
    if not savable(state):
        st.warning(UNSAVABLE, icon=":material/info:")
        return
    st.download_button(
        f"Save the run at step {step:,}",
        partial(write_run, experiment, table(), state, history),  # not before it is asked for
        f"{experiment.config.data}-step-{step}.json",
        "application/json",
        key="save run",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    st.caption(
        "One JSON file with the settings, the data, the weights, what the optimizer remembers, and the losses so far. "
        "Loaded again, it goes on to the bit."
    )


def _load() -> None:
    st.markdown("**Load a run**")
    number = st.session_state.setdefault(FILES, 0)
    st.file_uploader(
        "A file that was saved here",
        "json",
        key=f"{FILE} {number}",
        on_change=_on_file,
        args=(f"{FILE} {number}",),
        max_upload_size=RUN_BYTES // 2**20,
    )
    _tell(FILE)


def _on_file(key: str) -> None:
    file = st.session_state[key]
    _say(FILE, True)
    if file is None:
        return
    try:
        saved = read_run(file.getvalue())
    except SavedError as error:
        return _say(FILE, False, str(error))
    if saved.table is not None:
        bring(saved.table)
    st.session_state[LOADED] = saved
    st.session_state[FILES] += 1
    step = saved.state.step
    _open(saved.experiment.config)
    _say(
        FILE,
        True,
        f"Loaded at step {step:,}: the run goes on from here, and no further back; the curve shows what came before.",
    )


def _link(config: Config) -> None:
    st.markdown("**Copy the link**")
    query = urlencode(links.write(config, table()), safe=",")
    address = (st.context.url or "").rstrip("/")
    st.code(
        f"{address}/?{query}" if query else f"{address}/",
        language=None,
        wrap_lines=True,
        height=None if len(query) < 500 else 120,
    )
    st.caption(_left_behind(config))


def _left_behind(config: Config) -> str:
    if config.data == TABLE:
        return "It holds every setting, but neither your table nor the weights: for those, save the run in a file."
    what = "every setting and the points you drew" if config.data == DRAWN else "every setting"
    return f"It holds {what}, and opens at step 0: for the weights, save the run in a file."


def _tensorflow() -> None:
    st.markdown("**Open a TensorFlow Playground link**")
    with st.form("tensorflow", border=False):
        st.text_input(
            "Its address, as the browser shows it there",
            key=LINK,
            max_chars=LONGEST_ADDRESS,
            placeholder="https://playground.tensorflow.org/#activation=tanh&…",
        )
        st.form_submit_button("Open it here", icon=":material/open_in_new:", on_click=_on_link, width="stretch")
    _tell(LINK)


def _on_link() -> None:
    try:
        config, different = read_tfp(st.session_state[LINK])
    except ValueError as error:
        return _say(LINK, False, str(error))
    _open(config)
    st.session_state[LINK] = ""
    _say(LINK, True, "Opened. This is not as it is there:", *different)


def _open(config: Config) -> None:
    take(config)
    st.session_state[OUTCOME], st.session_state[AGAIN] = {}, True  # what was said was about the run before


def _say(about: str, well: bool, *sentences: str) -> None:
    st.session_state[OUTCOME] = st.session_state.get(OUTCOME, {}) | {about: (well, sentences)}


def _tell(about: str) -> None:
    well, sentences = st.session_state.get(OUTCOME, {}).get(about, (True, ()))
    for sentence in sentences[:1]:
        (st.success if well else st.error)(sentence, icon=":material/check:" if well else ":material/error:")
    if sentences[1:]:
        st.caption("\n".join(f"- {sentence}" for sentence in sentences[1:]))
