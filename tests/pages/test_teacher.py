"""The line for the teacher, and what the server writes down."""

import logging
from pathlib import Path

from streamlit.testing.v1 import AppTest

from playground import VERSION
from playground.pages.logs import PAUSE, Journal

APP = str(Path(__file__).parents[2] / "app.py")


def captions(**query):
    app = AppTest.from_file(APP, default_timeout=20)
    for name, word in query.items():
        app.query_params[name] = word
    app.run()
    assert not app.exception
    return app, [caption.value for caption in app.caption]


def test_the_line_is_there_for_those_who_ask_and_stays_in_the_link():
    app, said = captions(teacher="", seed="3")
    (line,) = (text for text in said if "pictures a second served" in text)
    assert f"playground {VERSION}" in line
    assert set(app.query_params) == {"teacher", "seed"}


def test_nobody_else_sees_it():
    _, said = captions()
    assert not any("pictures a second served" in text for text in said)


def test_an_event_is_written_once_in_a_while_with_how_often_it_was_left_out(caplog):
    now = [0.0]
    journal = Journal(lambda: now[0])
    with caplog.at_level(logging.WARNING, "playground"):
        for _ in range(5):
            journal.warn("message-refused", kind="ask")
        journal.warn("message-refused", kind="pad")
        now[0] += PAUSE
        journal.warn("message-refused", kind="ask")
    assert [record.getMessage() for record in caplog.records] == [
        "event=message-refused kind=ask left_out=0",
        "event=message-refused kind=pad left_out=0",
        "event=message-refused kind=ask left_out=4",
    ]
