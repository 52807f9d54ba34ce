"""The run on the stage, and what its pictures need beside it: points, grids, the plane of the loss surface."""

import base64
from dataclasses import asdict, dataclass, replace

import numpy as np

from playground.data import DOMAIN, FEATURES, Dataset
from playground.engine import OPTIMIZERS, Diverged, Run, State, steps_per_epoch
from playground.engine.batches import batch_length
from playground.engine.stepping import LENGTHS
from playground.experiment import Experiment
from playground.stage.look import Look
from playground.stage.trail import Trail

Array = np.ndarray

SCOUT, LEAST = 128, 4  # steps looked ahead, at most and at least, to find the plane in which this run will travel
WORK = 2**28  # products in all of them


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
COARSEST = Detail(
    unit=10, plane=40, surface=13, path=48, codes=np.uint8
)  # for one of a large network, to spare the wire
LARGE = 200  # parameters


class Scene:
    """A run, its history, and everything its pictures need that does not change from step to step."""

    def __init__(self, experiment: Experiment, name: str, begin: State | None = None, look: Look | None = None) -> None:
        self.experiment, self.name, self.run = experiment, name, experiment.run(begin)
        self.version, self.pending = 0, False
        self.past: list[Run] = []  # the run as it was before each deed that can be undone
        self.edited: tuple[int, int] | None = None  # step and number of the parameter that is being edited
        self.jumped = -1  # the number of the latest jump
        self.look = look or Look()
        self.grids = {
            side: experiment.data.inputs(plane_points(side)).astype(np.float32)
            for detail in (FINE, COARSE, COARSEST)
            for side in (detail.unit, detail.plane)
        }
        self.reach = reach(experiment.dataset)
        self.trail = Trail()
        self.slices: dict = {}  # of the landscape, that have been laid and still hold
        self.scouted = _scouted_path(self.run.branch())
        self._twin: Run | None = None

    def change(self, experiment: Experiment) -> None:
        """Let the run learn as `experiment` says, from the step on that the browser shows when it next asks."""
        self.experiment, self.pending = experiment, True
        self.version += 1

    def apply_change(self) -> None:
        """Do what `change` has announced, at the present step."""
        if self.pending:
            self.run.change(self.experiment.training)
            self.pending, self._twin = False, None
            self.renew()

    def renew(self) -> None:
        """The run goes another way from here: forget what was seen of the way it went before."""
        self.trail.forget(after=self.run.state.step)
        self.slices.clear()
        if self.run.state.step < self.run.first + SCOUT:
            self.scouted = _scouted_path(self.run.branch())

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
        source, goal = self.node_name(layer, row), self.node_name(layer + 1, column)
        return f"bias of {goal}" if row == fan_in else f"{source} → {goal}"

    def node_name(self, column: int, row: int) -> str:
        """An input by its feature, an output by its class, any other neuron as layer.number."""
        if column == 0:
            return ([FEATURES[key].label for key in self.experiment.data.features] + [""])[row]
        if column <= len(self.run.network.hidden):
            return f"{column}.{row + 1}"
        return self.experiment.dataset.class_names[row] if self.run.network.outputs > 1 else "output"

    def detail(self, *, fine: bool) -> Detail:
        """How finely to draw a picture that stands still (`fine`), or one that passes by."""
        if fine:
            return FINE
        return COARSE if self.run.network.n_parameters <= LARGE else COARSEST

    def setup(self) -> dict:
        """What the browser is told once for each run, as plain JSON."""
        network, data, dataset = self.experiment.network, self.experiment.data, self.experiment.dataset
        training = self.experiment.training
        return {
            "run": self.name,
            "version": self.version,
            "features": [FEATURES[key].label for key in data.features],
            "keys": list(data.features),
            "hidden": list(network.hidden),
            "outputs": network.outputs,
            "activations": list(network.activations),
            "output": network.output,
            "kind": dataset.kind,
            "classes": list(dataset.class_names),
            "domain": DOMAIN,
            "reach": self.reach,
            "train": triples(data.train_points, data.train_y),
            "test": triples(data.test_points, data.test_y),
            "inputs": _feature_pictures(self.grids[FINE.unit]),
            "stepsPerEpoch": steps_per_epoch(training, len(data.train_x)),
            "penalty": bool(training.l1 or training.l2),
            "look": asdict(self.look),
        }


def plane_points(side: int) -> Array:
    """The centres (side², 2) of the cells of the input plane, row by row from the top left, as a picture is."""
    middle = DOMAIN * ((np.arange(side) + 0.5) / side * 2 - 1)
    x1, x2 = np.meshgrid(middle, middle[::-1])
    return np.stack([x1.ravel(), x2.ravel()], -1)


def quantise(values: Array, scale: Array | float, dtype: type = np.uint8) -> Array:
    """Values as unsigned integers: the middle, 128 in a byte, is zero; 1 and the largest are ∓`scale` and beyond."""
    middle = (np.iinfo(dtype).max + 1) // 2
    return np.rint(middle + (middle - 1) * np.clip(values / scale, -1, 1)).astype(dtype)


def reach(dataset: Dataset) -> float:
    """The answer that is drawn in full colour: 1 for classes, the largest value in the data for quantities."""
    return max(1.0, float(np.abs(dataset.y).max())) if dataset.kind == "regression" else 1.0


def _scouted_path(run: Run) -> Array:
    """The parameters of every fourth of a run's first steps, fewer where each is much work."""
    path, searches = [run.at(run.first).theta], OPTIMIZERS[run.training.optimizer].searches
    work = batch_length(run.training, len(run.x)) * run.network.n_parameters * (len(LENGTHS) if searches else 1)
    try:
        for target in range(4, max(LEAST, min(SCOUT, WORK // work)) + 1, 4):
            path.append(run.seek(run.first + target).theta)
    except Diverged:
        pass  # the steps before it span the plane; the run itself will meet it, and say so, in its time
    return np.stack(path)


def triples(points: Array, y: Array) -> list[float]:
    """Points and their labels as the browser reads them: x1, x2, y, x1, …"""
    return np.round(np.column_stack([points, y]), 4).ravel().tolist()


def _feature_pictures(grid: Array) -> str:
    pictures = quantise(grid.T, np.abs(grid).max(0)[:, None])  # (features, side²)
    return base64.b64encode(pictures.tobytes()).decode()
