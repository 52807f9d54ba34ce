"""How long the engine takes: a gradient step, a loss surface, a frame, each beside the usual way of getting it."""

import timeit
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from playground.engine import batch, landscape, loss, start, step
from playground.experiment import Config, Experiment, build
from playground.stage import Scene
from playground.stage.frames import pack
from playground.stage.pictures import SURFACE, picture
from tests.benchmarks.table import table

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
    title = "One gradient step: 250 samples, 2 inputs, tanh, 1 sigmoid output, plain SGD, float64 (medians)"
    return table(title, ("net", "batch", "playground", "scikit-learn", "ratio"), "<>>>>", _step_rows())


def _step_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in NETS.items():
        for size in BATCHES:
            it = experiment(hidden, size)
            ours, theirs = medians(stepping(it), partial_fitting(it))
            yield name, str(size or "full"), f"{1e6 * ours:.1f} µs", f"{1e6 * theirs:.0f} µs", f"{theirs / ours:.1f}×"


def surfaces() -> str:
    """The loss surface in one call, beside a loop over its points."""
    title = f"Loss surface: {SURFACE}×{SURFACE} points, exact on 250 samples, float32 on both sides (medians)"
    return table(title, ("net", "playground", "loop over the points", "ratio"), "<>>>", _surface_rows())


def _surface_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in DRAWN.items():
        ours, loop = medians(*surface_and_loop(experiment(hidden)))
        yield name, f"{1e3 * ours:.2f} ms", f"{1e3 * loop:.1f} ms", f"{loop / ours:.1f}×"


def frames() -> str:
    """One whole frame as it is computed and packed while playing."""
    title = "Frame while playing: losses, scores, every neuron's picture, decision boundary, loss surface (medians)"
    return table(title, ("net", "computed in", "packed in", "on the wire"), "<>>>", _frame_rows())


def _frame_rows() -> Iterator[tuple[str, ...]]:
    for name, hidden in DRAWN.items():
        scene = Scene(experiment(hidden), "benchmark")
        scene.run.seek(100)
        computing = partial(picture, scene, fine=False)
        packing = partial(pack, {}, [computing()])
        computed, packed = medians(computing, packing)
        yield name, f"{1e3 * computed:.2f} ms", f"{1e3 * packed:.2f} ms", f"{len(packing()):,} bytes"


def experiment(hidden: tuple[int, ...], batch_size: int | None = None) -> Experiment:
    """The default data, 250 samples of it for training, and plain gradient descent."""
    return build(Config(hidden=hidden, batch=batch_size, optimizer="sgd", lr=0.03))


def stepping(it: Experiment) -> Task:
    """One step further with every call, from batch to batch."""
    state = start(it.network, it.training)

    def advance() -> None:
        nonlocal state
        state = step(state, it.network, it.training, it.data.train_x, it.data.train_y)

    return advance


def partial_fitting(it: Experiment) -> Task:
    """The same step by scikit-learn; it is handed the batch and need not choose it."""
    rows = batch(it.training, 0, len(it.data.train_x))
    x, y = it.data.train_x[rows], it.data.train_y[rows]
    model = MLPClassifier(
        it.network.hidden,
        activation=it.network.activation,
        solver="sgd",
        momentum=0,
        alpha=0,
        learning_rate_init=it.training.learning_rate,
        batch_size=len(x),
        shuffle=False,
    )
    model.partial_fit(x, y, classes=[0, 1])
    return partial(model.partial_fit, x, y)


def surface_and_loop(it: Experiment) -> tuple[Task, Task]:
    """Two ways to the same loss surface."""
    scene = Scene(it, "benchmark")
    x, theta = it.data.train_x.astype(np.float32), scene.origin.astype(np.float32)
    d1, d2 = scene.d1.astype(np.float32), scene.d2.astype(np.float32)
    a, b = (
        np.linspace(low, high, SURFACE, dtype=np.float32) for low, high in zip(*scene.box(np.zeros(2)), strict=True)
    )
    ways = [
        partial(way, it.network, it.training, theta, d1, d2, a, b, x, it.data.train_y)
        for way in (landscape.surface, loop_over_points)
    ]
    np.testing.assert_allclose(ways[0](), ways[1](), rtol=1e-3)
    return tuple(ways)


def loop_over_points(network, training, theta, d1, d2, a, b, x, y) -> Array:
    """What `landscape.surface` does, as one writes it first."""
    return np.array([[loss(network, training, theta + u * d1 + v * d2, x, y) for v in b] for u in a])


def medians(*tasks: Task) -> Array:
    """Seconds a call of each task takes: medians of short blocks, in turn, so that noise hits all tasks alike."""
    timers = [timeit.Timer(task) for task in tasks]
    for timer in timers:
        timer.timeit(3)  # the first calls fill caches
    calls = [max(1, round(BLOCK * 3 / timer.timeit(3))) for timer in timers]
    blocks = [[timer.timeit(n) / n for timer, n in zip(timers, calls, strict=True)] for _ in range(BLOCKS)]
    return np.median(blocks, axis=0)
