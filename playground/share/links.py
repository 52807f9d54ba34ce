"""A link is a config: reading one strictly, writing one, and saying in a sentence what could not be read."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from playground.data import DATASETS, FEATURES, REAL, SCALINGS, Dataset, read_points
from playground.engine import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from playground.experiment import (
    DRAWN,
    TABLE,
    Config,
    check_drawn,
    dataset_of,
    losses_for,
    task_of,
)
from playground.limits import LONGEST_POINTS, LONGEST_WORD, MAX_LAYERS, MAX_WIDTH, MOST_SAMPLES

DEFAULT = Config()


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one field of a config is written in a link.

    `read` raises `ValueError` for what is not `allowed`; `none` is the word for None, where that is a value. Nothing
    `longer` than so many characters is looked at.
    """

    read: Callable[[str], object]
    allowed: str
    none: str = ""
    longest: int = LONGEST_WORD


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


def _points() -> Parameter:
    def read(text: str) -> str:
        if text:
            read_points(text)
        return text

    return Parameter(read, "what this page has written there, and all of it", longest=LONGEST_POINTS)


def _columns() -> Parameter:
    words = _words(_integer(0, 63), 64, "")

    def read(text: str) -> tuple[int, ...]:
        columns = words.read(text)
        if len(set(columns)) < len(columns):
            raise ValueError
        return columns

    return Parameter(read, "numbers of columns, counted from 0, each at most once, separated by commas", longest=200)


def _pair() -> Parameter:
    columns = _columns()

    def read(text: str) -> tuple[int, ...]:
        if len(pair := columns.read(text)) != 2:
            raise ValueError
        return pair

    return Parameter(read, "two numbers of columns, counted from 0, separated by a comma")


def _activation() -> Parameter:
    key = _key(ACTIVATIONS)
    per_layer = _words(key, MAX_LAYERS, "")
    return Parameter(
        lambda text: per_layer.read(text) if "," in text else key.read(text),
        f"{key.allowed}, or such a word for each hidden layer, separated by commas",
    )


PARAMETERS: dict[str, Parameter] = {
    "data": _key((*DATASETS, *REAL, DRAWN, TABLE)),
    "points": _points(),
    "noise": _integer(0, 50),
    "n": _integer(20, MOST_SAMPLES),
    "classes": _or_none(_integer(2, 10), "auto"),
    "balance": _or_none(_integer(5, 95), "auto"),
    "label_noise": _integer(0, 50),
    "outliers": _integer(0, 50),
    "labels": _integer(0, 100),
    "split": _integer(10, 90),
    "validation": _integer(0, 50),
    "scaling": _key(SCALINGS),
    "seed": _integer(0, 2**32 - 1),
    "inputs": _columns(),
    "plane": _or_none(_pair(), "components"),
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
    "batch": _or_none(_integer(1, MOST_SAMPLES), "full"),
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


def read(query: Mapping[str, str], instead: Config = DEFAULT, table: Dataset | None = None) -> tuple[Config, list[str]]:
    """The config that a link's `query` asks for, and a sentence for each value that could not be used.

    What the query leaves out has its default; a value that cannot be used is replaced by that of `instead`. Unknown
    names are left alone: they may belong to somebody else. `table` is the one that was brought, if one was.
    """
    config, complaints = DEFAULT, []
    for field, parameter in PARAMETERS.items():
        if field not in query or field == "loss":
            continue
        try:
            if len(query[field]) > parameter.longest:
                raise ValueError
            config = replace(config, **{field: parameter.read(query[field])})
        except ValueError:
            config = replace(config, **{field: getattr(instead, field)})
            complaints.append(_complaint(field, query[field], parameter.allowed, getattr(config, field)))
    config = _with_points(_with_data(config, table, complaints), complaints)
    return _with_activation(_with_loss(config, query.get("loss"), instead, table, complaints), complaints), complaints


def write(config: Config, table: Dataset | None = None) -> dict[str, str]:
    """The shortest query that `read` turns back into `config`: only what differs from the defaults."""
    default = replace(DEFAULT, loss=losses_for(config, table)[0])
    return {
        field: word(field, getattr(config, field))
        for field in PARAMETERS
        if getattr(config, field) != getattr(default, field)
    }


MISSING = {
    DRAWN: "followed by the points that were drawn",
    TABLE: "brought on the page “Your data” first, for a link does not hold a table",
}


def _with_data(config: Config, table: Dataset | None, complaints: list[str]) -> Config:
    """Settle what a data set does not have: points or a table that are missing, columns and classes beyond."""
    if (recipe := DATASETS.get(config.data)) and config.classes and config.classes > (recipe.most or 10):
        allowed = f"2 to {recipe.most} for the data {config.data}"
        complaints.append(_complaint("classes", word("classes", config.classes), allowed, None))
        config = replace(config, classes=None)
    try:
        d = dataset_of(replace(config, inputs=()), table).x.shape[1]
    except ValueError:
        complaints.append(_complaint("data", config.data, MISSING[config.data], DEFAULT.data))
        return _with_data(replace(config, data=DEFAULT.data), table, complaints)
    if (most := 95 - config.split) < config.validation:
        allowed = f"0 to {most} beside a training share of {config.split}"
        complaints.append(_complaint("validation", str(config.validation), allowed, DEFAULT.validation))
        config = replace(config, validation=DEFAULT.validation)
    if not config.labels and task_of(config, table)[0] == "regression":
        complaints.append(_complaint("labels", "0", "1 to 100 where values are learned", DEFAULT.labels))
        config = replace(config, labels=DEFAULT.labels)
    for field in ("inputs", "plane"):
        d = len(config.inputs) or d if field == "plane" else d
        if (columns := getattr(config, field)) and max(columns) >= d:
            allowed = f"columns from 0 to {d - 1} of the data {config.data}"
            complaints.append(_complaint(field, word(field, columns), allowed, getattr(DEFAULT, field)))
            config = replace(config, **{field: getattr(DEFAULT, field)})
    return config


def _with_points(config: Config, complaints: list[str]) -> Config:
    """Drawn points must be such as can be learned from."""
    try:
        if config.data == DRAWN:
            check_drawn(config)
    except ValueError as reason:
        complaints.append(f"{reason} Instead, the data {DEFAULT.data} are used.")
        return replace(config, data=DEFAULT.data)
    return config


def _with_loss(
    config: Config, asked: str | None, instead: Config, table: Dataset | None, complaints: list[str]
) -> Config:
    """The default loss depends on the data, and so do those that are allowed."""
    suitable = losses_for(config, table)
    if asked in (None, *suitable):
        return replace(config, loss=asked or suitable[0])
    loss = instead.loss if instead.loss in suitable and asked not in LOSSES else suitable[0]
    complaints.append(_complaint("loss", asked, f"one of {', '.join(suitable)} for the data {config.data}", loss))
    return replace(config, loss=loss)


def _with_activation(config: Config, complaints: list[str]) -> Config:
    if isinstance(config.activation, str) or len(config.activation) == len(config.hidden):
        return config
    allowed = f"one word, or as many as there are hidden layers, here {len(config.hidden)}"
    complaints.append(_complaint("activation", word("activation", config.activation), allowed, DEFAULT.activation))
    return replace(config, activation=DEFAULT.activation)


def _complaint(field: str, value: str, allowed: str, default: object) -> str:
    # text from a link is never markup; Streamlit would make “www.x.y” a link, so a point stays between digits only
    shown = re.sub(r"[^0-9A-Za-z.,+-]|(?<!\d)\.|\.(?!\d)", "·", value[:24])
    return (
        f"{field} = “{shown}” cannot be used: it must be {allowed}. Instead, {word(field, default) or 'none'} is used."
    )
