"""The parabola on screen is the loss, the arrow is the step."""

import numpy as np
import pytest

from playground.figures import LIGHT, describe_parabola, parabola, weights_around

PATH = [5.0, 4.2]
HEIGHTS = np.array([8.0, 2.88])
FACTS = PATH, HEIGHTS, 4.8, (3.72, 1.0368), 3.0


def drawn(**other):
    facts = dict(zip(("path", "path_losses", "slope", "following", "optimum"), FACTS, strict=True)) | other
    weights = np.linspace(0, 6, 31)
    return parabola(weights, (2 * weights - 6) ** 2 / 2, **facts, theme=LIGHT)


def test_what_is_drawn_is_what_was_given():
    loss, tangent, path, optimum = drawn().data
    np.testing.assert_allclose(loss.y, (2 * loss.x - 6) ** 2 / 2)
    assert np.ptp(tangent.y) / np.ptp(tangent.x) == pytest.approx(4.8)
    assert np.interp(4.2, tangent.x, tangent.y) == pytest.approx(2.88)
    np.testing.assert_array_equal(np.c_[path.x, path.y], np.c_[PATH, HEIGHTS])
    assert list(path.marker.size) == [7, 13]  # the present weight is the larger one
    assert (*optimum.x, *optimum.y) == (3, 0)


def test_the_step_is_an_arrow_from_here_to_the_next_weight():
    (arrow,) = drawn().layout.annotations
    assert (arrow.ax, arrow.ay, arrow.x, arrow.y) == (4.2, 2.88, 3.72, 1.0368)


def test_where_nothing_moves_there_is_no_arrow_and_without_an_input_no_optimum():
    figure = drawn(slope=0.0, following=(4.2, 2.88), optimum=None)
    assert not figure.layout.annotations
    assert len(figure.data) == 3


@pytest.mark.parametrize(("path", "following", "optimum"), [([5, 1], 4.9, 3), ([-1e9], 2e8, 0.0), ([5], 5, None)])
def test_everything_has_room(path, following, optimum):
    weights = weights_around(path, following, optimum)
    for w in (*path, following, *([] if optimum is None else [optimum])):
        assert weights[0] < w < weights[-1]
    assert np.diff(weights) == pytest.approx(np.ptp(weights) / (len(weights) - 1))


def test_a_path_without_a_point_is_refused():
    with pytest.raises(ValueError, match=r"^path has no point"):
        drawn(path=[], path_losses=[])


def test_the_description_tells_where_we_stand_and_what_comes_next():
    assert describe_parabola(*FACTS) == (
        "The loss is lowest at w = 3. We stand at w = 4.2 with a loss of 2.88 after 1 step; "
        "there it goes uphill to the right with a slope of 4.8, so the next step leads left to w = 3.72."
    )
    assert describe_parabola([5], [18], 0.0, (5, 18), None) == (
        "The loss is the same for every weight. We stand at w = 5 with a loss of 18 after 0 steps; "
        "there it is level, so the next step leads nowhere."
    )
