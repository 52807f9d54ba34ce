"""Which examples a step learns from: every epoch takes each of them once, in an order of its own."""

from functools import lru_cache

import numpy as np

from playground.engine.optimizers import OPTIMIZERS
from playground.engine.state import State
from playground.engine.training import Training

Array = np.ndarray


def batch_length(training: Training, n: int) -> int:
    """The examples in a step, of `n` in all; only the last step of an epoch may have fewer.

    Raises `ValueError` where `batch_size` is larger than `n`.
    """
    size = training.batch_size
    if size is not None and size > n:
        raise ValueError(f"batch_size is {size:,}, but there are {n:,} examples; it must be at most that, or None.")
    return n if size is None or OPTIMIZERS[training.optimizer].searches else size


def steps_per_epoch(training: Training, n: int) -> int:
    """How many steps it takes to see each of `n` examples once."""
    return -(-n // batch_length(training, n))


def batch(state: State, training: Training, n: int) -> Array | slice:
    """The rows, of `n`, that the step from `state` learns from: (size,), or (seeds, size) for many networks."""
    size = batch_length(training, n)
    if size == n:
        return slice(None)
    part = slice(state.position, state.position + size)
    if state.seeds:
        return _orders(state.seeds, state.epoch, n)[:, part]
    return order(training.seed, state.epoch, n)[part]


def following(length: int, n: int, epoch: int, position: int) -> tuple[int, int]:
    """The epoch and the position in it after a step on `length` of `n` examples, or on those left in the epoch."""
    seen = position + (length if length == n else min(length, n - position))
    return epoch + seen // n, seen % n


@lru_cache(maxsize=256)
def order(seed: int, epoch: int, n: int) -> Array:
    """A permutation (n,) of the examples, drawn from a stream apart from that of the weights."""
    drawn = np.random.default_rng((seed, *b"order", epoch)).permutation(n)
    drawn.flags.writeable = False
    return drawn


def draw(training: Training, n: int, epoch: int, steps: int) -> None:
    """Draw what so many steps from somewhere in an epoch need, so that none of it is drawn on the way."""
    if batch_length(training, n) < n:
        for each in range(epoch, epoch + steps // steps_per_epoch(training, n) + 2):
            order(training.seed, each, n)


@lru_cache(maxsize=8)
def _orders(seeds: tuple[int, ...], epoch: int, n: int) -> Array:
    return np.stack([order(seed, epoch, n) for seed in seeds])
