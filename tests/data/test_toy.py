"""Each toy data set is what its name promises, and the same call always makes the same one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data import DATASETS, DOMAIN, load

EVEN = ["circle", "gaussian", "spiral", "moons", "blobs", "rings"]  # their classes are equally large
ALL = pytest.mark.parametrize("name", DATASETS)
LABEL_NOISE = ["circle", "xor", "plane", "multi-gaussian"]
POINT_NOISE = ["gaussian", "spiral", "moons", "blobs"]
FIRST = {
    "circle": (0.8013839363991291, -1.3957976019365599, 1),
    "xor": (0.6355170337817537, 0.9624180595454714, 1),
    "gaussian": (-1.9368618174326737, -3.9644085301045924, 0),
    "spiral": (2.0667994854386977, -0.022983206072586117, 0),
    "moons": (-4.292198200269414, 0.43884972468570205, 0),
    "blobs": (-3.384393806804252, -2.470472986371391, 2),
    "plane": (5.6050749844099705, 3.3014536472720817, 0.9632469623967566),
    "multi-gaussian": (4.076119775238855, 4.126824668282294, 0.0),
}

names = st.sampled_from(list(DATASETS))
sizes = st.integers(20, 300)
noises = st.floats(0, 50)
seeds = st.integers(0, 2**70)


def in_order(data):
    """The points sorted, to compare sets whatever the order of their rows."""
    return data.x[np.lexsort(data.x.T)]


# --- every data set


def test_the_menu_keeps_its_order():
    assert list(DATASETS) == [
        *("circle", "xor", "gaussian", "spiral", "moons", "blobs", "rings", "checkerboard", "heart"),
        *("above-line", "above-sine", "above-cubic", "above-abs"),
        *("plane", "multi-gaussian", "ripples", "sine-1d", "step-1d", "polynomial-1d"),
    ]


@pytest.mark.parametrize(
    ("k", "first"),
    [(5, (2.5465579613304126, 1.5923934177624597, 1)), (10, (-2.87819123797827, 1.4665839548816828, 8))],
)
def test_the_first_blob_of_more_classes_is_that_of_every_version_before(k, first):
    data = load("blobs", 500, 25, 7, classes=k)
    assert (*data.x[0], data.y[0]) == pytest.approx(first, rel=1e-12)


def test_the_first_samples_are_those_of_every_version_before():
    """A link promises the same data for ever; these numbers were written down when the sets were first published."""
    for name, (x1, x2, y) in FIRST.items():
        data = load(name, 500, 25, 7)
        assert data.x[0] == pytest.approx([x1, x2], rel=1e-12), name
        assert data.y[0] == pytest.approx(y, rel=1e-12), name


@given(names, sizes, noises, seeds)
def test_the_same_call_makes_the_same_arrays_bit_for_bit(name, n, noise, seed):
    one, two = load(name, n, noise, seed), load(name, n, noise, seed)
    assert one.x.tobytes() == two.x.tobytes()
    assert one.y.tobytes() == two.y.tobytes()


@given(names, sizes, noises, seeds)
def test_every_sample_is_finite_numbers_with_a_valid_label(name, n, noise, seed):
    data = load(name, n, noise, seed)
    assert data.x.shape == (n, 1 if name.endswith("-1d") else 2)
    assert data.y.shape == (n,)
    assert data.x.dtype == np.float64
    assert np.isfinite(data.x).all()
    if data.kind == "classification":
        assert data.y.dtype == np.int64
        assert set(data.y) <= set(range(data.n_classes))
    else:
        assert data.y.dtype == np.float64
        assert np.isfinite(data.y).all()


@ALL
def test_the_names_fit_the_kind(name):
    data = load(name)
    assert data.feature_names == (("x1",) if name.endswith("-1d") else ("x1", "x2"))
    assert (data.kind == "regression") == (data.class_names == ())
    assert len(set(data.class_names)) == data.n_classes


@ALL
def test_the_note_is_one_sentence(name):
    note = DATASETS[name].note
    assert note.endswith(".")
    assert note.count(".") == 1


@ALL
def test_another_seed_makes_another_data_set(name):
    assert not np.array_equal(load(name, seed=0).x, load(name, seed=1).x)


@ALL
def test_the_rows_are_shuffled(name):
    y = load(name).y
    assert abs(y[:250].mean() - y[250:].mean()) < 0.3  # sorted halves would be 0.5 apart and more


@pytest.mark.parametrize("n", [20, 21, 499, 5000])
@pytest.mark.parametrize("name", EVEN)
def test_clean_classes_are_equally_large_up_to_one_sample(name, n):
    counts = np.bincount(load(name, n).y)
    assert len(counts) == len(DATASETS[name].class_names)
    assert np.ptp(counts) == (n % len(counts) > 0)


@pytest.mark.parametrize(
    ("name", "larger"), [("circle", 1), ("gaussian", 1), ("spiral", 1), ("moons", 0), ("blobs", 0)]
)
def test_an_odd_sample_joins_the_class_made_first(name, larger):
    assert np.bincount(load(name, 301).y).argmax() == larger


@pytest.mark.parametrize("n", [20, 500, 5000])
def test_xor_is_balanced_as_a_fair_coin_is(n):
    for seed in range(10):
        assert abs(load("xor", n, seed=seed).y.sum() - n / 2) < 2.5 * np.sqrt(n)  # 5 standard deviations


@pytest.mark.parametrize("name", ["xor", *EVEN, "plane", "multi-gaussian"])
def test_clean_data_fills_the_plane_shown_and_stays_inside(name):
    x = load(name, 2000).x
    assert (np.abs(x) <= DOMAIN).all()
    assert (np.abs(x).max(axis=0) > 0.6 * DOMAIN).all()


@pytest.mark.parametrize("name", LABEL_NOISE)
def test_noise_changes_labels_but_moves_no_point(name):
    clean, noisy = load(name), load(name, noise=30)
    assert np.array_equal(clean.x, noisy.x)
    assert not np.array_equal(clean.y, noisy.y)


@pytest.mark.parametrize("name", POINT_NOISE)
def test_noise_moves_points_but_changes_no_label(name):
    clean, noisy = load(name), load(name, noise=30)
    assert not np.array_equal(clean.x, noisy.x)
    assert np.array_equal(clean.y, noisy.y)


@pytest.mark.parametrize("name", POINT_NOISE)
def test_more_noise_pushes_every_point_further_the_same_way(name):
    at = {noise: load(name, noise=noise).x for noise in (0, 25, 50)}
    way = [(at[25] - at[0]).ravel(), (at[50] - at[25]).ravel()]
    assert (way[0] * way[1] >= 0).all()


# --- the sets of TensorFlow Playground, by facts about them


def test_circle_is_a_blue_disc_in_an_orange_ring():
    data = load("circle", 5000)
    radius = np.hypot(data.x[:, 0], data.x[:, 1])
    blue = data.y == 1
    assert radius[blue].max() <= 2.5
    assert radius[~blue].min() >= 3.5
    assert radius[~blue].max() <= 5


def test_circle_draws_radius_and_angle_evenly():
    data = load("circle", 5000)
    radius = np.hypot(data.x[:, 0], data.x[:, 1])
    assert radius[data.y == 1].mean() == pytest.approx(1.25, abs=0.08)  # even in the area would be 1.67
    assert radius[data.y == 0].mean() == pytest.approx(4.25, abs=0.05)
    assert (data.x / radius[:, None]).mean(axis=0) == pytest.approx([0, 0], abs=0.05)


def test_circle_noise_turns_labels_near_the_edge_only():
    clean, noisy = load("circle", 5000), load("circle", 5000, noise=10)
    turned = np.hypot(*clean.x.T)[clean.y != noisy.y]
    assert 2.5 - 0.5 * np.sqrt(2) < turned.min() < 2.05  # 10 % of 5 along both axes
    assert turned.max() < 2.5  # the ring is out of reach


def test_xor_is_blue_where_both_signs_agree():
    data = load("xor", 5000)
    assert np.array_equal(data.y == 1, np.sign(data.x[:, 0]) == np.sign(data.x[:, 1]))


def test_xor_keeps_a_gap_along_both_axes():
    distance = np.abs(load("xor", 5000).x)
    assert distance.min() >= 0.3
    assert distance.max() <= 5.3
    assert distance.mean(axis=0) == pytest.approx([2.8, 2.8], abs=0.1)


def test_xor_noise_turns_labels_near_the_axes_only():
    clean, noisy = load("xor", 5000), load("xor", 5000, noise=10)
    turned = np.abs(clean.x).min(axis=1)[clean.y != noisy.y]
    assert turned.size > 0
    assert turned.max() <= 0.5  # 10 % of 5


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (25, 2.25), (50, 4)])
def test_gaussian_clouds_have_the_stated_centre_and_variance(noise, variance):
    data = load("gaussian", 5000, noise)
    for label, centre in [(1, 2), (0, -2)]:
        cloud = data.x[data.y == label]
        assert cloud.mean(axis=0) == pytest.approx([centre] * 2, abs=0.2)
        assert cloud.var(axis=0) == pytest.approx([variance] * 2, rel=0.15)


@pytest.mark.parametrize("n", [500, 501])
def test_spiral_turns_one_and_three_quarters_as_the_radius_grows_to_five(n):
    data = load("spiral", n)
    radius = np.hypot(*data.x.T)
    angle = np.arctan2(*data.x.T) - np.pi * (data.y == 0)  # clockwise from the top
    turns = (angle / (2 * np.pi) - 1.75 * radius / 5) % 1
    off = np.minimum(turns, 1 - turns)[radius > 1e-9]
    assert off.max() < 1e-9
    for label in (0, 1):
        arm = np.sort(radius[data.y == label])
        assert arm[0] == 0
        assert np.diff(arm) == pytest.approx(5 / len(arm))


def test_spiral_arms_are_each_other_turned_by_half_a_turn():
    data = load("spiral")
    blue, orange = (
        sorted(map(tuple, np.round(points, 9) + 0.0)) for points in (data.x[data.y == 1], -data.x[data.y == 0])
    )
    assert np.allclose(blue, orange)


def test_clean_spiral_is_the_same_set_for_every_seed():
    assert np.array_equal(in_order(load("spiral", seed=3)), in_order(load("spiral", seed=4)))


def test_spiral_noise_moves_each_coordinate_by_at_most_its_share():
    moved = load("spiral", 5000, noise=30).x - load("spiral", 5000).x
    assert 0.29 < np.abs(moved).max() <= 0.3 + 1e-12
    assert moved.std() == pytest.approx(0.3 / np.sqrt(3), rel=0.05)  # a uniform one


def test_plane_is_a_tenth_of_the_sum():
    data = load("plane", 5000)
    assert data.y == pytest.approx((data.x[:, 0] + data.x[:, 1]) / 10)
    assert data.x.std(axis=0) == pytest.approx([6 / np.sqrt(3)] * 2, rel=0.05)  # even over [-6, 6]


def test_plane_noise_shifts_the_label_by_up_to_twelve_tenths_of_its_share_unclamped():
    clean, noisy = load("plane", 5000), load("plane", 5000, noise=50)
    shift = noisy.y - clean.y
    assert 0.5 < np.abs(shift).max() <= 0.6
    assert noisy.y.max() > 1.2  # beyond every clean label


def test_multi_gaussian_takes_the_strongest_of_six_cones():
    """TensorFlow Playground's own words: of all the centres' values, the largest in absolute value."""
    data = load("multi-gaussian", 2000)
    cones = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for (x1, x2), y in zip(data.x, data.y, strict=True):
        values = [sign * np.interp(np.hypot(x1 - c1, x2 - c2), [0, 2], [1, 0]) for c1, c2, sign in cones]
        assert y == pytest.approx(max(values, key=abs))


def test_multi_gaussian_noise_slides_the_label_along_a_slope_of_one_half():
    shift = np.abs(load("multi-gaussian", 5000, noise=5).y - load("multi-gaussian", 5000).y)
    assert 0.18 < shift.max() <= 0.15 * np.sqrt(2)  # half of 5 % of 6 along both axes


def test_multi_gaussian_is_flat_far_from_every_centre():
    y = load("multi-gaussian", 5000).y
    assert np.mean(y == 0) == pytest.approx(
        1 - 6 * 4 * np.pi / 144, abs=0.03
    )  # six discs of radius 2, none overlapping
    assert not np.signbit(y[y == 0]).any()


# --- the sets of scikit-learn


def test_clean_moons_are_two_ellipse_halves_that_fill_the_square():
    data = load("moons")
    assert data.x.min(axis=0) == pytest.approx([-5, -5], abs=0.01)
    assert data.x.max(axis=0) == pytest.approx([5, 5], abs=0.01)
    for label, centre in [(0, (-5 / 3, -5 / 3)), (1, (5 / 3, 5 / 3))]:
        moon = (data.x[data.y == label] - centre) / [10 / 3, 20 / 3]
        assert np.hypot(*moon.T) == pytest.approx(1)


def test_moons_noise_grows_to_a_standard_deviation_of_one():
    moved = load("moons", 5000, noise=50).x - load("moons", 5000).x
    assert moved.std() == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("k", [3, 5, 10])
@pytest.mark.parametrize(("noise", "spread"), [(0, 0.6), (25, 1.3), (50, 2)])
def test_blobs_stand_evenly_on_a_circle(k, noise, spread):
    data = load("blobs", 5000, noise, classes=k)
    centres = np.array([data.x[data.y == label].mean(axis=0) for label in range(k)])
    steps = np.linalg.norm(centres - np.roll(centres, 1, axis=0), axis=1)
    assert np.linalg.norm(centres, axis=1) == pytest.approx([3.5] * k, abs=0.25)
    assert steps == pytest.approx([7 * np.sin(np.pi / k)] * k, abs=0.4)  # the side of a regular polygon
    assert (data.x - centres[data.y]).std() == pytest.approx(spread * min(1, 5 / k), rel=0.05)


# --- refusals


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("data set name", {"name": "doughnut"}),
        ("data set name", {"name": ""}),
        ("data set name", {"name": None}),
        ("data set name", {"name": ["circle"]}),
        *((r"^n ", {"n": n}) for n in (19, 5001, -1, 100.0, "100", None, True, float("nan"))),
        *((r"^noise ", {"noise": noise}) for noise in (-0.1, 50.1, float("nan"), float("inf"), "10", None, True, 1j)),
        *((r"^seed ", {"seed": seed}) for seed in (-1, 1.0, "1", None, True)),
    ],
)
def test_an_impossible_argument_is_refused_by_name(field, arguments):
    with pytest.raises(ValueError, match=field) as refusal:
        load(**{"name": "circle", **arguments})
    sentence = str(refusal.value)
    assert sentence.endswith(f"not {next(iter(arguments.values()))!r}.")


def test_numpy_numbers_are_numbers():
    assert np.array_equal(load("moons", np.int64(50), np.float32(25), np.uint8(3)).x, load("moons", 50, 25, 3).x)
