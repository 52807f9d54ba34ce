"""Every epoch sees every example once, in an order that is a function of the seed and the epoch."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine import State, Training, batch, steps_per_epoch
from playground.engine.batches import batch_length, following


def passed(training, n, steps, epoch=0, position=0):
    """The rows of `steps` steps one after another, and where they lead."""
    every = []
    for _ in range(steps):
        state = State(np.zeros(1), np.zeros(0), epoch=epoch, position=position)
        every.append(np.arange(n)[batch(state, training, n)].tolist())
        epoch, position = following(batch_length(training, n), n, epoch, position)
    return every, (epoch, position)


@settings(derandomize=True, deadline=None)
@given(data=st.data(), n=st.integers(1, 60), epoch=st.integers(0, 5), seed=st.integers(0, 2**32 - 1))
def test_an_epoch_visits_every_row_exactly_once(data, n, epoch, seed):
    training = Training(batch_size=data.draw(st.none() | st.integers(1, n)), seed=seed)
    batches, then = passed(training, n, steps_per_epoch(training, n), epoch)
    assert sorted(chain(*batches)) == list(range(n))
    assert {len(rows) for rows in batches[:-1]} <= {training.batch_size}
    assert then == (epoch + 1, 0)


def test_a_thousand_examples_in_batches_of_ten_make_a_hundred_steps():
    assert steps_per_epoch(Training(batch_size=10), 1000) == 100


def test_the_last_batch_takes_what_is_left():
    assert [len(rows) for rows in passed(Training(batch_size=8), 30, 5)[0]] == [8, 8, 8, 6, 8]


def test_each_epoch_has_an_order_of_its_own():
    batches, _ = passed(Training(batch_size=8), 30, 20)
    orders = [tuple(chain(*batches[i : i + 4])) for i in range(0, 20, 4)]
    assert len({*orders, tuple(range(30))}) == 6


def test_another_size_in_the_middle_of_an_epoch_still_sees_the_rest_of_it():
    first, then = passed(Training(batch_size=8), 30, 2)
    rest, end = passed(Training(batch_size=5), 30, 3, *then)
    assert sorted(chain(*first, *rest)) == list(range(30))
    assert end == (1, 0)


def test_a_full_batch_in_the_middle_of_an_epoch_is_one_epoch_more():
    (rows,), then = passed(Training(batch_size=None), 30, 1, 3, 16)
    assert rows == list(range(30))
    assert then == (4, 16)


def test_many_seeds_have_the_order_of_each():
    training = Training(batch_size=8)
    many = batch(State(np.zeros((2, 1)), np.zeros(0), epoch=3, position=8, seeds=(4, 9)), training, 30)
    for rows, seed in zip(many, (4, 9), strict=True):
        alone = batch(State(np.zeros(1), np.zeros(0), epoch=3, position=8), Training(batch_size=8, seed=seed), 30)
        assert np.array_equal(rows, alone)


def test_no_order_can_be_spoiled_by_who_reads_it():
    with pytest.raises(ValueError, match="read-only"):
        batch(State(np.zeros(1), np.zeros(0)), Training(batch_size=8), 30)[0] = 0


@pytest.mark.parametrize("training", [Training(batch_size=None), Training(batch_size=30)], ids=["None", "30"])
def test_a_batch_of_all_is_all(training):
    assert steps_per_epoch(training, 30) == 1
    assert batch(State(np.zeros(1), np.zeros(0)), training, 30) == slice(None)


@pytest.mark.parametrize("size", [31, 10**6])
def test_a_batch_larger_than_the_data_is_refused(size):
    with pytest.raises(ValueError, match=rf"^batch_size is {size:,}, but there are 30 examples; .* None\.$"):
        steps_per_epoch(Training(batch_size=size), 30)
