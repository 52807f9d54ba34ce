"""Points in a link come back to the bit, and no link unpacks to more than it may hold."""

import base64
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.data import COLOURS, PLANE, Dataset, load, real
from playground.data.points import PointsError, read_points, write_points
from playground.limits import LINK_POINTS, LONGEST_POINTS

calm = settings(deadline=None)
places = st.integers(-1200, 1200)
WRITTEN = "1eNpjZmD4y_CfiQEIpq1gkI9gYGQCAClvA7o"


@st.composite
def drawn(draw):
    """Any points that somebody can draw, on the raster of hundredths."""
    k = draw(st.sampled_from([0, *range(2, 11)]))
    label = st.integers(0, k - 1) if k else places
    rows = np.array(draw(st.lists(st.tuples(places, places, label), min_size=1, max_size=60)))
    y = rows[:, 2] if k else rows[:, 2] / 100
    return Dataset(rows[:, :2] / 100, y, "classification" if k else "regression", PLANE, COLOURS[:k])


@calm
@given(drawn())
def test_points_come_back_to_the_bit(data):
    text = write_points(data)
    back = read_points(text)
    assert back.x.tobytes() == data.x.tobytes()
    assert back.y.tobytes() == data.y.tobytes()
    assert (back.kind, back.feature_names, back.class_names) == (data.kind, data.feature_names, data.class_names)
    assert write_points(back) == text


@pytest.mark.parametrize("name", ["spiral", "blobs", "multi-gaussian"])
def test_any_points_come_back_to_the_nearest_hundredth(name):
    data = load(name, 400, 20)
    back = read_points(write_points(data))
    assert np.abs(back.x - data.x).max() <= 0.005 + 1e-12
    assert np.abs(back.y - data.y).max() <= (0 if data.n_classes else 0.005 + 1e-12)


@calm
@given(drawn())
def test_the_text_needs_no_escaping_in_an_address(data):
    text = write_points(data)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_")
    assert len(text) <= LONGEST_POINTS


@pytest.mark.parametrize("seed", range(5))
def test_twelve_hundred_points_always_fit(seed):
    rng = np.random.default_rng(seed)
    data = Dataset(rng.uniform(-12, 12, (1200, 2)), rng.uniform(-12, 12, 1200), "regression", PLANE)
    assert len(read_points(write_points(data)).y) == 1200


def test_the_first_version_stays_readable():
    """Written down when version 1 was new: whatever changes, this link opens."""
    back = read_points(WRITTEN)
    assert back.x.tolist() == [[0, 0], [1.5, -2.25], [-6, 6]]
    assert back.y.tolist() == [0, 1, 2]
    assert back.class_names == COLOURS[:3]


def text_of(raw, level=9):
    return "1" + base64.urlsafe_b64encode(zlib.compress(raw, level)).decode().rstrip("=")


GOOD = write_points(load("xor", 20))
DAMAGED = {
    "nothing": "1",
    "cut": GOOD[:-3],
    "longer": GOOD + "AAAA",
    "padded": GOOD + "=",
    "another letter": GOOD[:20] + ("A" if GOOD[20] != "A" else "B") + GOOD[21:],
    "another alphabet": GOOD[:9] + "+" + GOOD[10:],
    "a line break": GOOD + "\n",
    "letters from elsewhere": "1" + "é" * 20,
    "markup": "1<script>alert(1)</script>",
    "no points": text_of(bytes([2])),
    "half a point": text_of(bytes([2, 0, 0, 0])),
    "one class": text_of(bytes([1]) + bytes(6)),
    "eleven classes": text_of(bytes([11]) + bytes(6)),
    "a class that is not there": text_of(bytes([2, 0, 0, 0, 0, 0, 2])),
    "a negative class": text_of(bytes([2, 0, 0, 255, 0, 0, 255])),
    "a point far off": text_of(bytes([2, 127, 0, 0, 255, 0, 0])),
    "a value far off": text_of(bytes([0, 0, 0, 127, 0, 0, 255])),
    "too many points": text_of(bytes([2]) + bytes(6 * (LINK_POINTS + 1))),
    "a bomb": text_of(bytes(4_000_000)),
    "two in one": "1" + base64.urlsafe_b64encode(zlib.compress(b"\2" + bytes(6)) + b"more").decode().rstrip("="),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_link_is_one_sentence(what):
    with pytest.raises(PointsError, match=r"^The points in this link are damaged: copy the link anew, all of it\.$"):
        read_points(DAMAGED[what])


def test_a_bomb_is_never_unpacked():
    bomb = text_of(bytes(5_000_000))
    assert len(bomb) <= LONGEST_POINTS
    tracemalloc.start()
    with pytest.raises(PointsError):
        read_points(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "not written in version 1"), ("2" + GOOD[1:], "not written in version 1"), ("1" * 8193, "longer than 8,192")],
)
def test_what_is_no_such_text_is_said(text, sentence):
    with pytest.raises(PointsError, match=sentence):
        read_points(text)


halves = st.lists(st.tuples(*[st.sampled_from([0, 1, 255])] * 6), min_size=1, max_size=4)
packed = st.builds(lambda k, points: text_of(bytes([k, *sum(points, ())])), st.sampled_from([0, 1, 2, 10, 11]), halves)


@calm
@given(packed | st.text(max_size=40) | st.text("1" + "ABCxyz09-_", max_size=60).map("1".__add__))
@example("1eNpjAAAAAQAB")
def test_whatever_stands_in_a_link_it_is_points_or_one_sentence(text):
    try:
        data = read_points(text)
    except PointsError:
        return
    assert write_points(data)


def flat(x, y=(0.0,), classes=0):
    kind = "classification" if classes else "regression"
    return Dataset(np.array(x, float), np.array(y), kind, PLANE, tuple(map(str, range(classes))))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (real("iris"), "^Only points with two inputs can be in a link, not with 4"),
        (load("sine-1d"), "^Only points with two inputs"),
        (flat(np.empty((0, 2)), ()), r"^A link holds 1 to 2,000 points, not 0\."),
        (load("circle", 2001), r"^A link holds 1 to 2,000 points, not 2,001\."),
        (load("multi-gaussian", 1900), "^These 1,900 points are too many for a link: keep 1,200"),
        (flat([[0, 0]], [0], 11), "at most 10 classes, not 11"),
        (flat([[0, 13]]), "within 12 of the origin"),
        (flat([[0, 0]], [-12.5]), "within 12 of the origin"),
        (flat([[0, np.nan]]), "within 12 of the origin"),
        (flat([[0, np.inf]]), "within 12 of the origin"),
    ],
)
def test_points_that_no_link_holds_are_refused(data, sentence):
    with pytest.raises(PointsError, match=sentence):
        write_points(data)
