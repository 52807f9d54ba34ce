"""A run in a file: one JSON text that holds all it takes to go on to the bit, written here and strictly read.

    format, version   which file this is
    config            every field of a config as the word of a link
    table             where the data are a table: kind, names of inputs and classes, x column by column, y; else null
    scaling           offset and scale of the inputs, which are not measured anew when points are drawn; null for none
    state             step, age, epoch, position, theta, slots
    history           rows of step, training loss, test loss, and validation loss where there is one, before the state

Numbers are written so that reading gives the same float64. Changes of the rule on the way are not in it: the file has
the rule and the weights of its step, and the losses before it.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from playground.data import Dataset, learned, with_learned
from playground.data.words import shown, unlike
from playground.engine import OPTIMIZERS, State
from playground.experiment import TABLE, Config, Experiment, build
from playground.limits import (
    LAST_STEP,
    LOSSES_KEPT,
    MOST_COLUMNS,
    MOST_ROWS,
    RUN_BYTES,
    RUN_LISTS,
    RUN_NUMBERS,
)
from playground.share.links import PARAMETERS, read, word

FORMAT, VERSION = "neural network playground run", 1

MOST_NAMES, LONGEST_NAME = MOST_COLUMNS, 100  # names of inputs or classes, and their characters
CUT_NAME = 80  # a longer name is cut, with room for a number that tells it from others
LARGEST, LARGEST_IN_TABLE = 1e300, 1e30  # numbers, in size

FIELDS = ("format", "version", "config", "table", "scaling", "state", "history")
COUNTS = ("step", "age", "epoch", "position")
AGAIN = "load the file as it was saved, or save the run again"
UNSAVABLE = "This run is about to end and holds numbers beyond 1e300: go back to an earlier step to save it."

Array = np.ndarray


class SavedError(ValueError):
    """One sentence: what is wrong with the file of a run, where, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """A run as a file holds it: `experiment.run(state)` goes on with it. `table` is the one that was brought."""

    experiment: Experiment
    table: Dataset | None
    state: State
    history: list[list[float]]


# --- writing


def write_run(experiment: Experiment, table: Dataset | None, state: State, history: list[list[float]]) -> bytes:
    """The file of a run by `experiment` that stands at `state`; `history` has its losses before.

    Raises SavedError where it is not `savable`.
    """
    if not savable(state):
        raise SavedError(UNSAVABLE)
    config, scale = experiment.config, learned(experiment.data.scaler)
    told = {
        "format": FORMAT,
        "version": VERSION,
        "config": {field: word(field, getattr(config, field)) for field in PARAMETERS},
        "table": _told_table(table) if config.data == TABLE else None,
        "scaling": scale and {"offset": scale[0].tolist(), "scale": scale[1].tolist()},
        "state": {name: getattr(state, name) for name in COUNTS}
        | {"theta": state.theta.tolist(), "slots": state.slots.tolist()},
        "history": [[row[0], *map(_finite, row[1:])] for row in history[-LOSSES_KEPT:]],
    }
    parts = (f'"{name}": {json.dumps(value, separators=(",", ":"), allow_nan=False)}' for name, value in told.items())
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def savable(state: State) -> bool:
    """Whether a file can hold the numbers of a state."""
    return bool((np.abs(state.theta) <= LARGEST).all() and (np.abs(state.slots) <= LARGEST).all())


def _told_table(table: Dataset) -> dict:
    names = {"inputs": table.feature_names, "classes": table.class_names}
    return {
        "kind": table.kind,
        **{name: unlike(text[:CUT_NAME] for text in texts) for name, texts in names.items()},
        "x": table.x.T.tolist(),
        "y": table.y.tolist(),
    }


def _finite(number: float) -> float | None:
    return number if abs(number) <= LARGEST else None


# --- reading


def read_run(data: bytes) -> Saved:
    """The run in a file. Raises SavedError, in one sentence, for anything but what `write_run` writes."""
    told = _parsed(data)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise SavedError("This JSON is not a run saved here: choose a file that “Save the run” has written.")
    if told.get("version") != VERSION or type(told["version"]) is not int:
        raise _wrong("version", told.get("version"), f"{VERSION}, the only one that can be read here")
    _object("file", told, FIELDS)
    table = _table(told["table"])
    experiment = _scaled(_experiment(told["config"], table), table, told["scaling"])
    state = _state(told["state"], experiment)
    return Saved(experiment, table, state, _history(told["history"], state.step))


def _parsed(data: bytes) -> object:
    """The JSON in a file; no more of it than a run can need."""
    if len(data) > RUN_BYTES:
        raise SavedError(f"This file is larger than {RUN_BYTES // 2**20} MB, which no run saved here is: {AGAIN}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SavedError(f"This is no text in UTF-8 from byte {error.start:,} on: {AGAIN}.") from error
    for what, many, most in (
        ("lists", text.count("[") + text.count("{"), RUN_LISTS),
        ("values", text.count(","), RUN_NUMBERS),
    ):
        if many > most:
            raise SavedError(f"This file has {many:,} {what}, and a run saved here at most {most:,}: {AGAIN}.")
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno:,}, character {error.colno:,}"
        raise SavedError(f"This is no JSON from {where} on: {AGAIN}.") from error
    except RecursionError as error:
        raise SavedError(f"This file has lists within lists, far deeper than a run saved here: {AGAIN}.") from error
    except SavedError:
        raise
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise SavedError(f"This file has a number of thousands of digits: {AGAIN}.") from error


def _no_number(name: str) -> None:
    raise SavedError(f"This file holds {name}, which is no number a run can go on with: {AGAIN}.")


def _without_twins(pairs: list[tuple[str, object]]) -> dict:
    told = dict(pairs)
    if len(told) < len(pairs):
        twin = next(name for i, (name, _) in enumerate(pairs) if name in dict(pairs[:i]))
        raise SavedError(f"This file names the field “{shown(twin)}” twice: {AGAIN}.")
    return told


def _experiment(told: object, table: Dataset | None) -> Experiment:
    """The config, read as strictly as a link, brought to life."""
    words = _object("config", told, PARAMETERS)
    for field, text in words.items():
        if not isinstance(text, str) or len(text) > PARAMETERS[field].longest:
            raise _wrong(f"config.{field}", text, f"a text of up to {PARAMETERS[field].longest:,} characters")
    if (words["data"] == TABLE) != (table is not None):
        wanted = f"{'a' if table is None else 'no'} table, as config.data is “{shown(words['data'])}”"
        raise SavedError(f"table is {'null' if table is None else 'an object'}; it must be {wanted}: {AGAIN}.")
    config, complaints = read(words, table=table)
    if complaints:
        raise SavedError(f"In config, {complaints[0].partition(' Instead')[0].rstrip('.')}, so {AGAIN}.")
    return _built(replace(config, table=table.fingerprint() if table else ""), table)


def _built(config: Config, table: Dataset | None, scaler: object = None) -> Experiment:
    try:
        with np.errstate(all="ignore"):
            experiment = build(config, table, scaler)
            if not all(np.isfinite(part.x).all() for part in experiment.data.parts):
                raise SavedError(f"scaling.scale makes numbers of the inputs that are too large: {AGAIN}.")
            experiment.run()
    except SavedError:
        raise
    except ValueError as error:
        reason = re.sub(r"[][<>*`$~|#\\]", "·", str(error))  # it may quote a name, which is never markup
        raise SavedError(f"With the config of this file nothing can be learned: {reason}") from error
    return experiment


def _table(told: object) -> Dataset | None:
    if told is None:
        return None
    told = _object("table", told, ("kind", "inputs", "classes", "x", "y"))
    if told["kind"] not in ("classification", "regression"):
        raise _wrong("table.kind", told["kind"], "“classification” or “regression”")
    classes = told["kind"] == "classification"
    inputs = _names("table.inputs", told["inputs"], 1)
    names = _names("table.classes", told["classes"], 2 if classes else 0, MOST_NAMES if classes else 0)
    rows = _list("table.y", told["y"], 2, MOST_ROWS)
    _list("table.x", told["x"], len(inputs), len(inputs))
    x = [
        _numbers(f"table.x, column {i},", column, len(rows), LARGEST_IN_TABLE) for i, column in enumerate(told["x"], 1)
    ]
    if not classes:
        y = _numbers("table.y", rows, len(rows), LARGEST_IN_TABLE)
        return Dataset(np.column_stack(x), y, "regression", inputs)
    y = [_whole(f"table.y, number {i},", label, 0, len(names) - 1) for i, label in enumerate(rows, 1)]
    return Dataset(np.column_stack(x), np.array(y, np.int64), "classification", inputs, names)


def _names(where: str, told: object, least: int, most: int = MOST_NAMES) -> tuple[str, ...]:
    for i, name in enumerate(_list(where, told, least, most), 1):
        if not isinstance(name, str) or len(name) > LONGEST_NAME or not _is_text(name):
            raise _wrong(f"{where}, name {i},", name, f"a text of up to {LONGEST_NAME} characters")
        if name in told[: i - 1]:
            raise _wrong(f"{where}, name {i},", name, "another name than those before")
    return tuple(told)


def _is_text(name: str) -> bool:
    """Half a letter, which JSON can spell, can be neither shown nor saved."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _scaled(experiment: Experiment, table: Dataset | None, told: object) -> Experiment:
    """The experiment with its inputs scaled as they were, where that is not as they would be now."""
    scaler = experiment.data.scaler
    if (fresh := learned(scaler)) is None:
        if told is not None:
            raise _wrong("scaling", told, "null, as config.scaling is “none”")
        return experiment
    told, width = _object("scaling", told, ("offset", "scale")), len(experiment.data.features)
    offset, scale = (_numbers(f"scaling.{name}", told[name], width) for name in ("offset", "scale"))
    if not (scale > 0).all():
        raise SavedError(f"scaling.scale, number {int(np.argmin(scale > 0)) + 1}, must be larger than 0: {AGAIN}.")
    if np.array_equal(fresh, (offset, scale)):
        return experiment
    return _built(experiment.config, table, with_learned(scaler, offset, scale))


def _state(told: object, experiment: Experiment) -> State:
    told, size = _object("state", told, (*COUNTS, "theta", "slots")), experiment.network.n_parameters
    n, n_slots = len(experiment.data.train.x), OPTIMIZERS[experiment.training.optimizer].n_slots
    step = _whole("state.step", told["step"], 0, LAST_STEP)
    age = _whole("state.age", told["age"], 0, step)
    epoch = _whole("state.epoch", told["epoch"], 0, 2 * step)  # a change of the data ends an epoch as well as a step
    position = _whole("state.position", told["position"], 0, n - 1)
    theta = _numbers("state.theta", told["theta"], size)
    slots = [
        _numbers(f"state.slots, list {i},", slot, size)
        for i, slot in enumerate(_list("state.slots", told["slots"], n_slots, n_slots), 1)
    ]
    state = State(theta, np.reshape(slots, (n_slots, size)), step, age, epoch, position)
    with np.errstate(all="ignore"):
        if not math.isfinite(experiment.run(state).loss()):
            raise SavedError(f"state.theta has weights so large that the loss is no number: {AGAIN}.")
    return state


def _history(told: object, end: int) -> list[list[float]]:
    rows, latest = [], -1
    for i, row in enumerate(_list("history", told, 0, LOSSES_KEPT), 1):
        step, *losses = _list(f"history, row {i},", row, 3, 4)
        latest = _whole(f"history, row {i}, the step", step, latest + 1, end - 1)
        rows.append([latest, *(math.nan if x is None else _number(f"history, row {i}, a loss", x) for x in losses)])
    return rows


# --- what every part is made of


def _object(where: str, told: object, names: Iterable[str]) -> dict:
    if not isinstance(told, dict):
        raise _wrong(where, told, "an object")
    if missing := [name for name in names if name not in told]:
        raise SavedError(f"{where} has no field “{missing[0]}”: {AGAIN}.")
    if unknown := [name for name in told if name not in names]:
        raise SavedError(f"{where} has the field “{shown(unknown[0])}”, which is unknown here: {AGAIN}.")
    return told


def _list(where: str, told: object, least: int, most: int) -> list:
    if not isinstance(told, list) or not least <= len(told) <= most:
        raise _wrong(where, told, f"a list of {least:,}{f' to {most:,}' if most > least else ''}")
    return told


def _numbers(where: str, told: object, length: int, most: float = LARGEST) -> Array:
    told = _list(where, told, length, length)
    wrong = next((i for i, number in enumerate(told) if not _is_number(number, most)), None)
    if wrong is not None:
        _number(f"{where.rstrip(',')}, number {wrong + 1},", told[wrong], most)
    return np.array(told, float)


def _number(where: str, told: object, most: float = LARGEST) -> float:
    if not _is_number(told, most):
        raise _wrong(where, told, f"a number of at most {most:.0e}".replace("+", ""))
    return float(told)


def _is_number(told: object, most: float) -> bool:
    return type(told) in (int, float) and abs(told) <= most


def _whole(where: str, told: object, low: int, high: int) -> int:
    if type(told) is not int or not low <= told <= high:
        raise _wrong(where, told, f"a whole number from {low:,} to {high:,}" if high >= low else "left out")
    return told


def _wrong(where: str, told: object, wanted: str) -> SavedError:
    match told:
        case None | True | False:
            is_now = json.dumps(told)
        case dict():
            is_now = "an object"
        case list():
            is_now = f"a list of {len(told):,}"
        case str():
            is_now = f"“{shown(told)}”"
        case int() if abs(told) > LARGEST:
            is_now = "a number of hundreds of digits"
        case _:
            is_now = shown(repr(told))
    return SavedError(f"{where} is {is_now}; it must be {wanted}: {AGAIN}.")
