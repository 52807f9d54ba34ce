"""What the learner wants to see of the loss landscape: a wish, as the browser sends it along with every ask."""

from dataclasses import dataclass, fields, replace

PLANES = ("ahead", "path", "frozen", "gradient", "random", "weights", "states", "line", "seeds")
LOSSES_OF = ("train", "test", "batch")
OF_THE_RUN = ("frozen", "weights", "states", "line")  # planes laid by what was picked in one run
LARGEST_PICK = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Look:
    """What the learner wants to see of the landscape: a plane of `PLANES`, a loss `of` one of `LOSSES_OF`.

    `picks` are three whole numbers whose meaning is the plane's: parameters, steps, or what is drawn by lot.
    """

    plane: str = "ahead"
    of: str = "train"
    penalty: bool = True
    picks: tuple[int, int, int] = (0, 1, 2)


def inherited(look: Look) -> Look:
    """What is left of a look for another run: steps and parameters that were picked mean nothing there."""
    return replace(look, plane="ahead", picks=Look().picks) if look.plane in OF_THE_RUN else look


def parse_look(message: object) -> Look | None:
    """The look in a message from the browser; None where it is anything else."""
    if not isinstance(message, dict) or set(message) != {field.name for field in fields(Look)}:
        return None
    plane, of, picks = message["plane"], message["of"], message["picks"]
    if not isinstance(plane, str) or plane not in PLANES or not isinstance(of, str) or of not in LOSSES_OF:
        return None
    if type(message["penalty"]) is not bool or not isinstance(picks, list) or len(picks) != 3:
        return None
    if not all(type(pick) is int and 0 <= pick <= LARGEST_PICK for pick in picks):
        return None
    return Look(plane, of, message["penalty"], tuple(picks))
