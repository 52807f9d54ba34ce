"""What the learner wants to see of the loss landscape: a wish, as the browser sends it along with every ask."""

from dataclasses import dataclass

LOSSES_OF = ("train", "test", "batch")


@dataclass(frozen=True, slots=True)
class Look:
    """What the learner wants to see of the landscape: a plane of `slices.PLANES`, a loss `of` one of `LOSSES_OF`.

    `picks` are three whole numbers whose meaning is the plane's: parameters, steps, or what is drawn by lot.
    """

    plane: str = "ahead"
    of: str = "train"
    penalty: bool = True
    picks: tuple[int, int, int] = (0, 1, 2)
