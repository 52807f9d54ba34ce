"""Every activation and its derivative tell the same story; every output is what its name promises."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playground.engine import ACTIVATIONS, OUTPUTS
from playground.engine.activations import Activation

ALL = {f"activation {key}": each for key, each in ACTIVATIONS.items()} | {
    f"output {key}": OUTPUTS[key] for key in OUTPUTS
}
every_key = pytest.mark.parametrize("key", ALL)
JOINT = [key for key, each in ALL.items() if each.joint]
ELEMENTWISE = [key for key in ALL if key not in JOINT]

H = 1e-5
Z = np.linspace(-8, 8, 120).reshape(40, 3)  # an even number of points: none at a kink
SUMS = st.floats(-1e4, 1e4)


def jacobian(f, z):
    """∂fᵢ/∂zⱼ (n, k, k) at each row of z (n, k), by central differences."""
    columns = [(f(z + nudge) - f(z - nudge)) / (2 * H) for nudge in H * np.eye(z.shape[-1])]
    return np.stack(columns, -1)


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_the_derivative_is_the_slope_of_the_function(key):
    f, df = ALL[key].f, ALL[key].df
    assert df(Z, f(Z)) == pytest.approx((f(Z + H) - f(Z - H)) / (2 * H), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("key", ELEMENTWISE)
@settings(derandomize=True, deadline=None)
@given(z=st.floats(-50, 50))
def test_the_derivative_is_the_slope_wherever_there_is_one(key, z):
    f, df, z = ALL[key].f, ALL[key].df, np.array([z])
    assume(all(abs(z[0] - kink) > H for kink in ALL[key].kinks))
    assert df(z, f(z)) == pytest.approx((f(z + H) - f(z - H)) / (2 * H), rel=1e-5, abs=2 * H)


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_at_a_kink_and_only_there_the_slope_on_the_left_is_not_that_on_the_right(key):
    z = np.union1d(np.linspace(-8, 8, 321), ALL[key].kinks)
    left, right = ((ALL[key].f(z + side * H) - ALL[key].f(z)) / (side * H) for side in (-1, 1))
    assert z[np.abs(left - right) > 1e-3].tolist() == list(ALL[key].kinks)
    at = np.array(ALL[key].kinks, float)
    between = [np.isclose(ALL[key].df(at, ALL[key].f(at)), ALL[key].df(at + side * H, 0)) for side in (-1, 1)]
    assert np.logical_or(*between).all()


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_a_neuron_answers_to_its_own_sum_alone(key):
    f = ALL[key].f
    assert np.array_equal(f(Z)[:, 1], f(Z[:, 1]))


@pytest.mark.parametrize("key", JOINT)
def test_a_joint_derivative_is_the_whole_jacobian(key):
    f, df = ALL[key].f, ALL[key].df
    assert df(Z, f(Z)) == pytest.approx(jacobian(f, Z), rel=1e-6, abs=1e-9)


@every_key
def test_pull_is_the_chain_rule(key):
    upstream = np.random.default_rng(0).normal(size=Z.shape)
    expected = np.einsum("ni,nij->nj", upstream, jacobian(ALL[key].f, Z))
    assert ALL[key].pull(Z, ALL[key].f(Z), upstream) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_pull_blames_each_sum_for_every_output_it_reached():
    """Softmax's Jacobian is symmetric, so it could not tell a wrong way round."""
    first_reaches_both = np.array([[1.0, 0.0], [2.0, 1.0]])  # ∂aᵢ/∂zⱼ
    mix = Activation(
        "mix", lambda z: z @ first_reaches_both.T, lambda z, a: first_reaches_both, "", (0, 0), "", joint=True
    )
    z = np.array([[3.0, 4.0]])
    assert mix.pull(z, mix.f(z), np.array([[0.0, 1.0]])).tolist() == [[2, 1]]


@every_key
def test_many_networks_at_once_are_pulled_one_by_one(key):
    f, pull = ALL[key].f, ALL[key].pull
    z, upstream = np.random.default_rng(1).normal(size=(2, 4, 5, 3))
    together = pull(z, f(z), upstream)
    for i in range(4):
        assert together[i] == pytest.approx(pull(z[i], f(z[i]), upstream[i]), rel=1e-12)


@every_key
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(key, dtype):
    z = Z.astype(dtype)
    a = ALL[key].f(z)
    assert a.dtype == ALL[key].df(z, a).dtype == ALL[key].pull(z, a, a).dtype == dtype


@every_key
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [0, 1e-30, 100, 1e4])
def test_extreme_sums_overflow_nothing(key, dtype, size):
    z = size * np.array([[-1, 0, 1], [1, 1, 1], [-1, -1, -1]], dtype)
    a = ALL[key].f(z)
    assert np.isfinite(a).all()
    assert np.isfinite(ALL[key].df(z, a)).all()


# --- what a learner may read about them


@every_key
@settings(derandomize=True, deadline=None)
@given(z=st.lists(SUMS, min_size=2, max_size=4))
def test_no_activation_leaves_its_range(key, z):
    low, high = ALL[key].range
    for dtype in (np.float32, np.float64):
        a = ALL[key].f(np.array(z, dtype))
        assert (low <= a).all()
        assert (a <= high).all()


@every_key
def test_every_activation_fills_its_range(key):
    z = np.concatenate([-np.logspace(4, -3, 3000), [0], np.logspace(-3, 4, 3000)])
    a = ALL[key].f(np.stack([z, -z], -1))
    for end, reached in zip(ALL[key].range, (a.min(), a.max()), strict=True):
        assert abs(reached) >= 100 if math.isinf(end) else reached == pytest.approx(end, abs=2e-4)


@every_key
@given(z=SUMS)
def test_no_activation_makes_more_than_twice_as_much_of_a_sum(key, z):
    """A run counts on it when it asks whether a loss can have overflowed."""
    assert (np.abs(ALL[key].f(np.array([z, -z]))) <= 2 * max(1, abs(z))).all()


@every_key
def test_every_activation_has_a_formula_and_a_sentence(key):
    formula, note = ALL[key].formula, ALL[key].note
    assert formula.startswith("a")
    assert formula.count("{") == formula.count("}")
    assert note[0].isupper()
    assert note.endswith(".")


def test_keys_are_words_for_links_and_lists():
    assert all(key == key.lower() and not set(key) & set(", &=") for key in ACTIVATIONS)


# --- what they are known for


def test_sigmoid_is_symmetric_about_one_half():
    sigmoid = ACTIVATIONS["sigmoid"].f
    assert sigmoid(-Z) == pytest.approx(1 - sigmoid(Z), abs=1e-15)
    assert sigmoid(np.zeros(1)) == 0.5


def test_tanh_is_a_sigmoid_stretched_to_both_signs():
    assert ACTIVATIONS["tanh"].f(Z) == pytest.approx(2 * ACTIVATIONS["sigmoid"].f(2 * Z) - 1, abs=1e-15)


@pytest.mark.parametrize("smooth", ["gelu", "silu", "mish", "softplus", "elu"])
def test_far_from_zero_the_smooth_ones_are_relu(smooth):
    z = np.array([-40.0, 40.0])
    assert ACTIVATIONS[smooth].f(z) == pytest.approx(ACTIVATIONS["relu"].f(z), abs=1 if smooth == "elu" else 1e-12)


def test_softplus_is_what_the_sigmoid_adds_up_to():
    softplus, sigmoid = ACTIVATIONS["softplus"], ACTIVATIONS["sigmoid"]
    assert softplus.f(Z) - softplus.f(-Z) == pytest.approx(Z, abs=1e-14)
    assert softplus.df(Z, softplus.f(Z)) == pytest.approx(sigmoid.f(Z), abs=1e-15)


def test_selu_keeps_the_mean_and_the_variance_of_a_normal_signal():
    """The fixed point of Klambauer et al., by summing over the standard normal density."""
    z = np.linspace(-12, 12, 400_001)
    density = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    a = ACTIVATIONS["selu"].f(z)
    assert density @ a == pytest.approx(0, abs=1e-6)
    assert density @ a**2 == pytest.approx(1, abs=1e-6)


def test_gelu_is_a_sum_times_the_share_of_smaller_ones():
    z = np.array([-1.0, 0.5, 2.0])
    smaller = (np.random.default_rng(0).normal(size=(200_000, 1)) <= z).mean(0)
    assert ACTIVATIONS["gelu"].f(z) == pytest.approx(z * smaller, abs=0.005)


def test_a_step_is_on_from_zero_up_and_lets_no_gradient_through():
    step, z = ACTIVATIONS["step"], np.array([-2.0, -1e-9, 0.0, 3.0])
    assert step.f(z).tolist() == [0, 0, 1, 1]
    assert not step.df(z, step.f(z)).any()


def test_relu_lets_only_positive_sums_through():
    assert ACTIVATIONS["relu"].f(np.array([-2.0, -0.0, 0.0, 3.0])).tolist() == [0, 0, 0, 3]


def test_leaky_relu_lets_a_hundredth_of_a_negative_sum_through():
    assert ACTIVATIONS["leaky-relu"].f(np.array([-100.0, 0.0, 3.0])).tolist() == [-1, 0, 3]


def test_softmax_shares_out_one():
    a = OUTPUTS["softmax"].f(Z)
    assert a.sum(-1) == pytest.approx(1)
    assert (a > 0).all()


def test_softmax_of_two_is_the_sigmoid_of_their_difference():
    assert OUTPUTS["softmax"].f(Z[:, :2])[:, 0] == pytest.approx(OUTPUTS["sigmoid"].f(Z[:, 0] - Z[:, 1]))


@pytest.mark.parametrize("shift", [-1000, 1, 1000])
def test_softmax_only_compares(shift):
    assert OUTPUTS["softmax"].f(Z + shift) == pytest.approx(OUTPUTS["softmax"].f(Z), rel=1e-9)
