"""The window on the inputs: a flat picture of data with one input, two or many, and what it stands for."""

import json

import numpy as np
import pytest

from playground.data import DATASETS, REAL, load, real, write_points
from playground.engine import predict
from playground.experiment import DRAWN, Config, build, losses_for
from playground.stage import Scene
from playground.stage.pictures import picture, scored
from playground.stage.scene import areas

EVERY = pytest.mark.parametrize("data", [*DATASETS, *REAL])


def scene_of(data, **choices):
    config = Config(data=data, **choices)
    return Scene(build(Config(data=data, loss=losses_for(config)[0], **choices)), "test")


@EVERY
def test_what_the_browser_is_told_is_plain_json_of_finite_numbers(data):
    setup = scene_of(data).setup()
    assert json.loads(json.dumps(setup, allow_nan=False))["run"] == "test"
    assert len(setup["features"]) == scene_of(data).run.network.shapes[0][0]


@pytest.mark.parametrize("scaling", ["standardise", "none"])
def test_the_browser_is_told_from_where_to_where_the_values_go(scaling):
    assert scene_of("diabetes", scaling=scaling).setup()["range"] == [25, 346]


@EVERY
def test_every_point_of_a_clean_data_set_is_in_the_window(data):
    scene = scene_of(data)
    left, right, bottom, top = scene.window.box
    for part in scene.experiment.data.parts:
        places = scene.window.place(part)
        assert ((places >= [left, bottom]) & (places <= [right, top])).all()


@pytest.mark.parametrize("pair", [(0, 1), (2, 0), (1, 3)])
def test_a_plane_of_two_inputs_holds_the_others_at_their_mean(pair):
    scene = scene_of("iris", plane=pair)
    train = scene.experiment.data.train.points
    grid = scene.window.grid(5)
    others = [i for i in range(4) if i not in pair]
    assert grid[:, others] == pytest.approx(np.tile(train[:, others].mean(axis=0), (25, 1)))
    assert np.array_equal(scene.window.place(scene.experiment.data.train), train[:, pair])
    assert scene.window.titles == tuple(scene.experiment.data.columns[i] for i in pair)
    assert scene.window.note == "the other 2 inputs at their mean"


def test_the_plane_of_components_tells_their_share_as_scikit_learn_has_it():
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    scene = scene_of("breast-cancer")
    train = scene.experiment.data.train.points
    share = PCA().fit(StandardScaler().fit_transform(train)).explained_variance_ratio_[:2].sum()
    assert scene.window.note == f"{100 * share:.0f} % of the variance"


def test_two_inputs_of_a_table_are_shown_as_they_are():
    scene = scene_of("wine", inputs=(3, 12))
    assert scene.window.titles == ("alcalinity_of_ash", "proline")
    assert scene.window.note == ""
    assert np.array_equal(scene.window.place(scene.experiment.data.train), scene.experiment.data.train.points)


def test_one_input_of_a_table_has_its_target_upwards():
    scene = scene_of("diabetes", inputs=(2,))
    train = scene.experiment.data.train
    assert scene.window.curve
    assert np.array_equal(scene.window.place(train), np.column_stack([train.points, train.y]))
    assert scene.setup()["window"]["curve"] == []


def test_one_input_and_two_classes_have_bands_of_colour():
    scene = scene_of("breast-cancer", inputs=(0,))
    assert not scene.window.curve
    _, arrays = picture(scene, scene.look, fine=False)
    rows = arrays["plane"].reshape(50, 50)
    assert (rows == rows[0]).all()


@pytest.mark.parametrize("data", ["sine-1d", "step-1d", "polynomial-1d"])
def test_the_answer_over_a_line_is_the_networks(data):
    scene = scene_of(data, noise=10)
    scene.run.seek(40)
    _, arrays = picture(scene, scene.look, fine=True)
    x = -6 + 12 * (np.arange(100) + 0.5) / 100
    answers = scene.run.network.forward(scene.run.state.theta, scene.experiment.data.inputs(x[:, None])).a[-1][:, 0]
    shown = (arrays["plane"] - 32768.0) / 32767 * scene.reach
    assert shown == pytest.approx(np.clip(answers, -scene.reach, scene.reach), abs=scene.reach / 5000)


def test_the_curve_without_noise_is_the_data_sets_own():
    scene = scene_of("sine-1d", noise=30)
    assert scene.setup()["window"]["curve"] == pytest.approx(np.sin(np.linspace(-6, 6, 241)), abs=1e-4)


def test_over_a_line_a_neuron_is_drawn_as_the_area_under_its_answer():
    values = np.tile([1.0, -1.0, 0.5, 0.0], 4)[None]  # four columns, all rows alike
    drawn = areas(values, np.array([1.0])).reshape(4, 4)
    assert drawn.T.tolist() == [[1, 1, 0, 0], [0, 0, -1, -1], [0, 0.5, 0, 0], [0, 0, 0, 0]]


def test_a_first_layer_that_looks_at_pictures_is_drawn_as_its_weights():
    scene = scene_of("digits", hidden=(5,))
    _, arrays = picture(scene, scene.look, fine=True)
    weights = scene.run.network.layers(scene.run.state.theta)[0][0]
    shown = (arrays["units"].reshape(-1, 24, 24)[:5, 1::3, 1::3] - 128.0) / 127
    for neuron in range(5):
        expected = weights[:, neuron].reshape(8, 8) / np.abs(weights[:, neuron]).max()
        assert shown[neuron] == pytest.approx(expected, abs=0.01)


def test_a_scaled_target_is_told_in_its_own_unit():
    scene = scene_of("diabetes")
    unit, data = scene.setup()["unit"], scene.experiment.data
    assert (unit["mean"], unit["deviation"]) == (data.target.mean_[0], data.target.scale_[0])
    known = sorted(real("diabetes").y)
    told = sorted(np.concatenate([part.y for part in data.parts]) * unit["deviation"] + unit["mean"])
    assert told == pytest.approx(known)
    assert scene_of("plane").setup()["unit"] == {"mean": 0.0, "deviation": 1.0}


def test_hidden_labels_are_shown_apart_and_not_learned_from():
    scene = scene_of("moons", labels=10)
    setup = scene.setup()
    assert len(setup["train"]) // 3 == len(scene.run.x) == 25
    assert len(setup["unlabelled"]) // 3 == 225
    assert len(setup["test"]) // 3 == 250


def test_the_numbers_of_a_picture_are_those_of_each_part():
    scene = scene_of("circle", validation=20)
    scene.run.seek(30)
    numbers, arrays = picture(scene, scene.look, fine=False)
    parts = scene.experiment.data.parts
    assert [len(part.y) for part in parts] == [250, 150, 100]
    network, theta = scene.run.network, scene.run.state.theta
    right = [float((predict(network, network.forward(theta, p.x).a[-1]) == p.y).mean()) for p in parts]
    assert numbers["score"] == right
    flags = np.unpackbits(arrays["wrong"])[:500].astype(bool)
    assert np.array_equal(flags, np.concatenate(scored(scene, theta[None])[2], axis=1)[0])


def test_another_plane_is_another_view_of_the_same_run():
    scene = scene_of("iris")
    scene.run.seek(20)
    version, state = scene.version, scene.run.state
    scene.see(build(Config(data="iris", plane=(0, 2))))
    assert scene.run.state is state
    assert scene.version == version
    assert scene.setup()["window"]["titles"] == ("sepal length (cm)", "petal length (cm)")


def test_drawn_points_are_told_in_their_order():
    points = load("blobs", 40)
    scene = scene_of(DRAWN, points=write_points(points))
    told = np.reshape(scene.setup()["drawn"], (-1, 3))
    assert told[:, :2] == pytest.approx(points.x, abs=0.005)
    assert np.array_equal(told[:, 2], points.y)
    assert scene_of("iris").setup()["drawn"] == []
