"""The microscope: one gradient step, phase by phase and number by number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from playground import figures, formulas
from playground.engine import ACTIVATIONS, OUTPUTS, batch
from playground.engine.diagnosis.symptoms import flatness
from playground.microscope import Examination, check_gradient, examine, memory
from playground.pages.look import draw, theme
from playground.stage import Scene, pointer

Array = np.ndarray

ONE, BATCH = "one example", "the next mini-batch"
AT = "microscope stop"  # in the session: which phase is looked at
EXAMPLE = "microscope example"
MOST_WORDS = 60  # neurons that get their number written on the stage


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the walk through a step stands: a phase, a layer of it, and one neuron where they are taken one by one."""

    phase: str
    layer: int = 0
    unit: int | None = None


def stops(widths: Sequence[int], *, each: bool) -> list[Stop]:
    """The walk through a step of a network whose layers have `widths` neurons; `each` stops at every neuron."""

    def layer(phase: str, number: int) -> list[Stop]:
        return [Stop(phase, number, unit) for unit in range(widths[number])] if each else [Stop(phase, number)]

    numbers = range(len(widths))
    return [
        *(stop for number in numbers for stop in layer("Forward", number)),
        Stop("Loss", len(widths) - 1),
        *(stop for number in reversed(numbers) for stop in layer("Backward", number)),
        *(Stop("Update", number) for number in numbers),
    ]


def panel(scene: Scene, step: int) -> None:
    """Draw the walk through a step from the one the stage shows: on one example, or the one the run takes."""
    left, middle, right = st.columns(3)
    whole = left.segmented_control("Look at", (ONE, BATCH), default=ONE, key="microscope of", required=True) == BATCH
    count = len(scene.run.x)
    st.session_state.setdefault(EXAMPLE, 1)
    st.session_state[EXAMPLE] = min(st.session_state[EXAMPLE], count)
    example = middle.number_input(
        "Training example", 1, count, key=EXAMPLE, disabled=whole, help="Or click a training point on the plane."
    )
    digits = right.number_input("Decimals", 1, 10, 4, key="microscope digits")
    state = scene.run.at(step)
    _, training = scene.run.rule(step)
    rows = batch(state, training, count) if whole else np.array([example - 1])
    rows = np.arange(count)[rows]
    try:
        examined = examine(scene.run.network, training, state, scene.run.x[rows], scene.run.y[rows])
    except ValueError as error:
        st.warning(f"This example cannot be followed: {error}", icon=":material/info:")
        return
    row = _row(rows) if whole else 0
    stop = _walk(examined)
    PHASES[stop.phase](scene, examined, stop, row, digits)
    _check(scene, examined, scene.run.y[rows])
    _point(scene, examined, stop, row, int(rows[row]), digits)


def _row(rows: Array) -> int:
    chosen = st.selectbox(
        "Numbers of",
        range(len(rows)),
        format_func=lambda i: f"example {rows[i] + 1} of the mini-batch",
        key="microscope row",
    )
    return min(chosen, len(rows) - 1)


def _walk(examined: Examination) -> Stop:
    """The buttons and the slider that lead through the step; where they stand."""
    each = st.toggle("Neuron by neuron", value=True, key="microscope each")
    walk = stops([fan_out for _, fan_out in examined.network.shapes], each=each)
    st.session_state[AT] = min(st.session_state.get(AT, 0), len(walk) - 1)
    back, onward, place = st.columns([1, 1, 6], vertical_alignment="bottom")
    back.button("Before", icon=":material/arrow_back:", on_click=_go, args=(-1, len(walk)), width="stretch")
    onward.button("Next", icon=":material/arrow_forward:", on_click=_go, args=(1, len(walk)), width="stretch")
    place.select_slider(
        "Phase", range(len(walk)), format_func=lambda i: _title(examined, walk[i]), key=AT, label_visibility="collapsed"
    )
    stop = walk[st.session_state[AT]]
    st.markdown(f"**{_title(examined, stop)}**")
    return stop


def _go(way: int, count: int) -> None:
    st.session_state[AT] = max(0, min(st.session_state[AT] + way, count - 1))


def _title(examined: Examination, stop: Stop) -> str:
    where = "output" if stop.layer == len(examined.network.hidden) else f"layer {stop.layer + 1}"
    neuron = "" if stop.unit is None else f", neuron {stop.unit + 1}"
    return stop.phase if stop.phase == "Loss" else f"{stop.phase}: {where}{neuron}"


def picked(point: object) -> None:
    """A point of the plane was clicked: the training example it is; test points are not learned from."""
    scene: Scene = st.session_state["scene"]
    if type(point) is int and 0 <= point < scene.marked(scene.experiment.data.train):
        st.session_state[EXAMPLE] = point + 1


def _point(scene: Scene, examined: Examination, stop: Stop, row: int, example: int, digits: int) -> None:
    """Show on the stage what is looked at: the neuron or layer, its connections, and the numbers known so far."""
    units = range(examined.network.shapes[stop.layer][1]) if stop.unit is None else (stop.unit,)
    lit = [(stop.layer + 1, unit) for unit in units]
    fan_in = examined.network.shapes[stop.layer][0]
    links = [(stop.layer, source, stop.unit) for source in range(fan_in)] if stop.unit is not None else []
    values = {"Backward": [None, *examined.deltas]}.get(stop.phase, examined.trace.a)
    words = [
        (column, unit, f"{value:.{min(digits, 2)}f}".replace("-", "−"))
        for column, layer in enumerate(values)
        if layer is not None and _known(stop, column)
        for unit, value in enumerate(layer[row])
        if stop.unit is None or column != stop.layer + 1 or unit in _seen(stop)
    ]
    points = [example] if example < scene.marked(scene.experiment.data.train) else []
    pointer("microscope", lit, links, words if len(words) <= MOST_WORDS else [], points, on_pick=picked)


def _known(stop: Stop, column: int) -> bool:
    return column > stop.layer if stop.phase == "Backward" else column <= stop.layer + 1


def _seen(stop: Stop) -> range:
    return range(stop.unit + 1)


# The phases


def _forward(scene: Scene, examined: Examination, stop: Stop, row: int, digits: int) -> None:
    weights, bias = examined.network.layers(examined.theta)[stop.layer]
    n, (fan_in, fan_out) = len(examined.x), weights.shape
    if stop.unit is not None:
        formula, card = st.columns(2)
        with formula:
            _formula(formulas.forward(examined, stop.layer, stop.unit, row, digits))
            _table(
                {"w": weights[:, stop.unit], "a": examined.trace.a[stop.layer][row]}, _names(scene, stop.layer), digits
            )
        with card:
            _card(scene, examined, stop, row)
        return
    a, z, made = (
        examined.trace.a[stop.layer][row],
        examined.trace.z[stop.layer][row],
        examined.trace.a[stop.layer + 1][row],
    )
    st.caption(
        f"z = a·W + b: ({n} × {fan_in}) · ({fan_in} × {fan_out}) + ({fan_out}) → ({n} × {fan_out})"
        f"{', of which the row of one example is shown' if n > 1 else ''}. "
        "Rows of W are where a connection leaves, columns where it enters."
    )
    left, right = st.columns(2)
    with left:
        st.markdown("W and b")
        _matrix(np.vstack([weights, bias]), [*_names(scene, stop.layer), "bias"], _names(scene, stop.layer + 1), digits)
    with right:
        st.markdown("What comes in")
        _matrix(a[None], ["a"], _names(scene, stop.layer), digits)
        st.markdown("What goes out")
        _matrix(np.stack([z, made]), ["z", "a"], _names(scene, stop.layer + 1), digits)


def _loss(scene: Scene, examined: Examination, stop: Stop, row: int, digits: int) -> None:
    _formula(formulas.cost(examined, row, digits))
    names = _names(scene, len(examined.network.shapes))
    _table({"answer a": examined.trace.a[-1][row], "target t": examined.target[row]}, names, digits)


def _backward(scene: Scene, examined: Examination, stop: Stop, row: int, digits: int) -> None:
    slopes, _ = examined.network.layers(examined.slope)[stop.layer]
    if stop.unit is None:
        st.caption(
            "Every neuron's δ = ∂L/∂z, and ∂L/∂w of every connection: what leaves its start times the δ at its end."
        )
        into = _names(scene, stop.layer + 1)
        _matrix(examined.deltas[stop.layer][row][None], ["δ"], into, digits)
        _matrix(slopes, _names(scene, stop.layer), into, digits)
        return
    left, right = st.columns(2)
    with left:
        _formula(formulas.backward(examined, stop.layer, stop.unit, row, digits))
    sources = _names(scene, stop.layer)
    with right:
        source = st.selectbox(
            "Connection from",
            range(len(sources)),
            format_func=lambda i: sources[i],
            key=f"microscope from {stop.layer}",
        )
        _formula(formulas.connection(examined, stop.layer, source, stop.unit, digits))
    delta, a = examined.deltas[stop.layer][:, stop.unit], examined.trace.a[stop.layer]
    columns = {"a": a[row], "δ": np.full(len(sources), delta[row]), "a·δ": a[row] * delta[row]}
    if len(a) > 1:
        columns["∂L/∂w, all examples"] = slopes[:, stop.unit]
    _table(columns, sources, digits)


def _update(scene: Scene, examined: Examination, stop: Stop, row: int, digits: int) -> None:
    if len(examined.x) == 1:
        st.caption("What a step on this example alone would do; the run itself takes the next mini-batch.")
    theta = np.arange(examined.network.n_parameters)
    weights, bias = examined.network.layers(theta)[stop.layer]
    indices = np.concatenate([weights.ravel(), bias])
    chosen = st.selectbox(
        "Weight or bias", indices.tolist(), format_func=scene.parameter_name, key=f"microscope weight {stop.layer}"
    )
    _formula(formulas.update(examined, chosen, digits))
    kept = {name: values[indices] for name, values in memory(examined).items()}
    columns = {"w": examined.state.theta[indices], "g": examined.gradient[indices], **kept}
    columns["w new"] = examined.following.theta[indices]
    _table(columns, [scene.parameter_name(index) for index in indices.tolist()], digits)


PHASES: dict[str, Callable] = {"Forward": _forward, "Loss": _loss, "Backward": _backward, "Update": _update}


# What they are made of


def _names(scene: Scene, column: int) -> list[str]:
    network = scene.run.network
    width = network.inputs if column == 0 else network.shapes[column - 1][1]
    return [scene.node_name(column, row) for row in range(width)]


def _formula(text: str) -> None:
    st.latex(text)
    with st.popover("Copy", icon=":material/content_copy:"):
        st.code(text, language="latex", wrap_lines=True)


def _matrix(values: Array, rows: Sequence[str], columns: Sequence[str], digits: int) -> None:
    frame = pd.DataFrame(values, index=rows, columns=columns)
    st.dataframe(frame.style.format(f"{{:.{digits}f}}"), width="content")


def _table(columns: dict[str, Array], rows: Sequence[str], digits: int) -> None:
    _matrix(np.column_stack(list(columns.values())), rows, list(columns), digits)


def _card(scene: Scene, examined: Examination, stop: Stop, row: int) -> None:
    """The neuron's activation, where all training examples fall on it, and how many of them it is flat for."""
    key = formulas.activation_of(examined, stop.layer)
    if key == "softmax":
        st.caption("Softmax takes the sums of all outputs together, so it has no curve of its own for each.")
        return
    activation = {**OUTPUTS, **ACTIVATIONS}[key]
    trace = scene.run.network.forward(examined.theta, scene.run.x)
    z, here = trace.z[stop.layer][:, stop.unit], examined.trace.z[stop.layer][row, stop.unit]
    figure = figures.activation_curve(z, activation.f, activation.df, name=activation.name, theme=theme(), here=here)
    draw(figure, "neuron")
    st.caption(_said_of(scene, trace, stop, here))


def _said_of(scene: Scene, trace: object, stop: Stop, here: float) -> str:
    said = f"Dots: the {len(scene.run.x):,} training examples; diamond: this one, z = {here:.3g}."
    if stop.layer == len(scene.run.network.hidden):
        return said
    dead, flat = (flatness(scene.run.network, trace, below)[stop.layer][stop.unit] for below in (0.0, 0.05))
    return f"{said} Slope 0 for {dead:.0%} of them; hardly any, below a twentieth of the steepest, for {flat:.0%}."


def _check(scene: Scene, examined: Examination, y: Array) -> None:
    if not st.button(
        "Check it", icon=":material/fact_check:", help="Compare every derivative with a difference of losses."
    ):
        return
    theta, x = examined.state.theta, examined.x
    bar = st.progress(0.0, "Comparing backpropagation with differences of the loss …")
    compared = (0, 0.0, 0)
    for compared in check_gradient(examined.network, examined.training, theta, x, y):
        bar.progress(compared[0] / theta.size, f"Compared {compared[0]:,} of {theta.size:,} parameters.")
    bar.empty()
    _, worst, index = compared
    if not np.isfinite(worst):
        st.warning("The loss or its slope is not finite here, so there is nothing to compare.", icon=":material/info:")
        return
    st.success(
        f"All {theta.size:,} derivatives compared with central differences of the loss: the worst relative error is "
        f"{worst:.1e}, at {scene.parameter_name(index)}. At a kink, as of ReLU, the two may differ.",
        icon=":material/fact_check:",
    )
