"""The pictures of one step, as numbers and typed arrays: neurons, decision boundary, loss surface."""

import numpy as np

from playground.engine import ACTIVATIONS, landscape, loss, predict, r2
from playground.stage.scene import Scene, quantise

Array = np.ndarray

NOT_FINITE = 65535  # a loss on the surface that is infinite or not a number
SMALLEST_LOSS = 1e-9  # the surface is drawn on a logarithmic scale that ends here


def picture(scene: Scene, *, fine: bool) -> tuple[dict, dict[str, Array]]:
    """The present step of a scene's run: its numbers, and its pictures by name."""
    theta, detail = scene.run.state.theta, scene.detail(fine=fine)
    with np.errstate(over="ignore", invalid="ignore"):  # weights near divergence may overflow the pictures' float32
        a, b, losses = surface_around(scene, theta, detail.surface)
        surface, limits = encode_surface(losses)
        theta32 = _single(theta)
        wrong = wrong_answers(scene)
        units, scales = unit_pictures(scene, theta32, detail.unit)
        arrays = {
            "theta": theta32,
            "scales": scales,
            "surface": surface,
            "units": units,
            "plane": plane_picture(scene, theta32, detail.plane, detail.codes),
            "wrong": np.packbits(np.concatenate(wrong)),
        }
        place = {"at": scene.position(theta).tolist(), "box": [a[0], a[-1], b[0], b[-1]], "range": limits}
        return numbers_of(scene, wrong) | place, arrays


def numbers_of(scene: Scene, wrong: list[Array]) -> dict:
    """Step, epoch, and loss and score (accuracy, or R² where a quantity is learned) on training and test data."""
    run, data = scene.run, scene.experiment.data
    theta, test = run.state.theta, (data.test_x, data.test_y)
    if scene.experiment.dataset.kind == "regression":
        scores = [float(r2(run.network, theta, x, y)) for x, y in ((run.x, run.y), test)]
    else:
        scores = [float((~flags).mean()) for flags in wrong]
    return {
        "step": run.state.step,
        "epoch": run.epoch,
        "first": run.first,
        "reached": run.reached,
        "deeds": len(scene.past),
        "loss": [run.loss(), float(loss(run.network, run.training, theta, *test))],
        "score": scores,
    }


def wrong_answers(scene: Scene) -> list[Array]:
    """For training and test data, whether each answer is wrong: another class, or a quantity a tenth off its range."""
    network, data = scene.run.network, scene.experiment.data
    flags = []
    for x, y in ((data.train_x, data.train_y), (data.test_x, data.test_y)):
        answers = predict(network, network.forward(scene.run.state.theta, x).a[-1])
        quantity = scene.experiment.dataset.kind == "regression"
        flags.append(~(np.abs(answers - y) <= scene.reach / 10) if quantity else answers != y)
    return flags


def surface_around(scene: Scene, theta: Array, side: int) -> tuple[Array, Array, Array]:
    """The slice of the loss surface through `theta`: coordinates a, b (side,) and training losses (side, side)."""
    position = scene.position(theta)
    (a0, b0), (a1, b1) = scene.box(position)
    a, b = np.linspace(a0, a1, side), np.linspace(b0, b1, side)
    run, (here_a, here_b) = scene.run, position
    losses = landscape.surface(
        run.network, run.training, _single(theta), scene.d1, scene.d2, a - here_a, b - here_b, run.x, run.y
    )
    return a, b, losses


def encode_surface(losses: Array) -> tuple[Array, list[float]]:
    """The logarithms of `losses` as uint16 from 0 to 65534, and the `[lowest, highest]` loss these stand for."""
    finite = np.isfinite(losses)
    if not finite.any():
        return np.full(losses.size, NOT_FINITE, np.uint16), [1.0, 1.0]
    logs = np.log(np.where(finite, np.maximum(losses, SMALLEST_LOSS), 1).astype(np.float64))
    low, high = logs[finite].min(), logs[finite].max()
    shares = (logs - low) / max(high - low, 1e-12)
    codes = np.where(finite, np.rint(65534 * np.clip(shares, 0, 1)), NOT_FINITE)
    return codes.astype(np.uint16).ravel(), [float(np.exp(low)), float(np.exp(high))]


def unit_pictures(scene: Scene, theta: Array, side: int) -> tuple[Array, Array]:
    """What each hidden and output neuron answers over the input plane: bytes (units·side²,) and scales (units,).

    Bounded activations are drawn from −1 to 1, the others up to their largest value on the plane; the output as the
    data reach.
    """
    network = scene.run.network
    layers = network.forward(theta, scene.grids[side]).a[1:]
    layers[-1] = _centred(network.output, layers[-1])
    scales = [
        np.ones(layer.shape[1])
        if max(map(abs, ACTIVATIONS[name].range)) == 1
        else np.maximum(np.abs(layer).max(0), 1e-6)
        for layer, name in zip(layers[:-1], network.activations, strict=True)
    ] + [np.full(network.outputs, scene.reach)]
    scales = np.nan_to_num(np.concatenate(scales), nan=1.0, posinf=3e38).astype(np.float32)
    values = np.nan_to_num(np.concatenate(layers, axis=1).T)
    return quantise(values, scales[:, None]).ravel(), scales


def plane_picture(scene: Scene, theta: Array, side: int, dtype: type) -> Array:
    """The network's answer over the input plane, as unsigned integers of `dtype`.

    One output: side² values quantised from −reach to +reach. Several: side² classes, then side² probabilities as
    shares of the largest integer.
    """
    network = scene.run.network
    out = np.nan_to_num(network.forward(theta, scene.grids[side]).a[-1])
    if network.outputs == 1:
        return quantise(_centred(network.output, out[:, 0]), scene.reach, dtype)
    return np.concatenate([out.argmax(1), np.rint(np.iinfo(dtype).max * out.max(1))]).astype(dtype)


def _centred(output: str, a: Array) -> Array:
    """A probability 0…1 of a sigmoid output as −1…1, so that undecided is in the middle."""
    return 2 * a - 1 if output == "sigmoid" else a


def _single(theta: Array) -> Array:
    return np.clip(theta, -3e38, 3e38).astype(np.float32)
