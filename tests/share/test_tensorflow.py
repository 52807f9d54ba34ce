"""A link to TensorFlow Playground opens as the nearest config, and what is different is said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.experiment import Config, build
from playground.share.links import read, write
from playground.share.tensorflow import ACTIVATIONS, DATA, FEATURES, VALUES, read_tfp

SITE = "https://playground.tensorflow.org/"
DEFAULT = Config(
    data="circle", n=500, hidden=(4, 2), activation="tanh", init="uniform", loss="half-mse", optimizer="sgd",
    lr=0.03, batch=10, scaling="none",
)  # fmt: skip
ALWAYS = len(read_tfp(SITE)[1])
LONG = (
    "#activation=relu&regularization=L1&batchSize=20&dataset=spiral&regDataset=reg-gauss&learningRate=0.01"
    "&regularizationRate=0.003&noise=25&networkShape=6,6,3&seed=0.53214&showTestData=false&discretize=false"
    "&percTrainData=70&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false&cosX=false&sinX=true&cosY=false"
    "&sinY=false&collectStats=false&problem=classification&initZero=false&hideText=false"
)
CONFIG = replace(
    DEFAULT, data="spiral", noise=25, split=70, seed=53214, features=("x1", "x2", "x1x2", "sinx1"), hidden=(6, 6, 3),
    activation="relu", lr=0.01, batch=20, l1=0.003, keep_zeros=True,
)  # fmt: skip


def one(fragment):
    """The config, and the sentences besides those that are always said."""
    config, said = read_tfp(SITE + "#" + fragment)
    return config, said[: len(said) - ALWAYS + (config.n == 1200)]  # a regression has no sigmoid to speak of


@pytest.mark.parametrize(
    "prefix", [SITE, "http://playground.tensorflow.org/", "playground.tensorflow.org", "", "  " + SITE, SITE + "?hl=en"]
)
def test_a_whole_link_is_read(prefix):
    config, said = read_tfp(prefix + LONG)
    assert config == CONFIG
    assert len(said) == ALWAYS


def test_an_empty_link_has_the_defaults_of_tensorflow_playground():
    assert read_tfp(SITE)[0] == DEFAULT


@pytest.mark.parametrize(
    ("fragment", "choice"),
    [
        *((f"dataset={theirs}", {"data": ours}) for theirs, ours in DATA.items()),
        *((f"problem=regression&regDataset={t}", {"data": ours, "n": 1200}) for t, ours in VALUES.items()),
        *((f"activation={theirs}", {"activation": ours}) for theirs, ours in ACTIVATIONS.items()),
        *((f"x=false&y=false&{theirs}=true", {"features": (ours,)}) for theirs, (ours, _) in FEATURES.items()),
        ("problem=regression", {"data": "plane", "n": 1200}),
        ("dataset=xor&regDataset=reg-gauss", {"data": "xor"}),
        ("networkShape=", {"hidden": ()}),
        ("networkShape=8,8,8,8,8,8", {"hidden": (8,) * 6}),
        ("networkShape=3%2C2", {"hidden": (3, 2)}),
        ("initZero=true", {"init": "zeros", "bias": 0.0}),
        ("regularization=L2&regularizationRate=0.1", {"l2": 0.1}),
        ("regularization=L1", {}),
        ("regularizationRate=0.1", {}),
        ("regularization=none&regularizationRate=3", {}),
        ("learningRate=1e-05", {"lr": 1e-5}),
        ("seed=0.00042", {"seed": 42}),
        ("seed=7", {"seed": 7}),
        ("noise=&batchSize=", {}),
        ("unknown=7&__proto__=1", {}),
    ],
)
def test_a_choice_is_read_as_ours(fragment, choice):
    assert one(fragment) == (replace(DEFAULT, **choice), [])


@pytest.mark.parametrize(
    ("fragment", "choice", "said"),
    [
        ("noise=80", {"noise": 50}, "noise is 0 to 50 here, not 80: 50 is used instead."),
        ("noise=NaN", {}, "noise “NaN” is no number: 0 is used instead."),
        ("learningRate=fast", {}, "learningRate “fast” is no number: 0.03 is used instead."),
        ("batchSize=0", {"batch": 1}, "batchSize is 1 to 5000 here, not 0: 1 is used instead."),
        ("percTrainData=99", {"split": 90}, "percTrainData is 10 to 90 here, not 99: 90 is used instead."),
        ("dataset=moons", {}, "dataset “moons” is unknown here: circle is used instead."),
        ("activation=swish", {}, "activation “swish” is unknown here: tanh is used instead."),
        ("problem=x", {}, "problem “x” is unknown here: classification is used instead."),
        ("networkShape=4;2", {}, "networkShape “4·2” is no list of numbers: 4,2 is used instead."),
        ("x=false&y=false", {}, "No input is chosen there, and a network needs one: x₁ and x₂ are used instead."),
        ("cosX=true", {}, "Left out: cos x₁ is no input here, nor is it one there."),
        ("discretize=true", {}, "Left out: “Discretize output” is a choice of the view, not of the link."),
        (
            "playButton_hide=true&noise_hide=false",
            {},
            "Left out: the controls that the link hides there can all be seen here.",
        ),
        ("tutorial=x", {}, "Left out: its tutorial, a page of its own there."),
        (
            "networkShape=20,0,1,1,1,1,1",
            {"hidden": (16, 1, 1, 1, 1, 1)},
            "A network has up to 6 hidden layers of 1 to 16 neurons here: 16,1,1,1,1,1 is used instead of "
            "20,0,1,1,1,1,1.",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_said(fragment, choice, said):
    assert one(fragment) == (replace(DEFAULT, **choice), [said])


def test_the_rule_and_the_differences_are_always_said():
    said = " ".join(read_tfp(SITE)[1])
    for word in ("½ squared error", "sigmoid", "Random numbers", "shuffled", "epoch"):
        assert word in said
    assert "sigmoid" not in " ".join(read_tfp(SITE + "#problem=regression")[1])
    assert "all weights and biases 0" in " ".join(read_tfp(SITE + "#initZero=true")[1])


words = st.sampled_from(["true", "false", "0", "-1", "1e9", "9" * 20, "4,2", "<b>", "½", "٤", "%00", "reg-gauss", "L1"])
keys = st.sampled_from(
    [
        *(*FEATURES, "noise", "networkShape", "seed", "batchSize", "learningRate", "percTrainData", "regularization"),
        *("regularizationRate", "problem", "dataset", "activation", "x_hide"),
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(keys, words | st.text(max_size=8)), max_size=8))
def test_whatever_the_link_says_the_config_is_one_that_our_links_can_hold(pairs):
    config, said = read_tfp(SITE + "#" + "&".join(f"{key}={word}" for key, word in pairs))
    assert read(write(config)) == (config, [])
    assert all(
        sentence.isprintable() and sentence.endswith(".") and not set("<>[]*`$") & set(sentence) for sentence in said
    )


@pytest.mark.parametrize("fragment", ["", LONG[1:], "initZero=true", "problem=regression&regDataset=reg-gauss"])
def test_the_experiment_can_be_built(fragment):
    assert build(one(fragment)[0]).run().loss() >= 0


@pytest.mark.parametrize(
    "link",
    [
        "",
        "hello",
        "https://example.com/#noise=5",
        "https://playground.tensorflow.org.example.com/#noise=5",
        "https://example.com/playground.tensorflow.org/#noise=5",
        "https://playground.tensorflow.org@example.com/#noise=5",
        "javascript:alert(1)",
    ],
)
def test_another_link_is_refused(link):
    with pytest.raises(ValueError, match=r"^This is no link to playground\.tensorflow\.org"):
        read_tfp(link)


def test_an_endless_link_is_refused():
    with pytest.raises(ValueError, match=r"^This link is longer than 4,000 characters"):
        read_tfp(SITE + "#" + "x" * 5000)
