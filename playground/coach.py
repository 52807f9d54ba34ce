"""The coach: what a diagnosis finds in a run, and one thing to try against each fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from playground.data import DATASETS
from playground.engine import ACTIVATIONS, Finding, Run, Training, diagnose, loss
from playground.experiment import RATES, Config
from playground.limits import MAX_WIDTH

Array = np.ndarray

EXAMPLES = 500  # that are looked at; of more, so many evenly spread ones
HISTORY = 400  # losses of a history, evenly spread
FEWEST = 16  # steps of its second half of which the loss is known; where fewer have been drawn, as many are computed
BRISK = 0.3  # a learning rate above is suspected first
SLOW = 0.003  # one below is, where nothing moves
HEALTHY = 1e-3  # of the weights in one step (Karpathy, CS231n, Neural Networks 3)
ENOUGH_DATA = 2000  # points
BENDS_UP = {"relu", "leaky-relu", "elu", "gelu", "silu", "mish", "softplus"}  # activations that go with He's weights
FEW_LAYERS = 2

CAUSES = {  # a fault that comes of another one that is found as well has no remedy of its own
    "dead": {"copies"},
    "saturated": {"copies", "steps too long", "learning rate too large"},
    "vanishing gradient": {"no slope", "copies", "dead", "saturated"},
    "steps too short": {"no slope"},
    "stalled": {
        *("linear network", "no slope", "copies", "dead", "saturated", "vanishing gradient", "exploding gradient"),
        *("steps too long", "steps too short", "learning rate too large"),
    },
}
UNSCALED = "data not scaled"
BEFORE_ALL = {UNSCALED, "linear network", "diverged"}  # all that is said of a network that has diverged


@dataclass(frozen=True, slots=True)
class Advice:
    """The findings of one kind, a sentence on what to try, and the fields of a `Config` that do so: none, no click.

    `afresh` says that it only helps from the start, the present weights being spoilt.
    """

    findings: tuple[Finding, ...]
    remedy: str
    changes: dict[str, object] = field(default_factory=dict, hash=False)
    afresh: bool = False


Remedy = tuple[str, dict[str, object]] | tuple[str, dict[str, object], bool]  # the rest of an Advice


def examine(run: Run, test: tuple[Array, Array], step: int, rows: Sequence[Sequence] = ()) -> list[Finding]:
    """What is wrong with a run at a step already reached.

    `rows` are steps and their training losses as far as they are known. Only what the present rule has done is looked
    at: a loss of before a change is of another rule, or another loss.
    """
    since, training = run.rule(step)
    theta = run.at(step).theta
    losses, every = history(run, step, rows)
    return diagnose(
        run.network,
        _as_of(training, step),
        theta,
        *_some(run.x, run.y),
        test=_some(*test),
        losses=losses,
        every=every,
        before=run.at(step - 1).theta if step > since else None,
    )


def foresee(run: Run, training: Training, step: int) -> list[Finding]:
    """What is wrong with the network of a step if it goes on by another rule, of which nothing has been seen yet."""
    return diagnose(run.network, _as_of(training, step), run.at(step).theta, *_some(run.x, run.y))


def _as_of(training: Training, step: int) -> Training:
    """A rule with the learning rate to which its schedule has come."""
    return replace(training, learning_rate=max(training.rate(step), 1e-9), schedule="constant")


def history(run: Run, step: int, rows: Sequence[Sequence] = ()) -> tuple[Array, float]:
    """The training losses of the present rule up to a step, evenly spread, and how many steps lie between two.

    What has not been drawn is read off between the steps that have, and where these are few some are computed.
    """
    since, training = run.rule(step)
    middle = (since + step) / 2
    known = {at: value for at, value, *_ in rows if since < at < step and value is not None and np.isfinite(value)}
    wanted = {since, step}
    if sum(at > middle for at in known) < FEWEST:
        wanted |= set(np.linspace(middle, step, FEWEST).round().astype(int).tolist())
    for at in sorted(wanted - set(known)):
        known[at] = float(loss(run.network, training, run.at(at).theta, run.x, run.y))
    grid = np.linspace(since, step, min(step - since, HISTORY) + 1)
    steps = sorted(known)
    return np.interp(grid, steps, [known[at] for at in steps]), (step - since) / max(len(grid) - 1, 1)


def _some(x: Array, y: Array) -> tuple[Array, Array]:
    every = -(-len(x) // EXAMPLES)
    return x[::every], y[::every]


def advise(config: Config, findings: Sequence[Finding]) -> list[Advice]:
    """One thing to try against each kind of finding; kinds that others bring about come last."""
    scaled = config.scaling != "none"  # in its way, whichever it is
    kinds = [kind for kind in dict.fromkeys(finding.kind for finding in findings) if not scaled or kind != UNSCALED]
    if "diverged" in kinds:
        kinds = [kind for kind in kinds if kind in BEFORE_ALL]
    groups = {kind: tuple(finding for finding in findings if finding.kind == kind) for kind in kinds}
    follows = {kind: bool(CAUSES.get(kind, set()) & set(kinds)) for kind in kinds}
    causes = [_advice(config, groups[kind]) for kind in kinds if not follows[kind]]
    return causes + [Advice(groups[kind], "It follows from what stands above.") for kind in kinds if follows[kind]]


def _advice(config: Config, findings: tuple[Finding, ...]) -> Advice:
    remedy, changes, *afresh = REMEDIES[findings[0].kind](config, findings[0])
    new = {name: value for name, value in changes.items() if value != getattr(config, name)}
    return Advice(findings, remedy, new, *afresh)


# --- remedies


def _scale(config: Config, finding: Finding) -> Remedy:
    changes = {"scaling": "standardise"}
    return "Standardise the features: subtract the mean of each, and divide by its standard deviation.", changes


def _bend(config: Config, finding: Finding) -> Remedy:
    if config.hidden:
        return "Let the hidden neurons bend: give them tanh.", {"activation": "tanh"}
    changes = {"hidden": (8,), "activation": "tanh"}
    return "Add a hidden layer: each neuron of it draws a line, and together they bend.", changes


def _slope(config: Config, finding: Finding) -> Remedy:
    changes = {"activation": _instead(config, {"step": "tanh"})}
    return "Use tanh: it is a step too, but one with a slope.", changes


def _differ(config: Config, finding: Finding) -> Remedy:
    changes = {"init": _fitting_init(config)}
    return "Begin with random weights, so that every neuron can learn something else.", changes


def _revive(config: Config, finding: Finding) -> Remedy:
    if config.bias is not None and config.bias < 0:
        return "Negative biases silence neurons from the start: let them start at 0.", {"bias": None}
    if config.lr > BRISK:
        return _slower(config, finding, "A long step has thrown them out of reach: begin again with shorter ones.")
    live = {"relu": "elu", "hard-sigmoid": "sigmoid"}
    changes = {"activation": _instead(config, live)}
    return "Use an activation that has a slope everywhere, so that no neuron dies for good.", changes


def _desaturate(config: Config, finding: Finding) -> Remedy:
    if config.bias is not None and abs(config.bias) >= 1:
        return "The initial bias pushes them there: let biases start at 0.", {"bias": None}
    if config.lr > BRISK or config.init in ("xavier", "xavier-normal", "lecun"):
        return _slower(config, finding, "Long steps drive neurons to the flat ends: begin again with shorter ones.")
    return "Begin with smaller weights, which keep sums where the slope is.", {"init": "xavier"}


def _carry(config: Config, finding: Finding) -> Remedy:
    flat = {key: "elu" for key, f in ACTIVATIONS.items() if np.isfinite(f.range).all()}
    if set(_each(config)) & set(flat):
        changes = {"activation": _instead(config, flat), "init": "he"}
        return "Use ELU, whose slope is 1 for half of all sums and shrinks nothing, with He's weights.", changes
    return _shallower(config, finding)


def _calm(config: Config, finding: Finding) -> Remedy:
    if (init := _fitting_init(config)) != config.init:
        return "Begin with weights of the size that keeps signals as they are.", {"init": init}
    if config.clip is None:
        return "Clip the gradient: a longer one is shortened to length 1.", {"clip": 1.0}, True
    return _shallower(config, finding)


def _shallower(config: Config, finding: Finding) -> Remedy:
    if len(config.hidden) <= FEW_LAYERS:
        return _slower(config, finding, "Begin again with shorter steps.")
    activation = config.activation if isinstance(config.activation, str) else config.activation[:FEW_LAYERS]
    changes = {"hidden": config.hidden[:FEW_LAYERS], "activation": activation}
    return "Take fewer layers: each one is a factor on the way.", changes


def _shorten(config: Config, finding: Finding) -> Remedy:
    return _slower(config, finding, "Begin again with shorter steps.")


def _stabilise(config: Config, finding: Finding) -> Remedy:
    rate = _rate_below(min(finding.evidence["stable"], config.lr / 3))
    return "Take shorter steps, which do not overshoot.", {"lr": rate} if rate < config.lr else {}


def _lengthen(config: Config, finding: Finding) -> Remedy:
    ratio = finding.evidence["ratio"]
    rate = min(max(10 * config.lr, _rate_below(config.lr * HEALTHY / ratio)), 0.1)
    return "Take longer steps.", {"lr": rate} if rate > config.lr else {}


def _slower(config: Config, finding: Finding, remedy: str) -> Remedy:
    rate = _rate_below(config.lr / 10)
    return remedy, {"lr": rate} if rate < config.lr else {}, True


def _generalise(config: Config, finding: Finding) -> Remedy:
    made = config.data in DATASETS  # of others there are as many as there are
    if (made and config.n < ENOUGH_DATA) or config.split < 50:
        changes = {"split": max(50, config.split)} | ({"n": max(ENOUGH_DATA, config.n)} if made else {})
        return "Learn from more examples: they cannot all be learned by heart.", changes
    if config.l2 < 0.01:
        return "Pull weights towards zero, which keeps the boundary smooth.", {"l2": 0.01}
    changes = {"hidden": tuple(max(1, width // 2) for width in config.hidden)}
    return "Take fewer neurons, which have less room to learn by heart.", changes


def _move(config: Config, finding: Finding) -> Remedy:
    if config.lr < SLOW:
        return "Take longer steps.", {"lr": min(10 * config.lr, BRISK)}
    if config.hidden and min(config.hidden) < 8:
        changes = {"hidden": tuple(min(MAX_WIDTH, max(8, 2 * width)) for width in config.hidden)}
        return "Give the network more neurons: it may be too small for this data.", changes
    if config.lr > BRISK / 10:
        return _slower(config, finding, "Begin again with shorter steps, which can settle in narrower valleys.")
    return "Begin from other weights: another start may lead out of here.", {"seed": (config.seed + 1) % 2**32}


REMEDIES: dict[str, Callable[[Config, Finding], Remedy]] = {
    UNSCALED: _scale,
    "linear network": _bend,
    "no slope": _slope,
    "copies": _differ,
    "dead": _revive,
    "saturated": _desaturate,
    "vanishing gradient": _carry,
    "exploding gradient": _calm,
    "steps too long": _shorten,
    "steps too short": _lengthen,
    "learning rate too large": _stabilise,
    "diverged": _shorten,
    "stalled": _move,
    "overfitting": _generalise,
}


def _rate_below(rate: float) -> float:
    return max((usual for usual in RATES if usual <= rate * (1 + 1e-9)), default=RATES[0])


def _each(config: Config) -> tuple[str, ...]:
    return (config.activation,) * len(config.hidden) if isinstance(config.activation, str) else config.activation


def _instead(config: Config, others: dict[str, str]) -> str | tuple[str, ...]:
    """The activations, with those that have another in `others` replaced."""
    keys = tuple(others.get(key, key) for key in _each(config))
    return keys[0] if len(set(keys)) == 1 else keys


def _fitting_init(config: Config) -> str:
    return "he" if set(_each(config)) & BENDS_UP else "xavier"
