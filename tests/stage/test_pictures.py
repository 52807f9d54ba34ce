"""Steps that are drawn together are drawn as each would be alone, their numbers to the bit."""

from dataclasses import replace

import numpy as np
import pytest

from playground.experiment import Config, build
from playground.stage.look import LOSSES_OF, Look
from playground.stage.pictures import moment_of, picture, pictures
from playground.stage.scene import SHARED, TOGETHER, Scene
from playground.stage.slices import PLANES

CHOICES = [
    {},
    {"hidden": ()},
    {"data": "blobs", "hidden": (8, 8, 8), "activation": ("relu", "tanh", "silu"), "l2": 0.01, "l1": 0.001},
    {"data": "plane", "loss": "mse", "optimizer": "sgd", "lr": 0.03, "batch": None, "validation": 20},
    {"data": "sine-1d", "loss": "huber", "optimizer": "momentum", "lr": 0.01, "batch": 7, "clip": 1.0},
    {"data": "digits", "hidden": (6,), "dropout": 0.2, "labels": 20},
    {"data": "iris", "optimizer": "rmsprop", "schedule": "cosine", "plane": (2, 3)},
]
STEPS = range(5, 9)  # over the end of an epoch of batches of 32 out of 250


def together(scene, look):
    moments = []
    for step in STEPS:
        scene.run.seek(step)
        moments.append(moment_of(scene.run))
    return pictures(scene, look, moments, fine=False)


def one_by_one(scene, look):
    for step in STEPS:
        scene.run.seek(step)
        yield picture(scene, look, fine=False)


def same(one, other):
    """The slice alone is rounded otherwise: its places are products of matrices of another shape."""
    (told, arrays), (others, other_arrays) = one, other
    assert {**told, "slice": 0} == {**others, "slice": 0}
    assert told["slice"].keys() == others["slice"].keys()
    for name, value in told["slice"].items():
        if isinstance(value, float | list) and name != "titles":
            np.testing.assert_allclose(value, others["slice"][name], rtol=1e-6, atol=1e-9, err_msg=name)
        else:
            assert value == others["slice"][name]
    for name, array in arrays.items():
        tolerance = {"surface": 2, "path": 1e-5}.get(name, 0)
        assert array.dtype == other_arrays[name].dtype
        np.testing.assert_allclose(array, other_arrays[name], rtol=0, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_steps_drawn_together_are_as_each_alone(choice):
    experiment = build(replace(Config(), **choice))
    one, other = Scene(experiment, "run"), Scene(experiment, "run")
    for drawn, alone in zip(together(one, Look()), one_by_one(other, Look()), strict=True):
        same(drawn, alone)


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("of", LOSSES_OF)
def test_whatever_slice_is_looked_at(plane, of):
    experiment, look = build(Config()), Look(plane, of, picks=(1, 2, 3))
    one, other = Scene(experiment, "run"), Scene(experiment, "run")
    for drawn, alone in zip(together(one, look), one_by_one(other, look), strict=True):
        same(drawn, alone)


def test_each_tells_how_far_the_run_had_come_by_then():
    told = [numbers for numbers, _ in together(Scene(build(Config()), "run"), Look())]
    assert [numbers["step"] for numbers in told] == [numbers["reached"] for numbers in told] == [*STEPS]
    assert [numbers["epoch"] for numbers in told] == [5 * 32 / 250, 6 * 32 / 250, 7 * 32 / 250, 1]


def test_a_large_network_is_drawn_step_by_step():
    small, large = (Scene(build(Config(hidden=hidden)), "run") for hidden in ((4, 2), (16,) * 6))
    assert small.together == TOGETHER
    assert large.together == 1
    assert large.run.network.n_parameters * 500 * 2 > SHARED
