"""A link opens the same run; a bad one is said and does no harm."""

import pytest
from playwright.sync_api import expect


def test_a_copied_link_opens_the_same_run_to_the_last_digit(open_app):
    app = open_app()
    sidebar = app.page.get_by_test_id("stSidebar")
    sidebar.get_by_text("x₁²", exact=True).click()
    app.number("Seed", 12)
    app.wait_for_link("seed=12")
    app.number("Neurons in layer 1", 7)
    app.pick_data("xor")
    app.wait_for_link("seed=12", "hidden=7", "x1sq", "data=xor")
    app.wait_for_loss(app.engine()[1].loss())
    app.press("×10")
    app.wait_for_step(10)
    link, losses = app.page.url, app.losses()

    again = open_app(link.split("?")[1])
    again.press("×10")
    again.wait_for_step(10)
    assert again.losses() == losses


def test_two_links_that_differ_open_two_runs(open_app):
    app = open_app("seed=1")
    first = app.losses()
    assert open_app("seed=2").losses() != first


def test_a_change_while_playing_goes_on_with_the_new_run(open_app):
    app = open_app("n=400")
    app.press("Play")
    app.wait_for_more_frames(90)
    app.stage.evaluate("""stage => {
        window.least = Infinity;
        const look = () => (window.least = Math.min(window.least, Number(stage.dataset.step)));
        new MutationObserver(look).observe(stage, { attributeFilter: ["data-step"] });
    }""")
    app.number("Seed", 5)
    app.wait_for_link("seed=5")
    app.page.wait_for_function("() => window.least < 60")  # it has begun again
    app.wait_for_more_frames(20)
    assert app.says("playing") == "true"
    app.press("Pause")
    _, run = app.engine()
    assert float(app.says("train-loss")) == run.loss()


BAD = [  # several at a time, of different fields
    {
        "noise": "abc",
        "lr": "inf",
        "batch": "0",
        "hidden": "4,999",
        "activation": "<script>window.harmed=1</script>",
        "data": "![x](http://localhost/x.png)",
        "features": "x1,x1",
        "seed": "9" * 300,
        "split": "%00",
    },
    {"noise": "51", "lr": "nan", "hidden": "4,,2", "features": "x1," * 5000},
    {"lr": "-1", "hidden": "1e3"},
    {"lr": "-1"},
]


@pytest.mark.parametrize("words", BAD, ids=lambda words: ",".join(words))
def test_a_bad_value_is_said_and_the_page_works(open_app, words):
    app = open_app("&".join(f"{field}={word}" for field, word in words.items()))
    warnings = app.page.get_by_test_id("stAlert")
    expect(warnings).to_have_count(len(words))
    for field in words:
        expect(warnings.filter(has_text=f"{field} = ")).to_contain_text("cannot be used")
    assert warnings.locator("img, script, a").count() == 0
    assert app.page.evaluate("() => window.harmed") is None
    assert app.page.get_by_test_id("stException").count() == 0
    app.press("Step")
    app.wait_for_step(1)


def test_the_sentence_goes_with_the_next_change(open_app):
    app = open_app("noise=abc")
    app.number("Seed", 5)
    app.wait_for_link("seed=5")
    expect(app.page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_value_out_of_a_link_is_among_the_choices(open_app):
    app = open_app("hidden=4,3,2&activation=tanh,relu,sigmoid&lr=0.15&batch=17")
    assert app.page.get_by_test_id("stAlert").count() == 0
    for label, word in {"Activation": "tanh,relu,sigmoid", "Learning rate": "0.15", "Batch size": "17"}.items():
        expect(app.page.get_by_role("combobox", name=label, exact=True)).to_have_value(word)
    _, run = app.engine()
    assert run.network.activations == ("tanh", "relu", "sigmoid")
    assert (run.training.learning_rate, run.training.batch_size) == (0.15, 17)
    app.choose("Learning rate", "0.3")
    app.wait_for_link("lr=0.3", "batch=17")


def test_the_browsers_way_back_undoes_a_choice(open_app):
    app = open_app()
    start = app.losses()
    app.page.get_by_test_id("stSidebar").get_by_text("x₁²", exact=True).click()
    app.wait_for_link("x1sq")
    app.wait_for_loss(app.engine()[1].loss())
    assert app.losses() != start
    app.page.go_back()
    app.page.wait_for_url(lambda url: "x1sq" not in url)
    app.wait_for_loss(float(start[0]))
    assert app.losses() == start


def test_the_browsers_way_back_to_a_bad_link_does_no_harm(open_app):
    app = open_app("lr=abc")
    app.page.go_back()
    app.page.wait_for_timeout(1500)
    assert app.page.get_by_test_id("stException").count() == 0
    app.press("Step")
    app.wait_for_step(1)


def test_a_notice_above_the_stage_does_not_build_it_anew(open_app):
    app = open_app()
    stage = app.stage.element_handle()
    for feature in ("x₁", "x₂"):
        app.page.get_by_test_id("stSidebar").get_by_text(feature, exact=True).click()
        app.page.wait_for_timeout(500)
    expect(app.page.get_by_test_id("stAlert")).to_contain_text("at least one feature")
    assert stage.evaluate("element => element.isConnected")
