"""What goes wrong around the playground costs nothing: a reload, a cut wire, a server that dies, a clock that jumps.

In every test the step and the loss on the stage are the engine's own, to the last bit. The long cut, of a minute, is
run where FAULTS=long is set: `FAULTS=long pytest tests/browser/test_faults.py`.
"""

import json
import os
import re
import signal
from contextlib import ExitStack

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.data import Dataset
from playground.experiment import TABLE, Config, build
from playground.share import links
from playground.share.saved import write_run
from tests.browser.app import STAGE, App
from tests.browser.server import free_port, serving
from tests.browser.test_draw import click, linked, tally
from tests.browser.test_pad import DESK, Pad
from tests.browser.test_pad import QUERY as DIGITS
from tests.browser.wire import Leak, wire_to

QUERY = {"data": "xor", "seed": "3", "hidden": "5,2"}
LINK = "&".join(f"{name}={word}" for name, word in QUERY.items())
KEPT = "JSON.parse(sessionStorage.getItem('playground: run') ?? 'null')"
AGAIN = 30_000  # milliseconds in which a page goes on; Streamlit itself tries to connect less and less often

long = pytest.mark.skipif(os.environ.get("FAULTS") != "long", reason="takes minutes; set FAULTS=long to run it")


class Mortal:
    """A server that can be killed, and started again where it was."""

    def __init__(self) -> None:
        self.port, self.life = free_port(), ExitStack()
        self.start()

    def start(self) -> None:
        self.server = self.life.enter_context(serving(self.port))

    def kill(self) -> None:
        os.kill(self.server.pid, signal.SIGKILL)
        self.life.close()


@pytest.fixture
def mortal():
    server = Mortal()
    yield server
    server.life.close()


@pytest.fixture
def open_at(fresh_page):
    """Open the Playground at an address, with a query, and wait for its first picture."""

    def opened(address, query=LINK):
        fresh_page.goto(f"{address}?{query}")
        app = App(fresh_page)
        app.wait_for_picture()
        return app

    return opened


def run_of(query=None):
    """The engine's run for a link, at its start."""
    config, complaints = links.read(query or QUERY)
    assert not complaints
    return build(config).run()


def step_of(app) -> int:
    return int(app.says("step"))


def stands(app, run) -> None:
    """The stage shows what the engine computes for the step it shows."""
    run.seek(step_of(app))
    assert float(app.says("train-loss")) == run.loss()


def wait_until(app, condition: str, timeout: int = AGAIN) -> None:
    """Wait until a condition in JavaScript holds for `stage`, the numbers the stage publishes."""
    app.page.wait_for_function(
        f"() => {{ const stage = {STAGE}?.dataset; return stage && {condition}; }}", timeout=timeout
    )


def play_to(app, step: int) -> None:
    if app.says("playing") != "true":
        app.press("Play")
    wait_until(app, f"Number(stage.step) >= {step}")


def pause(app) -> None:
    app.press("Pause")
    expect(app.stage).to_have_attribute("data-playing", "false")
    app.page.wait_for_timeout(300)


def edit(app, value: str) -> None:
    """Set the last bias by hand."""
    app.page.keyboard.press("t")
    cell = app.stage.get_by_role("region", name="Weights as tables").get_by_role("button").last
    cell.focus()
    app.page.keyboard.press("Enter")
    app.page.keyboard.type(value)
    app.page.keyboard.press("Enter")
    expect(cell).to_have_text(f"{float(value):.4f}")
    app.page.keyboard.press("t")


def edited(run, step: int, value: float):
    """The engine's run, its last bias set by hand at a step."""
    theta = run.seek(step).theta.copy()
    theta[-1] = value
    run.edit(theta)
    return run


def wait_until_kept(app, step: int) -> None:
    app.page.wait_for_function(f"() => {{ const kept = {KEPT}; return kept?.step === {step} && !kept.plain; }}")


def notice(app):
    return app.stage.get_by_role("alert")


def last_notice(app) -> str:
    """What was said last, though it may be gone again."""
    return notice(app).text_content()


# --- the page is loaded again


def test_a_reload_in_the_middle_of_play_plays_on_from_there(open_at, server):
    app = open_at(server)
    app.page.get_by_label("Speed").select_option("10")
    play_to(app, 300)
    app.page.reload()
    app.wait_for_picture()
    wait_until(app, "stage.playing === 'true' && Number(stage.step) >= 300")
    assert re.fullmatch(r"The page was loaded again; the run goes on from step [\d,]+\.", last_notice(app))
    expect(app.page.get_by_label("Speed")).to_have_value("10")
    pause(app)
    stands(app, run_of())
    app.press("Reset")
    app.wait_for_step(0)
    stands(app, run_of())


def test_a_reload_at_rest_stands_where_it_stood_and_every_way_is_open(open_at, server):
    app = open_at(server)
    app.press("×100")
    app.wait_for_step(100)
    app.press("Back")
    app.wait_for_step(99)
    losses = app.losses()
    app.page.reload()
    app.wait_for_step(99)
    assert app.losses() == losses
    assert app.says("playing") == "false"
    app.press("Back")
    app.wait_for_step(98)
    stands(app, run_of())


def test_a_weight_set_by_hand_is_still_there_after_a_reload(open_at, server):
    app = open_at(server)
    app.press("×10")
    app.wait_for_step(10)
    edit(app, "1.5")
    app.press("×10")
    app.wait_for_step(20)
    wait_until_kept(app, 20)
    app.page.reload()
    app.wait_for_step(20)
    expect(notice(app)).to_have_text("The page was loaded again; the run goes on from step 20.")
    app.press("Step")
    app.wait_for_step(21)
    stands(app, edited(run_of(), 10, 1.5))


def test_a_rule_that_changed_on_the_way_is_still_so_after_a_reload_in_play(open_at, server):
    app = open_at(server)
    app.press("×10")
    app.wait_for_step(10)
    app.choose("Learning rate", "0.03")
    app.wait_for_link("lr=0.03")
    wait_until_kept(app, 10)
    play_to(app, 40)
    app.page.reload()
    app.wait_for_picture()
    wait_until(app, "stage.playing === 'true' && Number(stage.step) >= 40")
    pause(app)
    run = run_of()
    run.seek(10)
    run.change(run_of(QUERY | {"lr": "0.03"}).training)
    stands(app, run)


def test_a_table_that_was_brought_is_still_there_after_a_reload(open_at, server):
    rng = np.random.default_rng(3)
    table = Dataset(rng.normal(size=(60, 3)), rng.integers(0, 2, 60), "classification", ("a", "b", "c"), ("no", "yes"))
    experiment = build(Config(data=TABLE, table=table.fingerprint()), table)
    run = experiment.run()
    app = open_at(server)
    app.page.get_by_test_id("stButtonGroup").get_by_text("Save and share", exact=True).click()
    file = write_run(experiment, table, run.seek(5), [])
    app.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "run.json", "mimeType": "application/json", "buffer": file}
    )
    app.wait_for_step(5)
    app.press("Step")
    app.wait_for_step(6)
    wait_until_kept(app, 6)
    app.page.reload()
    app.wait_for_step(6)
    stands(app, run)
    app.wait_for_link("data=table")
    expect(app.page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_link_opens_as_it_says_whatever_is_kept(open_at, server, fresh_page):
    app = open_at(server)
    app.press("×10")
    app.wait_for_step(10)
    with fresh_page.expect_popup() as popup:  # such a tab gets a copy of what this one keeps
        fresh_page.evaluate("() => void window.open(location.href)")
    other = App(popup.value)
    other.wait_for_picture()
    other.page.wait_for_timeout(1000)
    assert step_of(other) == 0
    other.page.close()
    app = open_at(server)  # the same address, typed anew
    fresh_page.wait_for_timeout(1000)
    assert step_of(app) == 0
    app.press("×10")
    app.wait_for_step(10)
    app = open_at(server, "data=circle")
    fresh_page.wait_for_timeout(1000)
    assert step_of(app) == 0
    fresh_page.reload()
    app.wait_for_picture()
    fresh_page.wait_for_timeout(1000)
    assert step_of(app) == 0
    assert notice(app).is_hidden()


@pytest.mark.parametrize("text", ["{", '{"format": "neural network playground run"}', "[" * 100_000])
def test_a_kept_run_that_was_tampered_with_is_refused_in_a_sentence(open_at, server, text):
    app = open_at(server)
    app.press("×10")
    app.wait_for_step(10)
    edit(app, "1.5")
    wait_until_kept(app, 10)
    spoilt = json.dumps(text)  # stored last of all, when the page goes
    app.page.evaluate(
        f"() => addEventListener('pagehide', () => sessionStorage.setItem('playground: run as text', {spoilt}))"
    )
    app.page.reload()
    app.wait_for_picture()
    expect(notice(app)).to_contain_text("the run could not be kept")
    assert app.page.get_by_test_id("stException").count() == 0
    app.press("Step")
    app.wait_for_step(1)
    stands(app, run_of())


# --- the wire is cut


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=long)])
def test_play_goes_on_when_a_cut_wire_is_whole_again(open_at, server, seconds):
    with wire_to(int(re.search(r":(\d+)", server)[1])) as wire:
        app = open_at(wire.url)
        play_to(app, 30)
        wire.cut()
        app.page.wait_for_timeout(1000 * seconds)
        before = step_of(app)
        if seconds > 5:
            expect(notice(app)).to_contain_text("The server has not answered for a while")
        wire.mend()
        wait_until(app, f"Number(stage.step) > {before + 60}", 1000 * seconds + AGAIN)
        assert app.says("playing") == "true"
        expect(notice(app)).to_be_hidden(timeout=10_000)
        pause(app)
        stands(app, run_of())


def test_a_page_that_misses_what_it_is_sent_when_it_comes_back_runs_anew(open_at, server, fresh_page):
    """Streamlit can send the first messages to such a page down its old wire: its flush keeps the old client."""
    leak = Leak(fresh_page)
    app = open_at(server)
    app.press("×10")
    app.wait_for_step(10)
    leak.until = b"nothing like this comes by"
    app.choose("Learning rate", "0.03")  # Python hears of it, the page not that it has
    app.wait_for_link("lr=0.03")
    app.page.wait_for_timeout(500)
    leak.cut(until=b"playground_bell")  # the last component of the page
    app.press("Step")  # is asked under the rule before, and finds no answer
    expect(notice(app)).to_contain_text("The server has not answered for a while", timeout=AGAIN)
    expect(notice(app)).to_be_hidden(timeout=AGAIN)
    assert leak.lost > 50
    app.press("×10")
    app.wait_for_step(20)
    run = run_of()
    run.seek(10)
    run.change(run_of(QUERY | {"lr": "0.03"}).training)
    stands(app, run)


@long
def test_a_weight_set_by_hand_survives_a_minute_without_a_wire(open_at, server):
    with wire_to(int(re.search(r":(\d+)", server)[1])) as wire:
        app = open_at(wire.url)
        app.press("×10")
        app.wait_for_step(10)
        edit(app, "1.5")
        wire.cut()
        app.press("Step")
        app.page.wait_for_timeout(60_000)
        wire.mend()
        wait_until(app, "stage.step === '11'", 60_000)
        stands(app, edited(run_of(), 10, 1.5))
        app.stage.get_by_role("button", name="Undo").click()
        app.wait_for_step(10)
        stands(app, run_of())


# --- the server dies


def test_play_goes_on_when_a_killed_server_is_started_again(open_at, mortal):
    app = open_at(mortal.server.url)
    play_to(app, 100)
    mortal.kill()
    expect(notice(app)).to_contain_text("The server has not answered for a while", timeout=10_000)
    before = step_of(app)
    mortal.start()
    wait_until(app, f"Number(stage.step) > {before}")
    assert last_notice(app) == f"The connection was lost; the run goes on from step {before:,}."
    assert app.says("playing") == "true"
    pause(app)
    stands(app, run_of())
    assert QUERY.items() <= dict(re.findall(r"(\w+)=([^&]+)", app.page.url.replace("%2C", ","))).items()


def test_nothing_that_was_built_goes_with_a_killed_server(open_at, mortal):
    app = open_at(mortal.server.url)
    app.press("×10")
    app.wait_for_step(10)
    edit(app, "1.5")
    app.press("Step")
    app.wait_for_step(11)
    wait_until_kept(app, 11)
    mortal.kill()
    mortal.start()
    app.press("Step")  # is lost, and brings the page back to the server
    expect(notice(app)).to_have_text("The connection was lost; the run goes on from step 11.", timeout=AGAIN)
    app.wait_for_step(11)
    app.press("×10")
    app.wait_for_step(21)
    stands(app, edited(run_of(), 10, 1.5))


def test_drawing_goes_on_when_the_server_was_started_anew(open_at, mortal):
    app = open_at(mortal.server.url, "data=xor&n=20")
    app.press("Draw")
    for x in (1, 2, 3):
        click(app, x, 1)
    linked(app, 23)
    app.page.wait_for_timeout(3000)  # longer than a message is watched that could be lost
    mortal.kill()
    with app.page.expect_websocket():
        mortal.start()
    app.page.wait_for_timeout(4000)  # all that was drawn has been heard, and now the page hears of a new session
    click(app, 4, 1)
    click(app, 5, 1)
    linked(app, 25, seconds=30)
    click(app, 5, 2)
    linked(app, 26)
    tally(app, 26)


def test_the_pad_goes_on_when_the_server_was_started_anew(open_at, mortal):
    pad = Pad(open_at(mortal.server.url, DIGITS)).open()
    pad.press("Show a test digit")
    pad.press("Show a test digit")
    pad.draw([(1, 1), (1, 7)])
    values = pad.values
    mortal.kill()
    mortal.start()
    pad.page.wait_for_function(f"() => {DESK}.dataset.put === '0'", timeout=AGAIN)  # the page has come back
    pad.settle()
    assert pad.values == values
    pad.check()
    pad.draw([(6, 1), (6, 7)])
    assert pad.values != values
    pad.check()


# --- two at a time


def test_two_tabs_of_one_browser_are_two_runs(open_at, server, fresh_page):
    app = open_at(server)
    other = App(fresh_page.context.new_page())
    other.page.goto(f"{server}?{LINK}")
    other.wait_for_picture()
    other.press("×100")
    other.wait_for_step(100)
    fresh_page.bring_to_front()  # one that is behind draws nothing
    app.press("×10")
    app.wait_for_step(10)
    edit(app, "1.5")
    wait_until_kept(app, 10)
    for tab, step, run in ((app, 10, edited(run_of(), 10, 1.5)), (other, 100, run_of())):
        tab.page.bring_to_front()
        tab.page.reload()
        tab.wait_for_step(step)
        stands(tab, run)


def test_an_exception_in_one_session_does_not_reach_another(open_at, fresh_page, open_window):
    with serving(script="tests/browser/faulty.py") as faulty:
        app = open_at(faulty.url)
        app.press("Play")
        broken = open_window().new_page()
        for _ in range(3):
            broken.goto(f"{faulty.url}?harm=1")
            expect(broken.get_by_test_id("stException")).to_contain_text("This app has encountered an error")
            app.wait_for_more_frames()
        assert fresh_page.get_by_test_id("stException").count() == 0
        assert app.says("playing") == "true"
        pause(app)
        stands(app, run_of())


# --- the clock jumps


def test_a_clock_that_jumps_a_day_on_and_two_back_does_not_stop_play(open_at, server, fresh_page):
    fresh_page.add_init_script("""
        const now = Date.now;
        window.jump = 0;
        window.Date = class extends Date { constructor(...a) { super(...(a.length ? a : [now() + window.jump])); } };
        Date.now = () => now() + window.jump;""")
    app = open_at(server)
    play_to(app, 20)
    for days in (1, -1):
        fresh_page.evaluate(f"() => {{ window.jump = {days} * 86_400_000; }}")
        app.wait_for_more_frames(30)
    assert app.says("playing") == "true"
    pause(app)
    stands(app, run_of())
