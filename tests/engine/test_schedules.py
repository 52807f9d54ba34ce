"""A schedule is a factor on the learning rate and a function of the step alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine import SCHEDULES, Training

SPANS = st.integers(1, 10**6)
FALLING = ["step", "exponential", "cosine", "inverse"]


def factor(key, t, span):
    return Training(schedule=key, schedule_steps=span, learning_rate=1.0).rate(t)


@pytest.mark.parametrize("key", SCHEDULES)
@given(t=st.integers(0, 10**9), span=SPANS)
def test_a_factor_lies_between_nothing_and_all(key, t, span):
    assert 0 <= factor(key, t, span) <= 1


@pytest.mark.parametrize("key", FALLING)
@given(t=st.integers(0, 10**6), span=SPANS)
def test_the_falling_ones_start_whole_and_never_rise(key, t, span):
    assert factor(key, 0, span) == 1
    assert factor(key, t + 1, span) <= factor(key, t, span)


@given(t=st.integers(0, 10**9), span=SPANS)
def test_constant_stays(t, span):
    assert factor("constant", t, span) == 1


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("step", [1, 1, 0.5, 0.25]),
        ("exponential", [1, math.exp(-0.5), math.exp(-1), math.exp(-2)]),
        ("cosine", [1, 0.5, 0, 0]),
        ("inverse", [1, 2 / 3, 0.5, 1 / 3]),
        ("warm-up", [0.01, 0.51, 1, 1]),
    ],
)
def test_where_each_stands_at_the_start_in_the_middle_at_the_end_and_after_two_spans(key, expected):
    assert [factor(key, t, 100) for t in (0, 50, 100, 200)] == pytest.approx(expected, abs=1e-12)


def test_a_warm_up_grows_evenly():
    rates = [factor("warm-up", t, 5) for t in range(7)]
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1, 1])


@pytest.mark.parametrize("key", SCHEDULES)
def test_the_factor_is_on_the_learning_rate(key):
    training = Training(learning_rate=0.3, schedule=key, schedule_steps=10)
    assert training.rate(7) == pytest.approx(0.3 * factor(key, 7, 10))


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_every_schedule_has_a_formula_and_a_sentence(schedule):
    assert schedule.formula
    assert schedule.note[0].isupper()
    assert schedule.note.endswith(".")
