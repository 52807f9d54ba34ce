"""A link is the whole experiment, and whatever somebody types into one, the page opens and says what it left out."""

from dataclasses import fields, replace
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, FEATURES, REAL, SCALINGS, load, real, write_points
from playground.engine import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from playground.experiment import DRAWN, TABLE, Config, build, losses_for, task_of
from playground.limits import MAX_LAYERS, MAX_WIDTH
from playground.share.links import PARAMETERS, read, word, write

calm = settings(derandomize=True, deadline=None)
FIELDS = [field.name for field in fields(Config) if field.name != "table"]  # a table is in no link
DEFAULT = Config()


def one_of(registry):
    return st.sampled_from(list(registry))


@st.composite
def configs(draw):
    """Any config that can be chosen on the page."""
    data = draw(one_of((*DATASETS, *REAL, DRAWN)))
    hidden = tuple(draw(st.lists(st.integers(1, MAX_WIDTH), max_size=MAX_LAYERS)))
    features = draw(st.sets(one_of(FEATURES), min_size=1))
    activation = one_of(ACTIVATIONS)
    if len(hidden) > 1:
        activation |= st.tuples(*[activation] * len(hidden))
    points = write_points(load(draw(one_of(("xor", "blobs", "plane"))), 20, seed=draw(st.integers(0, 9))))
    split = draw(st.integers(10, 90))
    most = DATASETS[data].most if data in DATASETS else None
    about = Config(data=data, points=points, classes=draw(st.none() | st.integers(2, most)) if most else None)
    columns = range(real(data).x.shape[1] if data in REAL else 1)
    inputs = draw(st.lists(st.sampled_from(columns), unique=True).map(sorted).map(tuple)) if data in REAL else ()
    across = range(len(inputs) or len(columns))
    pair = st.lists(st.sampled_from(across), unique=True, min_size=2, max_size=2).map(tuple)
    return replace(
        about,
        balance=draw(st.none() | st.integers(5, 95)),
        label_noise=draw(st.integers(0, 50)),
        outliers=draw(st.integers(0, 50)),
        labels=draw(st.integers(1 if task_of(about)[0] == "regression" else 0, 100)),
        validation=draw(st.integers(0, min(50, 95 - split))),
        scaling=draw(one_of(SCALINGS)),
        inputs=inputs,
        plane=draw(st.none() | pair) if len(across) > 1 else None,
        noise=draw(st.integers(0, 50)),
        n=draw(st.integers(20, 5000)),
        split=split,
        seed=draw(st.integers(0, 2**32 - 1)),
        features=tuple(key for key in FEATURES if key in features),
        hidden=hidden,
        activation=draw(activation),
        init=draw(one_of(INITIALIZERS)),
        loss=draw(one_of(losses_for(about))),
        optimizer=draw(one_of(OPTIMIZERS)),
        lr=draw(st.floats(1e-6, 100)),
        batch=draw(st.none() | st.integers(1, 5000)),
        l1=draw(st.floats(0, 10)),
        l2=draw(st.floats(0, 10)),
        keep_zeros=draw(st.booleans()),
        dropout=draw(st.floats(0, 0.9)),
        clip=draw(st.none() | st.floats(1e-3, 1000)),
        bias=draw(st.none() | st.floats(-10, 10)),
        schedule=draw(one_of(SCHEDULES)),
        span=draw(st.integers(1, 10**6)),
    )


# --- there and back


def test_every_choice_has_a_word_in_the_link():
    assert list(PARAMETERS) == FIELDS


@calm
@given(configs())
def test_a_link_opens_the_very_config_it_was_made_of(config):
    assert read(write(config)) == (config, [])


@calm
@given(configs())
def test_every_word_is_read_as_the_value_it_was_written_for(config):
    for field, parameter in PARAMETERS.items():
        value = getattr(config, field)
        assert repr(parameter.read(word(field, value))) == repr(value)  # to the bit


@calm
@given(configs())
def test_a_link_holds_nothing_that_goes_without_saying(config):
    query = write(config)
    for name in query:
        shorter, _ = read({other: text for other, text in query.items() if other != name})
        assert shorter != config


def test_the_default_needs_no_words():
    assert write(DEFAULT) == {}
    assert read({}) == (DEFAULT, [])


@pytest.mark.parametrize("data", DATASETS)
def test_a_data_set_brings_a_fitting_loss_along(data):
    config, said = read({"data": data})
    assert not said
    assert config.loss == losses_for(Config(data=data))[0]
    assert write(config) == ({} if data == DEFAULT.data else {"data": data})


@settings(calm, max_examples=40)
@given(configs())
def test_every_link_leads_to_an_experiment_that_can_be_built(config):
    assert build(replace(config, n=min(config.n, 300))).run().loss() >= 0


# --- the words of the Contract


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        ({"data": "spiral"}, {"data": "spiral"}),
        ({"noise": "50"}, {"noise": 50}),
        ({"n": "1000"}, {"n": 1000}),
        ({"split": "80"}, {"split": 80}),
        ({"seed": "4294967295"}, {"seed": 2**32 - 1}),
        ({"features": "x1,x2sq"}, {"features": ("x1", "x2sq")}),
        ({"features": "sinx1"}, {"features": ("sinx1",)}),
        ({"hidden": "4,2"}, {"hidden": (4, 2)}),
        ({"hidden": "8"}, {"hidden": (8,)}),
        ({"hidden": ""}, {"hidden": ()}),
        ({"hidden": "0"}, {"hidden": ()}),
        ({"activation": "relu"}, {"activation": "relu"}),
        ({"activation": "tanh,relu"}, {"activation": ("tanh", "relu")}),
        ({"init": "he"}, {"init": "he"}),
        ({"loss": "mse"}, {"loss": "mse"}),
        ({"optimizer": "sgd"}, {"optimizer": "sgd"}),
        ({"lr": "0.03"}, {"lr": 0.03}),
        ({"lr": "3e-2"}, {"lr": 0.03}),
        ({"batch": "10"}, {"batch": 10}),
        ({"batch": "full"}, {"batch": None}),
        ({"l1": "0.001"}, {"l1": 0.001}),
        ({"l2": "0"}, {"l2": 0.0}),
        ({"l2": "-0"}, {"l2": 0.0}),
        ({"data": "iris", "inputs": "0,2"}, {"data": "iris", "inputs": (0, 2)}),
        ({"data": "iris", "plane": "3,1"}, {"data": "iris", "plane": (3, 1)}),
        ({"data": "spiral", "classes": "5"}, {"data": "spiral", "classes": 5}),
    ],
    ids=str,
)
def test_the_words_are_understood(query, choice):
    assert read(query) == (replace(DEFAULT, **choice), [])


def test_a_long_link_is_understood_as_a_whole():
    config, said = read(
        {"data": "plane", "hidden": "8,8,8", "activation": "relu,tanh,relu", "batch": "full", "lr": "1"}
    )
    assert not said
    assert config == Config(
        data="plane", hidden=(8, 8, 8), activation=("relu", "tanh", "relu"), batch=None, lr=1.0, loss="mse"
    )


def test_the_order_of_features_is_the_menus():
    assert read({"features": "x1x2,x2,x1"})[0].features == ("x1", "x2", "x1x2")


@pytest.mark.parametrize("stranger", ["utm_source", "Data", "DATA", "learning_rate", "embed", ""])
def test_names_of_others_are_left_alone(stranger):
    assert read({stranger: "<script>"}) == (DEFAULT, [])


# --- bad values

NONSENSE = [
    *("nan", "NaN", "inf", "-inf", "1e999", "1e", "--1", "0x10", "1_000", "-11", "1/2", "½"),
    *("\uff11\uff12", "٤", "²", "⁵", "4\uff0c2", " 4", "4 ", "4\n", "\t", "\0", "\ud800", "\u202e4"),
    *(",", "4,", ",4", "4,,2", "None", "True", "tanh,", "x1,", "Circle", "circle ", "xor;gaussian"),
    *("<b>4</b>", "<script>alert(1)</script>", "[x](http://x.y)", "![](//x.y/z.png)", "**4**", "`4`", "$4$"),
    *(":red[4]", ":material/bolt:", "# 4", "{}", "%00", "'; --", "../../etc/passwd"),
    *("9" * 24, "9" * 10_000, "0." + "0" * 10_000 + "1", ",".join("4" * 5_000), "x" * 10_000),
]
WORSE = {
    "points": ["1", "2AAAA", "1" + "A" * 9000, write_points(load("xor", 20))[:-1]],
    "classes": ["", "1", "11", "3.0", "none"],
    "balance": ["", "4", "96", "none"],
    "label_noise": ["", "51", "-0"],
    "outliers": ["", "51", "1e1"],
    "labels": ["", "101", "all"],
    "validation": ["", "51"],
    "scaling": ["", "minmax"],
    "inputs": ["64", "0,0", "1;2", "0.0", ",".join(["1"] * 65)],
    "plane": ["", "0", "0,0", "0,64", "1,2,3", "none"],
    "noise": ["", "51", "1.5", "1e1", "+5", "0.0"],
    "n": ["", "19", "5001", "0", "500.0"],
    "split": ["", "9", "91", "0", "100"],
    "seed": ["", "4294967296", "-0", "1.0"],
    "features": ["", "x3", "x1,x1", "x1;x2", "x1, x2", "X1", ",".join([*FEATURES, "x1"])],
    "hidden": ["0,0", "17", "4,0", "4,17", "1,1,1,1,1,1,1", "4.0", "4;2", "4, 2"],
    "activation": [
        "",
        "softmax",
        "Tanh",
        "tanh,steps",
        "tanh;relu",
        "tanh, relu",
        "tanh,tanh,tanh,tanh,tanh,tanh,tanh",
    ],
    "lr": ["", "0", "-0.1", "1e-7", "100.1", "1,5", ".", "e", "+", "-0"],
    "batch": ["", "0", "5001", "Full", "all", "32.0"],
    "l1": ["", "-1e-9", "10.001", "-", "1e1e1"],
    "l2": ["", "-1e-9", "10.001", "-", "1e1e1"],
    "keep_zeros": ["", "0", "yes", "TRUE"],
    "dropout": ["", "0.91", "1", "-0.1"],
    "clip": ["", "0", "1001", "full"],
    "bias": ["", "10.1", "full", "none"],
    "schedule": ["", "cos"],
    "span": ["", "0", "1000001", "1.5"],
    "data": ["", "doughnut"],
    "init": ["", "random"],
    "loss": ["", "hubris"],
    "optimizer": ["", "rmsprop!"],
}
BAD = [(field, text) for field in PARAMETERS for text in [*NONSENSE, *WORSE[field]]]


@pytest.mark.parametrize("field", PARAMETERS)
def test_a_bad_value_is_the_default_and_one_sentence_that_names_it(field):
    for text in [*NONSENSE, *WORSE[field]]:
        config, said = read({field: text})
        assert config == DEFAULT, text
        assert len(said) == 1, text
        assert said[0].startswith(f"{field} = “"), text
        assert said[0].endswith(f"Instead, {word(field, getattr(DEFAULT, field)) or 'none'} is used."), text


def foreign_to(sentence, field):
    """The characters of a complaint about `field` that its wording does not explain."""
    return set(sentence) - set(read({field: "·"})[1][0])


@calm
@given(st.sampled_from(FIELDS), st.text(max_size=60) | st.text("<>[]()*_`!$:#\\|~&{}@/\"' \n\t\0", max_size=60))
@example("data", "<img src=x onerror=alert(1)>")
@example("data", "[click](http://example.org)")
@example("lr", "$x^2$ :red[text] `code` **bold** # title !")
def test_no_markup_and_no_control_character_gets_from_a_link_into_a_sentence(field, text):
    for sentence in read({field: text})[1]:
        assert all(
            letter.isascii() and (letter.isalnum() or letter in ".,+-") for letter in foreign_to(sentence, field)
        )
        assert sentence.isprintable()


@pytest.mark.parametrize("field", PARAMETERS)
def test_an_endless_value_does_not_make_an_endless_sentence(field):
    long, short = (read({field: text})[1][0] for text in ("x" * 10_000, "·"))
    assert len(long) < len(short) + 40


names = st.sampled_from(FIELDS) | st.text(max_size=5)
words = st.sampled_from(["plane", "blobs", "cross-entropy", "mse", "tanh,relu", "4", "4,2", "0", "", "full", "x1"])


@settings(calm, max_examples=300)
@given(st.dictionaries(names, words | st.text(max_size=20), max_size=18))
def test_whatever_a_link_says_it_opens(query):
    config, said = read(query)
    assert read(write(config)) == (config, [])
    assert all(sentence.split(" = ")[0] in query for sentence in said)


@calm
@given(configs(), st.sampled_from(FIELDS), st.sampled_from(NONSENSE))
def test_a_bad_value_spoils_no_other(config, field, text):
    opened, said = read(write(config) | {field: text})
    assert said[0].startswith(field)
    spoiled = {name for name in FIELDS if getattr(opened, name) != getattr(config, name)}
    needs = {
        "data": {"data", "loss", "inputs", "plane", "labels", "classes"},
        "points": {"points", "data", "loss", "labels"},
        "classes": {"classes", "loss"},
        "inputs": {"inputs", "plane"},
        "split": {"split", "validation"},
        "hidden": {"hidden", "activation"},
    }  # what must fit together
    assert spoiled <= needs.get(field, {field})


def test_several_bad_values_are_told_one_by_one():
    for first, second in combinations(FIELDS, 2):
        config, said = read({first: "?", second: "?"})
        assert config == DEFAULT
        assert {sentence.split(" = ")[0] for sentence in said} == {first, second}


# --- values that are good, but not together


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_that_does_not_suit_the_data_gives_way_with_a_sentence(data, loss):
    config, said = read({"data": data, "loss": loss})
    assert config.data == data
    if loss in losses_for(Config(data=data)):
        assert config.loss == loss
        assert said == []
    else:
        assert config.loss == losses_for(Config(data=data))[0]
        assert len(said) == 1
        assert said[0].startswith(f"loss = “{loss}” cannot be used: ")
        assert data in said[0]


@pytest.mark.parametrize("data", DATASETS)
def test_an_unknown_loss_is_told_once_and_the_one_that_suits_the_data_is_used(data):
    config, said = read({"data": data, "loss": "hubris"})
    assert config == read({"data": data})[0]
    assert len(said) == 1
    assert said[0].startswith("loss = “hubris” cannot be used: ")
    assert said[0].endswith(f"Instead, {config.loss} is used.")


@pytest.mark.parametrize("field", PARAMETERS)
def test_no_address_stays_whole_enough_to_be_made_a_link(field):
    assert "www·example·com" in read({field: "www.example.com"})[1][0]
    assert "www·1·com" in read({field: "www.1.com"})[1][0]


def test_cross_entropy_cannot_learn_a_plane():
    config, said = read({"data": "plane", "loss": "cross-entropy"})
    assert config == Config(data="plane", loss="mse")
    assert len(said) == 1


@pytest.mark.parametrize("hidden", ["", "4", "4,4,4"])
def test_activations_for_other_layers_give_way_with_a_sentence(hidden):
    config, said = read({"hidden": hidden, "activation": "tanh,relu"})
    assert config == replace(read({"hidden": hidden})[0], activation=DEFAULT.activation)
    assert len(said) == 1
    assert said[0].startswith("activation = “tanh,relu” cannot be used: ")
    assert said[0].endswith(f"Instead, {DEFAULT.activation} is used.")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"data": "spiral", "classes": "6"}, "classes"),
        ({"data": "iris", "inputs": "0,4"}, "inputs"),
        ({"data": "iris", "plane": "0,4"}, "plane"),
        ({"data": "iris", "inputs": "0,2", "plane": "0,2"}, "plane"),
        ({"data": "plane", "labels": "0"}, "labels"),
        ({"split": "80", "validation": "20"}, "validation"),
        ({"data": "drawn"}, "data"),
        ({"data": "table"}, "data"),
    ],
    ids=str,
)
def test_what_the_data_do_not_have_gives_way_with_a_sentence(query, field):
    config, said = read(query)
    assert len(said) == 1
    assert said[0].startswith(f"{field} = “")
    assert getattr(config, field) == getattr(DEFAULT, field)
    assert read(write(config)) == (config, [])


def test_a_table_that_was_brought_can_be_asked_for():
    table = real("wine")
    config, said = read({"data": TABLE, "inputs": "3,12"}, table=table)
    assert not said
    assert build(config, table).network.inputs == 2
    assert write(config, table) == {"data": TABLE, "inputs": "3,12"}
