"""What the stage shows is what the engine computes: numbers to the last digit, pictures to the last shade."""

import random

import numpy as np
import pytest
from sklearn.decomposition import PCA

from playground.data import DATASETS, FEATURES
from playground.engine import ACTIVATIONS, OPTIMIZERS, accuracy, landscape, loss, r2
from playground.stage.pictures import scored
from playground.stage.scene import areas


def drawn_by_lot(seed):
    """Any data, features, shape, activations, start and rule."""
    draw = random.Random(seed)
    hidden = [draw.randint(1, 16) for _ in range(draw.randint(0, 6))]
    choices = {
        "data": draw.choice(list(DATASETS)),
        "noise": draw.randint(0, 50),
        "seed": draw.randrange(2**32),
        "features": ",".join(key for key in FEATURES if key == "x1" or draw.random() < 0.4),
        "hidden": ",".join(map(str, hidden)),
        "activation": ",".join(draw.choice(list(ACTIVATIONS)) for _ in hidden) or "tanh",
        "init": draw.choice(["xavier", "he", "lecun", "orthogonal", "uniform"]),
        "optimizer": draw.choice(list(OPTIMIZERS)),
        "lr": draw.choice(["0.003", "0.01", "0.03"]),
        "batch": draw.choice(["7", "32", "full"]),
        "dropout": draw.choice(["0", "0.2"]),
        "clip": draw.choice(["1", "none"]),
    }
    return "&".join(f"{name}={word}" for name, word in choices.items())


SETTINGS = [
    "",
    "data=xor&hidden=8,8,8&activation=relu&lr=0.03&noise=10",
    "data=spiral&hidden=3&features=x1,x2,sinx1,sinx2&loss=mse&optimizer=momentum&init=uniform",
    "data=blobs&classes=10&hidden=5&activation=sigmoid&batch=full&l2=0.01",
    "data=multi-gaussian&hidden=6,4&activation=tanh,relu&loss=half-mse&lr=0.03",
    "data=plane&hidden=&optimizer=sgd&lr=0.03&l1=0.003",
    "data=sine-1d&noise=20&hidden=8",
    "data=digits&hidden=12&lr=0.03&validation=10",
    "data=iris&plane=2,3&labels=20",
    "data=diabetes&hidden=6&lr=0.03&scaling=robust",
    *(drawn_by_lot(seed) for seed in range(6)),
]


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda query: query or "default")
def after_23_steps(request, open_shared):
    app = open_shared(request.param)
    app.record_answers()
    app.press("×10")
    app.wait_for_step(10)
    app.press("×10")
    app.wait_for_step(20)
    for step in (21, 22, 23):
        app.press("Step")
        app.wait_for_step(step)
    return app


def test_numbers_and_pictures_are_the_engines(after_23_steps):
    app = after_23_steps
    scene, run = app.engine()
    data, theta = scene.experiment.data, run.state.theta
    network, training = run.network, run.training
    numbers, arrays = app.last_frame()

    assert numbers["step"] == run.state.step == 23
    assert float(app.says("train-loss")) == float(loss(network, training, theta, data.train.x, data.train.y))
    assert float(app.says("test-loss")) == float(loss(network, training, theta, data.test.x, data.test.y))
    quantity = scene.experiment.dataset.kind == "regression"
    score, name = (r2, "r2") if quantity else (accuracy, "accuracy")
    assert float(app.says(f"train-{name}")) == float(score(network, theta, data.train.x, data.train.y))
    assert float(app.says(f"test-{name}")) == float(score(network, theta, data.test.x, data.test.y))
    np.testing.assert_array_equal(arrays["theta"], theta.astype(np.float32))
    _check_units(scene, theta, arrays)
    _check_surface(scene, theta, numbers, arrays)
    _check_plane(scene, theta, arrays["plane"])
    if len(data.parts) == 3:
        assert float(app.says("validation-loss")) == float(
            loss(network, training, theta, data.validation.x, data.validation.y)
        )
    points = sum(len(part.y) for part in data.parts)
    assert np.array_equal(np.unpackbits(arrays["wrong"])[:points], np.concatenate(scored(scene, theta[None])[2], 1)[0])
    assert sum(1 for _ in weights_on_screen(app)) == network.n_parameters
    np.testing.assert_allclose(list(weights_on_screen(app)), theta, rtol=5.1e-3, atol=5.1e-5)


def weights_on_screen(app):
    """Every weight and bias as the table tells it, in the order of theta."""
    region = app.stage.get_by_role("region", name="Weights as tables")
    if region.is_hidden():
        app.page.keyboard.press("t")
    for text in region.get_by_role("button").all_inner_texts():
        yield float(text.replace("−", "-"))


def _check_plane(scene, theta, plane):
    network = scene.run.network
    cells = plane.size // (1 if network.outputs == 1 else 2)
    grid = scene.window.grid(cells)[:cells] if scene.window.curve else scene.window.grid(round(cells**0.5))
    answers = network.forward(theta, scene.experiment.data.inputs(grid)).a[-1]
    if network.outputs == 1:
        expected = 2 * answers[:, 0] - 1 if network.output == "sigmoid" else answers[:, 0] / scene.reach
        np.testing.assert_allclose((plane.astype(float) - 32768) / 32767, np.clip(expected, -1, 1), atol=2e-4)
    else:
        np.testing.assert_allclose(plane[cells:] / 65535, answers.max(1), atol=2e-4)
        clear = np.diff(np.sort(answers)[:, -2:])[:, 0] > 1e-4
        assert np.array_equal(plane[:cells][clear], answers.argmax(1)[clear])


def _check_units(scene, theta, arrays):
    network = scene.run.network
    side = round((arrays["units"].size / arrays["scales"].size) ** 0.5)
    answers = network.forward(theta, scene.experiment.data.inputs(scene.window.grid(side))).a[1:]
    if network.output == "sigmoid":
        answers[-1] = 2 * answers[-1] - 1
    if scene.image:  # the first layer is drawn as its weights
        weights = network.layers(theta)[0][0].reshape(8, 8, -1)
        answers[0] = np.kron(weights, np.ones((side // 8, side // 8, 1))).reshape(side * side, -1)
    expected = np.concatenate(answers, axis=1).T / arrays["scales"][:, None]
    if scene.window.curve:
        expected = areas(expected, np.ones(len(expected)))
    drawn = (arrays["units"].reshape(expected.shape).astype(float) - 128) / 127
    np.testing.assert_allclose(drawn, np.clip(expected, -1, 1), atol=0.5 / 127 + 1e-5)


def _check_surface(scene, theta, numbers, arrays):
    """Against the plane of the first steps, laid here by scikit-learn."""
    data, told = scene.experiment.data, numbers["slice"]
    x, y = data.train.x, data.train.y
    if told["samples"]:
        rows = np.random.default_rng(scene.run.training.seed).permutation(len(x))[: told["samples"]]
        x, y = x[rows], y[rows]
    (a0, a1, b0, b1), (across, up) = told["box"], told["sides"]
    axes = PCA(2, svd_solver="full").fit(scene.scouted).components_
    axes *= np.where(axes @ (scene.scouted[-1] - scene.scouted[0]) < 0, -1, 1)[:, None]
    here = axes @ (theta - scene.scouted[0])
    np.testing.assert_allclose(told["at"], here, atol=1e-6)
    a, b = np.linspace(a0, a1, across) - here[0], np.linspace(b0, b1, up) - here[1]
    exact = landscape.surface(scene.run.network, scene.run.training, theta, *axes, a, b, x, y)
    low, high = np.log(told["range"])
    drawn = np.exp(low + arrays["surface"].reshape(across, up) / 65534 * (high - low))
    np.testing.assert_allclose(drawn, exact, rtol=2e-3)
    np.testing.assert_allclose(arrays["path"].reshape(-1, 2)[-1], here, atol=1e-5)


def test_the_plane_on_screen_has_the_colour_of_every_answer(after_23_steps):
    app = after_23_steps
    scene, run = app.engine()
    if scene.window.curve:
        pytest.skip("over a line there is a curve instead")
    left, right, bottom, top = scene.window.box
    places = np.random.default_rng(0).uniform([left, bottom], [right, top], (4000, 2))
    places = places[_clear_of_data(scene, places)]
    answers = run.network.forward(run.state.theta, scene.experiment.data.inputs(scene.window.lift(places))).a[-1]
    if run.network.outputs > 1:
        first, second = np.sort(answers)[:, :-3:-1].T
        sure, label, strength = first - second > 0.15, answers.argmax(1), first
    else:
        blue = 2 * answers[:, 0] - 1 if run.network.output == "sigmoid" else answers[:, 0] / scene.reach
        sure, label, strength = np.isfinite(blue), (blue > 0).astype(int), np.minimum(np.abs(blue), 1)
    expected = NEUTRAL + (HUES[label] - NEUTRAL) * 0.6 * strength[:, None]  # STRENGTH in colors.js
    off = np.abs(_plane_colours(app, scene, places) - expected).max(1)[sure]
    assert off.size > 60
    assert np.mean(off < 10) > 0.9, np.sort(off)[::-20]  # not on the line itself, and where cells differ much


def test_the_middle_of_a_dense_cloud_has_the_colour_of_its_class(open_app):
    app = open_app("data=blobs&classes=3&n=5000&noise=20")
    scene, _ = app.engine()
    near = np.random.default_rng(0).uniform(-0.7, 0.7, (400, 2))
    for label, hue in enumerate(HUES[:3]):
        cloud = scene.experiment.dataset.x[scene.experiment.dataset.y == label]
        colours = _plane_colours(app, scene, np.median(cloud, axis=0) + near)
        assert np.median(np.abs(colours - hue).max(1)) < 30  # of 93 and more to another class
        assert np.mean(colours.min(1) > 200) < 0.02  # nearly white


# the light palette of colors.js
NEUTRAL = np.array([245, 246, 246])
HUES = np.array(
    [
        *([217, 102, 11], [15, 111, 198], [0, 140, 105], [194, 84, 150], [176, 140, 0]),
        *([96, 96, 96], [130, 60, 190], [160, 40, 40], [70, 160, 190], [90, 110, 30]),
    ]
)


def _plane_colours(app, scene, places):
    spots = np.array([app.place(x1, x2, scene.window.box) for x1, x2 in places]).astype(int)
    return app.pixels("plane")[spots[:, 1], spots[:, 0], :3].astype(int)


def _clear_of_data(scene, places):
    """Which places are a marker's breadth away from every point and from the frame."""
    data, (left, right, bottom, top) = scene.experiment.data, scene.window.box
    drawn = np.concatenate([scene.window.place(part) for part in (*data.parts, data.unlabelled)])
    side = np.array([right - left, top - bottom])
    inside = (np.abs((places - [left, bottom]) / side - 0.5) < 0.49).all(1)
    return inside & (np.linalg.norm((places[:, None] - drawn[None]) / side, axis=-1).min(1) > 0.025)


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_a_connection_is_as_wide_as_its_weight_and_has_the_colour_of_its_sign(open_app, seed):
    app = open_app(f"hidden=&features=x1&optimizer=sgd&lr=3&seed={seed}")  # one straight line from x₁ to the output
    app.press("×10")
    app.wait_for_step(10)
    _, run = app.engine()
    (weights, _), *_ = run.network.layers(run.state.theta)
    weight = weights[0, 0]
    pixels = app.pixels("graph").astype(int)
    height, width, _ = pixels.shape
    window = pixels[height // 2 - 40 : height // 2 + 60, width // 2 - 30 : width // 2 + 30]
    drawn = window[..., 3].max(1) / 255  # opacity row by row; a dash may leave gaps along the line
    size = min(96, (width - 46 - 22) / 2 * 0.56, (height - 28) * 0.76)
    magnitude = min(abs(weight) / 4, 1)
    opacity = 0.25 + 0.75 * magnitude**0.5
    assert drawn.sum() / opacity == pytest.approx(0.5 + magnitude * max(2.5, size / 5), abs=0.35)
    red, _, blue, _ = window[window[..., 3] > window[..., 3].max() / 2].mean(0)
    assert (blue > red) == (weight > 0)
