"""Where a run stands: a value, so that a run can be replayed, rewound and branched by keeping states."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a run stands after `step` steps.

    `theta` (…, P) are the parameters, `slots` (n_slots, …, P) what the optimizer remembers of the last `age` steps.
    `position` examples of the present `epoch` have been seen. `seeds` are those of many networks at once, empty for
    one.
    """

    theta: Array
    slots: Array
    step: int = 0
    age: int = 0
    epoch: int = 0
    position: int = 0
    seeds: tuple[int, ...] = ()
