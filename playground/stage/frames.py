"""Frames on their way to the browser: what it may ask for, what it is answered, and how that is packed."""

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import groupby, islice

import numpy as np

from playground.engine import Diverged, Run
from playground.limits import BUDGET, LAST_STEP, MOST_FRAMES, MOST_STRIDE
from playground.stage.deeds import DEEDS, LARGEST, do
from playground.stage.load import LOAD
from playground.stage.look import Look
from playground.stage.pictures import Moment, Picture, moment_of, network_pictures, picture, pictures
from playground.stage.scene import FINE, Scene
from playground.stage.slices import parse_look, place_on, slice_of

PEEK = "peek"

TYPES = {np.dtype(name): name for name in ("float32", "uint16", "uint8")}  # of arrays, as the browser knows them


@dataclass(frozen=True, slots=True)
class Ask:
    """What the browser asks for: `frames` pictures from step `start` on, `stride` steps apart, none beyond `goal`.

    With `frames` 0 it asks for the picture of `start` itself. Before that, one of `DEEDS` is done at `start`, with
    `index`, `value` and `other`; the deed `PEEK` asks for the network at the place (`value`, `other`) of the slice
    instead. `run` and `version` name what the browser has on stage; `number` comes back with the answer. `look` says
    which slice of the loss landscape to draw.
    """

    run: str
    version: int
    number: int
    start: int
    goal: int
    stride: int
    frames: int
    deed: str
    index: int
    value: float
    other: float
    look: Look

    @property
    def targets(self) -> list[int]:
        """The steps to show, in order."""
        ahead = [min(self.start + self.stride * (i + 1), self.goal) for i in range(self.frames)]
        return sorted({step for step in ahead if step > self.start}) or [self.start]


LIMITS = {
    "version": 2**53,
    "number": 2**53,
    "start": LAST_STEP,
    "goal": LAST_STEP,
    "stride": MOST_STRIDE,
    "frames": MOST_FRAMES,
    "index": 2**31,
}


def parse(message: object) -> Ask | None:
    """The ask in a message from the browser; None where it is anything else, which is then not answered."""
    if not isinstance(message, dict) or set(message) != {field.name for field in fields(Ask)}:
        return None
    if not isinstance(message["run"], str) or len(message["run"]) > 64:
        return None
    if not all(type(message[key]) is int and 0 <= message[key] <= most for key, most in LIMITS.items()):
        return None
    if not isinstance(message["deed"], str) or message["deed"] not in (*DEEDS, PEEK):
        return None
    for place in (message["value"], message["other"]):
        if type(place) not in (int, float) or not abs(place) <= LARGEST:
            return None
    look = parse_look(message["look"])
    return look and Ask(**message | {"look": look})


def answer(scene: Scene, ask: Ask) -> bytes:
    """Take the scene's run where `ask` wants it, and pack what is seen on the way.

    Ends early when the time budget is spent, which shrinks with the number of sessions that play, and at the last
    finite step where the loss diverges. A picture that will stand still is a fine one, those that only pass by are
    coarse. No ask leaps ahead of where the run has been.
    """
    with LOAD.turn(scene.name) as seconds:
        scene.crowded, scene.spent = LOAD.crowded, _time_of(seconds)
        return _answer(scene, ask)


def _time_of(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds of work are spent, or `BUDGET` has gone by.

    Where others have the core, an answer that counted their time as well would hold little, and cost as much to send.
    """
    worked, gone = time.thread_time() + seconds, time.perf_counter() + BUDGET
    return lambda: time.thread_time() > worked or time.perf_counter() > gone


def _answer(scene: Scene, ask: Ask) -> bytes:
    ask = replace(ask, start=max(scene.run.first, min(ask.start, scene.run.reached)))
    scene.look = ask.look
    if ask.deed == PEEK:
        return _peek(scene, ask)
    if ask.deed or scene.pending:
        scene.run.seek(ask.start)
        scene.apply_change()
        do(scene, ask.deed, ask.index, ask.value, ask.other)
        ask = replace(ask, start=scene.run.state.step)
    else:
        scene.edited = None
    frames, halted = [], False
    for fine, targets in _handfuls(scene, ask):
        moments, halted = _pass(scene.run, ask.start, targets, scene.spent)
        if moments:
            frames += pictures(scene, scene.look, moments, fine=fine)
        if halted:
            frames.append(picture(scene, scene.look, fine=True))
        if scene.run.state.step != targets[-1] or scene.spent():
            break
    LOAD.serve(len(frames))
    return pack({"run": scene.name, "ask": ask.number, "halted": halted}, frames)


def _handfuls(scene: Scene, ask: Ask) -> Iterator[tuple[bool, list[int]]]:
    """The targets of an ask, as many at a time as are drawn together, and whether their pictures will stand still."""
    run = scene.run

    def kind(target: int) -> tuple[bool, int]:
        return target in (ask.start, ask.goal), run.rule(min(target, run.reached))[0]

    for (fine, _), alike in groupby(ask.targets, kind):
        while targets := list(islice(alike, scene.together)):
            yield fine, targets


def _pass(run: Run, start: int, targets: list[int], spent: Callable[[], bool]) -> tuple[list[Moment], bool]:
    """Take `run` by the targets, or as far as time allows: where it stood, and whether the loss diverged after that."""
    moments = []
    for target in targets:
        try:
            arrived = _go(run, start, target, spent)
        except Diverged:
            return moments, True
        moments.append(moment_of(run))
        if not arrived:
            break
    return moments, False


def opening(scene: Scene) -> bytes:
    """The present picture and the history before it, for a stage that has seen nothing of this run yet."""
    history = scene.trail.rows(before=scene.run.state.step)
    return pack(
        {"run": scene.name, "ask": 0, "halted": False, "history": history}, [picture(scene, scene.look, fine=True)]
    )


def _peek(scene: Scene, ask: Ask) -> bytes:
    """The network at another place of the slice; the run stays where it is."""
    state = scene.run.seek(ask.start)
    theta = place_on(slice_of(scene, ask.look, state), state, ask.value, ask.other)
    with np.errstate(over="ignore", invalid="ignore"):
        frames = network_pictures(scene, theta[None], [moment_of(scene.run)], FINE)
    return pack({"run": scene.name, "ask": ask.number, "halted": False, "peek": [ask.value, ask.other]}, frames)


def _go(run: Run, start: int, target: int, spent: Callable[[], bool]) -> bool:
    """Take `run` to `target`, or as far from `start` as time allows; whether it got there."""
    if not start <= run.state.step <= target:
        run.seek(start)
    while run.state.step < target:
        run.approach(target)
        if run.state.step < target and spent():
            return False
    return True


def pack(header: dict, frames: list[Picture]) -> bytes:
    """Header and frames as bytes: the length of a JSON text (uint32, little-endian), the text, then all arrays.

    The JSON tells for each frame its numbers and, as `arrays`, each array's name, type and length. Every array
    starts at a multiple of four bytes.
    """
    told = [
        numbers | {"arrays": [[name, TYPES[array.dtype], array.size] for name, array in arrays.items()]}
        for numbers, arrays in frames
    ]
    text = _padded(_json(header | {"frames": told}).encode(), b" ")
    data = b"".join(_padded(array.tobytes(), b"\0") for _, arrays in frames for array in arrays.values())
    return len(text).to_bytes(4, "little") + text + data


def _json(value: object) -> str:
    """As JSON knows no infinity, what is not finite is null; it is looked for only where there is any."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), separators=(",", ":"), allow_nan=False)


def _padded(data: bytes, filler: bytes) -> bytes:
    return data + filler * (-len(data) % 4)


def _finite(value: object) -> object:
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
