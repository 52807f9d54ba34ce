"""The articles' example, compared with the same sums done in fractions."""

from fractions import Fraction

import numpy as np
import pytest

from playground.engine.one_weight import LARGEST, OneWeight, behaviour, diverged

ARTICLE = OneWeight(x=2, y=6, rate=0.1)


def in_fractions(x, y, rate, w, steps):
    """The same descent, to the last digit: d/dw ½(wx − y)² = (wx − y)·x."""
    x, y, rate, w = (Fraction(str(number)) for number in (x, y, rate, w))
    for _ in range(steps):
        w -= rate * (w * x - y) * x
    return w


def walked(one, w, steps):
    for _ in range(steps):
        w = one.step(w)
    return w


def test_the_example_of_the_articles():
    assert ARTICLE.prediction(5) == 10
    assert ARTICLE.loss(5) == 8
    assert ARTICLE.slope(5) == 8
    assert ARTICLE.optimum == 3
    path = [walked(ARTICLE, 5, steps) for steps in range(4)]
    assert path == pytest.approx([5, 4.2, 3.72, 3.432], rel=1e-15)
    assert [float(in_fractions(2, 6, 0.1, 5, steps)) for steps in range(4)] == [5, 4.2, 3.72, 3.432]
    assert walked(ARTICLE, 5, 100) == pytest.approx(3, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "rate", "w"),
    [
        (2, 6, 0.1, 5),
        (2, 6, 0.25, 5),
        (2, 6, 0.45, -7),
        (2, 6, 0.6, 5),
        (-1.5, 4, 0.02, 0),
        (0, 6, 1, 5),
        (3, 0, 0.1, 1),
    ],
)
def test_every_step_is_that_of_the_fractions(x, y, rate, w):
    one = OneWeight(x, y, rate)
    for steps in range(25):
        assert walked(one, w, steps) == pytest.approx(float(in_fractions(x, y, rate, w, steps)), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.25, 0.4, 0.5, 0.6])
def test_a_step_multiplies_the_distance_by_the_factor(rate):
    one = OneWeight(2, 6, rate)
    for w in (-4.0, 2.5, 5.0):
        assert one.step(w) - one.optimum == pytest.approx(one.factor * (w - one.optimum), abs=1e-12)


@pytest.mark.parametrize(
    ("rate", "word"),
    [(0.01, "creeps"), (0.1, "creeps"), (0.25, "at once"), (0.45, "jumps"), (0.5, "for ever"), (0.55, "diverges")],
)
def test_the_factor_tells_what_happens(rate, word):
    one = OneWeight(2, 6, rate)
    assert behaviour(one.factor) == word
    distance = np.abs(np.array([walked(one, 5.0, steps) for steps in range(40)]) - 3)
    sides = np.sign(np.array([walked(one, 5.0, steps) for steps in range(20)]) - 3)
    assert {
        "creeps": (np.diff(distance) < 0).all() and (sides > 0).all(),
        "at once": (distance[1:] == 0).all(),
        "jumps": (np.diff(distance[:20]) < 0).all() and (sides[1:] == -sides[:-1]).all(),
        "for ever": distance == pytest.approx(2, abs=1e-12),
        "diverges": (np.diff(distance) > 0).all() and (sides[1:] == -sides[:-1]).all(),
    }[word]


def test_without_an_input_nothing_moves():
    one = OneWeight(0, 6, 1)
    assert behaviour(one.factor) == "still"
    assert one.optimum is None
    assert one.step(5) == 5
    assert one.loss(5) == 18


def test_decimals_that_cannot_be_written_in_binary_are_told_apart_all_the_same():
    assert behaviour(OneWeight(0.1, 1, 200).factor) == "for ever"
    assert behaviour(OneWeight(0.1, 1, 100).factor) == "at once"


def test_many_losses_are_the_losses_one_by_one():
    w = np.linspace(-5, 11, 9)
    assert ARTICLE.losses(w) == pytest.approx([ARTICLE.loss(at) for at in w])


@pytest.mark.parametrize(("w", "gone"), [(LARGEST, False), (-2 * LARGEST, True), (np.inf, True), (np.nan, True)])
def test_a_weight_that_has_left_all_bounds_is_found(w, gone):
    assert diverged(w) is gone


def test_a_rate_that_is_none_is_refused_by_name():
    with pytest.raises(ValueError, match=r"^learning_rate must be a number"):
        OneWeight(2, 6, -1).step(5)
