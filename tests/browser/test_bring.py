"""A table on its way from a file into the network, in a real browser; and files that are none."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import App, click_until

OAKS = "height,width,kind\n" + "".join(f"{i % 7}.5,{i % 5},{('oak', 'elm')[i % 2]}\n" for i in range(40))
EUROPEAN = OAKS.replace(",", ";").replace(".", ",")
NOTES = (
    'note,width,kind\n"a\n""quoted"", note",1,oak\nb,2,elm\n"a\n""quoted"", note",3,oak\nb,4,elm\n' + "b,5,elm\n" * 6
)
MARKUP = OAKS.replace("height", "<img src=x onerror=alert(1)>").replace("width", "**b**").replace("oak", "<b>oak</b>")


def many(rows: int, columns: int) -> str:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, columns - 1)).round(3)
    y = (x.sum(axis=1) > 0).astype(int)
    text = io.StringIO()
    np.savetxt(text, np.column_stack([x, y]), "%g", ",", header=",".join([*(f"m{i}" for i in range(1, columns)), "y"]))
    return text.getvalue().removeprefix("# ")


GOOD = {  # what is in the file, and how many rows and inputs the network gets
    "byte-order mark": (OAKS.encode("utf-8-sig"), 40, 2),
    "semicolons and decimal commas": (EUROPEAN.encode(), 40, 2),
    "quoted newlines": (NOTES.encode(), 10, 3),
    "UTF-16": (OAKS.encode("utf-16"), 40, 2),
    "Windows line ends": (OAKS.replace("\n", "\r\n").encode(), 40, 2),
    "formulas": (OAKS.replace("oak", "=1+1").encode(), 40, 2),
    "markup": (MARKUP.encode(), 40, 2),
    "64 columns": (many(200, 64).encode(), 200, 63),
}


def zip_bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"1,2\n" * 10**7)
    return data.getvalue()


BAD = {  # what is in the file, and what is said of it
    "empty": (b"", "This is empty"),
    "one row": (b"a,b\n1,2\n", "one row of values"),
    "a row too long": (b"a,b\n1,2\n1,2,3\n", "Row 3 has 3 values"),
    "renamed PNG": (b"\x89PNG\r\n\x1a\n" + bytes(1000), "PNG picture"),
    "zip bomb": (zip_bomb(), "ZIP archive"),
    "deep JSON": (b"[" * 10**6 + b"]" * 10**6, "This is JSON"),
    "markup": (b"<img src=x onerror=alert(1)>,**b**\n1,2\n", "one row of values"),
}


@pytest.fixture
def bring(server: str, fresh_page: Page) -> Page:
    """The page “Your data” with the example on it, which the Playground has learned from for some steps."""
    fresh_page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    fresh_page.goto(f"{server}your-data")
    fresh_page.get_by_role("button", name="Try an example").click()
    says(fresh_page, "11 rows, 5 inputs, to learn 3 classes.")
    return fresh_page


def says(page: Page, sentence: str) -> None:
    expect(page.get_by_test_id("stMarkdown").filter(has_text=sentence).first).to_be_visible()


def choose(page: Page, path: Path, data: bytes | None = None) -> None:
    if data is not None:
        path.write_bytes(data)
    page.locator("input[type=file]").set_input_files(path)


def learn(page: Page) -> App:
    page.get_by_role("button", name="Use this table").click()
    app = App(page)
    app.wait_for_picture()
    return app


def back(page: Page) -> None:
    click_until(page.get_by_role("link", name="Your data"), page.get_by_role("button", name="Use this table"))


def test_a_table_is_learned_from_however_it_is_written(bring, tmp_path):
    for name, (data, rows, inputs) in GOOD.items():
        choose(bring, tmp_path / f"{name}.csv", data)
        says(bring, f"{name}: {rows:,} rows")
        says(bring, f"{rows:,} rows, {inputs} inputs, to learn 2 classes.")
        app = learn(bring)
        if app.says("step") != "0":  # it is the table of before, written otherwise
            app.press("Reset")
            app.wait_for_step(0)
        start = float(app.says("train-loss"))
        app.press("×100")
        app.wait_for_step(100)
        assert float(app.says("train-loss")) < start, name
        expect(bring.get_by_test_id("stException")).to_have_count(0)
        back(bring)


def test_what_is_no_table_is_said_in_a_sentence_and_nothing_else_changes(bring, tmp_path):
    app = learn(bring)
    app.press("×10")
    app.wait_for_step(10)
    seen = app.losses()
    back(bring)
    errors = bring.get_by_test_id("stAlert")
    for name, (data, sentence) in BAD.items():
        choose(bring, tmp_path / f"{name}.csv", data)
        expect(errors).to_contain_text(sentence)
        assert errors.count() == 1, name
        says(bring, "11 rows, 5 inputs, to learn 3 classes.")
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    choose(bring, path)
    expect(bring.get_by_text("File must be 10.0MB or smaller.")).to_be_visible()
    says(bring, "11 rows, 5 inputs, to learn 3 classes.")
    expect(bring.get_by_test_id("stException")).to_have_count(0)
    bring.get_by_role("link", name="Playground").click()
    app.wait_for_picture()
    app.wait_for_step(10)
    assert app.losses() == seen


def test_what_cannot_be_learned_is_said_and_a_cell_can_be_corrected(bring, tmp_path):
    choose(bring, tmp_path / "one class.csv", OAKS.replace("elm", "oak").encode())
    says(bring, "Column “kind” has the same value in every row: nothing can be learned from it.")
    choose(bring, tmp_path / "text.csv", OAKS.replace("0.5,0,oak", "tall,0,oak", 1).encode())
    says(bring, "Column “height” holds numbers, but “tall” in row 2: correct it or leave the column out.")
    says(bring, "40 rows, 1 input, to learn 2 classes.")
    place = bring.get_by_test_id("stDataFrame").first.bounding_box()
    bring.mouse.dblclick(place["x"] + 150, place["y"] + 52)
    cell = bring.locator("#portal textarea")
    cell.fill("9.25")
    expect(cell).to_have_value("9.25")
    bring.wait_for_timeout(300)  # the editor takes over what is typed a little later
    cell.press("Enter")
    expect(bring.get_by_text("“tall”")).to_have_count(0)
    field = bring.get_by_role("combobox", name="From what (inputs)")
    field.click()
    field.press_sequentially("height")
    field.press("Enter")
    field.press("Escape")
    says(bring, "40 rows, 2 inputs, to learn 2 classes.")
    learn(bring)
    back(bring)
    says(bring, "40 rows, 2 inputs, to learn 2 classes.")
    expect(bring.get_by_text("“tall”")).to_have_count(0)


def test_twenty_thousand_rows_play_smoothly(bring, tmp_path):
    choose(bring, tmp_path / "large.csv", many(20_000, 10).encode())
    says(bring, "20,000 rows, 9 inputs")
    app = learn(bring)
    app.press("Play")
    app.wait_for_more_frames(40)
    bring.get_by_role("button", name="Pause").click()
