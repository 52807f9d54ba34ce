"""The three pages beside the Playground: what stands on them is what other sums give."""

import base64
import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.engine import ACTIVATIONS, LOSSES, activations, losses
from playground.pages.look import equals, tex
from playground.pages.source import entry_source

APP = str(Path(__file__).parents[2] / "app.py")


def opened(page, **query):
    app = AppTest.from_file(APP, default_timeout=20).run()
    app.switch_page(f"playground/pages/{page}.py")
    for name, word in query.items():
        app.query_params[name] = word
    app.run()
    assert not app.exception
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def formulas(app):
    return " ".join(latex.value for latex in app.latex)


def said(app):
    """All captions and paragraphs."""
    return " ".join(text.value for text in [*app.caption, *app.markdown])


def walk(app):
    """The weights listed on the page."""
    (line,) = (text.value for text in app.markdown if "Weight at step" in text.value)
    return [float(word) for word in re.findall(r"-?\d[\d.e+]*", line.split("**")[-1])]


# --- one weight


def test_one_weight_shows_the_articles_example():
    app = opened("one_weight")
    for part in (
        r"5 \cdot 2 = 10",
        "(10 - 6)^2",
        "&= 8",
        r"(10 - 6) \cdot 2",
        r"5 - 0.1 \cdot 8",
        "&= 4.2",
        "2^2 = 0.6",
    ):
        assert part in formulas(app)
    assert "slope of 8, so the next step leads left to w = 4.2" in said(app)


def test_every_step_is_that_of_the_fractions():
    app, w, exact = opened("one_weight"), Fraction(5), [Fraction(5)]
    for _ in range(5):
        press(app, "Step")
        w -= Fraction("0.1") * (w * 2 - 6) * 2
        exact.append(w)
    assert walk(app) == [float(at) for at in exact] == [5, 4.2, 3.72, 3.432, 3.2592, 3.15552]
    press(app, "Back")
    assert walk(app) == [5, 4.2, 3.72, 3.432, 3.2592]
    press(press(app, "×10"), "×10")
    assert abs(walk(app)[-1] - 3) < 1e-4
    press(app, "Reset")
    assert walk(app) == [5]


@pytest.mark.parametrize(
    ("preset", "factor", "word"),
    [
        ("Crawl", 0.95, "creeps"),
        ("Converge", 0.6, "creeps"),
        ("At once", 0, "one step"),
        ("Jump", -0.8, "jumps from side to side"),
        ("For ever", -1, "for ever"),
        ("Diverge", -1.2, "diverges"),
    ],
)
@pytest.mark.parametrize("x", ["2", "-0.3"])
def test_a_preset_does_what_it_says(preset, factor, word, x):
    app = press(opened("one_weight", x=x), preset)
    rate = Fraction(str(app.number_input(key="eps").value))
    assert float(1 - rate * Fraction(x) ** 2) == pytest.approx(factor, abs=1e-5)
    assert any(word in text.value for text in app.markdown)
    path = walk(press(press(app, "Step"), "Step"))
    optimum = 6 / float(x)
    assert path[1] - optimum == pytest.approx(factor * (path[0] - optimum), abs=1e-4)


def test_a_walk_that_diverges_stops_and_says_so():
    app = opened("one_weight", eps="10")
    while not app.warning:
        press(app, "×10")
    assert "The walk stops here" in app.warning[0].value
    assert next(button for button in app.button if button.label == "Step").disabled
    assert max(map(abs, walk(app))) <= 1e9
    assert "inf" not in formulas(app)
    assert "nan" not in formulas(app)
    assert not press(app, "Reset").warning


@pytest.mark.parametrize("x", ["0", "-1e-170", "1e-320"])  # their square is 0
def test_without_an_input_nothing_moves_and_no_rate_is_proposed(x):
    app = press(opened("one_weight", x=x), "Step")
    assert walk(app) == [5, 5]
    assert any("nothing moves" in text.value for text in app.markdown)
    assert all(button.disabled for button in app.button if button.label in ("Crawl", "Diverge"))


def test_another_rate_goes_on_and_another_example_begins_anew():
    app = press(opened("one_weight"), "Step")
    app.number_input(key="eps").set_value(0.25).run()
    assert walk(press(app, "Step")) == [5, 4.2, 3]
    app.number_input(key="label").set_value(8.0).run()
    assert walk(app) == [5]


# --- one neuron


def test_the_perceptron_learns_and_by_its_rule():
    app = opened("one_neuron", task="and", rate="0.5")
    w, b = np.zeros(2), 0.0
    run = app.session_state["two neurons"][0]
    for _ in range(30):
        assert run.state.theta == pytest.approx([*w, b])
        i = next_point(app)
        x, y = np.array([(0, 0), (0, 1), (1, 0), (1, 1)][i], float), (0, 0, 0, 1)[i]
        answer = int(w @ x + b >= 0)
        assert rf"y - \hat y = {y} - {answer}" in formulas(app)
        w, b = w + 0.5 * (y - answer) * x, b + 0.5 * (y - answer)
        press(app, "Step")
    press(press(app, "×10 passes"), "One pass")
    assert any("All 4 points are on their right side" in text.value for text in app.markdown)


def next_point(app):
    """The point that has the ring on it: the next one to be learned from."""
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    ring = next(trace for trace in chart["data"] if trace.get("name") == "point below")
    return int(2 * read(ring["x"]) + read(ring["y"]))


def read(values):
    """The first of the numbers of a trace, which Plotly packs."""
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])[0]


def test_xor_is_three_of_four_and_goes_in_circles():
    app = press(opened("one_neuron", task="xor", begin="3"), "×10 passes")
    assert "best of all straight lines gets 3 of 4" in said(app)
    assert "goes round in circles" in said(app)


@pytest.mark.parametrize("points", ["and", "or", "xor", "clouds", "moons"])
@pytest.mark.parametrize("output", ["sigmoid", "tanh", "linear", "binary step"])
def test_every_choice_runs(points, output):
    app = press(opened("one_neuron", task=points, output=output, begin="1"), "One pass")
    assert "Step" in app.markdown[1].value
    assert ("no weight ever moves" in said(app)) == (output == "binary step")


def test_the_sum_of_a_point_is_written_with_its_numbers():
    app = press(opened("one_neuron", task="or", begin="4", point="4"), "One pass")
    for run in app.session_state["two neurons"]:
        w1, w2, b = run.state.theta
        assert rf"w_1 x_1 + w_2 x_2 {equals(w1 + w2, 4)}" in formulas(app)
        assert rf"{tex(w1, 4)} \cdot 1 + {tex(w2, 4)} \cdot 1" in formulas(app)
        assert rf"{tex(b, 4)} {equals(w1 + w2 + b, 4)}" in formulas(app)


def test_gradient_descent_that_diverges_is_said():
    app = opened("one_neuron", task="clouds", output="linear", rate="10", begin="1")
    for _ in range(2):
        press(app, "×10 passes")
    assert any("**diverged**" in text.value for text in app.markdown)
    press(app, "Reset")
    assert not any("**diverged**" in text.value for text in app.markdown)


# --- activations and losses


@pytest.mark.parametrize(("kind", "table", "extra"), [("Activations", ACTIVATIONS, 1), ("Losses", LOSSES, 0)])
def test_every_function_has_a_card_with_its_formula_and_its_code(kind, table, extra):
    app = opened("functions", kind=kind)
    names = [text.value for text in app.markdown]
    assert all(f"**{entry.name}**" in names for entry in table.values())
    assert len(app.latex) == len(app.code) == len(table) + extra
    assert len(app.get("plotly_chart")) == len(table) + extra + 2


@pytest.mark.parametrize(
    ("module", "table", "key"),
    [(activations, "ACTIVATIONS", key) for key in ACTIVATIONS]
    + [(losses, "LOSSES", key) for key in LOSSES]
    + [(activations, "OUTPUTS", "softmax")],
)
def test_the_code_shown_is_the_code_of_that_entry(module, table, key):
    code = entry_source(module, table, key)
    kind, name = ("Loss", LOSSES[key].name) if table == "LOSSES" else ("Activation", getattr(module, table)[key].name)
    assert f'{kind}(\n    "{name}"' in code or f"{kind}(  #" in code
    assert "formula=" in code
    *_, entry = code.split("\n\n\n")
    compile(f"{{{entry}}}", key, "exec")
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert all(line.strip() in source for line in code.splitlines())


def test_helpers_stand_above_the_entry_that_needs_them():
    assert "def softplus" in entry_source(activations, "ACTIVATIONS", "mish")
    assert "def _mish_slope" in entry_source(activations, "ACTIVATIONS", "mish")
    with pytest.raises(KeyError):
        entry_source(activations, "ACTIVATIONS", "unknown")


@pytest.mark.parametrize("over", ["error", "sigmoid", "tanh"])
def test_losses_are_compared_over_each_output(over):
    app = opened("functions", kind="Losses", over=over)
    assert ("cross-entropy" in app.caption[0].value) == (over == "sigmoid")
    assert "½ squared error" in app.caption[0].value


def test_nothing_to_compare_is_said():
    app = opened("functions")
    app.multiselect(key="compare").set_value([]).run()
    assert not app.exception
    assert "at least one" in app.info[0].value


# --- links


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("one_weight", {"x": "1.5", "label": "-3", "w": "0.25", "eps": "0.7"}),
        ("one_neuron", {"rate": "0.25", "begin": "12"}),
    ],
)
def test_a_link_sets_the_numbers(page, query):
    app = opened(page, **query)
    assert not app.warning
    assert {name: app.number_input(key=name).value for name in query} == {n: float(word) for n, word in query.items()}


@pytest.mark.parametrize(
    ("page", "name", "word"),
    [
        ("one_weight", "x", "1e999"),
        ("one_weight", "eps", "0"),
        ("one_weight", "w", "much"),
        ("one_neuron", "task", "nand"),
        ("one_neuron", "output", "<b>"),
        ("one_neuron", "point", "5"),
        ("functions", "compare", "swish"),
        ("functions", "kind", "all"),
    ],
)
def test_a_bad_value_is_said_in_a_sentence(page, name, word):
    app = opened(page, **{name: word})
    (warning,) = app.warning
    assert warning.value.startswith(f"{name} in the link cannot be used: it must be ")
