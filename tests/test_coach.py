"""Against every fault the coach has one thing to try, and it helps; a network that learns hears nothing."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from playground.coach import EXAMPLES, REMEDIES, advise, examine, foresee, history
from playground.engine import Diverged, Finding, loss
from playground.experiment import LIVE, Config, build

SEEDS = range(5)
PLANE = {"data": "plane", "loss": "mse", "optimizer": "sgd"}
FAULTS = [  # a kind, steps after which it is there, and a config that has it
    ("linear network", 200, {"hidden": ()}),
    ("linear network", 200, {"data": "moons", "activation": "identity"}),
    ("linear network", 200, {"data": "multi-gaussian", "loss": "mse", "hidden": ()}),
    ("no slope", 200, {"activation": "step"}),
    ("copies", 200, {"init": "zeros"}),
    ("copies", 200, {"init": "constant", "activation": "sigmoid"}),
    ("copies", 200, {"init": "zeros", "activation": "relu", "hidden": (8,)}),
    ("dead", 200, {"activation": "relu", "hidden": (8, 8), "lr": 1.0}),
    ("dead", 200, {"activation": "relu", "hidden": (8, 8), "bias": -5.0}),
    ("saturated", 200, {"lr": 3.0}),
    ("saturated", 60, {"bias": 10.0}),
    ("vanishing gradient", 300, {"activation": "sigmoid", "hidden": (4,) * 6, "optimizer": "sgd"}),
    ("diverged", 100, PLANE | {"hidden": (), "lr": 3.0}),
    ("steps too short", 100, {"optimizer": "sgd", "lr": 1e-6}),
    ("stalled", 300, {"hidden": (1,)}),
    ("stalled", 300, {"data": "xor", "hidden": (1,)}),
    ("stalled", 200, {"optimizer": "sgd", "lr": 0.001}),
]


def go(run, step):
    with suppress(Diverged):
        run.seek(step)
    return run


def advised(config, steps, run=None):
    experiment = build(config)
    run = run or go(experiment.run(), steps)
    test = experiment.data.test.x, experiment.data.test.y
    return run, advise(config, examine(run, test, run.state.step))


def about(kind, advice):
    return next((one for one in advice if one.findings[0].kind == kind), None)


def tried(config, advice, run, steps):
    """The run as it goes on with the advice, and as it would have gone without, after as many steps."""
    experiment = build(replace(config, **advice.changes))
    if set(advice.changes) <= LIVE and not advice.afresh:
        return go(run.branch(experiment.training), run.state.step + steps), go(run.branch(), run.state.step + steps)
    return go(experiment.run(), steps), run


@pytest.mark.parametrize(("kind", "steps", "fields"), FAULTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_tried_makes_the_loss_lower_after_as_many_steps(kind, steps, fields, seed):
    config = Config(**fields, seed=seed)
    run, advice = advised(config, steps)
    one = about(kind, advice)
    one = one if one.changes else advice[0]  # where rounding leads a wild run to another fault, which brings it about
    assert one.changes
    better, worse = tried(config, one, run, steps)
    assert better.loss() < worse.loss()


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
@pytest.mark.parametrize("data", [{"n": 200, "split": 20}, {"n": 200, "split": 20, "hidden": (16, 16)}])
def test_more_examples_close_the_gap_of_overfitting(seed, data):
    config = Config(**({"data": "xor", "noise": 35, "hidden": (8, 8), "seed": seed} | data))
    run, advice = advised(config, 400)
    better, _ = tried(config, about("overfitting", advice), run, 400)
    after = replace(config, **about("overfitting", advice).changes)
    assert not about("overfitting", advised(after, 400, better)[1])
    assert test_loss(after, better) < test_loss(config, run)


def test_loss(config, run):
    data = build(config).data
    return float(loss(run.network, run.training, run.state.theta, data.test.x, data.test.y))


test_loss.__test__ = False


@pytest.mark.parametrize("seed", SEEDS)
def test_a_jumping_loss_settles_with_shorter_steps(seed):
    config = Config(optimizer="sgd", lr=10.0, seed=seed)
    for steps in range(110, 301, 10):
        run, advice = advised(config, steps)
        if one := about("steps too long", advice):
            better, worse = tried(config, one, run, steps)
            assert better.loss() < worse.loss()
            return
    pytest.fail("no step was too long")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_too_large_for_the_curvature_is_lowered_on_the_way(seed):
    config = Config(optimizer="sgd", lr=10.0, seed=seed)
    run, advice = advised(config, 1)
    one = about("learning rate too large", advice)
    assert one.changes["lr"] <= one.findings[0].evidence["stable"]
    better, worse = tried(config, one, run, 100)
    assert better.loss() < worse.loss()


@pytest.mark.parametrize("rate", [0.01, 1.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_an_exploding_error_is_calmed(seed, rate):
    config = Config(activation="leaky-relu", hidden=(16,) * 6, lr=rate, seed=seed)
    run = build(config).run()
    run.edit(5 * run.state.theta)
    one = about("exploding gradient", advised(config, 0, run)[1])
    assert one.changes == {"init": "he"}
    again = advised(replace(config, **one.changes), 0)[1]
    assert not about("exploding gradient", again)
    second = about("exploding gradient", advised(replace(config, init="he"), 0, run)[1])
    assert second.changes == {"clip": 1.0}
    assert second.afresh


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("step", [0, 1, 50, 150, 500])
def test_the_first_network_hears_nothing(seed, step):
    assert advised(Config(seed=seed), step)[1] == []


@pytest.mark.parametrize("kind", REMEDIES)
@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(hidden=()),
        Config(activation=("relu", "step"), lr=10.0, init="he", clip=1.0),
        Config(hidden=(16,) * 6, lr=1e-6, n=5000, l2=0.1, bias=-1.0, seed=2**32 - 1),
    ],
)
def test_every_remedy_leads_to_another_config_that_can_be_built(kind, config):
    evidence = {"stable": 1e-3, "ratio": 1e-7}
    config = replace(config, scaling="none")  # where inputs are scaled it is not said that they are not
    (one,) = advise(config, [Finding(kind, "Something is wrong.", evidence, 0, (0,))])
    assert one.remedy.endswith(".")
    after = replace(config, **one.changes)
    assert (after != config) == bool(one.changes)
    build(after)


def test_what_follows_from_something_else_comes_last_and_without_a_remedy_of_its_own():
    advice = advised(Config(activation="step"), 300)[1]
    assert [one.findings[0].kind for one in advice] == ["no slope", "stalled"]
    assert not advice[1].changes


def test_findings_of_one_kind_are_one_advice():
    (one,) = advised(Config(init="zeros"), 0)[1]
    assert [finding.layer for finding in one.findings] == [0, 1]


@pytest.mark.parametrize(("scaling", "said"), [("none", True), ("standardise", False), ("min-max", False)])
def test_that_inputs_are_not_scaled_is_said_where_the_learner_left_them_so(scaling, said):
    _, advice = advised(Config(data="wine", scaling=scaling, lr=0.001), 30)
    found = [one for one in advice if one.findings[0].kind == "data not scaled"]
    assert bool(found) == said
    assert all(one.changes == {"scaling": "standardise"} for one in found)


def test_of_a_run_that_diverged_nothing_else_is_said():
    _, advice = advised(Config(**PLANE, hidden=(8,), lr=3.0), 100)
    assert [one.findings[0].kind for one in advice] == ["diverged"]


# --- history


def test_a_history_of_drawn_steps_is_that_of_all_steps():
    run = build(Config()).run()
    every = [run.seek(step) and run.loss() for step in range(301)]
    drawn, apart = history(run, 300, list(enumerate(every)))
    np.testing.assert_allclose(drawn, every)
    assert apart == 1
    thinned, apart = history(run, 300, [[step, every[step], 0.0] for step in range(0, 300, 10)])
    assert (len(thinned), apart) == (301, 1)
    np.testing.assert_allclose(thinned[::10], every[::10])


def test_where_nothing_has_been_drawn_enough_is_computed_to_see_that_nothing_moves():
    run = build(Config(hidden=())).run()
    every = [run.seek(step) and run.loss() for step in range(301)]
    few, _ = history(run, 300)
    assert few[0] == every[0]
    for quarter in (slice(150, 225), slice(225, 301)):
        assert few[quarter].mean() == pytest.approx(np.mean(every[quarter]), rel=0.01)


def test_a_long_history_is_thinned_and_says_by_how_much():
    run = build(Config(hidden=())).run()
    run.seek(2000)
    losses, apart = history(run, 2000)
    assert (len(losses), apart) == (401, 5)
    (finding,) = [f for f in examine(run, (run.x, run.y), 2000) if f.kind == "stalled"]
    assert "No progress for 1,000 steps" in finding.sentence


def test_a_history_begins_where_the_rule_does():
    config = Config(hidden=())
    run = build(config).run()
    run.seek(300)
    run.change(build(replace(config, loss="mse", lr=0.01)).training)
    run.seek(350)
    losses, _ = history(run, 350, [[step, 99.0] for step in range(300)])
    assert len(losses) == 51
    assert losses.max() < 1
    assert "stalled" not in {finding.kind for finding in examine(run, (run.x, run.y), 350)}
    assert "stalled" in {finding.kind for finding in examine(run, (run.x, run.y), 300 - 1)}


def test_of_many_examples_some_are_looked_at():
    run = build(Config(n=5000, split=90, init="zeros", activation="relu")).run()
    (*_, finding) = [f for f in examine(run, (run.x, run.y), 0) if f.kind == "dead"]
    assert finding.evidence["examples"] <= EXAMPLES


def test_a_rule_of_which_nothing_has_been_seen_is_judged_by_what_it_will_do():
    run = build(Config(**PLANE, hidden=(), lr=3.0)).run()
    rule = build(Config(**PLANE, hidden=(), lr=0.1)).training
    assert "learning rate too large" in {finding.kind for finding in foresee(run, run.training, 0)}
    assert foresee(run, rule, 0) == []


def test_a_rule_is_judged_by_the_rate_to_which_its_schedule_has_come():
    run = go(build(Config(**PLANE, hidden=(), lr=0.0001)).run(), 300)
    rule = build(Config(**PLANE, hidden=(), lr=10.0, schedule="exponential", span=50)).training
    assert "learning rate too large" in {finding.kind for finding in foresee(run, rule, 0)}
    assert foresee(run, rule, 300) == []  # 0.025 by then
