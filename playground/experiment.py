"""One experiment: what a learner chose, and the data, network and training rule that follow from it."""

from dataclasses import dataclass, fields, replace

from playground.data import DATASETS, Dataset, Prepared, load, prepare
from playground.engine import LOSSES, Network, Run, State, Training, reshaped, start

MAX_LAYERS = 6  # hidden layers the page draws
MAX_WIDTH = 16  # neurons in each of them
RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # the usual learning rates

LIVE = {"loss", "optimizer", "lr", "batch", "l1", "l2", "keep_zeros", "dropout", "clip", "schedule", "span"}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be chosen; each field is named as in the link. Equal configs give equal runs, to the bit."""

    data: str = "circle"
    noise: int = 0
    n: int = 500
    split: int = 50
    seed: int = 7
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (4, 2)
    activation: str | tuple[str, ...] = "tanh"
    init: str = "xavier"
    loss: str = "cross-entropy"
    optimizer: str = "adam"
    lr: float = 0.1
    batch: int | None = 32
    l1: float = 0.0
    l2: float = 0.0
    keep_zeros: bool = False
    dropout: float = 0.0
    clip: float | None = None
    bias: float | None = None
    schedule: str = "constant"
    span: int = 1000


SHAPE = {"hidden", "activation"}

QUICK = {"hidden": (8,), "lr": 0.2}  # learns most data sets within a second of playing
SUGGESTED = {
    "spiral": {"features": ("x1", "x2", "sinx1", "sinx2"), "hidden": (16, 8), "init": "he"},
    "multi-gaussian": {"hidden": (16, 16), "init": "he", "lr": 0.03},
}


def suggested(data: str) -> dict[str, object]:
    """Fields of a config, and values with which a data set is learned quickly; all others stay at their defaults."""
    return SUGGESTED.get(data, QUICK)


def differences(one: Config, other: Config) -> set[str]:
    """The fields in which two configs differ.

    Those in `LIVE` can change in the middle of a run, those in `SHAPE` from one run to the next with the same weights.
    """
    return {field.name for field in fields(Config) if getattr(one, field.name) != getattr(other, field.name)}


@dataclass(frozen=True, slots=True)
class Experiment:
    """A config brought to life: its data, prepared for training, and its network and training rule."""

    config: Config
    dataset: Dataset
    data: Prepared
    network: Network
    training: Training

    def run(self, begin: State | None = None) -> Run:
        """A fresh run at step 0; from the state `begin` where that is given."""
        return Run(self.network, self.training, self.data.train_x, self.data.train_y, begin)


def output_of(data: str) -> str:
    """The output activation that suits a data set: a number, one probability, or one for each class."""
    recipe = DATASETS[data]
    if recipe.kind == "regression":
        return "identity"
    return "softmax" if len(recipe.class_names) > 2 else "sigmoid"


def losses_for(data: str) -> list[str]:
    """The losses that go with a data set, the one to start with first."""
    return [key for key, loss in LOSSES.items() if output_of(data) in loss.outputs]


def build(config: Config) -> Experiment:
    """Load and prepare the data, and lay out the network and the training rule.

    Raises `ValueError` that names the field for a config that cannot work.
    """
    dataset = load(config.data, n=config.n, noise=config.noise, seed=config.seed)
    data = prepare(dataset, features=config.features, split=config.split, seed=config.seed)
    network = Network(
        inputs=len(config.features),
        hidden=config.hidden,
        outputs=dataset.n_classes if dataset.n_classes > 2 else 1,
        activation=config.activation,
        output=output_of(config.data),
    )
    training = Training(
        loss=config.loss,
        optimizer=config.optimizer,
        learning_rate=config.lr,
        batch_size=None if config.batch is None or config.batch >= len(data.train_x) else config.batch,
        init=config.init,
        l1=config.l1,
        l2=config.l2,
        seed=config.seed,
        bias=config.bias,
        keep_zeros=config.keep_zeros,
        dropout=config.dropout,
        clip=config.clip,
        schedule=config.schedule,
        schedule_steps=config.span,
    )
    return Experiment(config, dataset, data, network, training)


def grown(run: Run, experiment: Experiment) -> State:
    """The start of another shape of network with what the one in `run` has learned."""
    theta = reshaped(run.network, run.state.theta, experiment.network, run.x)
    return replace(start(experiment.network, experiment.training), theta=theta)
