"""One neuron: a weighted sum, a threshold, and two rules to learn where the line belongs."""

from contextlib import suppress

import numpy as np
import streamlit as st

from playground import figures
from playground.data import Dataset, load
from playground.data.gates import GATES, gate
from playground.engine import ACTIVATIONS, Diverged, Run, batch, gradient, step, steps_per_epoch
from playground.engine.lines import most_right_by_a_line
from playground.engine.one_neuron import met_before, right, side_by_side
from playground.pages.look import chart, equals, say_unusable, tex, theme

POINTS = (*GATES, "clouds", "moons")
CLOUD = {"n": 40, "noise": 0, "seed": 7}
LIMITS = {"rate": (0.001, 10.0), "begin": (0, 9999)}
OUTPUT = {"sigmoid": "sigmoid", "tanh": "tanh", "linear": "identity", "binary step": "step"}
COMPARED = ("step", "sigmoid", "tanh", "relu", "identity")
CELLS = 81  # a side of the plane
DIGITS = 4  # in formulas
RUNS, SETUP = "two neurons", "their choice"


@st.cache_resource
def examples(points: str) -> tuple[Dataset, int]:
    """The points to learn from, and how many of them a straight line can get right."""
    data = gate(points) if points in GATES else load({"clouds": "gaussian"}.get(points, points), **CLOUD)
    return data, most_right_by_a_line(data.x, data.y)


def choices() -> tuple[Dataset, int, str]:
    """Draw the sidebar; both neurons begin anew after any change but that of the point looked at."""
    with st.sidebar:
        st.subheader("One neuron", anchor=False)
        points = st.selectbox("Points", POINTS, key="task", bind="query-params")
        output = st.selectbox("Decision function of gradient descent", OUTPUT, key="output", bind="query-params")
        rate = st.number_input("Learning rate ε", *LIMITS["rate"], 0.5, 0.1, "%.4g", key="rate", bind="query-params")
        begin = st.number_input(
            "Start", *LIMITS["begin"], key="begin", bind="query-params", help="0: all weights are 0. Others: by lot."
        )
    data, most = examples(points)
    if st.session_state.get(SETUP) != (setup := (points, output, rate, begin)):
        st.session_state[SETUP] = setup
        st.session_state[RUNS] = side_by_side(data.x, data.y, OUTPUT[output], rate, begin)
    return data, most, output


def buttons(runs: tuple[Run, Run], n: int) -> None:
    whole = steps_per_epoch(runs[0].training, n)
    now = max(run.state.step for run in runs)
    with st.container(horizontal=True):
        st.button("Step", icon=":material/skip_next:", type="primary", on_click=_go, args=(1,))
        st.button("One pass", on_click=_go, args=(whole - now % whole,), help="Until every point has been seen once.")
        st.button("×10 passes", on_click=_go, args=(10 * whole,))
        st.button("Back", icon=":material/undo:", on_click=_go, args=(-1,), disabled=not now)
        st.button("Reset", icon=":material/replay:", on_click=_go, args=(-now,), disabled=not now)
    st.markdown(f"**Step {now:,}**, pass {now // whole + 1:,}: one point a step, the same for both rules.")


def _go(steps: int) -> None:
    runs = st.session_state[RUNS]
    target = max(0, max(run.state.step for run in runs) + steps)
    for run in runs:
        with suppress(Diverged):  # it then stands at its last finite step, and `by_descent` says so
            run.seek(target)


def next_point(run: Run) -> int:
    """The number of the point that the next step learns from."""
    n = len(run.x)
    return int(np.arange(n)[batch(run.state, run.training, n)][0])


def chosen(run: Run, n: int) -> int:
    """Let a point be chosen to look at; 0 is the one that is learned from next."""
    say_unusable({"point": (0, n)}, {})
    help_text = f"0 is the next one to be learned from; 1 to {n} are the points themselves."
    point = st.sidebar.number_input("Point looked at", 0, n, key="point", bind="query-params", help=help_text)
    return point - 1 if point else next_point(run)


def neuron(name: str, run: Run, data: Dataset, i: int, sentence: str) -> None:
    """One rule's neuron: the plane, the sum of point i, and what the rule has come to."""
    weights, bias = run.network.layers(run.state.theta)[0]
    w, b, good = weights[:, 0], float(bias[0]), right(run, run.state.theta)
    st.subheader(name, anchor=False)
    axis1, axis2 = _axes(data.x)
    grid = np.stack(np.meshgrid(axis1, axis2, indexing="ij"), -1)
    answers = run.network.forward(run.state.theta, grid.reshape(-1, 2)).a[-1].reshape(CELLS, CELLS)
    line = figures.threshold(w, b, axis1, axis2)
    scale = (-1.0 if run.network.output in ("tanh", "identity") else 0.0, 1.0)
    figure = figures.half_planes(axis1, axis2, answers, line, data.x, data.y, good, i, theme=theme(), scale=scale)
    chart(figure, figures.describe_half_planes(w, b, data.y, good), f"plane of the {name.lower()}")
    st.markdown(sentence)
    _sum(w, b, data.x[i], data.y[i])
    if i == next_point(run):
        _next_step(run, i)


def _axes(x: np.ndarray) -> list[np.ndarray]:
    low, high = x.min(0), x.max(0)
    edge = 0.3 * (high - low) if len(x) == 4 else 0.08 * (high - low)
    return [np.linspace(a, b, CELLS) for a, b in zip(low - edge, high + edge, strict=True)]


def _sum(w: np.ndarray, b: float, x: np.ndarray, label: int) -> None:
    weighted = float(w @ x)
    sign = r"\ge" if weighted + b >= 0 else "<"
    fires, (w1, w2), (x1, x2) = weighted + b >= 0, map(short, w), map(short, x)
    st.latex(
        r"\begin{gathered} \begin{aligned} z &= w_1 x_1 + w_2 x_2 + b \\"
        rf"&= {w1} \cdot {x1} + {w2} \cdot {x2} \\"
        rf"&\quad + {short(b)} {equals(weighted + b, DIGITS)} \end{{aligned}} \\[6pt]"
        rf"w_1 x_1 + w_2 x_2 {equals(weighted, DIGITS)} {sign} \theta = -b {equals(-b, DIGITS)} \end{{gathered}}"
    )
    verdict = "right" if fires == (label == 1) else "**wrong**"
    st.markdown(f"So it **{'fires' if fires else 'is silent'}**; the label is {label}: {verdict}.")


def _next_step(run: Run, i: int) -> None:
    """What the rule does about point i, with its numbers: ε times e times the input is added to each weight."""
    theta, x, label = run.state.theta, run.x[i], int(run.y[i])
    if run.training.rule == "perceptron":
        answer = int(run.network.forward(theta, run.x[[i]]).z[-1][0, 0] >= 0)
        error, reason = label - answer, rf"y - \hat y = {label} - {answer}"
    else:
        error, reason = -gradient(run.network, run.training, theta, run.x[[i]], run.y[[i]])[1][-1], "-dL/dz"
    after = step(run.state, run.network, run.training, run.x, run.y).theta
    rows = [rf"e &= {reason} {equals(error, DIGITS)}"]
    for name, now, put_in, then in zip(("w_1", "w_2", "b"), theta, (*x, 1.0), after, strict=True):
        change = rf"{short(run.training.rate(0))} \cdot e \cdot {short(put_in)}"
        rows.append(rf"{name} &\leftarrow {short(now)} + {change} {equals(then, DIGITS)}")
    st.markdown("The next step, ε · e · input added to each weight:")
    st.latex(r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}")


def short(value: float) -> str:
    return tex(value, DIGITS)


def by_perceptron(run: Run, most: int) -> str:
    """What the perceptron's rule has come to, with its evidence."""
    n, good = len(run.y), right(run, run.state.theta).sum()
    if good == n:
        return f"All {n} points are on their right side: the rule has nothing to correct any more, and rests."
    if most == n:
        return f"{good} of {n} right. A line for all {n} exists, so the rule will find one (Novikoff 1962)."
    circle = (
        ""
        if (before := met_before(run)) is None
        else (f" The weights are those of step {before:,} once more: the rule **goes round in circles**.")
    )
    return (
        f"{good} of {n} right. **The best of all straight lines gets {most} of {n}**, so the rule never rests.{circle}"
    )


def by_descent(run: Run, most: int, reached: int) -> str:
    """What gradient descent has come to, with its evidence."""
    n, good = len(run.y), right(run, run.state.theta).sum()
    if run.state.step < reached:
        return (
            f"Gradient descent has **diverged**: after step {run.state.step:,} its loss is no finite number. "
            "It stands at its last step; a smaller learning rate helps."
        )
    if run.network.output == "step":
        return (
            f"{good} of {n} right. The binary step is flat, its slope is 0: **no gradient, so no weight ever moves**."
        )
    line = "a line for all exists" if most == n else f"the best of all straight lines gets {most}"
    return f"{good} of {n} right, mean loss {run.loss():.4g}; {line}. It moves at every point, not at wrong ones alone."


def compared(z: float) -> None:
    """Five decision functions over the same sum."""
    reach = max(4.0, 1.2 * abs(z))
    axis = np.linspace(-reach, reach, 401)
    named = {("linear" if key == "identity" else ACTIVATIONS[key].name): ACTIVATIONS[key].f for key in COMPARED}
    figure = figures.curves(axis, {name: f(axis) for name, f in named.items()}, theme=theme(), mark=z, height=340)
    figure.update_yaxes(range=[-1.3, 2.5])
    at = "; ".join(f"{name} {float(f(np.array(z))):.4g}" for name, f in named.items())
    chart(figure, f"At the sum z = {z:.4g} of gradient descent's neuron, the dotted line: {at}.", "decision functions")


say_unusable(LIMITS, {"task": POINTS, "output": OUTPUT})
st.title("One neuron", anchor=False)
st.markdown(
    "Two inputs, two weights and a bias: the neuron fires where the weighted sum reaches its threshold, "
    "and that is one side of a straight line. The **perceptron's rule** (Rosenblatt 1958) corrects wrong answers, "
    "$w \\leftarrow w + \\varepsilon\\,(y - \\hat y)\\,x$; **gradient descent** walks down the slope of a loss."
)
data, most, output = choices()
perceptron, descent = st.session_state[RUNS]
buttons((perceptron, descent), len(data.x))
i = chosen(perceptron, len(data.x))
left, right_side = st.columns(2, gap="medium")
with left:
    neuron("Perceptron's rule", perceptron, data, i, by_perceptron(perceptron, most))
with right_side:
    neuron(f"Gradient descent, {output}", descent, data, i, by_descent(descent, most, perceptron.state.step))
st.subheader("The same sum, decided in five ways", anchor=False)
compared(float(descent.network.forward(descent.state.theta, data.x[[i]]).z[-1][0, 0]))
