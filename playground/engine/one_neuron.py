"""One neuron with two inputs, learning by two rules side by side: the same start, the same examples, in one order."""

import numpy as np

from playground.engine.network import Network
from playground.engine.run import Run
from playground.engine.training import Training

Array = np.ndarray

LOSS_OF = {"sigmoid": "cross-entropy", "tanh": "half-mse", "identity": "half-mse", "step": "half-mse"}
MEMORY = 128  # steps looked back


def side_by_side(x: Array, y: Array, output: str, rate: float, seed: int) -> tuple[Run, Run]:
    """Two runs on x (n, 2), y (n,): by the perceptron's rule, and by gradient descent with the activation `output`.

    Both take one example at a time. The identity and tanh are taught −1 and +1, so that every activation fires where
    z ≥ 0, half way between what it is taught for the two labels. `seed` draws the weights and the order of the
    examples; with 0, both begin at zero. Raises ValueError for a `rate` that is no learning rate.
    """
    taught = 2 * y - 1 if output == "identity" else y  # of tanh the engine knows it
    init = "uniform" if seed else "zeros"
    common = {"learning_rate": rate, "optimizer": "sgd", "batch_size": 1, "init": init, "seed": seed}
    perceptron = Run(Network(2, (), 1, output="step"), Training("mse", rule="perceptron", **common), x, y)
    descent = Run(Network(2, (), 1, output=output), Training(LOSS_OF[output], **common), x, taught)
    return perceptron, descent


def right(run: Run, theta: Array) -> Array:
    """Which examples (n,) are on their right side: fired, z ≥ 0, for the label 1, and silent for 0."""
    return (run.network.forward(theta, run.x).z[-1][:, 0] >= 0) == (run.y == 1)


def met_before(run: Run) -> int | None:
    """The latest of the `MEMORY` steps before at which the weights were those of now, having changed since."""
    now, moved = run.state.theta, False
    for step in range(run.state.step - 1, max(run.first, run.state.step - MEMORY) - 1, -1):
        same = np.allclose(run.at(step).theta, now, rtol=0, atol=1e-9)
        if same and moved:
            return step
        moved = moved or not same
    return None
