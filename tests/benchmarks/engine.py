"""How long the engine takes: a gradient step and a loss surface beside the usual way to get them, and a whole frame."""

import time
import timeit
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from playground.engine import Network, Training, batch, landscape, loss, start, step
from playground.experiment import Config, Experiment, build
from playground.stage import Scene
from playground.stage.frames import pack
from playground.stage.pictures import picture
from tests.benchmarks.table import table

SURFACE = 25  # points a side

Array = np.ndarray
Task = Callable[[], object]

DRAWN = {"(4,2)": (4, 2), "(8,8,8)": (8, 8, 8), "6×8": (8,) * 6}
NETS = DRAWN | {"(64,64)": (64, 64)}
BATCHES = (10, 30, None)  # None: all samples
BLOCK = 0.005  # seconds of calls that are timed as one
BLOCKS = 41  # for each figure


def report() -> None:
    """Print the three tables, measured with one BLAS thread as in the app."""
    with threadpool_limits(limits=1):
        print(steps())
        print(surfaces())
        print(frames())


def steps() -> str:
    """One gradient step, beside scikit-learn's `partial_fit` on one batch."""
    title = "One gradient step: 250 samples, 2 inputs, tanh, 1 sigmoid output, plain SGD, float64 (median CPU time)"
    return table(title, ("net", "batch", "playground", "scikit-learn", "ratio"), "<>>>>", _step_rows())


def _step_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in NETS.items():
        for size in BATCHES:
            experiment = plain(hidden, size)
            ours, theirs = medians(stepping(experiment), partial_fitting(experiment))
            yield name, str(size or "full"), f"{1e6 * ours:.1f} µs", f"{1e6 * theirs:.0f} µs", f"{theirs / ours:.1f}×"


def surfaces() -> str:
    """The loss surface in one call, beside a loop over its points."""
    title = f"Loss surface: {SURFACE}×{SURFACE} points, exact on 250 samples, float32 on both sides (median CPU time)"
    return table(title, ("net", "playground", "loop over the points", "ratio"), "<>>>", _surface_rows())


def _surface_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in DRAWN.items():
        ours, loop = medians(*surface_and_loop(plain(hidden)))
        yield name, f"{1e3 * ours:.2f} ms", f"{1e3 * loop:.1f} ms", f"{loop / ours:.1f}×"


def frames() -> str:
    """One whole frame as it is computed and packed while playing."""
    title = "Frame while playing: numbers, every neuron's picture, decision boundary, loss surface (median CPU time)"
    return table(title, ("net", "computed in", "packed in", "on the wire"), "<>>>", _frame_rows())


def _frame_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in DRAWN.items():
        scene = Scene(plain(hidden), "benchmark")
        scene.run.seek(100)
        computing = partial(picture, scene, fine=False)
        packing = partial(pack, {}, [computing()])
        computed, packed = medians(computing, packing)
        yield name, f"{1e3 * computed:.2f} ms", f"{1e3 * packed:.2f} ms", f"{len(packing()):,} bytes"


def plain(hidden: tuple[int, ...], batch_size: int | None = None) -> Experiment:
    """The default data, 250 samples of it for training, and plain gradient descent."""
    return build(Config(hidden=hidden, batch=batch_size, optimizer="sgd", lr=0.03))


def stepping(experiment: Experiment) -> Task:
    """One step further with every call, from batch to batch."""
    state = start(experiment.network, experiment.training)

    def advance() -> None:
        nonlocal state
        state = step(state, experiment.network, experiment.training, experiment.data.train_x, experiment.data.train_y)

    return advance


def partial_fitting(experiment: Experiment) -> Task:
    """The same step by scikit-learn; it is handed the batch and need not choose it."""
    rows = batch(start(experiment.network, experiment.training), experiment.training, len(experiment.data.train_x))
    x, y = experiment.data.train_x[rows], experiment.data.train_y[rows]
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


def surface_and_loop(experiment: Experiment) -> tuple[Task, Task]:
    """Two ways to the loss surface around the start, which agree."""
    scene = Scene(experiment, "benchmark")
    x, theta = experiment.data.train_x.astype(np.float32), scene.origin.astype(np.float32)
    d1, d2 = scene.d1.astype(np.float32), scene.d2.astype(np.float32)
    a, b = np.linspace(*scene.box(np.zeros(2)), SURFACE, dtype=np.float32).T
    ways = [
        partial(way, experiment.network, experiment.training, theta, d1, d2, a, b, x, experiment.data.train_y)
        for way in (landscape.surface, loop_over_points)
    ]
    np.testing.assert_allclose(ways[0](), ways[1](), rtol=1e-3)
    return ways[0], ways[1]


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
