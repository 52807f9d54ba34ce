"""What the loss surface shows is what it was given."""

import numpy as np
import pytest

from playground.figures import LIGHT, describe_surface, surface_3d

A = np.array([-1.0, 0.0, 0.5, 2.0])
B = np.array([10.0, 20.0, 30.0])
LOSSES = 1 + 0.1 * np.arange(4)[:, None] + 0.01 * np.arange(3)  # (4, 3), no symmetry to hide behind
PATH = np.array([[2.0, 30.0, 1.32], [0.5, 20.0, 1.21], [0.0, 10.0, 1.1]])
HERE = PATH[-1]
HEIGHT = LOSSES.max() - LOSSES.min()


def drawn(losses=LOSSES, path=PATH, here=HERE, theme=LIGHT, **options):
    return surface_3d(A, B, losses, path, here, theme=theme, **options)


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def test_every_loss_stands_above_its_own_place():
    surface = drawn().data[0]
    standing = {(x, y): surface.z[j][i] for i, x in enumerate(surface.x) for j, y in enumerate(surface.y)}
    assert standing == {(a, b): LOSSES[i, j] for i, a in enumerate(A) for j, b in enumerate(B)}
    np.testing.assert_array_equal(surface.surfacecolor, surface.z)


@pytest.mark.parametrize(("name", "points"), [("path", PATH), ("start", PATH[:1]), ("present weights", HERE[None])])
def test_the_path_its_start_and_its_end_float_just_above_the_ground(name, points):
    trail = trace(drawn(), name)
    np.testing.assert_array_equal(np.c_[trail.x, trail.y, trail.customdata], points)
    lift = trail.z - points[:, 2]
    assert (lift > 0).all()
    assert (lift < 0.05 * HEIGHT).all()
    assert "%{customdata" in trail.hovertemplate  # the hover text tells the loss, not the lifted height


def test_start_and_present_point_differ_in_shape_not_in_colour_alone():
    figure = drawn()
    assert trace(figure, "start").marker.symbol != trace(figure, "present weights").marker.symbol


def test_a_run_without_a_path_still_has_a_surface():
    figure = drawn(path=np.empty((0, 3)))
    assert len(trace(figure, "path").x) == len(trace(figure, "start").x) == 0
    assert len(trace(figure, "present weights").x) == 1


def test_axes_are_named_in_words():
    scene = drawn().layout.scene
    assert [axis.title.text for axis in (scene.xaxis, scene.yaxis, scene.zaxis)] == [
        "direction 1",
        "direction 2",
        "training loss",
    ]
    named = drawn(title_a="gradient", title_b="momentum")
    assert (named.layout.scene.xaxis.title.text, named.layout.scene.yaxis.title.text) == ("gradient", "momentum")
    assert "gradient" in named.data[0].hovertemplate
    assert named.data[0].colorbar.title.text == "loss"


def test_the_camera_is_kept_until_the_revision_changes():
    assert drawn(revision="run 7").layout.uirevision == "run 7"
    assert drawn().layout.uirevision  # an empty revision would forget the camera at every update


@pytest.mark.parametrize(("largest", "kind"), [(100.0, None), (101.0, "log")])
def test_losses_more_than_a_hundredfold_apart_get_a_log_axis(largest, kind):
    losses = LOSSES.copy()
    losses[3, 2] = largest  # the lowest is 1
    figure = drawn(losses)
    assert figure.layout.scene.zaxis.type == kind
    assert ("log scale" in figure.layout.scene.zaxis.title.text) == (kind == "log")


def test_a_log_axis_keeps_the_losses_and_colours_their_exponents():
    losses = 10.0 ** np.linspace(-3, 2.5, 12).reshape(4, 3)
    figure = drawn(losses)
    np.testing.assert_array_equal(figure.data[0].z, losses.T)
    np.testing.assert_allclose(figure.data[0].surfacecolor, np.linspace(-3, 2.5, 12).reshape(4, 3).T)
    assert list(figure.data[0].colorbar.ticktext) == ["0.001", "0.01", "0.1", "1", "10", "100"]
    np.testing.assert_allclose(figure.data[0].colorbar.tickvals, range(-3, 3))
    np.testing.assert_allclose(figure.layout.scene.zaxis.tickvals, [float(t) for t in figure.data[0].colorbar.ticktext])
    on_it = np.array([[2.0, 30.0, losses[3, 2]], [0.5, 20.0, losses[2, 1]], [0.0, 10.0, losses[1, 0]]])
    ratio = trace(drawn(losses, path=on_it), "path").z / on_it[:, 2]
    assert (ratio > 1).all()
    np.testing.assert_allclose(ratio, ratio[0])  # lifted by an equal distance, which is an equal factor here


def test_a_log_axis_draws_a_loss_of_zero_at_the_lowest_positive_one_and_says_so():
    losses = LOSSES.copy()
    losses[3, 2], losses[1, 2] = 1000, 0
    figure = drawn(losses, path=[[0, 10, 0]], here=[0, 10, 0])
    assert figure.data[0].z[2][1] == 1
    assert "0 drawn at 1" in figure.layout.scene.zaxis.title.text
    assert np.isfinite(trace(figure, "path").z).all()
    assert trace(figure, "present weights").customdata[0] == 0


def test_a_step_that_lay_below_this_slice_is_drawn_on_it_and_tells_its_own_loss():
    between = np.array([[0.25, 15.0, 0.5], [5.0, 15.0, 0.5]])  # the second one beyond the edge
    path = trace(drawn(path=between), "path")
    corners = LOSSES[1:3, :2]
    assert path.z[0] - corners.mean() == pytest.approx(path.z[1] - 0.5) == pytest.approx(0.03 * HEIGHT)
    np.testing.assert_array_equal(path.customdata, [0.5, 0.5])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_not_finite_is_a_gap(bad):
    losses, path = LOSSES.copy(), PATH.copy()
    losses[3, 0] = path[1, 2] = bad
    figure = drawn(losses, path)
    np.testing.assert_array_equal(np.isnan(figure.data[0].z), ~np.isfinite(losses.T))
    np.testing.assert_array_equal(np.isnan(trace(figure, "path").z), [False, True, False])
    assert figure.layout.scene.zaxis.type is None
    assert not figure.layout.annotations


def test_a_slice_without_any_finite_loss_says_so():
    figure = drawn(np.full((4, 3), np.nan), here=[0, 10, np.inf])
    assert not figure.data[0].visible
    assert "no finite loss" in figure.layout.annotations[0].text


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("a", A[None]),
        ("b", B[None]),
        ("losses", LOSSES.T),
        ("path", PATH[:, :2]),
        ("path", 0.0),
        ("here", HERE[:2]),
    ],
)
def test_a_wrong_shape_is_named(name, wrong):
    given = {"a": A, "b": B, "losses": LOSSES, "path": PATH, "here": HERE} | {name: wrong}
    with pytest.raises(ValueError, match=f"^{name} has shape"):
        surface_3d(**given, theme=LIGHT)


def test_the_description_tells_the_range_the_present_loss_and_the_lowest_point():
    losses = LOSSES.copy()
    losses[2, 1] = 0.0213
    said = describe_surface(A, B, losses, HERE)
    for fact in ("between 0.0213 and 1.32;", "stand at 1.1.", "0.5 along direction 1", "20 along direction 2"):
        assert fact in said
    assert "0.5 along gradient and 20 along momentum" in describe_surface(
        A, B, losses, HERE, title_a="gradient", title_b="momentum"
    )


def test_the_description_counts_what_is_not_finite():
    losses = LOSSES.copy()
    losses[0, :2] = np.nan, -np.inf
    assert "between 1.02 and 1.32 (2 of 12 points are not finite)" in describe_surface(A, B, losses, HERE)
    nowhere = describe_surface(A, B, np.full((4, 3), np.inf), [0, 0, np.nan])
    assert "not finite at any of the 12 points" in nowhere
    assert "present weights have no finite loss" in nowhere
