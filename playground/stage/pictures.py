"""The pictures of one step, as numbers and typed arrays: neurons, decision boundary, loss surface."""

import numpy as np

from playground.engine import ACTIVATIONS, State, loss, predict, r2
from playground.stage.look import Look
from playground.stage.scene import Detail, Scene, quantise
from playground.stage.slices import Slice, encode, next_moves, single, surface_of

Array = np.ndarray


def picture(scene: Scene, look: Look, *, fine: bool) -> tuple[dict, dict[str, Array]]:
    """The present step of a scene's run: its numbers, and its pictures by name."""
    state, detail = scene.run.state, scene.detail(fine=fine)
    with np.errstate(over="ignore", invalid="ignore"):  # weights near divergence may overflow the pictures' float32
        numbers, arrays = network_picture(scene, state.theta, detail)
        told, surface = surface_picture(scene, look, state, detail)
        return numbers | {"slice": told}, arrays | surface


def network_picture(scene: Scene, theta: Array, detail: Detail) -> tuple[dict, dict[str, Array]]:
    """What the network with these parameters (P,) answers, and how well: numbers, and pictures by name."""
    theta32, wrong = single(theta), wrong_answers(scene, theta)
    units, scales = unit_pictures(scene, theta32, detail.unit)
    plane = plane_picture(scene, theta32, detail.plane, detail.codes)
    marked = [flags[: scene.marked(part)] for flags, part in zip(wrong, scene.experiment.data.parts, strict=True)]
    flags = np.packbits(np.concatenate(marked))
    arrays = {"theta": theta32, "scales": scales, "units": units, "plane": plane, "wrong": flags}
    return numbers_of(scene, theta, wrong), arrays


def surface_picture(scene: Scene, look: Look, state: State, detail: Detail) -> tuple[dict, dict[str, Array]]:
    """The slice of the landscape that `look` asks for: what is said of it, and its losses and the path over it."""
    surface = surface_of(scene, look, state, detail.surface)
    codes, limits = encode(surface.losses)
    chosen, a, b = surface.slice, surface.a, surface.b
    told = {
        "titles": list(chosen.titles),
        "sides": [len(a), len(b)],
        "box": [float(end) for end in (a[0], a[-1], b[0], b[-1])],
        "range": limits,
        "at": surface.at.tolist(),
        "here": surface.here,
        "moves": _moves(scene, chosen, state),
        "share": surface.share,
        "off": surface.off,
        "anchored": chosen.anchored,
        "samples": surface.samples,
        "note": chosen.plane.note,
    }
    every = -(-len(surface.path) // detail.path)
    path = np.concatenate([surface.path[:-1:every], surface.path[-1:]])
    return told, {"surface": codes, "path": path.astype(np.float32).ravel()}


def _moves(scene: Scene, chosen: Slice, state: State) -> list[float]:
    """Where −η·gradient and the optimizer's own step lead on the slice: two differences of coordinates in a row."""
    plane = chosen.plane
    return (plane.position(plane.origin + next_moves(scene, state))).ravel().tolist()


def numbers_of(scene: Scene, theta: Array, wrong: list[Array]) -> dict:
    """Step, epoch, and loss and score (accuracy, or R² where a quantity is learned) on each part of the data."""
    run, parts = scene.run, scene.experiment.data.parts
    if scene.experiment.dataset.kind == "regression":
        scores = [float(r2(run.network, theta, part.x, part.y)) for part in parts]
    else:
        scores = [float((~flags).mean()) for flags in wrong]
    return {
        "step": run.state.step,
        "epoch": run.epoch,
        "first": run.first,
        "reached": run.reached,
        "deeds": len(scene.past),
        "loss": [float(loss(run.network, run.training, theta, part.x, part.y)) for part in parts],
        "score": scores,
    }


def wrong_answers(scene: Scene, theta: Array) -> list[Array]:
    """For each part of the data, whether each answer is wrong: another class, or a quantity a tenth off its range."""
    network, quantity = scene.run.network, scene.experiment.dataset.kind == "regression"
    flags = []
    for part in scene.experiment.data.parts:
        answers = predict(network, network.forward(theta, part.x).a[-1])
        flags.append(~(np.abs(answers - part.y) <= scene.reach / 10) if quantity else answers != part.y)
    return flags


def unit_pictures(scene: Scene, theta: Array, side: int) -> tuple[Array, Array]:
    """What each hidden and output neuron answers over the input plane: bytes (units·side²,) and scales (units,).

    Bounded activations are drawn from −1 to 1, the others up to their largest value on the plane; the output as the
    data reach. A first layer that looks at pictures is drawn as its weights, pixel for pixel.
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
    if scene.image:
        layers[0] = _pixels(network.layers(theta)[0][0], scene.image, side)
        scales[0] = np.maximum(np.abs(layers[0]).max(0), 1e-6)
    scales = np.nan_to_num(np.concatenate(scales), nan=1.0, posinf=3e38).astype(np.float32)
    values = np.nan_to_num(np.concatenate(layers, axis=1).T)
    return scene.pictures(values, scales).ravel(), scales


def _pixels(weights: Array, shape: tuple[int, int], side: int) -> Array:
    """Weights (pixels, neurons) of pictures of a shape as pictures of side × side cells: (side², neurons)."""
    rows, columns = (np.arange(side) * length // side for length in shape)
    return weights.reshape(*shape, -1)[rows][:, columns].reshape(side * side, -1)


def plane_picture(scene: Scene, theta: Array, side: int, dtype: type) -> Array:
    """The network's answer over the input plane, as unsigned integers of `dtype`.

    One output: side² values quantised from −reach to +reach, over a line `side` of them. Several: side² classes, then
    side² probabilities as shares of the largest integer.
    """
    network, grid = scene.run.network, scene.grids[side]
    out = np.nan_to_num(network.forward(theta, grid[:side] if scene.window.curve else grid).a[-1])
    if network.outputs == 1:
        return quantise(_centred(network.output, out[:, 0]), scene.reach, dtype)
    return np.concatenate([out.argmax(1), np.rint(np.iinfo(dtype).max * out.max(1))]).astype(dtype)


def _centred(output: str, a: Array) -> Array:
    """A probability 0…1 of a sigmoid output as −1…1, so that undecided is in the middle."""
    return 2 * a - 1 if output == "sigmoid" else a
