"""The curves shown are the functions, and their slopes are the slopes of what is shown."""

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, LOSSES
from playground.engine.shapes import SHOWN, activation_curve, loss_curve, losses_over, own_output

Z = np.linspace(-5, 5, 2001)


def smooth(values, slope):
    """Where the drawn derivative is the derivative of what is drawn: all but a few places next to kinks and jumps."""
    return np.isclose(np.gradient(values, Z), slope, atol=1e-3)


@pytest.mark.parametrize("key", SHOWN)
def test_the_slope_of_an_activation_is_that_of_its_curve(key):
    a, slope = activation_curve(SHOWN[key], Z)
    assert smooth(a, slope).sum() >= len(Z) - 8
    low, high = SHOWN[key].range
    assert low - 1e-4 <= a.min()
    assert a.max() <= high + 1e-4


def test_softmax_is_shown_as_one_share_of_three():
    share, _ = activation_curve(SHOWN["softmax"], Z)
    np.testing.assert_allclose(share, np.exp(Z) / (np.exp(Z) + 2))
    assert set(SHOWN) == {*ACTIVATIONS, "softmax"}


@pytest.mark.parametrize(("key", "output"), [(k, o) for o in ("identity", "sigmoid", "tanh") for k in losses_over(o)])
@pytest.mark.parametrize("label", [0, 1])
def test_the_slope_of_a_loss_is_that_of_its_curve(key, output, label):
    value, slope = loss_curve(LOSSES[key], output, Z, label)
    assert smooth(value, slope).sum() >= len(Z) - 8
    assert (value >= 0).all()


def test_every_loss_is_shown_over_something():
    assert {own_output(loss) for loss in LOSSES.values()} == {"identity", "sigmoid"}
    assert set(LOSSES) == {*losses_over("identity"), *losses_over("sigmoid")}


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
def test_a_wrong_answer_costs_more_than_a_right_one(output):
    for key in losses_over(output):
        for label, sign in ((1, 1), (0, -1)):
            value, _ = loss_curve(LOSSES[key], output, np.array([-4.0, 4.0]) * sign, label)
            assert value[0] > value[1]


def test_a_pair_that_does_not_go_together_is_refused():
    with pytest.raises(ValueError, match=r"^output is 'identity'; cross-entropy needs one of sigmoid, softmax"):
        loss_curve(LOSSES["cross-entropy"], "identity", Z, 0)
