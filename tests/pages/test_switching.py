"""Another page and back: the Playground stands where it stood, and each page keeps what was chosen on it."""

import pytest

from playground.share import links
from tests.pages.test_playground import EVERYTHING, opened

OTHERS = ("one_weight", "one_neuron", "functions")


def switch(app, page):
    return app.switch_page(f"playground/pages/{page}.py").run()


@pytest.mark.parametrize("page", OTHERS)
def test_the_playgrounds_run_and_its_settings_wait(page):
    app = opened(EVERYTHING)
    scene = app.session_state["scene"]
    scene.run.seek(5)
    switch(app, page)
    assert not app.exception
    for name in list(app.query_params):  # a browser leaves for another page with a bare link
        del app.query_params[name]
    app.run()
    switch(app, "playground")
    assert not app.exception
    assert not app.warning
    assert app.session_state["scene"] is scene
    assert scene.run.state.step == 5
    assert scene.experiment.config == links.read(EVERYTHING)[0]
    assert links.read(app.query_params)[0] == links.read(EVERYTHING)[0]


def test_a_change_made_just_before_is_kept():
    app = opened()
    app.number_input(key="layers").set_value(3)
    app.slider(key="noise").set_value(20)
    app.run()
    switch(app, "one_weight")
    switch(app, "playground")
    assert app.number_input(key="layers").value == 3
    assert app.slider(key="noise").value == 20
    assert app.session_state["scene"].experiment.config.hidden == (4, 2, 2)
    app.number_input(key="layers").set_value(1).run()
    assert app.session_state["scene"].experiment.config.hidden == (4,)


def test_another_link_on_the_way_back_is_followed():
    app = opened({"data": "xor", "seed": "3"})
    switch(app, "one_neuron")
    for name in list(app.query_params):
        del app.query_params[name]
    app.query_params["data"] = "moons"
    switch(app, "playground")
    assert app.session_state["scene"].experiment.config.data == "moons"


def test_no_page_writes_into_a_link_what_another_reads():
    app = opened()
    words = {}
    for page in OTHERS:
        switch(app, page)
        widgets = [*app.number_input, *app.selectbox, *app.multiselect, *app.segmented_control]
        words[page] = {widget.key for widget in widgets}
        assert not words[page] & set(links.PARAMETERS)
    assert sum(map(len, words.values())) == len(set().union(*words.values()))
