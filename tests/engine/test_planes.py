"""Every plane is the one its definition names, and where something is missing it says so and goes on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from playground.engine import Network, Plane, Training, planes, start
from playground.engine.planes import gradient_plane, line, path_plane, random_plane, states_plane, weights_plane

RNG = np.random.default_rng(0)
PRECISE = settings(derandomize=True, deadline=None, max_examples=60)
SEEDS, SIZES = st.integers(0, 10**6), st.integers(2, 60)


def wander(steps, size, seed=0):
    return np.random.default_rng(seed).normal(size=(steps, size)).cumsum(0)


def several(count, size, seed):
    return np.random.default_rng(seed).normal(size=(count, size))


def basis(plane):
    return np.stack([plane.d1, plane.d2])


def orthonormal(plane):
    return basis(plane) @ basis(plane).T == pytest.approx(np.eye(2), abs=1e-12)


def told(plane, *words):
    """The note is one sentence, and holds `words`."""
    return plane.note.endswith(".") and plane.note.count(".") == 1 and all(word in plane.note for word in words)


def drawn_from_the_seed(make):
    """Equal for equal seeds, others for others; the axes that differ."""
    one, same, other = (basis(make(seed)) for seed in (3, 3, 4))
    assert np.array_equal(one, same)
    return (np.abs(one - other).max(1) > 0.01).tolist()


# --- positions on any plane


@PRECISE
@given(seed=SEEDS, size=SIZES)
def test_positions_are_least_squares_coordinates(seed, size):
    origin, d1, d2, *thetas = several(10, size, seed)
    found = Plane(origin, d1, d2).position(np.stack(thetas))
    expected = np.linalg.lstsq(np.stack([d1, d2], -1), (np.stack(thetas) - origin).T)[0].T
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


@PRECISE
@given(seed=SEEDS, size=SIZES)
def test_a_point_of_the_plane_has_the_coordinates_it_was_made_from_and_no_distance(seed, size):
    plane = Plane(*several(3, size, seed))
    at = several(1, 2, seed + 1)[0]
    assert plane.position(plane.at(*at)) == pytest.approx(at, rel=1e-6, abs=1e-6)
    assert plane.distance(plane.at(*at)) == pytest.approx(0, abs=1e-9)
    assert plane.position(plane.origin).tolist() == [0, 0]


def test_many_positions_at_once_are_each_one_alone():
    plane, thetas = Plane(*several(3, 9, 0)), RNG.normal(size=(4, 5, 9))
    assert plane.position(thetas).shape == (4, 5, 2)
    assert plane.distance(thetas).shape == (4, 5)
    assert plane.position(thetas)[1, 2] == pytest.approx(plane.position(thetas[1, 2]))
    assert plane.distance(thetas)[1, 2] == pytest.approx(plane.distance(thetas[1, 2]))


def test_distance_is_what_leaves_the_plane():
    plane = Plane(np.ones(4), np.array([2.0, 0, 0, 0]), np.array([1.0, 1, 0, 0]))  # neither unit nor orthogonal
    assert plane.distance(np.array([7.0, -5, 1 + 3, 1 - 4])) == pytest.approx(5)
    assert plane.position(np.array([1.0, 4, 9, 9])) == pytest.approx([-1.5, 3])


def test_share_is_the_part_of_the_squared_movement_in_the_plane():
    plane = Plane(np.zeros(3), *np.eye(3)[:2])
    path = np.array([[0.0, 0, 0], [3, 0, 0], [3, 0, 1], [3, 2, 3]])  # moves of 9, 1 across, 4 and 4 across
    assert plane.share(path) == pytest.approx(13 / 18)
    assert plane.share(1e200 * path) == pytest.approx(13 / 18)
    assert plane.share(path[:2]) == 1
    assert plane.share(path[1:3]) == 0


@pytest.mark.parametrize("still", [np.ones((1, 3)), np.ones((5, 3))])
def test_a_path_that_does_not_move_has_no_share(still):
    assert np.isnan(Plane(np.zeros(3), *np.eye(3)[:2]).share(still))


@PRECISE
@given(seed=SEEDS, size=SIZES, steps=st.integers(2, 20))
def test_a_share_is_between_nothing_and_all(seed, size, steps):
    assert 0 <= Plane(*several(3, size, seed)).share(wander(steps, size, seed + 1)) <= 1


def test_where_parameters_overflow_positions_are_not_numbers_and_say_no_more():
    plane = Plane(*several(3, 3, 0))
    assert not np.isfinite(plane.position(np.array([np.inf, 0, 0]))).all()
    assert not np.isfinite(plane.distance(np.array([np.inf, 0, 0])))
    assert np.isnan(plane.share(np.array([[np.inf, 0, 0], [np.nan, 0, 0]])))


@pytest.mark.parametrize("name", ["origin", "d1", "d2"])
def test_a_plane_of_numbers_that_are_not_finite_is_refused(name):
    vectors = dict(zip(("origin", "d1", "d2"), np.eye(3), strict=True))
    with pytest.raises(ValueError, match=rf"^{name} holds numbers that are not finite"):
        Plane(**vectors | {name: np.array([0, np.nan, 0])})


def test_directions_of_another_network_are_refused():
    with pytest.raises(ValueError, match=r"^d2 has shape \(2,\); it must be \(3,\)\.$"):
        Plane(np.zeros(3), np.ones(3), np.ones(2))


# --- two weights


def test_the_plane_of_two_weights_moves_these_and_no_other():
    theta = RNG.normal(size=9)
    plane = weights_plane(theta, 7, 2)
    assert np.flatnonzero(plane.at(3, -5) - theta).tolist() == [2, 7]
    assert (plane.at(3, -5) - theta)[[7, 2]] == pytest.approx([3, -5])
    assert plane.note == ""


def test_one_weight_twice_is_a_line():
    plane = weights_plane(np.zeros(4), 2, 2)
    assert basis(plane).tolist() == [[0, 0, 1, 0], [0, 0, 0, 0]]
    assert plane.position(np.array([0, 5, 7, 0])) == pytest.approx([7, 0])
    assert told(plane, "same parameter", "line")


@pytest.mark.parametrize(("numbers", "name"), [((-1, 0), "first"), ((0, 4), "second"), ((1.5, 0), "first")])
def test_a_weight_the_network_does_not_have_is_refused(numbers, name):
    with pytest.raises(ValueError, match=rf"^{name} must be a whole number from 0 to 3"):
        weights_plane(np.zeros(4), *numbers)


# --- the gradient and the last step


@PRECISE
@given(seed=SEEDS, size=SIZES)
def test_the_first_direction_is_downhill_and_the_second_the_last_step_across_it(seed, size):
    theta, gradient, last = several(3, size, seed)
    plane = gradient_plane(theta, gradient, last)
    assert orthonormal(plane)
    assert plane.d1 @ gradient == pytest.approx(-np.linalg.norm(gradient))
    assert plane.distance(theta - last) == pytest.approx(0, abs=1e-9)
    assert plane.d2 @ last >= 0
    assert plane.note == ""


@pytest.mark.parametrize("size", [1e-300, 1e-20, 1e300])
def test_the_length_of_a_gradient_does_not_matter(size):
    theta, gradient, last = several(3, 9, 0)
    assert basis(gradient_plane(theta, size * gradient, last)) == pytest.approx(
        basis(gradient_plane(theta, gradient, size * last))
    )


G, STEP = np.array([3.0, 4, 0, 0]), np.array([0.0, 0, 2, 0])


@pytest.mark.parametrize(
    ("gradient", "last", "words", "drawn"),
    [
        (G, None, ("no last step", "second"), [False, True]),
        (G, 0 * G, ("no last step", "second"), [False, True]),
        (G, -0.1 * G, ("along the gradient", "second"), [False, True]),
        (G, 7 * G, ("along the gradient", "second"), [False, True]),
        (0 * G, STEP, ("gradient is zero", "first"), [True, False]),
        (0 * G, None, ("gradient is zero", "no last step", "both"), [True, True]),
        (0 * G, 0 * G, ("gradient is zero", "no last step", "both"), [True, True]),
    ],
)
def test_what_the_gradient_and_the_last_step_leave_open_is_random(gradient, last, words, drawn):
    plane = gradient_plane(np.ones(4), gradient, last)
    assert orthonormal(plane)
    assert told(plane, *words)
    assert drawn_from_the_seed(lambda seed: gradient_plane(np.ones(4), gradient, last, seed)) == drawn


def test_a_dead_network_has_a_plane():
    network = Network(2, (3,), 1, "relu")
    theta = start(network, Training(init="zeros")).theta
    assert orthonormal(gradient_plane(theta, np.zeros_like(theta), None))
    assert told(random_plane(network, theta), "weights are zero")


# --- random directions


def test_each_neuron_moves_as_far_as_its_weights_are_long():
    network = Network(2, (2,), 1)
    #                 w11 w21 into the hidden neurons, b; then v, c
    theta = np.array([3.0, 0.6, 4.0, 0.8, 9.0, 9.0, 5.0, 12.0, 9.0])
    plane = random_plane(network, theta)
    for direction in basis(plane):
        assert np.linalg.norm(direction[[0, 2]]) == pytest.approx(5)  # the first neuron: weights 3 and 4
        assert np.linalg.norm(direction[[1, 3]]) == pytest.approx(1)  # the second: 0.6 and 0.8
        assert np.linalg.norm(direction[[6, 7]]) == pytest.approx(13)  # the output: 5 and 12
        assert direction[[4, 5, 8]].tolist() == [0, 0, 0]  # biases
    assert plane.note == ""
    assert drawn_from_the_seed(lambda seed: random_plane(network, theta, seed)) == [True, True]


@PRECISE
@given(seed=SEEDS, hidden=st.lists(st.integers(1, 6), max_size=3), inputs=st.integers(2, 4))
def test_every_filter_of_every_network_keeps_its_length(seed, hidden, inputs):
    network = Network(inputs, tuple(hidden), 2)
    theta = several(1, network.n_parameters, seed)[0]
    for direction in basis(random_plane(network, theta, seed)):
        for (weights, _), (moves, biases) in zip(network.layers(theta), network.layers(direction), strict=True):
            assert np.linalg.norm(moves, axis=0) == pytest.approx(np.linalg.norm(weights, axis=0))
            assert not biases.any()


def test_within_a_neuron_the_direction_is_that_of_a_bell_curve():
    network = Network(2, (200,), 1)
    theta = several(1, network.n_parameters, 0)[0]
    first = network.layers(random_plane(network, theta).d1)[0][0]
    angles = np.sort(np.arctan2(*first))
    assert np.diff(angles).max() < 0.3  # every way round, with 200 of them


@pytest.mark.parametrize(("silent", "words"), [([0], "1 neuron has"), ([0, 1], "2 neurons have")])
def test_neurons_without_weights_stay_as_they_are(silent, words):
    network = Network(2, (3,), 1)
    theta = several(1, network.n_parameters, 0)[0]
    network.layers(theta)[0][0][:, silent] = 0
    plane = random_plane(network, theta)
    assert not network.layers(plane.d1)[0][0][:, silent].any()
    assert network.layers(plane.d1)[0][0][:, 2].all()
    assert told(plane, words)


def test_where_all_weights_are_zero_directions_of_length_one_are_drawn():
    network = Network(2, (3,), 1)
    plane = random_plane(network, np.zeros(network.n_parameters))
    assert orthonormal(plane)
    assert told(plane, "weights are zero", "both")


@pytest.mark.parametrize("theta", [[2.0, 5.0], [0.0, 5.0]])
def test_the_smallest_network_has_two_directions(theta):
    plane = random_plane(Network(1, (), 1), np.array(theta))
    assert np.linalg.matrix_rank(basis(plane)) == 2
    assert told(plane)


def test_parameters_of_another_network_are_refused():
    with pytest.raises(ValueError, match=r"^theta has shape \(8,\); it must be \(9,\)\.$"):
        random_plane(Network(2, (2,), 1), np.zeros(8))


# --- the plane of a path


@pytest.mark.parametrize("size", [2, 3, 9, 100])
@pytest.mark.parametrize("steps", [3, 20])
def test_the_directions_are_the_principal_components_of_the_path(steps, size):
    path = wander(steps, size)
    plane = path_plane(path)
    for direction, component in zip(basis(plane), PCA(2).fit(path).components_, strict=True):
        assert abs(direction @ component) == pytest.approx(1)
    assert plane.note == ""
    assert np.array_equal(plane.origin, path[0])


@PRECISE
@given(seed=SEEDS, size=SIZES, steps=st.integers(4, 40))
def test_no_plane_through_the_middle_of_the_path_is_closer_to_it(seed, size, steps):
    path = wander(steps, size, seed)
    off = [((Plane(path.mean(0), *basis(plane)).distance(path)) ** 2).sum() for plane in _planes_near(path, seed)]
    assert off[0] <= min(off[1:]) * (1 + 1e-9) + 1e-9


def _planes_near(path, seed):
    best = path_plane(path)
    yield best
    for turn in 0.1 * np.random.default_rng(seed).normal(size=(3, 2, path.shape[1])):
        yield Plane(path[0], best.d1 + turn[0], best.d2 + turn[1])


STILL_PATHS = {
    "a point": np.ones((1, 9)),
    "a point of two": np.ones((1, 2)),
    "standing still": np.ones((5, 9)),
    "standing at zero": np.zeros((5, 2)),
    "rounding errors": 1e6 + 1e-12 * wander(6, 9),
}
STRAIGHT_PATHS = {
    "a line": np.linspace(0, 1, 6)[:, None] * np.arange(9),
    "a line in the plane": np.linspace(0, 1, 6)[:, None] * [3, 4],
    "two points": wander(2, 9),
    "a line with rounding errors": np.linspace(0, 1e5, 6)[:, None] * np.arange(9) + 1e-9 * wander(6, 9),
}
CURVED_PATHS = {
    "a path": wander(20, 9),
    "a path of one weight and its bias": wander(20, 2),
    "more points than parameters": wander(128, 3),
    "nearly a line": np.linspace(0, 1, 6)[:, None] * np.arange(9) + 1e-4 * wander(6, 9),
    "huge": 1e100 * wander(6, 9),
    "too large to be squared": 1e200 * wander(6, 9),
    "tiny": 1e-5 * wander(6, 9),
}


@pytest.mark.parametrize("path", STILL_PATHS.values(), ids=STILL_PATHS)
def test_a_path_that_stands_still_has_a_plane_drawn_from_the_seed(path):
    assert orthonormal(path_plane(path))
    assert told(path_plane(path), "does not move", "both")
    assert path.shape[1] == 2 or drawn_from_the_seed(lambda seed: path_plane(path, seed=seed)) == [True, True]


@pytest.mark.parametrize("path", STRAIGHT_PATHS.values(), ids=STRAIGHT_PATHS)
def test_a_straight_path_runs_along_the_first_direction(path):
    plane = path_plane(path)
    way = path[-1] - path[0]
    assert orthonormal(plane)
    assert plane.position(path[-1]) == pytest.approx([np.linalg.norm(way), 0], abs=1e-6 * np.linalg.norm(way))
    assert told(plane, "straight", "second")
    assert path.shape[1] == 2 or drawn_from_the_seed(lambda seed: path_plane(path, seed=seed)) == [False, True]


@pytest.mark.parametrize("path", CURVED_PATHS.values(), ids=CURVED_PATHS)
def test_any_other_path_spans_its_plane(path):
    assert orthonormal(path_plane(path))
    assert path_plane(path).note == ""


def test_the_second_component_of_a_nearly_straight_path_is_that_of_the_path():
    path = CURVED_PATHS["nearly a line"]
    for direction, component in zip(basis(path_plane(path)), PCA(2).fit(path).components_, strict=True):
        assert abs(direction @ component) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_a_path_runs_towards_larger_values(seed):
    path = wander(20, 9, seed)
    assert (path_plane(path).position(path[-1]) >= 0).all()


@PRECISE
@given(seed=SEEDS, steps=st.integers(1, 20), flips=st.tuples(*[st.sampled_from([-1, 1])] * 2))
def test_axes_point_where_they_pointed_before(seed, steps, flips):
    path = wander(steps + 1, 9, seed)
    before = path_plane(path[:-1])
    before = Plane(before.origin, flips[0] * before.d1, flips[1] * before.d2)
    after = path_plane(path, previous=before)
    assert orthonormal(after)
    assert (basis(after) * basis(before)).sum(-1).min() >= 0
    assert np.abs(basis(after)) == pytest.approx(np.abs(basis(path_plane(path))))


@pytest.mark.parametrize("shape", [(9,), (0, 9), (2, 3, 9)])
def test_a_path_is_a_row_for_each_point(shape):
    with pytest.raises(ValueError, match=r"^path has shape .*; it must be \(points, parameters\)"):
        path_plane(np.zeros(shape))


def test_the_previous_plane_of_another_network_is_refused():
    with pytest.raises(ValueError, match=r"^previous has 9 parameters; the path has 4\.$"):
        path_plane(wander(5, 4), previous=path_plane(wander(5, 9)))


# --- states


@PRECISE
@given(seed=SEEDS, size=SIZES)
def test_the_plane_of_three_states_goes_through_them(seed, size):
    one, two, three = several(3, size, seed)
    plane = states_plane(one, two, three)
    assert orthonormal(plane)
    assert plane.distance(np.stack([one, two, three])) == pytest.approx(0, abs=1e-9)
    at = plane.position(np.stack([one, two, three]))
    assert at[0].tolist() == [0, 0]
    assert at[1] == pytest.approx([np.linalg.norm(two - one), 0], abs=1e-9)
    assert at[2, 1] > 0
    assert plane.note == ""


P1, P2, P3 = several(3, 9, 1)


@pytest.mark.parametrize(
    ("states", "words", "drawn"),
    [
        ((P1, P1, P3), ("Two of the three", "second"), [False, True]),
        ((P1, P2, P1), ("Two of the three", "second"), [False, True]),
        ((P1, P2, P2), ("Two of the three", "second"), [False, True]),
        ((P1, P2, 3 * P2 - 2 * P1), ("on one line", "second"), [False, True]),
        ((P1, P2, 2 * P1 - P2), ("on one line", "second"), [False, True]),
        ((P1, P1, P1), ("states are equal", "both"), [True, True]),
    ],
)
def test_states_that_span_no_plane_are_given_one(states, words, drawn):
    plane = states_plane(*states)
    assert orthonormal(plane)
    assert told(plane, *words)
    assert plane.distance(np.stack(states)) == pytest.approx(0, abs=1e-9)
    assert drawn_from_the_seed(lambda seed: states_plane(*states, seed)) == drawn


def test_a_line_leads_from_the_one_state_to_the_other():
    plane = line(P1, P2)
    assert plane.at(0, 0) == pytest.approx(P1)
    assert plane.at(1, 0) == pytest.approx(P2)
    assert plane.position(np.stack([P1, P2, P3]))[:, 1].tolist() == [0, 0, 0]
    assert plane.position(P2) == pytest.approx([1, 0])
    assert plane.distance(P2) == pytest.approx(0, abs=1e-12)
    assert plane.note == ""


def test_a_line_between_equal_states_goes_somewhere():
    plane = line(P1, P1)
    assert np.linalg.norm(plane.d1) == pytest.approx(1)
    assert told(plane, "two states are equal", "random")
    assert np.array_equal(basis(plane), basis(line(P1, P1)))


# --- what none of them takes, and what all of them do

BAD = np.array([0.0, np.inf, 0.0])
GOOD = np.arange(3.0)
NET = Network(2, (), 1)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: weights_plane(BAD, 0, 1), "theta"),
        (lambda: gradient_plane(BAD, GOOD, GOOD), "theta"),
        (lambda: gradient_plane(GOOD, BAD, GOOD), "gradient"),
        (lambda: gradient_plane(GOOD, GOOD, BAD), "last_step"),
        (lambda: random_plane(NET, BAD), "theta"),
        (lambda: path_plane(np.stack([GOOD, BAD])), "path"),
        (lambda: states_plane(BAD, GOOD, GOOD), "one"),
        (lambda: states_plane(GOOD, BAD, GOOD), "two"),
        (lambda: states_plane(GOOD, GOOD, BAD), "three"),
        (lambda: line(BAD, GOOD), "one"),
        (lambda: line(GOOD, BAD), "two"),
    ],
)
def test_numbers_that_are_not_finite_are_refused_by_name(make, name):
    with pytest.raises(ValueError, match=rf"^{name} holds numbers that are not finite"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: weights_plane(np.ones(1), 0, 0),
        lambda: gradient_plane(np.ones(1), np.ones(1), np.ones(1)),
        lambda: gradient_plane(np.ones(1), np.zeros(1), None),
        lambda: path_plane(np.ones((1, 1))),
        lambda: path_plane(np.arange(4.0)[:, None]),
        lambda: states_plane(np.ones(1), np.zeros(1), 2 * np.ones(1)),
        lambda: line(np.ones(1), np.ones(1)),
    ],
)
def test_a_single_parameter_has_one_direction_only(make):
    plane = make()
    assert abs(plane.d1) == pytest.approx(1)
    assert plane.d2 == 0


def test_no_plane_changes_what_it_was_given():
    given_ = [several(1, 3, 0)[0], several(1, 3, 1)[0], several(1, 3, 2)[0]]
    before = [array.copy() for array in given_]
    for make in (gradient_plane, states_plane):
        make(*given_)
    random_plane(NET, given_[0])
    path_plane(np.stack(given_))
    assert all(np.array_equal(now, then) for now, then in zip(given_, before, strict=True))


def test_every_plane_is_the_same_each_time():
    network = Network(2, (3,), 1)
    theta = several(1, network.n_parameters, 0)[0]
    for make in (lambda: random_plane(network, theta), lambda: planes.path_plane(theta[None])):
        assert np.array_equal(basis(make()), basis(make()))
