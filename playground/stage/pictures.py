"""The pictures of a run's steps, as numbers and typed arrays: neurons, decision boundary, loss surface.

Many steps are drawn together: their parameters are the rows of one matrix, which is many networks at once.
"""

from dataclasses import dataclass

import numpy as np

from playground.engine import ACTIVATIONS, Run, State, predict, targets
from playground.engine.metrics import explained
from playground.engine.objective import mean_loss
from playground.stage.look import Look
from playground.stage.scene import Detail, Scene, quantise
from playground.stage.slices import Surface, encode, next_moves, single, surfaces_of

Array = np.ndarray
Picture = tuple[dict, dict[str, Array]]  # what is told of it, and its arrays by name


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A step of a run as it was when the run stood there."""

    state: State
    epoch: float
    first: int
    reached: int


def moment_of(run: Run) -> Moment:
    """The present one."""
    return Moment(run.state, run.epoch, run.first, run.reached)


def picture(scene: Scene, look: Look, *, fine: bool) -> Picture:
    """The present step of a scene's run: its numbers, and its pictures by name."""
    return pictures(scene, look, [moment_of(scene.run)], fine=fine)[0]


def pictures(scene: Scene, look: Look, moments: list[Moment], *, fine: bool) -> list[Picture]:
    """The pictures of some moments of a scene's run, in order, all under its present rule; the trail remembers them."""
    detail, states = scene.detail(fine=fine), [moment.state for moment in moments]
    with np.errstate(over="ignore", invalid="ignore"):  # weights near divergence may overflow the pictures' float32
        drawn = network_pictures(scene, np.stack([state.theta for state in states]), moments, detail)
        for state, (numbers, _) in zip(states, drawn, strict=True):
            scene.trail.remember(state.step, numbers["loss"], state.theta)
        surfaces = surface_pictures(scene, look, states, detail)
    return [
        (numbers | {"slice": told}, arrays | surface)
        for (numbers, arrays), (told, surface) in zip(drawn, surfaces, strict=True)
    ]


def network_pictures(scene: Scene, thetas: Array, moments: list[Moment], detail: Detail) -> list[Picture]:
    """What the networks `thetas` (f, P) answer, and how well: for each its numbers, and its pictures by name."""
    losses, scores, wrong = scored(scene, thetas)
    thetas32 = single(thetas)
    units, scales = unit_pictures(scene, thetas32, detail.unit)
    plane = plane_pictures(scene, thetas32, detail.plane, detail.codes)
    marked = [flags[:, : scene.marked(part)] for flags, part in zip(wrong, scene.experiment.data.parts, strict=True)]
    flags = np.packbits(np.concatenate(marked, axis=1), axis=1)
    arrays = {"theta": thetas32, "scales": scales, "units": units, "plane": plane, "wrong": flags}
    return [
        (
            _told(moment, len(scene.past)) | {"loss": losses[i].tolist(), "score": scores[i].tolist()},
            {name: array[i] for name, array in arrays.items()},
        )
        for i, moment in enumerate(moments)
    ]


def _told(moment: Moment, deeds: int) -> dict:
    return {
        "step": moment.state.step,
        "epoch": moment.epoch,
        "first": moment.first,
        "reached": moment.reached,
        "deeds": deeds,
    }


def surface_pictures(scene: Scene, look: Look, states: list[State], detail: Detail) -> list[Picture]:
    """The slice of the landscape that `look` asks for at each of the states, which the trail remembers.

    Of each what is said of it, and its losses and the path over it.
    """
    surfaces, moves = surfaces_of(scene, look, states, detail.surface), next_moves(scene, states)
    return [_surface_picture(*each, detail.path) for each in zip(surfaces, moves, strict=True)]


def _surface_picture(surface: Surface, moves: Array, most: int) -> Picture:
    """One of them, with at most so many points of the path.

    `moves` (2, P), −η·gradient and the optimizer's own step, are drawn as differences of coordinates.
    """
    codes, limits = encode(surface.losses)
    chosen, a, b = surface.slice, surface.a, surface.b
    told = {
        "titles": list(chosen.titles),
        "sides": [len(a), len(b)],
        "box": [float(end) for end in (a[0], a[-1], b[0], b[-1])],
        "range": limits,
        "at": surface.at.tolist(),
        "here": surface.here,
        "moves": chosen.plane.position(chosen.plane.origin + moves).ravel().tolist(),
        "share": surface.share,
        "off": surface.off,
        "anchored": chosen.anchored,
        "samples": surface.samples,
        "note": chosen.plane.note,
    }
    every = -(-len(surface.path) // most)
    path = np.concatenate([surface.path[:-1:every], surface.path[-1:]])
    return told, {"surface": codes, "path": path.astype(np.float32).ravel()}


def scored(scene: Scene, thetas: Array) -> tuple[Array, Array, list[Array]]:
    """How well the networks `thetas` (f, P) do on each part of the data, all from the same answers.

    Losses (f, parts), scores (f, parts), accuracy or R² where a quantity is learned, and for each part whether each
    answer is wrong (f, n): another class, or a quantity a tenth off its range.
    """
    network, training, quantity = scene.run.network, scene.run.training, scene.experiment.dataset.kind == "regression"
    losses, scores, wrong = [], [], []
    for part in scene.experiment.data.parts:
        trace = network.forward(thetas, part.x)
        answers = predict(network, trace.a[-1])
        losses.append(mean_loss(network, training, thetas, trace.z[-1], targets(network, part.y)))
        wrong.append(~(np.abs(answers - part.y) <= scene.reach / 10) if quantity else answers != part.y)
        scores.append(explained(answers, part.y) if quantity else (~wrong[-1]).mean(1))
    return np.stack(losses, 1), np.stack(scores, 1), wrong


def unit_pictures(scene: Scene, thetas: Array, side: int) -> tuple[Array, Array]:
    """What each hidden and output neuron answers over the input plane: bytes (f, units·side²) and scales (f, units).

    Bounded activations are drawn from −1 to 1, the others up to their largest value on the plane; the output as the
    data reach. A first layer that looks at pictures is drawn as its weights, pixel for pixel.
    """
    network = scene.run.network
    layers = network.forward(thetas, scene.grids[side]).a[1:]  # each (f, side², neurons)
    layers[-1] = _centred(network.output, layers[-1])
    known = [1 if max(map(abs, ACTIVATIONS[name].range)) == 1 else None for name in network.activations]
    known.append(scene.reach)
    if scene.image:
        layers[0], known[0] = _pixels(network.layers(thetas)[0][0], scene.image, side), None
    scales = [
        np.maximum(np.abs(layer).max(1), 1e-6) if scale is None else np.full((len(layer), layer.shape[2]), scale)
        for layer, scale in zip(layers, known, strict=True)
    ]
    scales = np.nan_to_num(np.concatenate(scales, 1), nan=1.0, posinf=3e38).astype(np.float32)
    values = np.nan_to_num(np.concatenate(layers, 2).swapaxes(1, 2))  # (f, units, side²)
    return scene.pictures(values, scales).reshape(len(thetas), -1), scales


def _pixels(weights: Array, shape: tuple[int, int], side: int) -> Array:
    """Weights (f, pixels, neurons) of pictures of a shape as pictures of side × side cells: (f, side², neurons)."""
    rows, columns = (np.arange(side) * length // side for length in shape)
    pixels = weights.reshape(len(weights), *shape, -1)[:, rows][:, :, columns]
    return pixels.reshape(len(weights), side * side, -1)


def plane_pictures(scene: Scene, thetas: Array, side: int, dtype: type) -> Array:
    """The networks' answers over the input plane, as unsigned integers of `dtype` (f, numbers).

    One output: side² values quantised from −reach to +reach, over a line `side` of them. Several: side² classes, then
    side² probabilities as shares of the largest integer.
    """
    network, grid = scene.run.network, scene.grids[side]
    out = np.nan_to_num(network.forward(thetas, grid[:side] if scene.window.curve else grid).a[-1])
    if network.outputs == 1:
        return quantise(_centred(network.output, out[..., 0]), scene.reach, dtype)
    return np.concatenate([out.argmax(-1), np.rint(np.iinfo(dtype).max * out.max(-1))], axis=1).astype(dtype)


def _centred(output: str, a: Array) -> Array:
    """A probability 0…1 of a sigmoid output as −1…1, so that undecided is in the middle."""
    return 2 * a - 1 if output == "sigmoid" else a
