"""The parsers as Atheris calls them; `python -m tests.fuzz` does so, each in a process of its own."""

import contextlib
import json
import sys
import warnings
from collections.abc import Callable

import atheris

with atheris.instrument_imports(
    include=["playground.data", "playground.share", "playground.stage", "playground.pages"]
):
    from playground.data.points import PointsError, read_points
    from playground.data.table import TableError, read_table
    from playground.experiment import Config, build
    from playground.pages.drawing import parse_drawing
    from playground.share.links import PARAMETERS, read, write
    from playground.share.saved import SavedError, read_run, write_run
    from playground.share.tensorflow import read_tfp
    from playground.stage.frames import parse
    from playground.stage.ink import parse_ink


def link(data: bytes) -> None:
    """Lines of a field and its word."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    fields = list(PARAMETERS)
    query = {fields[ord(line[0]) % len(fields)]: line[1:] for line in lines if line}
    config, said = read(query)
    assert all(sentence.isprintable() for sentence in said)
    assert read(write(config)) == (config, [])


def message(parser: Callable[[object], object]) -> Callable[[bytes], None]:
    """What JSON there is in the bytes, as the browser's message."""

    def parsed(data: bytes) -> None:
        try:
            told = json.loads(data)
        except (ValueError, RecursionError):
            return
        with contextlib.suppress(ValueError):
            parser(told)

    return parsed


def text(parser: Callable[[str], object], error: type[Exception]) -> Callable[[bytes], None]:
    def parsed(data: bytes) -> None:
        with contextlib.suppress(error):
            parser(data.decode("utf-8", "surrogateescape"))

    return parsed


def table(data: bytes) -> None:
    for told in (data, data.decode("utf-8", "surrogateescape")):
        assert refusal(read_table, TableError, told, "x.csv").isprintable()


def run(data: bytes) -> None:
    assert refusal(read_run, SavedError, data).isprintable()


def refusal(work: Callable, error: type[Exception], *args: object) -> str:
    try:
        work(*args)
    except error as reason:
        return str(reason)
    return ""


def a_run() -> bytes:
    experiment = build(Config(data="xor", n=20, hidden=(1,)))
    return write_run(experiment, None, experiment.run().state, [])


LOOK = {"plane": "ahead", "of": "train", "penalty": True, "picks": [0, 1, 2]}
ASK = dict.fromkeys(("version", "number", "start", "goal", "stride", "frames", "index", "value", "other"), 1)
PARSERS: dict[str, tuple[Callable[[bytes], None], Callable[[], bytes]]] = {  # with something to begin from
    "link": (link, lambda: b"\x00spiral\n\x154,2"),
    "points": (text(read_points, PointsError), lambda: b"1eNpjYGBgBGIWIGYDYg4g"),
    "tensorflow": (text(read_tfp, ValueError), lambda: b"https://playground.tensorflow.org/#dataset=xor&noise=5"),
    "ask": (message(parse), lambda: json.dumps(ASK | {"run": "a", "deed": "", "look": LOOK}).encode()),
    "ink": (message(parse_ink), lambda: json.dumps({"values": [1] * 64, "turn": 1, "put": 1, "deal": 1}).encode()),
    "drawing": (message(parse_drawing), lambda: b'{"turn": 1, "classes": 2, "points": [0, 0, 1, 9, 9, 0]}'),
    "table": (table, lambda: b"height;width;kind\n1,5;2;oak\n2,5;3;elm\n"),
    "run": (run, a_run),
}


def fuzz(name: str, seconds: int, folder: str) -> None:
    warnings.simplefilter("ignore")
    work, first = PARSERS[name]
    with open(f"{folder}/first", "wb") as file:
        file.write(first())
    options = (f"-max_total_time={seconds}", "-timeout=2", "-max_len=20000", "-print_final_stats=1")
    atheris.Setup([name, folder, *options, f"-artifact_prefix={folder}/"], work)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), sys.argv[3])
