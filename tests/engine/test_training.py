"""How a network learns is a value, and an impossible one is refused by the field."""

import math

import numpy as np
import pytest

from playground.engine import Network, Training, start


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("loss", ["", "MSE", "huber!", None, 1, ["mse"]]),
        ("optimizer", ["", "Adam", "rmsprop!", None, 1, {}]),
        ("learning_rate", [0, -0.1, math.nan, math.inf, 1.1e6, "0.1", None, True, 1j]),
        ("batch_size", [0, -1, 1.0, math.nan, "32", "full", True, 10**6 + 1]),
        ("init", ["", "Xavier", "random!", None, 0]),
        ("l1", [-1e-9, math.nan, math.inf, 1.1e6, "0", None, False]),
        ("l2", [-1e-9, math.nan, math.inf, 1.1e6, "0", None, False]),
        ("seed", [-1, 2**32, 0.0, "0", None, True, math.nan]),
        ("bias", [math.nan, math.inf, -1.1e6, 1.1e6, "0", True]),
        ("keep_zeros", [None, 2, "True"]),
        ("dropout", [-0.1, 0.91, 1, math.nan, "0.5", None, False]),
        ("clip", [0, -1, 1.1e9, math.nan, math.inf, "1", True]),
        ("schedule", ["", "Cosine", None, 1]),
        ("schedule_steps", [0, -1, 1.0, 10**9 + 1, math.inf, "10", None]),
        ("rule", ["", "Perceptron", None, "hebb"]),
    ],
)
def test_an_impossible_training_is_refused_by_the_field(field, values):
    for value in values:
        with pytest.raises(ValueError, match=rf"^{field} must be .*\.$") as refusal:
            Training(**{field: value})
        assert str(refusal.value).endswith(f"not {value!r}.")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("learning_rate", [1e-9, 1e6]),
        ("batch_size", [1, 10**6, None]),
        ("l1", [0, 1e6]),
        ("l2", [0, 1e6]),
        ("seed", [0, 2**32 - 1]),
        ("bias", [-1e6, 1e6, None]),
        ("keep_zeros", [False, True]),
        ("dropout", [0, 0.9]),
        ("clip", [1e-9, 1e9, None]),
        ("schedule_steps", [1, 10**9]),
    ],
)
def test_the_ends_of_a_range_belong_to_it(field, values):
    assert [getattr(Training(**{field: value}), field) for value in values] == values


def test_numpy_numbers_are_numbers():
    training = Training(learning_rate=np.float64(0.1), batch_size=np.int64(32), seed=np.uint32(0))
    assert training == Training()


@pytest.mark.parametrize(
    ("field", "meaning"),
    [("batch_size", "for the whole training set"), ("bias", "for that of init"), ("clip", "for no limit")],
)
def test_a_refusal_tells_where_none_is_an_answer_too(field, meaning):
    with pytest.raises(ValueError, match=f"^{field} must be .*, or None {meaning}, not 'x'"):
        Training(**{field: "x"})


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (Network(2, (3,), 1), r"^rule is 'perceptron', which needs hidden to be empty, not \(3,\)\.$"),
        (Network(2, (), 3, output="softmax"), r"^output of a perceptron must be one of step, .* not 'softmax'\.$"),
    ],
)
def test_a_perceptron_is_neurons_side_by_side_that_fire_or_not(network, sentence):
    with pytest.raises(ValueError, match=sentence):
        start(network, Training(rule="perceptron"))
