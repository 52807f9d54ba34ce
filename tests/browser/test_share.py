"""A run leaves the page as a file and comes back to the last digit; what is no run is said and does no harm."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from playground.share.saved import read_run


@pytest.fixture
def open_panel(open_app):
    """Open the Playground with a query, and below it the panel that saves and shares."""

    def open_at(query=""):
        app = open_app(query)
        app.page.get_by_test_id("stButtonGroup").get_by_text("Save and share", exact=True).click()
        expect(app.page.get_by_text("Save this run", exact=True)).to_be_visible()
        return app

    return open_at


def save(app, step: int, folder: Path) -> Path:
    with app.page.expect_download() as caught:
        app.press(f"Save the run at step {step}")
    file = folder / caught.value.suggested_filename
    caught.value.save_as(file)
    return file


def words(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def upload(app, file: Path | dict) -> None:
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("data=spiral&hidden=6,3&optimizer=rmsprop&lr=0.01&dropout=0.2&seed=5", "spiral-step-11.json"),
        ("data=iris&validation=20&scaling=min-max&plane=1,3&l1=0.01", "iris-step-11.json"),
        ("data=plane&loss=huber&batch=full&schedule=cosine&span=50", "plane-step-11.json"),
    ],
)
def test_a_saved_run_comes_back_to_the_last_digit_and_goes_on(open_panel, tmp_path, query, name):
    app = open_panel(query)
    app.press("×10")
    app.wait_for_step(10)
    app.press("Step")
    app.wait_for_step(11)
    file, losses, link = save(app, 11, tmp_path), app.losses(), app.page.url
    assert file.name == name
    app.press("×10")
    app.wait_for_step(21)
    later = app.losses()

    app = open_panel("data=xor")
    app.press("Step")
    app.wait_for_step(1)
    upload(app, file)
    app.wait_for_step(11)
    assert app.losses() == losses
    expect(app.page.get_by_text("Loaded at step 11")).to_be_visible()
    app.wait_for_link(*query.split("&"))
    assert words(app.page.url) == words(link)
    app.press("Step")
    app.wait_for_step(12)
    saved = read_run(file.read_bytes())
    run = saved.experiment.run(saved.state)
    run.seek(12)
    assert float(app.says("train-loss")) == run.loss()
    _, here = app.engine()
    assert run.loss() == here.loss()
    for _ in range(9):
        app.press("Step")
    app.wait_for_step(21)
    assert app.losses() == later
    app.press("Reset")  # no further back than the file goes
    app.wait_for_step(11)
    assert app.losses() == losses


def test_a_loaded_run_shows_its_past(open_panel, tmp_path):
    app = open_panel()
    app.press("×10")
    app.wait_for_step(10)
    file = save(app, 10, tmp_path)
    assert [row[0] for row in json.loads(file.read_bytes())["history"]] == list(range(10))
    app = open_panel("seed=9")
    upload(app, file)
    app.wait_for_step(10)
    expect(app.canvas("curves")).to_have_attribute("aria-label", re.compile("^Loss curves from step 0 to 10: "))


def test_bad_files_are_said_one_after_the_other_and_the_run_stays(open_panel, tmp_path):
    app = open_panel("data=xor&seed=4")
    app.press("×10")
    app.wait_for_step(10)
    told = json.loads(save(app, 10, tmp_path).read_bytes())
    losses, url = app.losses(), app.page.url
    told["state"]["theta"].append(0.5)
    for data, said in (
        (b"[" * 100_000, "100,000 lists"),
        (b'{"weights": NaN}', "holds NaN"),
        (b"\x80\x04\x95", "no text in UTF-8"),
        (json.dumps(told).encode(), "state.theta is a list of 26; it must be a list of 25"),
    ):
        upload(app, {"name": "run.json", "mimeType": "application/json", "buffer": data})
        expect(app.page.get_by_test_id("stAlert")).to_have_count(1)
        expect(app.page.get_by_test_id("stAlert")).to_contain_text(said)
        assert (app.losses(), app.page.url) == (losses, url)
        app.page.get_by_test_id("stFileChipDeleteBtn").click()
        expect(app.page.get_by_test_id("stAlert")).to_have_count(0)
    app.press("Step")
    app.wait_for_step(11)
    assert app.page.get_by_test_id("stException").count() == 0


def test_the_link_to_copy_is_the_one_of_the_page(open_panel):
    app = open_panel("data=blobs&hidden=5,5&seed=3")
    link = app.page.get_by_test_id("stCode").inner_text().strip()
    assert words(link) == {"data": "blobs", "hidden": "5,5", "seed": "3"}
    again = app.losses()
    app.page.goto(link)
    app.wait_for_picture()
    assert app.losses() == again


def test_a_link_of_tensorflow_playground_opens_the_same_configuration(open_panel):
    app = open_panel("data=plane")
    field = app.page.get_by_role("textbox", name="Its address, as the browser shows it there")
    field.fill("https://example.org/#dataset=xor")
    app.press("Open it here")
    expect(app.page.get_by_test_id("stAlert")).to_contain_text("This is no link to playground.tensorflow.org")
    field.fill(
        "https://playground.tensorflow.org/#activation=relu&batchSize=12&dataset=xor&regDataset=reg-plane"
        "&learningRate=0.1&regularizationRate=0&noise=10&networkShape=5,3&seed=0.5&showTestData=false&discretize=true"
        "&percTrainData=60&x=true&y=true&xTimesY=true&cosX=false&problem=classification&initZero=false&hideText=false"
    )
    field.press("Enter")
    app.wait_for_link("data=xor", "noise=10", "split=60", "features=x1,x2,x1x2", "hidden=5,3", "activation=relu")
    app.wait_for_link("batch=12", "loss=half-mse", "optimizer=sgd")
    alert = app.page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("Opened.")
    for different in ("“Discretize output” is a choice of the view", "Random numbers are drawn in another way here"):
        expect(app.page.get_by_text(different)).to_be_visible()
    app.wait_for_loss(app.engine()[1].loss())
    app.press("Step")
    app.wait_for_step(1)
    _, run = app.engine()
    assert run.training.optimizer == "sgd"
    assert float(app.says("train-loss")) == run.loss()
