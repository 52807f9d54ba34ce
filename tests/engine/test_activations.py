"""Every activation and its derivative tell the same story; every output is what its name promises."""

import numpy as np
import pytest

from playground.engine import ACTIVATIONS, OUTPUTS
from playground.engine.activations import Activation

ALL = {f"activation {key}": each for key, each in ACTIVATIONS.items()} | {
    f"output {key}": OUTPUTS[key] for key in OUTPUTS
}
JOINT = [key for key, each in ALL.items() if each.joint]
ELEMENTWISE = [key for key in ALL if key not in JOINT]

H = 1e-5
Z = np.linspace(-8, 8, 120).reshape(40, 3)  # an even number of points: none on the kink of ReLU at 0


def jacobian(f, z):
    """∂fᵢ/∂zⱼ (n, k, k) at each row of z (n, k), by central differences."""
    columns = [(f(z + nudge) - f(z - nudge)) / (2 * H) for nudge in H * np.eye(z.shape[-1])]
    return np.stack(columns, -1)


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_the_derivative_is_the_slope_of_the_function(key):
    f, df = ALL[key].f, ALL[key].df
    assert df(Z, f(Z)) == pytest.approx((f(Z + H) - f(Z - H)) / (2 * H), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_a_neuron_answers_to_its_own_sum_alone(key):
    f = ALL[key].f
    assert np.array_equal(f(Z)[:, 1], f(Z[:, 1]))


@pytest.mark.parametrize("key", JOINT)
def test_a_joint_derivative_is_the_whole_jacobian(key):
    f, df = ALL[key].f, ALL[key].df
    assert df(Z, f(Z)) == pytest.approx(jacobian(f, Z), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("key", ALL)
def test_pull_is_the_chain_rule(key):
    upstream = np.random.default_rng(0).normal(size=Z.shape)
    expected = np.einsum("ni,nij->nj", upstream, jacobian(ALL[key].f, Z))
    assert ALL[key].pull(Z, ALL[key].f(Z), upstream) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_pull_blames_each_sum_for_every_output_it_reached():
    """Softmax's Jacobian is symmetric, so it could not tell a wrong way round."""
    first_reaches_both = np.array([[1.0, 0.0], [2.0, 1.0]])  # ∂aᵢ/∂zⱼ
    mix = Activation("mix", lambda z: z @ first_reaches_both.T, lambda z, a: first_reaches_both, joint=True)
    z = np.array([[3.0, 4.0]])
    assert mix.pull(z, mix.f(z), np.array([[0.0, 1.0]])).tolist() == [[2, 1]]


@pytest.mark.parametrize("key", ALL)
def test_many_networks_at_once_are_pulled_one_by_one(key):
    f, pull = ALL[key].f, ALL[key].pull
    z, upstream = np.random.default_rng(1).normal(size=(2, 4, 5, 3))
    together = pull(z, f(z), upstream)
    for i in range(4):
        assert together[i] == pytest.approx(pull(z[i], f(z[i]), upstream[i]), rel=1e-12)


@pytest.mark.parametrize("key", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(key, dtype):
    z = Z.astype(dtype)
    a = ALL[key].f(z)
    assert a.dtype == ALL[key].df(z, a).dtype == ALL[key].pull(z, a, a).dtype == dtype


@pytest.mark.parametrize("key", ALL)
def test_extreme_sums_overflow_nothing(key):
    z = np.array([[-1000.0, 0.0, 1000.0], [1000.0, 1000.0, 1000.0], [-1000.0, -1000.0, -1000.0]])
    a = ALL[key].f(z)
    assert np.isfinite(a).all()
    assert np.isfinite(ALL[key].df(z, a)).all()


def test_sigmoid_is_symmetric_about_one_half():
    sigmoid = ACTIVATIONS["sigmoid"].f
    assert sigmoid(-Z) == pytest.approx(1 - sigmoid(Z), abs=1e-15)
    assert sigmoid(np.zeros(1)) == 0.5


def test_tanh_is_a_sigmoid_stretched_to_both_signs():
    assert ACTIVATIONS["tanh"].f(Z) == pytest.approx(2 * ACTIVATIONS["sigmoid"].f(2 * Z) - 1, abs=1e-15)


def test_relu_lets_only_positive_sums_through():
    assert ACTIVATIONS["relu"].f(np.array([-2.0, -0.0, 0.0, 3.0])).tolist() == [0, 0, 0, 3]


def test_softmax_shares_out_one():
    a = OUTPUTS["softmax"].f(Z)
    assert a.sum(-1) == pytest.approx(1)
    assert (a > 0).all()


def test_softmax_of_two_is_the_sigmoid_of_their_difference():
    assert OUTPUTS["softmax"].f(Z[:, :2])[:, 0] == pytest.approx(OUTPUTS["sigmoid"].f(Z[:, 0] - Z[:, 1]))


@pytest.mark.parametrize("shift", [-1000, 1, 1000])
def test_softmax_only_compares(shift):
    assert OUTPUTS["softmax"].f(Z + shift) == pytest.approx(OUTPUTS["softmax"].f(Z), rel=1e-9)
