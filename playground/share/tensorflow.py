"""A link to TensorFlow Playground, read as a config of this one, and what of it could not come along."""

import re
from collections.abc import Container
from dataclasses import replace
from urllib.parse import unquote
from zlib import crc32

from playground.data.words import shown
from playground.experiment import Config
from playground.limits import LONGEST_ADDRESS, MAX_LAYERS, MAX_WIDTH, MOST_SAMPLES
from playground.share.links import PARAMETERS

ADDRESS = re.compile(r"\s*(https?://)?playground\.tensorflow\.org(/[^?#]*)?(\?[^#]*)?(#|\s*$)", re.IGNORECASE)

DATA = {"circle": "circle", "xor": "xor", "gauss": "gaussian", "spiral": "spiral"}
VALUES = {"reg-plane": "plane", "reg-gauss": "multi-gaussian"}
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "identity"}
FEATURES = {  # its word, ours, and whether it is on when the link is silent
    "x": ("x1", True),
    "y": ("x2", True),
    "xSquared": ("x1sq", False),
    "ySquared": ("x2sq", False),
    "xTimesY": ("x1x2", False),
    "sinX": ("sinx1", False),
    "sinY": ("sinx2", False),
}
NONE_HERE = {
    "cosX": "cos x₁ is no input here, nor is it one there",
    "cosY": "cos x₂ is no input here, nor is it one there",
    "discretize": "“Discretize output” is a choice of the view, not of the link",
    "showTestData": "“Show test data” is a choice of the view, not of the link",
    "collectStats": "statistics are not collected here",
    "hideText": "the text below the playground is not hidden",
}
# whatever the link says
SAME_RULE = "Its rule is set here: plain gradient descent on ½ squared error, weights from −½ to ½ and biases of 0.1."
DIFFERENT = (
    "Random numbers are drawn in another way here: the points and the first weights are of the same kind, not the same."
)
OUTPUT = "The output is a sigmoid between 0 and 1 here and a tanh between −1 and 1 there, which learns in larger steps."
EPOCH = "“Step” there is a whole epoch; here it is one batch, and a button beside it takes an epoch."
SHUFFLED = "Batches are shuffled anew for every epoch here, and there they stay the same."


def read_tfp(link: str) -> tuple[Config, list[str]]:
    """The config that comes closest to a link of playground.tensorflow.org, and sentences for what is different.

    Raises ValueError, in one sentence, for what is no such link.
    """
    words = _words(link)
    said: list[str] = []
    regression = _choice(words, "problem", ("classification", "regression"), said) == "regression"
    data = VALUES if regression else DATA
    word = _choice(
        words, "regDataset" if regression else "dataset", data, said, "reg-plane" if regression else "circle"
    )
    zeros = _flag(words, "initZero")
    config = Config(
        data=data[word],
        noise=round(_number(words, "noise", 0, 0, 50, said)),
        n=1200 if regression else 500,
        split=round(_number(words, "percTrainData", 50, 10, 90, said)),
        seed=_seed(words),
        scaling="none",
        features=_features(words, said),
        hidden=_hidden(words, said),
        activation=ACTIVATIONS[_choice(words, "activation", ACTIVATIONS, said, "tanh")],
        init="zeros" if zeros else "uniform",
        bias=0.0 if zeros else None,
        loss="half-mse",
        optimizer="sgd",
        lr=_number(words, "learningRate", 0.03, 1e-6, 100, said),
        batch=round(_number(words, "batchSize", 10, 1, MOST_SAMPLES, said)),
    )
    said += [f"Left out: {reason}." for name, reason in NONE_HERE.items() if _flag(words, name)]
    said += _hidden_controls(words)
    if words.get("tutorial"):
        said.append("Left out: its tutorial, a page of its own there.")
    config = _penalised(config, words, said)
    return config, [*said, *_always(config, regression, zeros)]


def _words(link: str) -> dict[str, str]:
    if len(link) > LONGEST_ADDRESS:
        raise ValueError(f"This link is longer than {LONGEST_ADDRESS:,} characters: copy it anew from the address bar.")
    address = ADDRESS.match(link)
    fragment = link[address.end() :] if address else link.strip().removeprefix("#")
    if not address and not re.match(r"#?[A-Za-z_]+=", link.strip()):
        raise ValueError("This is no link to playground.tensorflow.org: copy it from the address bar there.")
    pairs = (pair.partition("=") for pair in fragment.strip().split("&"))
    return {name: unquote(value).strip() for name, _, value in pairs}  # some programs write %2C for a comma


def _choice(
    words: dict[str, str], name: str, allowed: Container[str], said: list[str], default: str = "classification"
) -> str:
    word = words.get(name, "")
    if word in allowed:
        return word
    if word:
        said.append(f"{name} “{shown(word)}” is unknown here: {default} is used instead.")
    return default


def _number(words: dict[str, str], name: str, default: float, low: float, high: float, said: list[str]) -> float:
    """A number within bounds; one beyond is moved to the bound, and what is none is the default."""
    word = words.get(name, "")
    if not word:
        return default
    if not re.fullmatch(r"[+-]?(\d{1,12}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d{1,3})?", word, re.ASCII | re.IGNORECASE):
        said.append(f"{name} “{shown(word)}” is no number: {default:g} is used instead.")
        return default
    number = min(max(float(word), low), high)
    if number != float(word):
        said.append(f"{name} is {low:g} to {high:g} here, not {shown(word)}: {number:g} is used instead.")
    return number


def _flag(words: dict[str, str], name: str, default: bool = False) -> bool:
    word = words.get(name, "")
    return word != "false" if word else default  # any other word is a yes there


def _features(words: dict[str, str], said: list[str]) -> tuple[str, ...]:
    chosen = {ours for name, (ours, on) in FEATURES.items() if _flag(words, name, on)}
    if not chosen:
        said.append("No input is chosen there, and a network needs one: x₁ and x₂ are used instead.")
        return Config().features
    return PARAMETERS["features"].read(",".join(chosen))


def _hidden(words: dict[str, str], said: list[str]) -> tuple[int, ...]:
    word = words.get("networkShape")
    if word is None:
        return (4, 2)
    if not re.fullmatch(r"(\d{1,4}(,\d{1,4})*)?", word, re.ASCII):
        said.append(f"networkShape “{shown(word)}” is no list of numbers: 4,2 is used instead.")
        return (4, 2)
    asked = tuple(map(int, word.split(","))) if word else ()
    hidden = tuple(min(max(width, 1), MAX_WIDTH) for width in asked[:MAX_LAYERS])
    if hidden != asked:
        said.append(
            f"A network has up to {MAX_LAYERS} hidden layers of 1 to {MAX_WIDTH} neurons here: "
            f"{','.join(map(str, hidden))} is used instead of {shown(word)}."
        )
    return hidden


def _seed(words: dict[str, str]) -> int:
    """0.12345, as it writes seeds, becomes 12345; any other word some number of its own."""
    word = words.get("seed", "")
    if not word:
        return Config().seed
    if match := re.fullmatch(r"0?\.(\d{1,9})|(\d{1,9})", word, re.ASCII):
        return int(match[1] or match[2])
    return crc32(word.encode("utf-8", "replace"))


def _penalised(config: Config, words: dict[str, str], said: list[str]) -> Config:
    kind = _choice(words, "regularization", ("none", "L1", "L2"), said, "none")
    rate = _number(words, "regularizationRate", 0.0, 0, 10, said)
    if kind == "L1":
        return replace(config, l1=rate, keep_zeros=rate > 0)
    return replace(config, l2=rate) if kind == "L2" else config


def _hidden_controls(words: dict[str, str]) -> list[str]:
    hidden = [name.removesuffix("_hide") for name, word in words.items() if name.endswith("_hide") and word == "true"]
    return ["Left out: the controls that the link hides there can all be seen here."] if hidden else []


def _always(config: Config, regression: bool, zeros: bool) -> list[str]:
    rule = (
        SAME_RULE.replace("weights from −½ to ½ and biases of 0.1", "all weights and biases 0") if zeros else SAME_RULE
    )
    return [rule, *([] if regression else [OUTPUT]), DIFFERENT, SHUFFLED, EPOCH]
