"""Load: who plays, how long an answer may take then, and that all have their turn."""

import threading

import pytest

from playground.experiment import Config, build
from playground.stage import load
from playground.stage.frames import Ask, answer
from playground.stage.load import BUDGET, PLAYS, ROUND, SHORTEST, WINDOW, Load, budget
from playground.stage.look import Look
from playground.stage.scene import COARSE, COARSEST, Scene


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def ask_for(ledger, name):
    with ledger.turn(name) as seconds:
        return seconds


def test_whoever_plays_alone_has_all_the_time():
    assert budget(0) == budget(1) == BUDGET


@pytest.mark.parametrize("playing", [10, 20, 25])
def test_a_class_has_its_turns_within_one_round(playing):
    assert playing * budget(playing) <= ROUND * 1.001


def test_time_shrinks_with_load_and_never_to_nothing():
    budgets = [budget(playing) for playing in range(1000)]
    assert budgets == sorted(budgets, reverse=True)
    assert budgets[-1] == SHORTEST


def test_those_who_ask_are_playing_until_they_have_not_asked_for_a_while(clock):
    ledger = Load(clock)
    for name in ("ada", "bob", "ada"):
        ask_for(ledger, name)
    assert ledger.playing == 2
    clock.now += PLAYS
    ask_for(ledger, "bob")
    clock.now += 0.1
    assert ledger.playing == 1


def test_pictures_are_counted_over_the_last_seconds(clock):
    ledger = Load(clock)
    ledger.serve(30)
    clock.now += WINDOW - 1
    ledger.serve(20)
    assert ledger.rate == 50 / WINDOW
    clock.now += 2
    assert ledger.rate == 20 / WINDOW
    clock.now += WINDOW
    assert ledger.rate == 0


def test_turns_are_taken_one_at_a_time_in_order_of_arrival():
    ledger, order, inside = Load(), [], []

    def take(number):
        with ledger.turn(str(number)):
            inside.append(number)
            order.append((number, len(inside)))
            inside.remove(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    with ledger.turn("first"):
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while len(ledger._waiting) < count:
                pass
    for thread in threads:
        thread.join()
    assert order == [(number, 1) for number in range(8)]


def test_a_turn_that_fails_is_over():
    ledger = Load()
    with pytest.raises(ZeroDivisionError), ledger.turn("a"):
        raise ZeroDivisionError
    assert ask_for(ledger, "b") == budget(2)


def test_where_many_play_pictures_are_coarser_and_the_run_is_the_same(monkeypatch):
    ask = Ask("run", 0, 1, start=0, goal=50, stride=1, frames=2, deed="", index=0, value=0, other=0, look=Look())
    alone, crowded = (Scene(build(Config()), "run") for _ in range(2))
    answer(alone, ask)
    monkeypatch.setattr(load, "MANY", 1)
    answer(crowded, ask)
    assert (alone.detail(fine=False), crowded.detail(fine=False)) == (COARSE, COARSEST)
    assert (alone.run.at(1).theta == crowded.run.at(1).theta).all()


def test_sessions_that_look_at_the_same_data_share_its_grids():
    one, other, third = (Scene(build(Config(seed=seed)), "run") for seed in (1, 1, 2))
    assert all(one.grids[side] is other.grids[side] for side in one.grids)
    assert one.grids[COARSE.plane] is not third.grids[COARSE.plane]
    assert not one.grids[COARSE.plane].flags.writeable
