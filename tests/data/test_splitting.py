"""Parts and folds are scikit-learn's; here is what they promise together, for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold

from playground.data import Dataset, folds, known_labels, load, prepare, prepare_rows, real, split_in_turn, split_rows

calm = settings(deadline=None)


def labelled(y):
    return Dataset(np.arange(2.0 * len(y)).reshape(-1, 2), np.array(y), "classification", ("x1", "x2"), ("a", "b", "c"))


shares = st.integers(10, 90).flatmap(lambda split: st.tuples(st.just(split), st.integers(0, min(50, 95 - split))))


@calm
@given(st.lists(st.integers(0, 2), min_size=3, max_size=40), shares, st.integers(0, 2**40))
def test_three_parts_are_the_whole_and_none_is_empty(y, shares, seed):
    split, validation = shares
    parts = split_rows(labelled(y), split, seed, validation)
    assert sorted(np.concatenate(parts)) == list(range(len(y)))
    train, valid, test = map(len, parts)
    assert min(train, test) >= 1
    assert (valid == 0) == (validation == 0)


@calm
@given(st.integers(10, 70), st.integers(1, 25), st.integers(0, 9))
def test_the_training_part_does_not_depend_on_the_validation_part(split, validation, seed):
    data = load("moons", 200, 10)
    with_it, without = (
        prepare(data, split=split, seed=seed, validation=validation),
        prepare(data, split=split, seed=seed),
    )
    assert with_it.train.x.tobytes() == without.train.x.tobytes()
    assert len(with_it.validation.y) == min(max(round(2 * validation), 1), len(without.test.y) - 1)
    assert without.validation.x.shape == (0, 2)


@pytest.mark.parametrize("name", ["iris", "wine", "digits"])
def test_every_part_keeps_each_class_at_its_share(name):
    data = real(name)
    share = np.bincount(data.y) / len(data.y)
    for rows in split_rows(data, 60, 0, 20):
        assert np.bincount(data.y[rows]) == pytest.approx(share * len(rows), abs=1.5)


def test_validation_is_scaled_by_the_training_part():
    parts = prepare(real("wine"), validation=20)
    assert np.array_equal(parts.validation.x, parts.inputs(parts.validation.points))
    assert (np.abs(parts.validation.x.mean(axis=0)) > 1e-6).all()


@pytest.mark.parametrize("validation", [-1, 51, 10.0, "10", None])
def test_an_impossible_validation_share_is_refused_by_name(validation):
    with pytest.raises(ValueError, match=r"^validation must be a whole number from 0 to 50"):
        prepare(load("circle"), validation=validation)


def test_parts_that_leave_nothing_to_test_on_are_refused():
    with pytest.raises(
        ValueError, match=r"^validation must leave 5 percent to test on beside a split of 80, not be 20\."
    ):
        prepare(load("circle"), split=80, validation=20)
    with pytest.raises(ValueError, match=r"^dataset must have at least 3 samples, .* not 2\."):
        prepare(labelled([0, 1]), validation=20)


# --- folds


@calm
@given(st.lists(st.integers(0, 2), min_size=20, max_size=40) | st.lists(st.integers(0, 2), min_size=2), st.data())
def test_every_sample_is_tested_once(y, data):
    k, seed = data.draw(st.integers(2, min(20, len(y)))), data.draw(st.integers(0, 2**40))
    parts = folds(labelled(y), k, seed)
    assert len(parts) == k
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(len(y)))
    for train, test in parts:
        assert sorted([*train, *test]) == list(range(len(y)))
        assert min(len(train), len(test)) >= 1


def test_classes_are_spread_over_the_folds_as_scikit_learn_does():
    data = real("iris")
    ours = [np.bincount(data.y[test]).tolist() for _, test in folds(data, 5)]
    theirs = [np.bincount(data.y[test]).tolist() for _, test in StratifiedKFold(5).split(data.x, data.y)]
    assert ours == theirs == [[10, 10, 10]] * 5


def test_the_folds_are_a_function_of_their_seed():
    data = real("diabetes")
    one, same, other = (folds(data, 4, seed)[0][1] for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_fold_is_prepared_by_its_own_training_rows_alone():
    data = real("wine")
    for train, test in folds(data, 3):
        parts = prepare_rows(data, train, train[:0], test)
        assert parts.train.x.mean(axis=0) == pytest.approx(0, abs=1e-9)
        assert np.array_equal(parts.test.points, data.x[test])


@pytest.mark.parametrize("k", [1, 21, 2.0, "5", None])
def test_an_impossible_number_of_folds_is_refused_by_name(k):
    with pytest.raises(ValueError, match=r"^k must be a whole number from 2 to 20"):
        folds(real("iris"), k)


def test_more_folds_than_samples_are_refused():
    with pytest.raises(ValueError, match=r"^k must be a whole number from 2 to 3, not 5"):
        folds(labelled([0, 1, 0]), 5)
    with pytest.raises(ValueError, match=r"^dataset must have at least 2 samples"):
        folds(labelled([0]), 2)


# --- hidden labels


@given(st.integers(1, 300), st.floats(0, 100), st.floats(0, 100), st.integers(0, 2**40))
def test_labels_once_known_stay_known_as_more_are_told(n, one, other, seed):
    y = np.zeros(n)
    fewer, more = (known_labels(y, share, seed) for share in sorted([one, other]))
    assert fewer.sum() == max(round(n * min(one, other) / 100), int(min(one, other) > 0))
    assert (more | ~fewer).all()


def test_all_or_none_can_be_hidden():
    assert known_labels(np.zeros(9)).all()
    assert not known_labels(np.zeros(9), 0).any()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.floats(0, 100, exclude_min=True), st.integers(0, 99))
def test_one_label_of_each_class_is_known_where_any_is(y, share, seed):
    y = np.array(y)
    known = known_labels(y, share, seed, classes=5)
    assert set(y[known]) == set(y)
    assert known.sum() == max(round(len(y) * share / 100), len(set(y)))


# --- samples that come one by one


def drawn(y):
    return Dataset(np.zeros((len(y), 2)), np.array(y), "classification", ("x1", "x2"), ("a", "b", "c"))


@given(st.lists(st.integers(0, 2), min_size=2, max_size=80), st.integers(10, 90), st.integers(0, 50))
def test_drawn_points_go_to_the_parts_in_turn(y, split, validation):
    parts = split_in_turn(drawn(y), split, validation)
    train, _, test = parts
    assert sorted(np.concatenate(parts)) == list(range(len(y)))
    assert len(train) >= 1
    assert len(test) >= 1
    for label in range(3):
        members = np.flatnonzero(np.array(y) == label)
        taken = np.isin(members, train).cumsum()
        ideal = np.arange(1, len(members) + 1) * split / 100
        assert (np.abs(taken - ideal)[:-1] < 1 + 1e-9).all()


@given(st.lists(st.integers(0, 2), min_size=3, max_size=40), st.integers(10, 90))
def test_a_point_that_is_added_moves_no_other(y, split):
    before, after = (split_in_turn(drawn(some), split)[0] for some in (y[:-1], y))
    stable = set(range(len(y) - 2))  # the last of all may be needed to test on
    assert set(before) & stable == set(after) & stable


def test_a_single_drawn_point_is_too_few():
    with pytest.raises(ValueError, match="at least 2 samples"):
        split_in_turn(drawn([0]))


def test_the_training_part_has_two_classes_where_there_are_two():
    y = np.zeros(40, int)
    y[17] = 1
    data = Dataset(np.zeros((40, 2)), y, "classification", ("x1", "x2"), ("a", "b"))
    for seed in range(20):
        train, _, test = split_rows(data, 10, seed)
        assert set(y[train]) == {0, 1}
        assert sorted([*train, *test]) == list(range(40))


@pytest.mark.parametrize("share", [-1, 101, "all", None])
def test_an_impossible_share_is_refused_by_name(share):
    with pytest.raises(ValueError, match=r"^share must be a number from 0 to 100"):
        known_labels(np.zeros(9), share)
