"""A link is a config: reading one strictly, writing one, and saying in a sentence what could not be read."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from playground.data import DATASETS, FEATURES
from playground.engine import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from playground.experiment import MAX_LAYERS, MAX_WIDTH, Config, losses_for

DEFAULT = Config()
LONGEST = 100  # characters a value may have; anything longer is not looked at


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one field of a config is written in a link.

    `read` raises `ValueError` for what is not `allowed`; `none` is the word for None, where that is a value.
    """

    read: Callable[[str], object]
    allowed: str
    none: str = ""


def _key(keys: Iterable[str]) -> Parameter:
    keys = tuple(keys)

    def read(word: str) -> str:
        if word not in keys:
            raise ValueError
        return word

    return Parameter(read, f"one of {', '.join(keys)}")


def _integer(low: int, high: int) -> Parameter:
    def read(word: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", word) or not low <= int(word) <= high:
            raise ValueError
        return int(word)

    return Parameter(read, f"a whole number from {low} to {high}")


def _number(low: float, high: float) -> Parameter:
    def read(word: str) -> float:
        number = float(word) if re.fullmatch(r"[0-9.eE+-]{1,24}", word) else math.nan
        if not low <= number <= high:
            raise ValueError
        return number

    return Parameter(read, f"a number from {low:f} to {high:g}".replace("0.000000 ", "0 "))


def _words(item: Parameter, most: int, allowed: str, none: str = "") -> Parameter:
    def read(text: str) -> tuple:
        words = text.split(",") if text not in ("", none) else []
        if len(words) > most:
            raise ValueError
        return tuple(item.read(word) for word in words)

    return Parameter(read, allowed)


def _features() -> Parameter:
    words = _words(_key(FEATURES), len(FEATURES), "")

    def read(text: str) -> tuple[str, ...]:
        chosen = words.read(text)
        if not chosen or len(set(chosen)) < len(chosen):
            raise ValueError
        return tuple(key for key in FEATURES if key in chosen)

    return Parameter(read, f"words out of {', '.join(FEATURES)}, each at most once, separated by commas")


def _or_none(first: Parameter, word: str) -> Parameter:
    return Parameter(lambda text: None if text == word else first.read(text), f"{first.allowed}, or {word}", none=word)


def _flag() -> Parameter:
    return Parameter(lambda text: _key(("true", "false")).read(text) == "true", "true or false")


def _activation() -> Parameter:
    key = _key(ACTIVATIONS)
    per_layer = _words(key, MAX_LAYERS, "")
    return Parameter(
        lambda text: per_layer.read(text) if "," in text else key.read(text),
        f"{key.allowed}, or such a word for each hidden layer, separated by commas",
    )


PARAMETERS: dict[str, Parameter] = {
    "data": _key(DATASETS),
    "noise": _integer(0, 50),
    "n": _integer(20, 5000),
    "split": _integer(10, 90),
    "seed": _integer(0, 2**32 - 1),
    "features": _features(),
    "hidden": _words(
        _integer(1, MAX_WIDTH),
        MAX_LAYERS,
        f"up to {MAX_LAYERS} numbers from 1 to {MAX_WIDTH} separated by commas, or 0 for no hidden layer",
        none="0",
    ),
    "activation": _activation(),
    "init": _key(INITIALIZERS),
    "loss": _key(LOSSES),
    "optimizer": _key(OPTIMIZERS),
    "lr": _number(1e-6, 100),
    "batch": _or_none(_integer(1, 5000), "full"),
    "l1": _number(0, 10),
    "l2": _number(0, 10),
    "keep_zeros": _flag(),
    "dropout": _number(0, 0.9),
    "clip": _or_none(_number(1e-3, 1000), "none"),
    "bias": _or_none(_number(-10, 10), "auto"),
    "schedule": _key(SCHEDULES),
    "span": _integer(1, 10**6),
}


def word(field: str, value: object) -> str:
    """How a value of a field is written in a link; `PARAMETERS[field].read` gives it back, to the bit."""
    match value:
        case None:
            return PARAMETERS[field].none
        case tuple():
            return ",".join(word(field, item) for item in value)
        case bool():
            return str(value).lower()
        case float():
            return repr(int(value)) if value.is_integer() else repr(value)
        case _:
            return str(value)


def read(query: Mapping[str, str], instead: Config = DEFAULT) -> tuple[Config, list[str]]:
    """The config that a link's `query` asks for, and a sentence for each value that could not be used.

    What the query leaves out has its default; a value that cannot be used is replaced by that of `instead`. Unknown
    names are left alone: they may belong to somebody else.
    """
    config, complaints = DEFAULT, []
    for field, parameter in PARAMETERS.items():
        if field == "loss":  # its default depends on the data, which stands before it
            config = replace(config, loss=losses_for(config.data)[0])
        if field not in query:
            continue
        try:
            if len(query[field]) > LONGEST:
                raise ValueError
            config = replace(config, **{field: parameter.read(query[field])})
        except ValueError:
            if field != "loss" or instead.loss in losses_for(config.data):
                config = replace(config, **{field: getattr(instead, field)})
            complaints.append(_complaint(field, query[field], parameter.allowed, getattr(config, field)))
    return _reconcile(config, complaints)


def write(config: Config) -> dict[str, str]:
    """The shortest query that `read` turns back into `config`: only what differs from the defaults."""
    default = replace(DEFAULT, loss=losses_for(config.data)[0])
    return {
        field.name: word(field.name, getattr(config, field.name))
        for field in fields(Config)
        if getattr(config, field.name) != getattr(default, field.name)
    }


def _reconcile(config: Config, complaints: list[str]) -> tuple[Config, list[str]]:
    """Settle values that are fine alone but not together."""
    if config.loss not in (suitable := losses_for(config.data)):
        allowed = f"one of {', '.join(suitable)} for the data {config.data}"
        complaints.append(_complaint("loss", config.loss, allowed, suitable[0]))
        config = replace(config, loss=suitable[0])
    if isinstance(config.activation, tuple) and len(config.activation) != len(config.hidden):
        allowed = f"one word, or as many as there are hidden layers, here {len(config.hidden)}"
        complaints.append(_complaint("activation", word("activation", config.activation), allowed, DEFAULT.activation))
        config = replace(config, activation=DEFAULT.activation)
    return config, complaints


def _complaint(field: str, value: str, allowed: str, default: object) -> str:
    # text from a link is never markup; Streamlit would make “www.x.y” a link, so a point stays between digits only
    shown = re.sub(r"[^0-9A-Za-z.,+-]|(?<!\d)\.|\.(?!\d)", "·", value[:24])
    return (
        f"{field} = “{shown}” cannot be used: it must be {allowed}. Instead, {word(field, default) or 'none'} is used."
    )
