"""A refusal is one sentence that names the field, what is allowed, and what came instead."""

import math
from fractions import Fraction

import numpy as np
import pytest

from playground.engine.checks import check_choice, check_number, check_whole


def sentence(check, *arguments):
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        check(*arguments)
    return str(refusal.value)


def test_a_choice_is_refused_with_the_menu():
    assert sentence(check_choice, "loss", "huber", {"mse": 1, "half-mse": 2}) == (
        "loss must be one of mse, half-mse, not 'huber'."
    )


@pytest.mark.parametrize("value", ["", "MSE", None, 3, ["mse"], {}])
def test_only_the_word_itself_is_a_choice(value):
    assert sentence(check_choice, "loss", value, ["mse"]) == f"loss must be one of mse, not {value!r}."


def test_a_number_is_refused_with_its_range():
    assert sentence(check_number, "l2", -0.5, 0, 10) == "l2 must be a number from 0 to 10, not -0.5."


def test_a_whole_number_is_refused_with_its_range():
    assert sentence(check_whole, "n", 1, 20, 5000) == "n must be a whole number from 20 to 5,000, not 1."
    assert sentence(check_whole, "seed", -1, 0) == "seed must be a whole number from 0 up, not -1."


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", None, True, 1j, [1]])
def test_what_is_no_number_is_refused(value):
    assert sentence(check_number, "l2", value, 0, 10).endswith(f"not {value!r}.")
    assert sentence(check_whole, "n", value, 0, 10).endswith(f"not {value!r}.")


@pytest.mark.parametrize("value", [0, 10, 2.5, Fraction(1, 3), np.float32(0.1), np.int64(3)])
def test_any_number_in_the_range_will_do_its_ends_too(value):
    check_number("l2", value, 0, 10)


@pytest.mark.parametrize("value", [0, 10, np.int64(3), np.uint8(4)])
def test_any_whole_number_in_the_range_will_do_its_ends_too(value):
    check_whole("n", value, 0, 10)


@pytest.mark.parametrize("value", [3.0, 2.5, np.float64(3)])
def test_a_decimal_is_not_a_count(value):
    assert "whole number" in sentence(check_whole, "n", value, 0, 10)
