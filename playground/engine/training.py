"""How a network learns, as a value: everything a learner may choose about it, each default one that teaches."""

from dataclasses import dataclass

from playground.engine.checks import check_choice, check_number, check_whole
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.network import Network
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES

RULES = ("gradient", "perceptron")


@dataclass(frozen=True, slots=True)
class Training:
    """The rule by which a network learns.

    `loss`, `optimizer`, `init` and `schedule` are keys of `LOSSES`, `OPTIMIZERS`, `INITIALIZERS` and `SCHEDULES`.

    - `batch_size`: examples in a step; `None` is the whole training set, and so is any size for an optimizer that
      searches the line.
    - `bias`: where every bias starts; `None` leaves it to `init`.
    - `l1`, `l2`: the penalty l1·Σ|w| + ½·l2·Σw² over the weights, never the biases. With `keep_zeros`, L1 moves
      weights to exactly zero, where they stay.
    - `dropout`: the probability with which a step leaves out a hidden neuron.
    - `clip`: the longest a gradient may be; `None` is any length.
    - `schedule_steps`: the span of the schedule.
    - `rule`: "gradient", or "perceptron" for a network without hidden layer. The perceptron's rule takes nothing
      from here but `learning_rate`, its schedule, `batch_size`, `init`, `bias` and `seed`.

    Raises `ValueError` naming the field for an unknown key or an impossible value.
    """

    loss: str = "cross-entropy"
    optimizer: str = "adam"
    learning_rate: float = 0.1
    batch_size: int | None = 32
    init: str = "xavier"
    l1: float = 0.0
    l2: float = 0.0
    seed: int = 0
    bias: float | None = None
    keep_zeros: bool = False
    dropout: float = 0.0
    clip: float | None = None
    schedule: str = "constant"
    schedule_steps: int = 1000
    rule: str = "gradient"

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_number("learning_rate", self.learning_rate, 1e-9, 1e6)
        if self.batch_size is not None:
            check_whole("batch_size", self.batch_size, 1, 10**6, or_none="for the whole training set")
        check_choice("init", self.init, INITIALIZERS)
        check_number("l1", self.l1, 0, 1e6)
        check_number("l2", self.l2, 0, 1e6)
        check_whole("seed", self.seed, 0, 2**32 - 1)
        if self.bias is not None:
            check_number("bias", self.bias, -1e6, 1e6, or_none="for that of init")
        check_choice("keep_zeros", self.keep_zeros, (False, True))
        check_number("dropout", self.dropout, 0, 0.9)
        if self.clip is not None:
            check_number("clip", self.clip, 1e-9, 1e9, or_none="for no limit")
        check_choice("schedule", self.schedule, SCHEDULES)
        check_whole("schedule_steps", self.schedule_steps, 1, 10**9)
        check_choice("rule", self.rule, RULES)

    def rate(self, step: int) -> float:
        """The learning rate of step number `step`, from 0."""
        return self.learning_rate * SCHEDULES[self.schedule].factor(step, self.schedule_steps)


def check_pair(network: Network, training: Training) -> None:
    """Raise `ValueError` where a network cannot be trained that way."""
    if network.output not in (allowed := LOSSES[training.loss].outputs):
        raise ValueError(
            f"loss is {training.loss!r}, which does not go with the output {network.output!r}; "
            f"it needs one of {', '.join(allowed)}."
        )
    if training.rule == "perceptron":
        if network.hidden:
            raise ValueError(f"rule is 'perceptron', which needs hidden to be empty, not {network.hidden!r}.")
        check_choice("output of a perceptron", network.output, ("step", "sigmoid", "tanh"))
