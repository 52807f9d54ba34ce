"""In a race all start from the same place and are measured by the same rule, and each goes its own way."""

import itertools
import time
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from playground import race as races
from playground.engine import Network, Run, Training, loss, start
from playground.engine.batches import order
from playground.limits import MOST_LANES, MOST_PRODUCTS
from playground.race import POINTS, Lane, ahead

X = np.random.default_rng(0).normal(size=(40, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
NETWORK = Network(2, (4,), 1)
ADAM, SGD = Training(batch_size=8), Training(batch_size=8, optimizer="sgd", learning_rate=0.3)
EXPLODING = Training(loss="mse", optimizer="sgd", learning_rate=1e3, batch_size=None)
QUANTITY = Network(2, (), 1, output="identity")


def lanes_of(*given):
    """The lanes of a race, without the shares told in between."""
    return (leg for leg in races.race(*given) if isinstance(leg, Lane))


def walked(training, steps, begin=None, network=NETWORK, y=Y):
    """The parameters a run of its own stands at after each step."""
    run = Run(network, training, X, y, begin)
    return np.stack([run.seek(run.first + step).theta for step in range(steps + 1)])


# --- the lanes


@pytest.mark.parametrize("steps", [1, 50, 100, 101, 137, 1000])
def test_the_lane_of_the_present_settings_is_its_run_to_the_bit(steps):
    lane, _ = lanes_of(NETWORK, [ADAM, SGD], X, Y, steps)
    thetas = walked(ADAM, steps)
    assert lane.path.dtype == np.float32
    assert np.array_equal(lane.path, thetas[lane.steps].astype(np.float32))
    assert lane.losses.tolist() == [loss(NETWORK, ADAM, theta, X, Y) for theta in thetas[lane.steps]]
    assert not lane.diverged


@pytest.mark.parametrize("steps", [1, 99, 100, 101, 137, 1000, 1234])
def test_the_points_kept_are_few_and_evenly_spaced_from_the_first_step_to_the_last(steps):
    (lane,) = lanes_of(NETWORK, [SGD], X, Y, steps)
    assert len(lane.steps) == len(lane.losses) == len(lane.path) == min(steps + 1, POINTS)
    assert (lane.steps[0], lane.steps[-1]) == (0, steps)
    assert np.ptp(np.diff(lane.steps)) <= 1


def test_all_lanes_start_where_the_first_training_does_and_learn_by_their_own():
    trainings = [ADAM, replace(SGD, seed=5), replace(ADAM, optimizer="momentum", init="zeros")]
    lanes = list(lanes_of(NETWORK, trainings, X, Y, 20))
    assert [lane.training for lane in lanes] == trainings
    common = start(NETWORK, ADAM)
    for lane, training in zip(lanes, trainings, strict=True):
        begin = replace(start(NETWORK, training), theta=common.theta)
        assert np.array_equal(lane.path, walked(training, 20, begin).astype(np.float32))


def test_a_race_goes_on_from_a_state_with_an_empty_memory():
    begin = Run(NETWORK, ADAM, X, Y).seek(33)
    one, other = lanes_of(NETWORK, [ADAM, SGD], X, Y, 20, begin)
    rested = replace(begin, slots=np.zeros_like(begin.slots), age=0)
    assert np.array_equal(one.path, walked(ADAM, 20, rested).astype(np.float32))
    assert np.array_equal(one.path[0], begin.theta.astype(np.float32))
    assert np.array_equal(other.path[0], one.path[0])
    assert one.steps.tolist() == list(range(21))


def test_all_are_measured_by_the_loss_of_the_first_without_its_penalty():
    first, second = replace(ADAM, l2=0.1), replace(SGD, loss="mse", l1=0.1)
    for lane in lanes_of(NETWORK, [first, second], X, Y, 20):
        bare = [float(loss(NETWORK, ADAM, theta.astype(float), X, Y)) for theta in lane.path]
        assert lane.losses == pytest.approx(bare, rel=1e-5)


def test_each_lane_is_there_as_soon_as_it_is_through():
    lanes = lanes_of(NETWORK, [ADAM, SGD], X, Y, 10)
    assert next(lanes).training == ADAM
    lanes.close()
    assert not list(lanes)


@pytest.mark.parametrize("steps", [50, 1000])
def test_the_time_is_that_of_the_steps(steps):
    seconds = itertools.count()
    with patch.object(races, "thread_time", lambda: next(seconds)):
        lanes = list(lanes_of(NETWORK, [ADAM, SGD], X, Y, steps))
    pieces = min(steps, POINTS - 1)  # each from one look at the clock to the next
    assert [lane.milliseconds for lane in lanes] == [1000 * pieces, 1000 * pieces]


def test_a_race_in_pieces_tells_how_far_a_lane_is_and_waiting_in_between_costs_no_time():
    seconds = itertools.count()
    with patch.object(races, "thread_time", lambda: next(seconds)):
        told = []
        for leg in races.race(NETWORK, [ADAM, SGD], X, Y, 4):
            next(seconds)
            told.append(leg)
    assert told[:4] == told[5:9] == [0.25, 0.5, 0.75, 1]
    assert [leg.milliseconds for leg in told[4::5]] == [4000, 4000]


def test_waiting_for_the_processor_costs_a_lane_no_time(monkeypatch):
    approach = Run.approach

    def late(run, goal):
        time.sleep(0.05)
        return approach(run, goal)

    monkeypatch.setattr(Run, "approach", late)
    (lane,) = lanes_of(NETWORK, [SGD], X, Y, 4)
    assert lane.milliseconds < 50  # of 200 by the clock on the wall


def test_every_lane_finds_its_batches_drawn_and_those_of_others_stay_where_they_are(monkeypatch):
    kept, drawn, timed = order(123, 0, 40), order.cache_info, []
    approach = Run.approach

    def watched(run, goal):
        before = drawn().misses
        state = approach(run, goal)
        timed.append(drawn().misses - before)
        return state

    monkeypatch.setattr(Run, "approach", watched)
    list(lanes_of(NETWORK, [ADAM, SGD], X, Y, 500))
    assert set(timed) == {0}
    assert order(123, 0, 40) is kept


def test_a_lane_is_heard_of_step_by_step_where_each_is_much_work():
    x = np.random.default_rng(0).normal(size=(5000, 2))
    legs = races.race(Network(2, (16,) * 6, 1), [Training(batch_size=None)], x, (x[:, 0] > 0).astype(int), 1000)
    assert [next(legs), next(legs)] == [0.001, 0.002]


def test_a_race_has_the_steps_that_can_be_afforded():
    large, line = Network(2, (16,) * 6, 1), Training(optimizer="line-search", batch_size=None)
    assert races.affordable(NETWORK, [ADAM] * 8, 250, 3000) == 3000
    alone, together = (races.affordable(large, [line, *more], 4500, 3000) for more in ([], [line] * 7))
    assert 8 * together * 32 * 4500 * large.n_parameters < MOST_PRODUCTS
    assert 1 < 7 * together < alone < 3000
    assert races.affordable(Network(64, (1024,) * 3, 1), [line], 10**6, 3000) == 1


def test_a_lane_that_diverges_ends_where_its_loss_was_last_finite_and_the_others_go_on():
    y = X @ [1.0, 2.0]
    calm = replace(EXPLODING, learning_rate=0.01)
    wild, lane = lanes_of(QUANTITY, [EXPLODING, calm], X, y, 300)
    assert (wild.diverged, lane.diverged) == (True, False)
    assert (lane.steps[-1], lane.losses[-1] < lane.losses[0]) == (300, True)
    run = Run(QUANTITY, EXPLODING, X, y)
    with pytest.raises(ArithmeticError):
        run.seek(300)
    assert wild.steps[-1] == run.state.step < 300
    assert (np.diff(wild.steps) > 0).all()
    assert np.isfinite(wild.losses).all()
    assert np.isfinite(wild.path).all()  # too large for float32 by then
    assert np.abs(wild.path).max() == np.finfo(np.float32).max


def test_a_loss_that_only_the_yardstick_cannot_express_is_infinite_and_no_divergence():
    huge = Training(loss="mae", optimizer="sgd", learning_rate=1e6, batch_size=None)
    begin = replace(start(QUANTITY, huge), theta=np.array([1e200, 0.0, 0.0]))
    squared, absolute = lanes_of(QUANTITY, [replace(huge, loss="mse"), huge], X, X[:, 0], 3, begin)
    assert squared.diverged
    assert not absolute.diverged
    assert np.isinf(absolute.losses).all()


def test_a_race_changes_nothing_it_was_given():
    begin = Run(NETWORK, ADAM, X, Y).seek(5)
    before = [array.copy() for array in (begin.theta, begin.slots, X, Y)]
    list(lanes_of(NETWORK, [ADAM, SGD], X, Y, 20, begin))
    assert all(np.array_equal(*pair) for pair in zip((begin.theta, begin.slots, X, Y), before, strict=True))


# --- what is refused, before anything runs


@pytest.mark.parametrize("count", [0, MOST_LANES + 1])
def test_there_are_as_many_lanes_as_can_be_told_apart(count):
    with pytest.raises(ValueError, match=rf"^number of trainings must be a whole number from 1 to 8, not {count}\.$"):
        lanes_of(NETWORK, [ADAM] * count, X, Y, 10)


@pytest.mark.parametrize("steps", [0, 1.5])
def test_a_race_has_a_length(steps):
    with pytest.raises(ValueError, match=r"^steps must be a whole number from 1 up"):
        lanes_of(NETWORK, [ADAM], X, Y, steps)


def test_a_race_begins_with_one_network_of_the_right_size():
    for theta in (np.zeros(5), np.zeros((3, NETWORK.n_parameters))):
        begin = replace(start(NETWORK, ADAM), theta=theta)
        with pytest.raises(ValueError, match=r"^begin has parameters of shape .*; it must be one network, \(17,\)\.$"):
            lanes_of(NETWORK, [ADAM], X, Y, 10, begin)


def test_a_training_that_cannot_work_is_refused_before_the_first_lane():
    with pytest.raises(ValueError, match=r"^batch_size is 1,000"):
        lanes_of(NETWORK, [ADAM, replace(ADAM, batch_size=1000)], X, Y, 10)


# --- who is ahead


def lane(steps, losses, milliseconds, diverged=False):
    return Lane(ADAM, np.array(steps), np.zeros((len(steps), 2), np.float32), np.array(losses), milliseconds, diverged)


def test_fewest_steps_and_least_time_are_two_prizes():
    few_slow_steps, many_quick_ones = lane([0, 5, 10], [1, 0.2, 0.1], 100), lane([0, 5, 10], [1, 0.5, 0.2], 10)
    assert ahead([few_slow_steps, many_quick_ones], 0.2) == [
        {"lane": 0, "steps": 5, "milliseconds": 50, "place_in_steps": 1, "place_in_time": 2},
        {"lane": 1, "steps": 10, "milliseconds": 10, "place_in_steps": 2, "place_in_time": 1},
    ]


def test_who_never_arrives_has_no_place_and_who_arrives_first_counts():
    wild = lane([0, 5, 7], [1, 0.3, np.inf], 7, diverged=True)
    stuck = lane([0, 5, 10], [1, 1, 1], 10)
    back_again = lane([0, 5, 10], [1, 0.1, 0.9], 30)
    rows = ahead([stuck, wild, back_again], 0.3)
    assert np.isnan([value for name, value in rows[0].items() if name != "lane"]).all()
    assert (rows[1]["steps"], rows[2]["steps"]) == (5, 5)
    assert (rows[1]["place_in_steps"], rows[2]["place_in_steps"]) == (1, 1)
    assert (rows[1]["place_in_time"], rows[2]["place_in_time"]) == (1, 2)


def test_who_starts_there_needs_no_step():
    lost_at_once = lane([0], [0.1], 0.5, diverged=True)
    assert ahead([lost_at_once], 0.2)[0] == {
        "lane": 0, "steps": 0, "milliseconds": 0, "place_in_steps": 1, "place_in_time": 1,
    }  # fmt: skip


def test_the_table_is_one_for_pandas():
    pandas = pytest.importorskip("pandas")
    lanes = list(lanes_of(NETWORK, [ADAM, SGD], X, Y, 200))
    table = pandas.DataFrame(ahead(lanes, lanes[0].losses[-1])).set_index("lane")
    assert table.shape == (2, 4)
    assert set(map(str, table.dtypes)) == {"float64"}
    assert table.loc[0, "steps"] <= 200
