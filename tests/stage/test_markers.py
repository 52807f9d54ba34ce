"""Of very many data points a part is drawn, and what is said of a drawn point is true of it."""

from dataclasses import replace

import numpy as np
import pytest

from playground.data import Dataset
from playground.engine import predict
from playground.experiment import TABLE, Config, build
from playground.limits import MOST_MARKED
from playground.stage import Scene
from playground.stage.pictures import moment_of, network_pictures, picture
from playground.stage.scene import FINE


def scene_of(n: int, **changes) -> Scene:
    x = np.random.default_rng(0).normal(size=(n, 3))
    y = (x[:, 0] > x[:, 1] ** 2).astype(int)
    table = Dataset(x, y, "classification", ("a", "b", "c"), ("no", "yes"))
    config = replace(Config(data=TABLE, table=table.fingerprint(), plane=(0, 1)), **changes)
    return Scene(build(config, table), "run")


PARTS = ("train", "test", "validation", "unlabelled")


THREE_PARTS = {"split": 70, "validation": 20}
SIZES = (2, 10, MOST_MARKED, MOST_MARKED + 1, 20_000)
CASES = [(n, changes) for n in SIZES for changes in ({}, THREE_PARTS, {"labels": 10})]
CASES.remove((2, THREE_PARTS))


@pytest.mark.parametrize(("n", "changes"), CASES)
def test_each_part_is_drawn_by_its_share_and_all_of_it_where_there_are_few(n, changes):
    scene = scene_of(n, **changes)
    setup, data = scene.setup(), scene.experiment.data
    drawn = {name: len(setup[name]) // 3 for name in PARTS}
    all_of = {name: len(getattr(data, name).y) for name in PARTS}
    assert drawn == all_of if n <= MOST_MARKED else abs(sum(drawn.values()) - MOST_MARKED) < 4
    for name in PARTS:
        assert drawn[name] == pytest.approx(all_of[name] * min(1, MOST_MARKED / n), abs=1)


@pytest.mark.parametrize("n", [100, 20_000])
def test_a_point_is_marked_wrong_where_the_network_errs_and_the_score_is_that_of_all(n):
    scene = scene_of(n, split=60, validation=10)
    theta = scene.run.seek(20).theta
    ((numbers, arrays),) = network_pictures(scene, theta[None], [moment_of(scene.run)], FINE)
    setup, data = scene.setup(), scene.experiment.data
    points = np.array([*setup["train"], *setup["test"], *setup["validation"]]).reshape(-1, 3)
    flags = np.unpackbits(arrays["wrong"])[: len(points)].astype(bool)
    assert len(arrays["wrong"]) == -(-len(points) // 8)
    met, of = set(), {tuple(place): label for place, label in zip(points[:, :2], flags, strict=True)}
    for part, score in zip(data.parts, numbers["score"], strict=True):
        wrong = predict(scene.run.network, scene.run.network.forward(theta, part.x).a[-1]) != part.y
        assert score == pytest.approx(1 - wrong.mean())
        for place, label in zip(np.round(part.points[:, :2], 4), wrong, strict=True):
            assert of.get(tuple(place), label) == label
            met |= {tuple(place)} & set(of)
    assert met == set(of)


def test_the_points_that_are_drawn_are_a_fair_sample():
    scene = scene_of(20_000)
    drawn = np.array(scene.setup()["train"]).reshape(-1, 3)
    y = scene.experiment.data.train.y
    assert drawn[:, 2].mean() == pytest.approx(y.mean(), abs=0.03)
    assert (np.diff(drawn[:, 2]) != 0).mean() == pytest.approx(2 * y.mean() * (1 - y.mean()), abs=0.05)


@pytest.mark.parametrize("inputs", [1, 2, 3, 20])
@pytest.mark.parametrize("n", [2, 3, 12])
@pytest.mark.parametrize("scale", [0, 1e-30, 1, 1e30])
def test_the_smallest_and_the_dullest_table_has_a_picture(inputs, n, scale):
    x = scale * np.random.default_rng(0).normal(size=(n, inputs))
    table = Dataset(x, np.arange(n) % 2, "classification", tuple(f"m{i}" for i in range(inputs)), ("no", "yes"))
    scene = Scene(build(Config(data=TABLE, table=table.fingerprint()), table), "run")
    numbers, _ = picture(scene, scene.look, fine=True)
    assert np.isfinite(numbers["loss"]).all()
    assert np.isfinite(scene.window.box).all()
