"""Your data without a browser: what is brought is learned from, what cannot be read is one sentence and no more."""

import csv
import io
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.experiment import TABLE
from playground.pages.sheet import EXAMPLE, NOTHING
from tests.pages.test_playground import APP, config_of

HOSTILE = [
    *("**bold**", "<b>b</b>", ":red[r]", "$x^2$", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>"),
    *("www.evil.com", "_index", "bias", "x1", "x2", "row", "**bold***", "{{7*7}}"),
]
MARKS = ("<b>", "<img", "**bold", "**nein", "$x^2", "\\frac", "javascript:alert", ":red[", "www.")
WORDS = ["<b>ja</b>", "**nein**", "$\\frac12$", "=1+1"]


def opened() -> AppTest:
    return visit(AppTest.from_file(APP, default_timeout=20).run(), "bring")


def visit(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"playground/pages/{page}.py").run()
    assert not app.exception
    return app


def upload(app: AppTest, data: bytes | str, name: str = "own.csv") -> AppTest:
    app.file_uploader[0].set_value((name, data if isinstance(data, bytes) else data.encode(), "text/csv")).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def use(app: AppTest) -> AppTest:
    """Press “Use this table”, and open the Playground where a browser would."""
    press(app, "Use this table")
    return visit(app, "playground")


def said(app: AppTest) -> str:
    return " ".join(text.value for text in [*app.markdown, *app.caption])


def table(rows: list[list]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def test_without_a_table_nothing_is_asked():
    app = opened()
    assert not app.selectbox(key="sheet separator").value
    assert [button.label for button in app.button] == ["Read the text", "Try an example"]
    assert not app.error


def test_the_example_is_read_chosen_and_learned():
    app = press(opened(), "Try an example")
    assert app.selectbox(key="sheet target").value == "fruit"
    assert app.multiselect(key="sheet inputs").value == ["weight (g)", "length (cm)", "colour"]
    assert app.segmented_control(key="sheet kind").value == "classification"
    assert "Column “no” has another value in every row" in said(app)
    assert "**11** rows, **5** inputs, to learn **3 classes**" in said(app)
    app.selectbox(key="sheet missing").set_value("mean").run()
    assert "**12** rows" in said(app)
    app = use(app)
    experiment = app.session_state["scene"].experiment
    assert experiment.config.data == TABLE
    assert experiment.dataset.class_names == ("apple", "banana", "lemon")
    assert len(experiment.dataset.x) == 12
    run = app.session_state["scene"].run
    start = run.loss()
    run.seek(200)
    assert run.loss() < start / 10


def test_pasted_text_is_read_and_the_field_is_free_again():
    app = opened()
    app.text_area[0].set_value("a;b;c\n1,5;2;ja\n2,5;1;nein\n3,5;4;ja\n")
    press(app, "Read the text")
    assert app.text_area[0].value == ""
    assert "Numbers are read with a decimal comma" in said(app)
    assert "**3** rows, **2** inputs" in said(app)


def test_nothing_pasted_is_said():
    app = press(press(opened(), "Try an example"), "Read the text")
    assert [error.value for error in app.error] == [NOTHING]
    assert "**11** rows" in said(app)


def test_the_page_is_found_as_it_was_left():
    app = press(opened(), "Try an example")
    app.multiselect(key="sheet inputs").set_value(["colour"]).run()
    app.selectbox(key="sheet missing").set_value("median").run()
    visit(visit(app, "playground"), "bring")
    assert app.multiselect(key="sheet inputs").value == ["colour"]
    assert app.selectbox(key="sheet missing").value == "median"
    assert app.selectbox(key="sheet target").value == "fruit"
    assert "**12** rows, **3** inputs" in said(app)


def test_another_target_is_learned_as_it_is_and_values_get_a_loss_of_their_own():
    app = press(opened(), "Try an example")
    app.selectbox(key="sheet target").set_value("length (cm)").run()
    assert app.segmented_control(key="sheet kind").value == "regression"
    assert "length (cm)" not in app.multiselect(key="sheet inputs").value
    config = config_of(use(app))
    assert (config.data, config.loss) == (TABLE, "mse")


def test_another_table_begins_another_run_and_the_same_does_not():
    app = use(press(opened(), "Try an example"))
    scene = app.session_state["scene"]
    assert use(visit(app, "bring")).session_state["scene"] is scene
    app.multiselect(key="inputs").set_value([0, 1]).run()
    visit(app, "bring").multiselect(key="sheet inputs").set_value(["weight (g)"]).run()
    assert use(app).session_state["scene"] is not scene
    assert config_of(app).inputs == ()


def test_the_separator_and_the_names_can_be_said():
    app = upload(opened(), "1,5;2\n2,5;3\n4,5;1\n")
    assert app.session_state["sheet"].now.frame.shape == (3, 2)
    app.selectbox(key="sheet named").set_value("yes").run()
    assert list(app.session_state["sheet"].now.frame) == ["1,5", "2"]
    app.selectbox(key="sheet separator").set_value("|").run()
    assert "Row 1 has one column only" in app.error[0].value


def test_pasted_text_is_read_differently_too_and_no_file_from_before_takes_its_place():
    app = upload(opened(), "1,5;2\n2,5;3\n4,5;1\n")
    app.text_area[0].set_value("2019,2020,kind\n1,2,a\n2,3,b\n4,1,a\n")
    press(app, "Read the text")
    assert app.session_state["sheet"].now.frame.shape == (4, 3)
    app.selectbox(key="sheet named").set_value("yes").run()
    assert list(app.session_state["sheet"].now.frame) == ["2019", "2020", "kind"]


def test_hours_that_count_up_are_what_a_score_is_learned_from():
    app = opened()
    app.text_area[0].set_value("hours,score\n1,52\n2,55\n3,61\n4,66\n5,70\n6,71\n7,80\n8,84\n")
    press(app, "Read the text")
    assert not app.error
    assert "**8** rows, **1** input, to learn **the values of “score”**" in said(app)
    assert "unless it measures something" in said(app)


def zipped() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"\0" * 10**7)
    return data.getvalue()


BAD = {
    "nothing": b"",
    "blanks": b" \n\n",
    "one row": b"a,b\n1,2\n",
    "one column": b"a\n1\n2\n",
    "a short row": b"a,b,c\n1,2,3\n1,2\n",
    "an open quote": b'a,b\n1,"2\n3,4\n',
    "65 columns": ",".join("x" * 65).encode() + b"\n",
    "20,001 rows": b"a,b\n" + b"1,2\n" * 20_001,
    "a PNG": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a ZIP": zipped(),
    "deep JSON": b"[" * 100_000 + b"]" * 100_000,
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "random bytes": np.random.default_rng(1).bytes(1000),
    "a NUL": b"a,b\n1,\x002\n",
    "a long cell": b"a,b\n1," + b"x" * 20_000 + b"\n2,3\n",
    "markup in a short row": b"<img src=x>,**b**\n1,2\n[a](http://b)\n",
    "too large": b"a,b\n" + b"1,2\n" * 2_700_000,
}


def test_what_cannot_be_read_is_one_sentence_and_touches_nothing():
    app = use(press(opened(), "Try an example"))
    scene = app.session_state["scene"]
    scene.run.seek(7)
    kept = visit(app, "bring").session_state["sheet"]
    for name, data in BAD.items():
        upload(app, data)
        assert len(app.error) == 1, name
        sentence = app.error[0].value
        assert sentence.endswith("."), sentence
        assert not set(sentence) & set("<>*[]$`_"), sentence
        assert app.session_state["sheet"] is kept, name
        assert app.selectbox(key="sheet target").value == "fruit"
    assert upload(app, EXAMPLE.replace("banana", "pear")).session_state["sheet"] is not kept
    assert not app.error
    visit(app, "playground")
    assert app.session_state["scene"] is scene
    assert scene.run.state.step == 7


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,class\n1,2,x\n2,3,x\n3,1,x\n", "Column “class” has the same value in every row: choose another target."),
        ("a,class\n1,x\n2,y\n?,x\n4,y\nthree,x\n", "No column is chosen as an input: choose at least one."),
    ],
)
def test_what_cannot_be_learned_is_said_where_it_is_chosen(text, sentence):
    app = upload(opened(), text)
    app.selectbox(key="sheet target").set_value("class").run()
    assert [error.value for error in app.error] == [sentence]
    assert all(button.label != "Use this table" for button in app.button)


def test_text_in_a_column_of_numbers_is_named_by_row_and_column():
    app = upload(opened(), "a,b,class\n1,2,x\n2,3,y\nthree,1,x\n4,5,y\n")
    assert "“three” in row 4" in said(app)
    app.multiselect(key="sheet inputs").set_value(["a", "b"]).run()
    assert app.error[0].value.startswith("Row 4, column “a” is “three”, no usable number")


def test_a_table_too_small_for_the_parts_that_are_asked_for_is_said_and_not_used():
    app = AppTest.from_file(APP, default_timeout=20).run()
    app.slider(key="validation").set_value(20).run()
    before = config_of(app)
    upload(visit(app, "bring"), "a,class\n1,x\n2,y\n")
    press(app, "Use this table")
    assert "at least 3 samples" in app.error[0].value
    assert config_of(visit(app, "playground")) == before


def test_names_and_words_of_a_file_stay_text_everywhere():
    rng = np.random.default_rng(0)
    rows = [[*rng.random(len(HOSTILE)).round(3), WORDS[i % 4]] for i in range(40)]
    app = upload(opened(), table([[*HOSTILE, "target"], *rows]))
    plain(app)
    use(app)
    scene = app.session_state["scene"]
    for name in map(scene.parameter_name, range(scene.run.network.n_parameters)):
        assert not any(mark in name for mark in MARKS)
    names = scene.experiment.dataset
    assert names.class_names == tuple(sorted(WORDS))
    assert names.feature_names[:3] == ("**bold**", "<b>b</b>", ":red[r]")
    assert not {"x1", "x2"} & set(names.feature_names)
    for panel in app.pills(key="panel").options:
        app.pills(key="panel").set_value(panel).run()
        assert not app.exception, panel
        plain(app)
    app.pills(key="panel").set_value("Microscope").run()
    press(app, "Check it")
    plain(app)
    app.toggle(key="microscope each").set_value(False).run()
    assert not app.exception


def plain(app: AppTest) -> None:
    """Nothing that Streamlit reads as Markdown or as LaTeX holds a name of the file with its markup."""
    read = [*app.markdown, *app.caption, *app.latex, *app.error, *app.warning, *app.success, *app.info]
    for text in [*(element.value for element in read), *(button.label for button in app.button)]:
        assert not any(mark in text for mark in MARKS)


def test_names_that_look_alike_when_shown_are_told_apart():
    rows = [["a*", "a<", "a>", "y"], *([i % 7, i % 5, i * i, i % 2] for i in range(20))]
    app = use(upload(opened(), table(rows)))
    scene = app.session_state["scene"]
    assert scene.inputs == ["a·", "a· (2)", "a· (3)"]
    assert (
        len({scene.parameter_name(i) for i in range(scene.run.network.n_parameters)}) == scene.run.network.n_parameters
    )
