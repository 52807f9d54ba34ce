"""The panel of the data: their parts, what scaling makes of them, what a leak would be, and k folds."""

import numpy as np
import pandas as pd
import streamlit as st

from playground.data import Dataset
from playground.data.words import shown
from playground.experiment import DRAWN, Config, dataset_of
from playground.pages.fields import table
from playground.pages.panels.trial import Trial, measure, of, outcomes, trial
from playground.stage import Scene
from playground.stage.scene import labels
from playground.validation import (
    Leak,
    affine,
    affordable,
    column,
    cross_validate,
    leak,
    learned_from,
    scored,
    spread,
    with_leak,
)

Array = np.ndarray

SECTIONS = ("Parts", "Scaling", "Leakage", "k folds")
SCALED = {
    "standardise": "**Standardise** is on: from each input its mean is subtracted, and what is left is divided by its "
    "standard deviation.",
    "min-max": "**Min–max** is on: from each input its smallest value is subtracted, and what is left is divided by "
    "its range.",
    "robust": "**Robust** is on: from each input its median is subtracted, and what is left is divided by the width of "
    "its middle half, so that outliers have no say.",
    "none": "**No scaling** is on: the network sees the inputs as they are.",
}
HONEST, LEAKY = "the training part alone", "all samples, a leak"
LEAK, FOLDS = "leak trial", "folds trial"


def panel(scene: Scene, step: int) -> None:
    """Draw the section that is looked at."""
    chosen = st.segmented_control(
        "Of the data", SECTIONS, default=SECTIONS[0], required=True, key="data section", persist_state="session",
        label_visibility="collapsed",
    )  # fmt: skip
    {"Parts": _parts, "Scaling": _scaling, "Leakage": _leakage, "k folds": _folds}[chosen](scene, step)


# --- parts


def parts(scene: Scene) -> dict[str, Array]:
    """The targets of each part of the data, by its name; those whose label is hidden are a part of their own."""
    data = scene.experiment.data
    named = {"Training": data.train, "Label hidden": data.unlabelled, "Validation": data.validation, "Test": data.test}
    return {name: part.y for name, part in named.items() if len(part.y) or name in ("Training", "Test")}


def _parts(scene: Scene, step: int) -> None:
    dataset, of_parts = scene.experiment.dataset, parts(scene)
    whole = np.concatenate(list(of_parts.values()))
    if dataset.n_classes:
        counts = {name: np.bincount(y, minlength=dataset.n_classes) for name, y in of_parts.items()}
        rows = {"Class": [*dataset.class_names, "all"]}
        for name, count in counts.items():
            rows[name] = [*count.tolist(), int(count.sum())]
            rows[f"of {name.lower()}"] = [*(count / count.sum()).tolist(), 1.0]
    else:
        rows = {"Part": [*of_parts, "all"], "Samples": [*map(len, of_parts.values()), len(whole)]}
        rows["Share"] = [len(y) / len(whole) for y in of_parts.values()] + [1.0]
    said = [_split_said(scene.experiment.config, dataset, of_parts), _hidden_said(scene, of_parts)]
    st.markdown(" ".join(filter(None, said)))
    share = st.column_config.ProgressColumn("share", format="percent", width="small", min_value=0.0, max_value=1.0)
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="data parts",
        column_config={name: share for name in rows if name.startswith(("of ", "Share"))},
    )  # fmt: skip


def _split_said(config: Config, dataset: Dataset, of_parts: dict[str, Array]) -> str:
    """How many samples each part has, and how they came there."""
    sizes = ", ".join(f"{len(y):,} {PURPOSES[name]}" for name, y in of_parts.items())
    return (
        f"{sizes}. {_evenly_said(config, dataset, of_parts) if dataset.n_classes else BY_VALUE[config.data == DRAWN]}"
    )


def _evenly_said(config: Config, dataset: Dataset, of_parts: dict[str, Array]) -> str:
    which = "class" if config.labels else "true class"
    before = ", before labels are hidden," if "Label hidden" in of_parts else ""
    even = f"each {which} keeps its share in every part{before} as far as its samples go"
    off = "The clusters, found after that, need not be even."
    if config.labels:
        off = f"The furthest any share is off is {_off(dataset, of_parts):.2g} percentage points."
    if config.data == DRAWN:
        return f"The points of a class go to the parts in turn, as they are drawn: {even}. {off}"
    return f"The split is **stratified**, where no class is too small for it: {even}. {off}"


BY_VALUE = (
    "Values have no classes to be kept even, so the parts are drawn by lot.",
    "The points go to the parts in turn, as they are drawn.",
)


def _off(dataset: Dataset, of_parts: dict[str, Array]) -> float:
    """The furthest that the share of a class in a part is off from that in all samples, in percentage points."""
    learned = np.concatenate([of_parts["Training"], of_parts.get("Label hidden", np.zeros(0, int))])
    split = [learned, *(y for name, y in of_parts.items() if name in ("Validation", "Test"))]
    shares = np.array([np.bincount(y, minlength=dataset.n_classes) / len(y) for y in split])
    whole = np.concatenate(split)
    return 100 * np.abs(shares - np.bincount(whole, minlength=dataset.n_classes) / len(whole)).max()


PURPOSES = {
    "Training": "to learn from",
    "Label hidden": "to learn from without a label",
    "Validation": "to choose settings by",
    "Test": "to measure with, once, at the end",
}


def _hidden_said(scene: Scene, of_parts: dict[str, Array]) -> str:
    if not scene.experiment.config.labels:
        return (
            "All labels are hidden: what stands for classes are the clusters that k-means finds in the training part."
        )
    if hidden := len(of_parts.get("Label hidden", ())):
        every = hidden + len(of_parts["Training"])
        return (
            f"Of {every:,} training samples the labels of {hidden:,} are hidden, drawn by lot; only their inputs "
            "count, and the classes of the others need not be even."
        )
    return ""


# --- scaling


def _scaling(scene: Scene, step: int) -> None:
    st.markdown(_scaling_said(scene))
    frame, short = columns(scene)
    st.dataframe(frame, hide_index=True, column_config=short, key="data scaling")
    st.caption(
        "Raw: the training part in its own units; seen: as the network sees it; test: the test part as the network "
        "sees it, through the numbers of the training part. It need not be as even: new samples would not be either."
    )


def _scaling_said(scene: Scene) -> str:
    config, n = scene.experiment.config, len(learned_from(scene.experiment.data))
    said = SCALED[config.scaling]
    if config.scaling == "none":
        return f"{said} Nothing is fitted, so nothing can leak."
    when = ", as it was when this run began" if config.data == DRAWN else ""
    return (
        f"{said} These numbers are those of the training part alone{when}, now {n:,} samples; the test part has no say."
    )


def columns(scene: Scene) -> tuple[pd.DataFrame, dict]:
    """For each input what it was and what the network sees of it, and how the columns are written."""
    data = scene.experiment.data
    seen = learned_from(data)
    blocks = {
        "Raw": (data.scaler.inverse_transform(seen), "Of the training part, in the units of the data."),
        "Seen": (seen, "Of the training part, as the network sees it."),
        "Test": (data.test.x, "Of the test part, as the network sees it."),
    }
    frame, written = {"Input": labels(data)}, {"Input": st.column_config.TextColumn(pinned=True)}
    for block, (x, note) in blocks.items():
        found = column(x)
        ends = zip(found.smallest, found.largest, strict=True)
        frame[f"{block} range"] = [f"{low:.3g} to {high:.3g}".replace("-", "−") for low, high in ends]
        frame |= {f"{block} mean": found.mean.round(12), f"{block} dev.": found.deviation}
        written[f"{block} range"] = st.column_config.TextColumn(help=note)
        written[f"{block} mean"] = st.column_config.NumberColumn(format="%.3g", help=note)
        written[f"{block} dev."] = st.column_config.NumberColumn(format="%.3g", help=f"Standard deviation. {note}")
    return pd.DataFrame(frame), written


# --- leakage


def _leakage(scene: Scene, step: int) -> None:
    experiment = scene.experiment
    if experiment.config.scaling == "none":
        st.markdown(
            "No scaling is on, so there is nothing to be fitted, and nothing to leak. Choose one in the sidebar."
        )
        return
    dataset = dataset_of(experiment.config, table())
    found, leaky = leak(experiment, dataset)
    st.markdown(leak_said(found, labels(experiment.data), len(dataset.x)))
    (centre, scale), (all_centre, all_scale) = affine(experiment.data.scaler), affine(leaky)
    frame = {
        "Input": labels(experiment.data),
        "Centre, training": centre,
        "Centre, all": all_centre,
        "Off by deviations": found.shift,
        "Scale, training": scale,
        "Scale, all": all_scale,
        "Scale, times": found.stretch,
    }
    numbers = {name: st.column_config.NumberColumn(format="%.4g") for name in list(frame)[1:]}
    st.dataframe(pd.DataFrame(frame), hide_index=True, column_config=numbers, key="data leak")
    n = len(experiment.data.train.y)
    steps = affordable(experiment, step, 2, n)
    st.caption(f"Does it matter? The present network, trained twice from the same start: {_length(steps, step)}.")
    trial(
        scene, LEAK, "Train without and with the leak",
        lambda: Trial(of(scene), [HONEST, LEAKY], steps, with_leak(experiment, dataset, steps)),
        lambda done: _leak_result(scene, done), icon=":material/water_drop:",
    )  # fmt: skip


def leak_said(found: Leak, names: list[str], n: int) -> str:
    """How far a leak moves the scaling, at the input where it does most."""
    worst, widest = int(np.abs(found.shift).argmax()), int(np.abs(np.log(found.stretch)).argmax())
    return (
        f"Fitted on all {n:,} samples, the test part among them, the scaling would know something of what it is going "
        f"to be tested on: **a leak**. At most the centre would lie {abs(found.shift[worst]):.3g} training deviations "
        f"off (input {shown(names[worst])}), and the scale would be {found.stretch[widest]:.4g} times as large (input "
        f"{shown(names[widest])})."
    )


def _length(steps: int, step: int) -> str:
    if steps < step:
        return f"{steps:,} steps, fewer than the {step:,} of the stage, so that it takes half a minute at most or so"
    return f"{steps:,} steps, as many as the stage shows" if steps == step else f"{steps:,} steps, one epoch"


def _leak_result(scene: Scene, done: Trial) -> None:
    outcomes(done, scene.run.network, "Scaled by")
    if len(done.outcomes) < 2:
        st.caption("Stopped before the second network was trained.")
        return
    honest, leaky = done.outcomes
    st.markdown(
        f"After {done.steps:,} steps the test loss is **{honest.test.loss:.4g}** scaled by {HONEST}, and "
        f"**{leaky.test.loss:.4g}** with the leak. The second is not to be trusted, better, worse or about the same: "
        "the samples it was measured on had a say in it. Few samples, outliers, or more that is fitted on all rows, as "
        "when inputs are chosen by them, make a leak larger."
    )


# --- k folds


def _folds(scene: Scene, step: int) -> None:
    experiment = scene.experiment
    dataset = dataset_of(experiment.config, table())
    most = min(10, len(dataset.x))
    st.session_state["folds k"] = min(st.session_state.get("folds k", 5), most)
    k = st.number_input("Folds", 2, most, key="folds k", width=140)
    n = max(1, round(len(dataset.x) * (1 - 1 / k) * (experiment.config.labels or 100) / 100))
    steps = affordable(experiment, step, k, n)
    st.caption(
        f"All {len(dataset.x):,} samples are dealt into {k} folds, classes evenly where they have samples enough. {k} "
        "times the present network and rule learn from all folds but one, scaled by these alone, and are tested on "
        f"that one: {_length(steps, step)}. The test part of the stage takes part as well: it is unseen no longer."
    )
    trial(
        scene, FOLDS, "Cross-validate",
        lambda: Trial(
            of(scene), [f"Fold {i}" for i in range(1, k + 1)], steps, cross_validate(experiment, dataset, k, steps)
        ),
        lambda done: _folds_result(scene, step, done), icon=":material/view_week:",
    )  # fmt: skip


def _folds_result(scene: Scene, step: int, done: Trial) -> None:
    outcomes(done, scene.run.network, "Tested on")
    score, test = measure(scene.run.network), scene.experiment.data.test
    own = scored(scene.experiment, scene.run.at(step).theta, test).score
    st.markdown(f"{folds_said(done, score)} The split of the stage has a test {score} of {own:.4g} at step {step:,}.")
    if (left := len(done.names) - len(done.outcomes)) > 0:
        st.caption(f"Stopped: {left} of {len(done.names)} folds were not tested on.")


def folds_said(done: Trial, score: str) -> str:
    """The mean and the spread of what was measured on the folds."""
    (test, off), (train, train_off), (loss, loss_off) = (
        spread([value(one) for one in done.outcomes])
        for value in (lambda one: one.test.score, lambda one: one.train.score, lambda one: one.test.loss)
    )
    count = len(done.outcomes)
    told = "{:.4g} ± {:.2g}" if score == "R²" else "{:.1%} ± {:.1%}"
    return (
        f"After {done.steps:,} steps: test {score} **{told.format(test, off)}**, training {score} "
        f"{told.format(train, train_off)}, test loss {loss:.4g} ± {loss_off:.2g}: mean ± standard deviation over "
        f"{count} fold{'s' if count > 1 else ''}. One split alone may be as far off by chance."
    )
