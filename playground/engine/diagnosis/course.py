"""Training that goes wrong: gradients, steps and losses. Each function judges one fault; none found, none told."""

import numpy as np

from playground.engine.diagnosis.finding import Finding, say
from playground.engine.diagnosis.symptoms import excess

Array = np.ndarray

FADES = 1e-3  # first layer to last; measured: 1e-4 for six layers of sigmoid, 2e-3 and more where networks learn
EXPLODES = 1e2  # first layer to last; measured: up to 9 where networks learn, 100 to 4,000 with weights five times He's
LONG, SHORT = 1e-1, 1e-6  # of the weights in one step; healthy is about 1e-3 (Karpathy, CS231n, Neural Networks 3)
JUMPS = 0.1  # of the loss, between its lowest and its highest lately
EDGE = 2.0  # times the stable rate: training settles a little above it by itself (Cohen et al., ICLR 2021)
UNSOLVED = 0.5  # of the loss of a constant answer; below it a network learns, whatever its gradients look like
HARDLY = 0.75  # of the loss of a constant answer; noise in the labels may well keep a good network at 0.7
NOTHING = 1e-6  # the loss of a constant answer where there is nothing to learn, all labels being equal
GAP = 0.25  # of the loss of a constant answer
CHANCE = 3.0  # standard errors, beyond which a gap is no accident of which examples were drawn
TIMES = 1.5  # the training loss
PROGRESS = 0.01  # of the loss, from one quarter of a history to the next
ENOUGH = 100  # losses; a shorter history is not judged
FAR = 10.0  # times the loss at the start


def vanishing(sizes: Array) -> list[Finding]:
    """A gradient that fades on its way back, from mean |∂L/∂w| of each layer, `sizes` (layers,).

    Where one is exactly 0 there is another cause, which has a finding of its own.
    """
    first, last = sizes[[0, -1]].tolist()
    if not 0 < first < FADES * last < np.inf:
        return []
    sentence = (
        f"On its way back the gradient fades: in layer 1 it is {say(last / first)} times smaller than at the output."
    )
    return [Finding("vanishing gradient", sentence, {"first": first, "last": last, "ratio": first / last}, 0)]


def exploding(errors: Array) -> list[Finding]:
    """An error that grows on its way back, from mean |∂L/∂b| of each layer, `errors` (layers,).

    The weights' own gradients would not tell: as the error grows backwards, the activations grow forwards, and where
    f is linear on both sides of 0, as ReLU is, Σ w·∂L/∂w is the same in every layer while biases are 0 (Du, Hu & Lee,
    NeurIPS 2018).
    """
    first, last = errors[[0, -1]].tolist()
    if not EXPLODES * last < first < np.inf:
        return []
    sentence = (
        f"On its way back the error explodes: in layer 1 it is {say(first / last)} times larger than at the output."
    )
    return [Finding("exploding gradient", sentence, {"first": first, "last": last, "ratio": first / last}, 0)]


def long_steps(ratios: Array, losses: Array) -> list[Finding]:
    """A layer changed too much in one step, from the update-to-weight `ratios` (layers,) and the `losses` (t,) so far.

    Long steps alone are no fault: Adam begins with them, and weights that a penalty has made small have no other.
    They are where the loss jumps up and down and does not fall.
    """
    layer, ratio = _largest(ratios)
    if ratio <= LONG or len(losses) < ENOUGH or progress(losses)[2] >= PROGRESS:
        return []
    low, high = float(_lately(losses).min()), float(_lately(losses).max())
    if high - low <= JUMPS * _lately(losses).mean():
        return []
    sentence = f"The last step changed the weights of layer {layer + 1} by {ratio:.0%}, and the loss jumps "
    sentence += f"between {say(low)} and {say(high)}."
    return [Finding("steps too long", sentence, {"ratio": ratio, "low": low, "high": high}, layer)]


def short_steps(ratios: Array) -> list[Finding]:
    """No layer changed noticeably in one step, from the update-to-weight `ratios` (layers,)."""
    _, ratio = _largest(ratios)
    if not 0 < ratio < SHORT:
        return []
    sentence = f"At this pace it takes {say(1 / ratio)} steps to change the weights by their own size."
    return [Finding("steps too short", sentence, {"ratio": ratio})]


def _largest(ratios: Array) -> tuple[int, float]:
    known = np.where(np.isfinite(ratios), ratios, 0)
    return int(known.argmax()), float(known.max())


def unstable(rate: float, stable: float) -> list[Finding]:
    """A learning rate of plain gradient descent well above the largest `stable` one."""
    if not rate > EDGE * stable:
        return []
    sentence = f"The learning rate is {say(rate)}; here steps overshoot from {say(stable)} on."
    return [Finding("learning rate too large", sentence, {"learning rate": rate, "stable": stable})]


# --- losses


def unsolved(now: float, constant: float, share: float = UNSOLVED) -> bool:
    """Whether the loss `now` is above a `share` of that of a `constant` answer."""
    return constant > NOTHING and now > share * constant


def progress(losses: Array) -> tuple[float, float, float]:
    """The mean loss in the third quarter of `losses` (t,) and in the last one, and by what share it fell."""
    then, now = float(losses[-2 * (len(losses) // 4) :][: len(losses) // 4].mean()), float(_lately(losses).mean())
    return then, now, (then - now) / then if then > 0 else 0.0


def _lately(losses: Array) -> Array:
    return losses[-(len(losses) // 4) :]


def stalled(now: float, losses: Array, constant: float, slope: float, every: float = 1) -> list[Finding]:
    """Hardly any progress in the second half of `losses` (t,), while the loss `now` is far from solved.

    `now` leaves the penalty out, and so does `constant`, the loss of a constant answer; `slope` is the gradient's norm.
    The losses are those of `every` so many steps.
    """
    if len(losses) < ENOUGH or not unsolved(now, constant, HARDLY) or progress(losses)[2] >= PROGRESS:
        return []
    before, after, _ = progress(losses)
    sentence = (
        f"No progress for {round(len(losses) // 2 * every):,} steps: the loss was {say(before)} and is {say(after)}; "
    )
    sentence += f"a constant answer has {say(constant)}."
    return [Finding("stalled", sentence, {"then": before, "now": after, "constant": constant, "gradient": slope})]


def diverged(now: float, losses: Array, constant: float) -> list[Finding]:
    """A loss that is not finite, or has risen far above both its start and the loss of a `constant` answer."""
    if not np.isfinite(now):
        sentence = "The loss is no longer a finite number: the weights have grown out of bounds."
        return [Finding("diverged", sentence, {"now": now})]
    if len(losses) == 0 or now <= FAR * max(losses[0], constant):
        return []
    sentence = f"The loss has risen from {say(losses[0])} to {say(now)}: the steps lead away from the minimum."
    return [Finding("diverged", sentence, {"start": float(losses[0]), "now": float(now), "constant": constant})]


def overfitting(seen: Array, unseen: Array, scores: tuple[float, float], name: str, constant: float) -> list[Finding]:
    """Test losses `unseen` (m,) well above the training losses `seen` (n,): by a share of `constant`, beyond chance.

    `scores` are those of both parts, accuracy or R² by `name`.
    """
    if not np.isfinite(unseen).all():
        return []
    gap, error = excess(seen, unseen)
    train, test = float(seen.mean()), float(unseen.mean())
    if gap <= max(GAP * constant, CHANCE * error) or test <= TIMES * train:
        return []
    evidence = {"train loss": train, "test loss": test, f"train {name}": scores[0], f"test {name}": scores[1]}
    sentence = f"The training data is learned better than what lies behind it: loss {say(train)} there, {say(test)} on"
    return [Finding("overfitting", f"{sentence} the test data ({name} {scores[0]:.0%} and {scores[1]:.0%}).", evidence)]
