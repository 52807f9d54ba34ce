"""The mathematics of the playground: networks, losses, steps, loss surfaces, in NumPy and SciPy's special functions."""

from playground.engine import landscape, planes
from playground.engine.activations import ACTIVATIONS, OUTPUTS
from playground.engine.batches import batch, steps_per_epoch
from playground.engine.curvature import Curvature, extremes, hessian_product, largest_curvature, largest_stable_rate
from playground.engine.diagnosis import diagnose
from playground.engine.diagnosis.finding import Finding
from playground.engine.growth import add_layer, add_neuron, remove_layer, remove_neuron, reshaped
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.metrics import accuracy, predict, r2
from playground.engine.network import Network, Trace
from playground.engine.objective import gradient, loss, targets
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.planes import Plane
from playground.engine.run import Diverged, Run
from playground.engine.schedules import SCHEDULES
from playground.engine.state import State
from playground.engine.stepping import start, start_many, step
from playground.engine.tape import advance
from playground.engine.training import Training

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "OUTPUTS",
    "SCHEDULES",
    "Curvature",
    "Diverged",
    "Finding",
    "Network",
    "Plane",
    "Run",
    "State",
    "Trace",
    "Training",
    "accuracy",
    "add_layer",
    "add_neuron",
    "advance",
    "batch",
    "diagnose",
    "extremes",
    "gradient",
    "hessian_product",
    "landscape",
    "largest_curvature",
    "largest_stable_rate",
    "loss",
    "planes",
    "predict",
    "r2",
    "remove_layer",
    "remove_neuron",
    "reshaped",
    "start",
    "start_many",
    "step",
    "steps_per_epoch",
    "targets",
]
