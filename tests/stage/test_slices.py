"""The slice of the landscape: every value on it is a loss, and what is said of it is true."""

from dataclasses import replace

import numpy as np
import pytest

from playground.engine import batch, gradient, loss, step
from playground.experiment import Config, build
from playground.stage import slices
from playground.stage.deeds import do
from playground.stage.look import LOSSES_OF, Look
from playground.stage.pictures import surface_pictures
from playground.stage.scene import FINE, Scene
from playground.stage.slices import NOT_FINITE, PLANES, encode, losses_along, material, place_on, slice_of, surface_of

LOOKS = [Look(plane, picks=(3, 9, 20)) for plane in PLANES] + [Look("weights", picks=(5, 5, 0))]
EVERY_LOOK = pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.plane)


def scene_at(step, **changes):
    scene = Scene(build(replace(Config(), **changes)), "run")
    for shown in range(step + 1):
        state = scene.run.seek(shown)
        scene.trail.remember(shown, [0.0, 0.0], state.theta)
    return scene


@EVERY_LOOK
@pytest.mark.parametrize("of", LOSSES_OF)
@pytest.mark.parametrize("penalty", [True, False])
def test_every_value_drawn_is_the_loss_at_its_place(look, of, penalty):
    scene = scene_at(30, l1=0.002, l2=0.01, data="blobs")
    look, state = replace(look, of=of, penalty=penalty), scene.run.state
    surface = surface_of(scene, look, state, 7)
    data, training = scene.experiment.data, scene.experiment.training
    rows = batch(state, training, len(data.train.x))
    x, y = {
        "train": (data.train.x, data.train.y),
        "test": (data.test.x, data.test.y),
        "batch": (data.train.x[rows], data.train.y[rows]),
    }[of]
    rule = training if penalty else replace(training, l1=0, l2=0)
    for i in range(0, len(surface.a), 3):
        for j in range(0, len(surface.b), 3):
            theta = place_on(surface.slice, state, surface.a[i], surface.b[j])
            exact = loss(scene.run.network, rule, theta, x, y)
            assert surface.losses[i, j] == pytest.approx(exact, rel=1e-4)
    assert surface.here == loss(scene.run.network, rule, state.theta, x, y)


@EVERY_LOOK
def test_the_present_weights_are_inside_what_is_shown(look):
    scene = scene_at(0, lr=1.0)
    for shown in (0, 5, 128, 400, 2000):
        state = scene.run.seek(shown)
        scene.trail.remember(shown, [0.0, 0.0], state.theta)
        surface = surface_of(scene, look, state, 5)
        assert surface.a[0] <= surface.at[0] <= surface.a[-1]
        assert surface.b[0] <= surface.at[1] <= surface.b[-1]
        assert surface.path[-1] == pytest.approx(surface.at, abs=1e-9)


@EVERY_LOOK
def test_a_slice_goes_through_the_present_weights_or_says_how_far_they_are_from_it(look):
    scene = scene_at(30)
    surface, state = surface_of(scene, look, scene.run.state, 5), scene.run.state
    nearest = place_on(surface.slice, state, *surface.at)
    if surface.slice.anchored:
        assert np.linalg.norm(state.theta - nearest) == pytest.approx(surface.off, abs=1e-9)
    else:
        np.testing.assert_allclose(nearest, state.theta, atol=1e-12)
        axes = np.stack([surface.slice.plane.d1, surface.slice.plane.d2])
        way = scene.run.at(0).theta - state.theta
        left = way - np.linalg.lstsq(axes.T, way, rcond=None)[0] @ axes
        assert np.linalg.norm(left) == pytest.approx(surface.off)


def test_the_plane_of_the_first_steps_holds_most_of_their_movement():
    scene = scene_at(0)
    chosen = slice_of(scene, Look(), scene.run.state)
    moves = scene.scouted - scene.scouted[0]
    assert (chosen.plane.position(scene.scouted) ** 2).sum() / (moves**2).sum() > 0.9


def test_the_plane_of_the_first_steps_costs_one_of_them_at_least_and_no_more_where_each_is_much_work():
    for changes, steps in (({}, 128), ({"hidden": (16,) * 6, "n": 5000, "split": 90, "optimizer": "line-search"}, 1)):
        scene = Scene(build(replace(Config(), **changes)), "run")
        assert np.array_equal(scene.scouted[-1], scene.run.seek(steps).theta)


def test_two_weights_are_drawn_at_their_values():
    scene = scene_at(12)
    surface = surface_of(scene, Look("weights", picks=(2, 7, 0)), scene.run.state, 5)
    assert surface.at == pytest.approx(scene.run.state.theta[[2, 7]])


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (0, "x₁ → 1.1"),
        (6, "x₂ → 1.3"),
        (9, "bias of 1.2"),
        (12, "1.1 → 2.1"),
        (21, "bias of 2.2"),
        (24, "bias of output"),
    ],
)
def test_a_parameter_has_a_name(index, name):
    scene = scene_at(0)
    assert scene.parameter_name(index) == name
    assert scene_at(0, data="blobs", hidden=()).parameter_name(1) == "x₁ → blue"


def test_a_line_between_two_steps_has_one_at_0_and_the_other_at_1():
    scene = scene_at(30)
    chosen = slice_of(scene, Look("line", picks=(4, 25, 0)), scene.run.state)
    for place, shown in ((0, 4), (1, 25)):
        np.testing.assert_allclose(place_on(chosen, scene.run.state, place, 0), scene.run.at(shown).theta, atol=1e-12)


def test_a_line_to_another_seed_ends_at_what_that_seed_has_learned():
    scene = scene_at(30)
    chosen = slice_of(scene, Look("seeds", picks=(11, 0, 0)), scene.run.state)
    training = replace(scene.experiment.training, seed=11)
    other = replace(scene.experiment, training=training).run().seek(30)
    np.testing.assert_allclose(place_on(chosen, scene.run.state, 1, 0), other.theta, atol=1e-12)
    np.testing.assert_allclose(place_on(chosen, scene.run.state, 0, 0), scene.run.state.theta)


def test_a_seed_that_diverges_stands_where_its_loss_was_last_finite():
    wild = {"data": "plane", "loss": "half-mse", "optimizer": "sgd", "batch": None, "activation": "relu"}
    scene = scene_at(0, **wild, hidden=(), lr=0.01)
    twin = scene.twin(11)
    twin.change(replace(twin.training, learning_rate=1e4))
    scene.spent = lambda: False
    chosen = slice_of(scene, Look("seeds", picks=(11, 0, 0)), scene.run.seek(1000))
    assert 0 < twin.state.step < 1000
    assert chosen.plane.note == f"The other seed stands at step {twin.state.step}: its loss is not finite after that."


def test_downhill_is_downhill():
    scene = scene_at(30)
    surface, state = surface_of(scene, Look("gradient"), scene.run.state, 5), scene.run.state
    _, g = gradient(scene.run.network, scene.run.training, state.theta, scene.run.x, scene.run.y)
    assert surface.slice.plane.d1 == pytest.approx(-g / np.linalg.norm(g))


def test_the_growing_path_is_fitted_anew_and_a_kept_one_stays():
    scene = scene_at(10)
    growing, kept = Look("path"), Look("frozen", picks=(10, 0, 0))
    before = [slice_of(scene, look, scene.run.state).plane.d1 for look in (growing, kept)]
    state = scene.run.seek(60)
    scene.trail.remember(60, [0.0, 0.0], state.theta)
    after = [slice_of(scene, look, state).plane.d1 for look in (growing, kept)]
    assert not np.array_equal(before[0], after[0])
    assert np.array_equal(before[1], after[1])


def test_the_arrows_are_the_gradient_of_the_next_batch_and_the_step_itself():
    scene = scene_at(30)
    run, state, look = scene.run, scene.run.state, Look("weights", picks=(2, 7, 0))
    ((told, _),) = surface_pictures(scene, look, [state], FINE)
    rows = batch(state, run.training, len(run.x))
    _, g = gradient(run.network, run.training, state.theta, run.x[rows], run.y[rows])
    following = step(state, run.network, run.training, run.x, run.y)
    expected = [*(-0.1 * g)[[2, 7]], *(following.theta - state.theta)[[2, 7]]]
    assert told["moves"] == pytest.approx(expected)
    assert run.seek(31).theta == pytest.approx(following.theta)


@pytest.mark.parametrize("plane", ["ahead", "weights", "line"])
def test_of_weights_near_overflow_there_is_a_slice_without_a_warning(plane):
    scene = scene_at(3, data="plane", loss="mse")
    state = replace(scene.run.state, theta=np.full(25, 1.7e308))
    surface = surface_of(scene, Look(plane, picks=(0, 1, 2)), state, 5)
    assert not np.isfinite(surface.here)


def test_larger_data_are_drawn_by_a_seeded_sample_and_it_is_said():
    scene = scene_at(0, n=5000, split=50, batch=32)
    _, x, y, samples = material(scene, Look(), scene.run.state)
    assert (len(x), len(y), samples) == (2000, 2000, 2000)
    assert np.array_equal(material(scene, Look(), scene.run.state)[1], x)
    rows = {row.tobytes() for row in scene.run.x}
    assert all(row.tobytes() in rows for row in x)
    assert material(scene_at(0), Look(), scene.run.state)[3] == 0


def test_the_losses_along_the_path_are_those_of_its_states():
    scene = scene_at(12, l2=0.1)
    heights = losses_along(scene, Look(), scene.run.state)
    for shown in (0, 5, 12):
        state = scene.run.at(shown)
        assert heights[shown] == pytest.approx(
            loss(scene.run.network, scene.run.training, state.theta, scene.run.x, scene.run.y)
        )


@EVERY_LOOK
@pytest.mark.parametrize("shown", [0, 1, 2])
def test_a_run_of_hardly_a_step_has_every_slice(look, shown):
    surface = surface_of(scene := scene_at(shown), look, scene.run.state, 5)
    assert np.isfinite(surface.losses).all()


@EVERY_LOOK
def test_a_dead_network_has_every_slice_and_the_note_says_what_is_missing(look):
    scene = scene_at(5, activation="relu", hidden=(3,))
    do(scene, "edit", 0, 0.0, 0)
    scene.run.edit(np.zeros(scene.run.network.n_parameters))
    surface = surface_of(scene, look, scene.run.state, 5)
    assert np.isfinite(surface.losses).all()
    if look.plane == "random":
        assert "zero" in surface.slice.plane.note


def test_an_edit_or_a_change_lays_the_slices_anew():
    scene = scene_at(20)
    slice_of(scene, Look("line", picks=(4, 20, 0)), scene.run.state)
    do(scene, "edit", 0, 3.0, 0)
    chosen = slice_of(scene, Look("line", picks=(4, 20, 0)), scene.run.state)
    np.testing.assert_allclose(place_on(chosen, scene.run.state, 1, 0), scene.run.state.theta, atol=1e-12)


def test_slices_kept_are_bounded():
    scene = scene_at(30)
    for first in range(25):
        slice_of(scene, Look("weights", picks=(first, 0, 0)), scene.run.state)
    assert len(scene.slices) == slices.MOST_SLICES


def test_a_jump_lands_on_the_place_looked_at_once_however_often_it_is_asked():
    scene = scene_at(20)
    scene.look = Look("random", picks=(4, 0, 0))
    before = scene.run.state
    goal = place_on(slice_of(scene, scene.look, before), before, 0.5, -0.25)
    for _ in range(2):
        do(scene, "jump", 77, 0.5, -0.25)
        np.testing.assert_allclose(scene.run.state.theta, goal)
    assert scene.run.state.step == 20
    do(scene, "undo", 1, 0, 0)
    assert scene.run.state is before


def test_the_surface_holds_infinite_and_missing_losses():
    codes, limits = encode(np.array([[1.0, np.inf], [np.nan, 100.0]]))
    assert codes.tolist() == [0, NOT_FINITE, NOT_FINITE, 65534]
    assert limits == pytest.approx([1, 100])
    assert encode(np.full((2, 2), np.nan))[0].tolist() == [NOT_FINITE] * 4
