"""How long the engine takes: a step, many seeds and a loss surface beside the usual ways, and a frame."""

import time
import timeit
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from playground.engine import (
    Network,
    Training,
    batch,
    landscape,
    loss,
    planes,
    start,
    start_many,
    step,
    steps_per_epoch,
)
from playground.engine.tape import walker
from playground.experiment import Config, Experiment, build
from playground.stage import Scene
from playground.stage.frames import pack
from playground.stage.pictures import picture
from tests.benchmarks.table import table

try:
    import torch
except ImportError:  # a figure beside ours, where it happens to be installed
    torch = None

SURFACES = {  # (net, points a side): at most so many milliseconds, at least so many times faster than the loop
    ("(4,2)", 25): (2, 6),
    ("(8,8,8)", 25): (6, 3),
    ("(8,8,8)", 61): (40, 3),
    ("6×8", 25): None,
}

Array = np.ndarray
Task = Callable[[], object]

DRAWN = {"(4,2)": (4, 2), "(8,8,8)": (8, 8, 8), "6×8": (8,) * 6}
NETS = DRAWN | {"(64,64)": (64, 64)}
BATCHES = (10, 30, None)  # None: all samples
TOGETHER = (8, 64)  # seeds
WALK = 100  # steps in one go
BLOCK = 0.005  # seconds of calls that are timed as one
BLOCKS = 41  # for each figure


def report() -> None:
    """Print the four tables, measured with one BLAS thread as in the app."""
    with threadpool_limits(limits=1):
        print(steps())
        print(seeds())
        print(surfaces())
        print(frames())


def steps() -> str:
    """One gradient step as a run takes it, beside `step` and what other libraries need for it."""
    title = "One gradient step: 250 samples, 2 inputs, tanh, 1 sigmoid output, plain SGD, float64 (median CPU time)"
    heads = [
        "net",
        "batch",
        "a step",
        "an epoch",
        "`step`",
        "scikit-learn",
        "ratio",
        *(["PyTorch", "ratio"] if torch else []),
    ]
    return table(title, heads, "<" + ">" * (len(heads) - 1), _step_rows())


def _step_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in NETS.items():
        for size in BATCHES:
            experiment = plain(hidden, size)
            others = [partial_fitting(experiment), *([torch_stepping(experiment)] if torch else [])]
            walked, ours, *theirs = medians(walking(experiment), stepping(experiment), *others)
            ours_now = walked / WALK
            epoch = ours_now * steps_per_epoch(experiment.training, len(experiment.data.train.x))
            yield (
                *(name, str(size or "full"), micro(ours_now), micro(epoch), micro(ours)),
                *(cell for other in theirs for cell in (micro(other), f"{other / ours_now:.1f}×")),
            )


def micro(seconds: float) -> str:
    return f"{1e6 * seconds:,.1f} µs"


def seeds() -> str:
    """Many seeds together, beside one after another."""
    title = "Many seeds together: µs for one step of one network (median CPU time)"
    heads = ("net", "batch", *(f"{n} together" for n in TOGETHER), "one by one, `step`", "recorded", "ratio of 64")
    return table(title, heads, "<" + ">" * (len(heads) - 1), _seed_rows())


def _seed_rows() -> Iterator[tuple[str, ...]]:
    for name, size in (("(4,2)", 10), ("(8,8,8)", 10), ("(8,8,8)", None)):
        experiment = plain(NETS[name], size)
        *many, alone, walked = medians(
            *(stepping(experiment, n) for n in TOGETHER), stepping(experiment), walking(experiment)
        )
        each = [time / n for time, n in zip(many, TOGETHER, strict=True)]
        figures = [*each, alone, walked / WALK]
        yield (
            name,
            str(size or "full"),
            *map(micro, figures),
            f"{alone / each[-1]:.1f}×, {walked / WALK / each[-1]:.1f}×",
        )


def surfaces() -> str:
    """The loss surface in one call, beside a loop over its points."""
    title = "Loss surface: exact on 250 samples, float32, beside a loop over its points in float64 (median CPU time)"
    return table(title, ("net", "points", "playground", "loop", "ratio", "target", "met"), "<>>>><<", _surface_rows())


def _surface_rows() -> Iterator[tuple[str, ...]]:
    for (name, side), target in SURFACES.items():
        ours, loop = medians(*surface_and_loop(plain(DRAWN[name]), side))
        yield (
            name,
            f"{side}×{side}",
            f"{1e3 * ours:.2f} ms",
            f"{1e3 * loop:.1f} ms",
            f"{loop / ours:.1f}×",
            *_verdict(target, 1e3 * ours, loop / ours),
        )


def _verdict(target: tuple[int, int] | None, milliseconds: float, ratio: float) -> tuple[str, str]:
    if target is None:
        return "", ""
    most, least = target
    return f"< {most} ms, ≥ {least}×", "yes" if milliseconds < most and ratio >= least else "NO"


def frames() -> str:
    """One whole frame as it is computed and packed while playing."""
    title = "Frame while playing: numbers, every neuron's picture, decision boundary, loss surface (median CPU time)"
    return table(title, ("net", "computed in", "packed in", "on the wire"), "<>>>", _frame_rows())


def _frame_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in DRAWN.items():
        scene = Scene(plain(hidden), "benchmark")
        scene.run.seek(100)
        computing = partial(picture, scene, scene.look, fine=False)
        packing = partial(pack, {}, [computing()])
        computed, packed = medians(computing, packing)
        yield name, f"{1e3 * computed:.2f} ms", f"{1e3 * packed:.2f} ms", f"{len(packing()):,} bytes"


def plain(hidden: tuple[int, ...], batch_size: int | None = None) -> Experiment:
    """The default data, 250 samples of it for training, and plain gradient descent."""
    return build(Config(hidden=hidden, batch=batch_size, optimizer="sgd", lr=0.03))


def walking(experiment: Experiment) -> Task:
    """`WALK` steps further with every call, as a run goes."""
    walk = walker(experiment.network, experiment.training, experiment.data.train.x, experiment.data.train.y)
    state = start(experiment.network, experiment.training)

    def advance() -> None:
        nonlocal state
        state, _ = walk(state, WALK)

    return advance


def stepping(experiment: Experiment, seeds: int = 0) -> Task:
    """One `step` further with every call: of one network, or of as many as there are `seeds`."""
    network, training, data = experiment.network, experiment.training, experiment.data
    state = start_many(network, training, range(seeds)) if seeds else start(network, training)

    def advance() -> None:
        nonlocal state
        state = step(state, network, training, data.train.x, data.train.y)

    return advance


def torch_stepping(experiment: Experiment) -> Task:
    """The same step by PyTorch, with its automatic derivatives, on a batch it is handed."""
    x, y = (torch.from_numpy(values) for values in first_batch(experiment))
    sizes = [*experiment.network.hidden, 1]
    layers = [
        part
        for fan_in, fan_out in pairwise([x.shape[1], *sizes])
        for part in (torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh())
    ]
    model, loss = torch.nn.Sequential(*layers[:-1]).double(), torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), experiment.training.learning_rate)
    target = y.double()[:, None]

    def advance() -> None:
        optimizer.zero_grad()
        loss(model(x), target).backward()
        optimizer.step()

    return advance


def first_batch(experiment: Experiment) -> tuple[Array, Array]:
    """The examples of the first step, x (size, inputs) and y (size,)."""
    x, y = experiment.data.train.x, experiment.data.train.y
    rows = batch(start(experiment.network, experiment.training), experiment.training, len(x))
    return x[rows], y[rows]


def partial_fitting(experiment: Experiment) -> Task:
    """The same step by scikit-learn; it is handed the batch and need not choose it."""
    x, y = first_batch(experiment)
    model = MLPClassifier(
        experiment.network.hidden,
        activation=experiment.network.activation,
        solver="sgd",
        momentum=0,
        alpha=0,
        learning_rate_init=experiment.training.learning_rate,
        batch_size=len(x),
        shuffle=False,
    )
    model.partial_fit(x, y, classes=[0, 1])
    return partial(model.partial_fit, x, y)


def surface_and_loop(experiment: Experiment, side: int) -> tuple[Task, Task]:
    """Two ways to the loss surface around the start, `side` points a side, which agree."""
    network, training, data = experiment.network, experiment.training, experiment.data
    plane = planes.random_plane(network, start(network, training).theta)
    a = np.linspace(-1, 1, side)
    double = (plane.origin, plane.d1, plane.d2, a, a, data.train.x)
    single = [array.astype(np.float32) for array in double]
    ours = partial(landscape.surface, network, training, *single, data.train.y)
    loop = partial(loop_over_points, network, training, *double, data.train.y)
    np.testing.assert_allclose(ours(), loop(), rtol=1e-4)
    return ours, loop


def loop_over_points(
    network: Network, training: Training, theta: Array, d1: Array, d2: Array, a: Array, b: Array, x: Array, y: Array
) -> Array:
    """What `landscape.surface` does, as one writes it first."""
    return np.array([[loss(network, training, theta + u * d1 + v * d2, x, y) for v in b] for u in a])


def medians(*tasks: Task) -> Array:
    """Seconds of processor time in a call of each task: medians of short blocks.

    The tasks take turns, so that noise hits all alike; time in which other processes had the core does not count.
    """
    timers = [timeit.Timer(task, timer=time.process_time) for task in tasks]
    for timer in timers:
        timer.timeit(3)  # the first calls fill caches
    calls = [max(1, round(BLOCK * 3 / timer.timeit(3))) for timer in timers]
    blocks = [[timer.timeit(n) / n for timer, n in zip(timers, calls, strict=True)] for _ in range(BLOCKS)]
    return np.median(blocks, axis=0)
