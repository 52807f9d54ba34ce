"""The run on the stage, and what its pictures need beside it: points, grids, the plane of the loss surface."""

import base64
import hashlib
import math
from collections.abc import Callable
from copy import copy
from dataclasses import asdict, dataclass, replace
from weakref import WeakValueDictionary

import numpy as np

from playground.data import FEATURES, LINE, PLANE, REAL, Prepared, drawable
from playground.data.prepare import Part
from playground.data.words import shown, unlike
from playground.engine import Diverged, Run, State, steps_per_epoch
from playground.engine.tape import work
from playground.experiment import DRAWING, Experiment, dataset_of, differences
from playground.limits import MOST_MARKED, MOST_SCOUTED, SCOUTED_PRODUCTS
from playground.stage.look import Look
from playground.stage.trail import Trail
from playground.stage.window import window_of

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Detail:
    """How many cells a side the pictures have: of a neuron, of the decision boundary, of the loss surface.

    `path` is the most points of the path over it, `codes` the type of the boundary's numbers.
    """

    unit: int
    plane: int
    surface: int
    path: int = 128
    codes: type = np.uint16


FINE = Detail(unit=24, plane=100, surface=33)  # for a picture that stands still
COARSE = Detail(unit=12, plane=50, surface=17)  # for one that passes by
COARSER = Detail(unit=10, plane=40, surface=13, path=48, codes=np.uint8)  # for a large network, to spare the wire
COARSEST = Detail(unit=10, plane=40, surface=9, path=32, codes=np.uint8)  # where many play, to spare the server
LARGE = 200  # parameters
TOGETHER = 5  # steps that are drawn together, at most
SHARED = 2**20  # samples × parameters of all of them: of a large network, each fills the cache alone
DRAWN_APART = 16  # inputs; more are drawn as one


class Scene:
    """A run, its history, and everything its pictures need that does not change from step to step."""

    def __init__(self, experiment: Experiment, name: str, begin: State | None = None, look: Look | None = None) -> None:
        self.name, self.run = name, experiment.run(begin)
        self.version, self.pending = 0, False
        self.ruled = 0  # the version of the latest change of anything but the points that are drawn
        self.answered = b""  # the latest answer to the browser
        self.past: list[Run] = []  # the run as it was before each deed that can be undone
        self.edited: tuple[int, int] | None = None  # step and number of the parameter that is being edited
        self.crowded = False  # whether so many play that pictures which pass by are to be as cheap as they can be
        self.spent: Callable[[], bool] = lambda: True  # whether the time for the present answer is up, if there is one
        self.jumped = -1  # the number of the latest jump
        self.look = look or Look()
        self.see(experiment)
        self.trail = Trail()
        self.slices: dict = {}  # of the landscape, that have been laid and still hold
        self.scouted = _scouted_path(self.run.branch())
        self._twin: Run | None = None

    def change(self, experiment: Experiment) -> None:
        """Let the run learn as `experiment` says, from the step on that the browser shows when it next asks."""
        drawn_only = differences(experiment.config, self.experiment.config) <= DRAWING
        self.see(experiment)
        self.pending = True
        self.version += 1
        if not drawn_only:
            self.ruled = self.version

    def see(self, experiment: Experiment) -> None:
        """Lay the window on the data as `experiment` says, and find the inputs of all its cells."""
        self.experiment = experiment
        self.follows: bool | None = None  # whether it follows from its config alone, once somebody has found out
        data, kind = experiment.data, experiment.dataset.kind
        self.window = window_of(data, kind, experiment.config.plane)
        self.grids = {
            side: shared(data.inputs(self.window.grid(side)).astype(np.float32))
            for detail in (FINE, COARSE, COARSER, COARSEST)
            for side in (detail.unit, detail.plane)
        }
        self.inputs = unlike(map(shown, labels(data)))
        self.outputs = unlike(map(shown, experiment.dataset.class_names))
        self.image = image_shape(experiment)
        self.reach = max(map(abs, self.window.box[2:])) if self.window.curve else reach(data, kind)

    def apply_change(self) -> None:
        """Do what `change` has announced, at the present step."""
        if self.pending:
            data = self.experiment.data.train
            self.run.change(self.experiment.training, data.x, data.y)
            self.pending, self._twin = False, None
            self.renew()

    def renew(self) -> None:
        """The run goes another way from here: forget what was seen of the way it went before."""
        self.trail.forget(after=self.run.state.step)
        self.slices.clear()
        if self.run.state.step < self.run.first + MOST_SCOUTED:
            self.scouted = _scouted_path(self.run.branch())

    def onward(self, step: int) -> State:
        """The state from which the run goes on at a step already reached, by the rule and the data chosen by now."""
        run, data = copy(self.run), self.experiment.data.train
        run.state = self.run.at(step)
        same = run.training == self.experiment.training
        if not (same and np.array_equal(run.x, data.x) and np.array_equal(run.y, data.y)):
            run = run.branch()
            run.change(self.experiment.training, data.x, data.y)
        return run.state

    def twin(self, seed: int) -> Run:
        """The same experiment from another seed, as far as it has come."""
        if self._twin is None or self._twin.training.seed != seed:
            training = replace(self.experiment.training, seed=seed)
            self._twin = Run(self.run.network, training, self.run.x, self.run.y)
        return self._twin

    def parameter_name(self, index: int) -> str:
        """A weight or bias by its place in theta: where the connection leaves and enters, neurons as layer.number."""
        network, layer = self.run.network, 0
        while index >= (size := (network.shapes[layer][0] + 1) * network.shapes[layer][1]):
            index, layer = index - size, layer + 1
        fan_in, fan_out = network.shapes[layer]
        row, column = divmod(index, fan_out)
        goal = self.node_name(layer + 1, column)
        return f"bias of {goal}" if row == fan_in else f"{self.node_name(layer, row)} → {goal}"

    def node_name(self, column: int, row: int) -> str:
        """An input by its feature, an output by its class, any other neuron as layer.number.

        Such a name may stand in Markdown and in figures, whatever a table calls its columns and classes.
        """
        if column == 0:
            return self.inputs[row]
        if column <= len(self.run.network.hidden):
            return f"{column}.{row + 1}"
        return self.outputs[row] if self.run.network.outputs > 1 else "output"

    def detail(self, *, fine: bool) -> Detail:
        """How finely to draw a picture that stands still (`fine`), or one that passes by."""
        if fine:
            return FINE
        if self.crowded:
            return COARSEST
        return COARSER if self.run.network.n_parameters > LARGE else COARSE

    @property
    def together(self) -> int:
        """How many steps to draw together: what is done once for all of them takes most of a small network's time."""
        each = len(self.experiment.dataset.y) * self.run.network.n_parameters
        return int(np.clip(SHARED // each, 1, TOGETHER))

    def _input_pictures(self) -> str:
        """What each input is over the window, one byte a cell; of very many nothing is drawn."""
        if len(self.experiment.data.features) > DRAWN_APART:
            return ""
        values = self.grids[FINE.unit].T
        scales = np.maximum(np.abs(values).max(1), 1e-6)
        return base64.b64encode(self.pictures(values, scales).tobytes()).decode()

    def pictures(self, values: Array, scales: Array) -> Array:
        """Values (…, units, side²) over the window as bytes, 128 being zero; over a line, as areas under curves."""
        if self.window.curve:
            values = areas(values, scales)
        return quantise(values, scales[..., None])

    def marked(self, part: Part) -> int:
        """How many samples of a part of the data are drawn: the first ones, for their order is a matter of chance."""
        return math.ceil(len(part.y) * min(1, MOST_MARKED / len(self.experiment.dataset.y)))

    def _markers(self, part: Part) -> list[float]:
        count = self.marked(part)
        return triples(self.window.place(part)[:count], part.y[:count])

    def _to_draw(self) -> tuple[list[float], str]:
        """The points to go on drawing with, in order, with the labels they were given; what is said of the others."""
        if self.experiment.data.columns != PLANE:
            return [], ""
        drawing, left_out = drawable(dataset_of(self.experiment.config))
        return triples(drawing.x, drawing.y), left_out

    def setup(self) -> dict:
        """What the browser is told once for each run, as plain JSON."""
        network, data, dataset = self.experiment.network, self.experiment.data, self.experiment.dataset
        training, window = self.experiment.training, self.window
        drawn, left_out = self._to_draw()
        return {
            "run": self.name,
            "version": self.version,
            "ruled": self.ruled,
            "features": labels(data),
            "keys": list(data.features) if data.columns == PLANE else [],
            "hidden": list(network.hidden),
            "outputs": network.outputs,
            "activations": list(network.activations),
            "output": network.output,
            "kind": dataset.kind,
            "classes": list(dataset.class_names),
            "unit": {"mean": float((data.target.mean_ or [0])[0]), "deviation": float((data.target.scale_ or [1])[0])},
            "range": [float(dataset.y.min()), float(dataset.y.max())],  # not scaled
            "window": {
                "box": window.box,
                "titles": window.titles,
                "note": window.note,
                "curve": _true_curve(self) if window.curve else None,
            },
            "image": self.image,
            "reach": self.reach,
            "train": self._markers(data.train),
            "test": self._markers(data.test),
            "validation": self._markers(data.validation),
            "unlabelled": self._markers(data.unlabelled),
            "drawn": drawn,
            "leftOut": left_out,
            "parting": {"split": self.experiment.config.split, "validation": self.experiment.config.validation},
            "inputs": self._input_pictures(),
            "stepsPerEpoch": steps_per_epoch(training, len(data.train.x)),
            "penalty": bool(training.l1 or training.l2),
            "look": asdict(self.look),
            "grouped": len(data.features) > DRAWN_APART,
        }


_shared: WeakValueDictionary[tuple, Array] = WeakValueDictionary()  # by shape and digest, for as long as one has it


def shared(array: Array) -> Array:
    """The same numbers, kept once for all sessions that need them; nobody may change them."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return _shared.setdefault((array.shape, hashlib.sha256(array).digest()), array)


def labels(data: Prepared) -> list[str]:
    """How the inputs are called on the canvas; names of a table are text, whatever they contain."""
    if data.columns in (PLANE, LINE):
        return [FEATURES[key].label for key in data.features]
    return list(data.features)


def image_shape(experiment: Experiment) -> tuple[int, int] | None:
    """Rows × columns of pixels where a sample is a picture, all of whose pixels are inputs."""
    source = REAL.get(experiment.config.data)
    return source.image_shape if source and not experiment.config.inputs else None


CURVE = 241  # points of the value without noise, where it is known


def _true_curve(scene: Scene) -> list[float]:
    curve, (left, right, *_) = scene.experiment.dataset.curve, scene.window.box
    return np.round(curve(np.linspace(left, right, CURVE)), 4).tolist() if curve else []


def areas(values: Array, scales: Array) -> Array:
    """Pictures (…, units, side²) whose rows are alike, as pictures of the area between zero and the value."""
    side = round(values.shape[-1] ** 0.5)
    curves = values[..., None, :side]
    height = (1 - 2 * (np.arange(side)[:, None] + 0.5) / side) * scales[..., None, None]
    under = (height * curves > 0) & (np.abs(height) <= np.abs(curves))
    return np.where(under, curves, 0).reshape(values.shape)


def quantise(values: Array, scale: Array | float, dtype: type = np.uint8) -> Array:
    """Values as unsigned integers: the middle, 128 in a byte, is zero; 1 and the largest are ∓`scale` and beyond."""
    middle = (np.iinfo(dtype).max + 1) // 2
    return np.rint(middle + (middle - 1) * np.clip(values / scale, -1, 1)).astype(dtype)


def reach(data: Prepared, kind: str) -> float:
    """The answer that is drawn in full colour: 1 for classes, the largest value in the data for quantities."""
    return max(1.0, *(float(np.abs(part.y).max()) for part in data.parts)) if kind == "regression" else 1.0


def _scouted_path(run: Run) -> Array:
    """The parameters of every fourth of a run's first steps, fewer where each is much work."""
    path, affordable = [run.at(run.first).theta], SCOUTED_PRODUCTS // work(run.network, run.training, len(run.x))
    most = max(1, min(MOST_SCOUTED, affordable))
    try:
        for target in range(min(4, most), most + 1, 4):
            path.append(run.seek(run.first + target).theta)
    except Diverged:
        pass  # the steps before it span the plane; the run itself will meet it, and say so, in its time
    return np.stack(path)


def triples(points: Array, y: Array) -> list[float]:
    """Points and their labels as the browser reads them: x1, x2, y, x1, …"""
    return np.round(np.column_stack([points, y]), 4).ravel().tolist()
