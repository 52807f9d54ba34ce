"""A trial on its way: networks that are trained anew beside the stage, a moment at a time, and can be stopped."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from secrets import token_hex

import pandas as pd
import streamlit as st

from playground.engine import Network
from playground.limits import PATIENCE
from playground.stage import Scene


@dataclass(eq=False)
class Trial:
    """What comes of networks that are trained anew: `going` until it is all in, or somebody stops it.

    What `going` gives are the outcomes, each as soon as it is in, and in between the shares of the next one that are
    through.
    """

    of: tuple
    names: list[str]  # of the outcomes
    steps: int
    going: Iterator[object | float] | None
    outcomes: list = field(default_factory=list)
    through: float = 0.0  # of the outcome that is on its way
    key: str = field(default_factory=lambda: token_hex(4))  # of its widgets
    settled: bool = False  # over, and the page knows
    refused: str = ""

    def work(self) -> bool:
        """Train on for a moment; whether there is more to do."""
        until = time.perf_counter() + PATIENCE
        try:
            while self.going and time.perf_counter() < until:
                leg = next(self.going, None)
                if leg is None:
                    self.going = None
                elif isinstance(leg, float):
                    self.through = leg
                else:
                    self.outcomes.append(leg)
                    self.through = 0.0
        except ValueError as error:
            self.going, self.refused = None, str(error)
        return self.going is not None


def of(scene: Scene) -> tuple:
    """What a trial is of: a run, and the settings that matter to it."""
    return scene.name, replace(scene.experiment.config, plane=None)


def begun(scene: Scene, name: str, what: str) -> Trial | None:
    """The trial that has been begun under a name; one of other settings is forgotten, and that is said."""
    running: Trial | None = st.session_state.get(name)
    if running and running.of != of(scene):
        del st.session_state[name]
        st.info(f"The last {what} was of other settings. Start again to see these.")
        return None
    return running


def switch(running: Trial, label: str) -> None:
    """The switch that stops a trial; as a button, its click could be lost among the asks of the stage."""
    st.toggle(label, value=True, key=f"going {running.key}", help="Switch off to stop.")


@st.fragment(run_every=0.25)
def on_the_way(running: Trial, progress: Callable[[Trial], None]) -> None:
    """Train on for a moment, again and again, so that the stage and the learner are heard in between."""
    if not st.session_state.get(f"going {running.key}", True):
        running.going = None
    if not running.work():
        running.settled = True
        st.rerun()
    progress(running)


def trial(
    scene: Scene, name: str, label: str, begin: Callable[[], Trial], result: Callable[[Trial], None], **button: object
) -> None:
    """The button that begins a trial, and the trial from then on; `result` draws what came of it."""
    running = begun(scene, name, "trial")
    if running and not running.settled:
        switch(running, "Training")
        return on_the_way(running, _progress)
    st.button(
        label, key=f"start {name}", on_click=lambda: st.session_state.update({name: begin()}), type="primary", **button
    )
    if running and running.refused:
        st.warning(f"This cannot be done: {running.refused}", icon=":material/info:")
    elif running and not running.outcomes:
        st.caption("Stopped before the first network was trained.")
    elif running:
        result(running)


def _progress(running: Trial) -> None:
    done, names = len(running.outcomes), running.names
    share = min(1.0, (done + running.through) / len(names))
    st.progress(share, text=f"{names[min(done, len(names) - 1)]}, {done + 1} of {len(names)}: {running.through:.0%}")


def measure(network: Network) -> str:
    """What a score is called."""
    return "R²" if network.output == "identity" else "accuracy"


def outcomes(running: Trial, network: Network, heading: str) -> None:
    """The outcomes of a trial as a table."""
    score = measure(network)
    rows = [
        {
            heading: name,
            "Training samples": one.n_train,
            "Test samples": one.n_test,
            "Training loss": one.train.loss,
            "Test loss": one.test.loss,
            f"Training {score}": one.train.score,
            f"Test {score}": one.test.score,
        }
        | (
            {"How it went": f"diverged after step {one.steps:,}" if one.diverged else "through"}
            if _any(running)
            else {}
        )
        for name, one in zip(running.names, running.outcomes, strict=False)
    ]
    loss, share = (st.column_config.NumberColumn(format=written) for written in ("%.4g", "percent"))
    numbers = {name: share if name.endswith("accuracy") else loss for name in list(rows[0])[3:7]}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=numbers, key=f"outcomes {heading}")


def _any(running: Trial) -> bool:
    return any(one.diverged for one in running.outcomes)
