"""One experiment: what a learner chose, and the data, network and training rule that follow from it."""

from dataclasses import dataclass, fields, replace

import numpy as np

from playground.data import (
    DATASETS,
    FEATURES,
    PLANE,
    REAL,
    Dataset,
    Prepared,
    Scaler,
    clustered,
    known_labels,
    load,
    prepare_rows,
    read_points,
    real,
    split_in_turn,
    split_rows,
)
from playground.data.splitting import Rows
from playground.engine import LOSSES, Network, Run, State, Training, reshaped, start

RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # the usual learning rates

DRAWN, TABLE = "drawn", "table"  # data of the learner's own: points drawn on the plane, or a table that was brought

VIEW = {"plane"}
DRAWING = {"data", "points", "noise", "n", "classes", "balance", "label_noise", "outliers"}  # what drawn points replace
LIVE = {"loss", "optimizer", "lr", "batch", "l1", "l2", "keep_zeros", "dropout", "clip", "schedule", "span"}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be chosen; each field is named as in the link. Equal configs give equal runs, to the bit.

    What does not concern the data that are chosen is left alone: `noise`, `n`, `classes`, `balance`, `label_noise` and
    `outliers` are about toy data, `points` are the drawn ones, `table` tells one table from another, `features` are for
    points in the plane, `inputs` are the columns used of any others, all where it is empty. `plane` are the two columns
    whose plane is shown of more than two, their principal components where it is None.
    """

    data: str = "circle"
    points: str = ""
    table: str = ""
    noise: int = 0
    n: int = 500
    classes: int | None = None
    balance: int | None = None
    label_noise: int = 0
    outliers: int = 0
    labels: int = 100
    split: int = 50
    validation: int = 0
    scaling: str = "standardise"
    seed: int = 7
    inputs: tuple[int, ...] = ()
    plane: tuple[int, int] | None = None
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
CURVED = {"hidden": (8,), "lr": 0.1, "activation": "relu", "features": tuple(FEATURES)}
WAVY = {"features": ("x1", "x2", "sinx1", "sinx2")}
LINE = {"hidden": (16, 16), "init": "he"}
CALM = {"hidden": (16,), "lr": 0.03}
SUGGESTED = {
    "spiral": {"hidden": (16, 8), "init": "he"} | WAVY,
    "rings": {"hidden": (8,), "activation": "relu"},
    "checkerboard": {"hidden": (8,), "activation": "relu"} | WAVY,
    "heart": CURVED,
    "above-sine": {"hidden": (8,), "lr": 0.03} | WAVY,
    "above-cubic": CURVED,
    "multi-gaussian": {"hidden": (16, 16), "init": "he", "lr": 0.03},
    "ripples": {"hidden": (16, 16), "init": "he", "lr": 0.03, "features": tuple(FEATURES)},
    "sine-1d": LINE,
    "step-1d": LINE,
    "polynomial-1d": LINE,
    "eight-inputs": {"hidden": (10,), "activation": "relu", "lr": 0.03, "batch": 10},
} | dict.fromkeys(set(REAL) - {"eight-inputs"}, CALM)


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
        return Run(self.network, self.training, self.data.train.x, self.data.train.y, begin)


def learn_alike(one: Experiment, other: Experiment) -> bool:
    """Whether two experiments take the same steps from the same state, to the bit."""
    parts = zip(one.data.parts, other.data.parts, strict=False)
    same = all(np.array_equal(a.x, b.x) and np.array_equal(a.y, b.y) for a, b in parts)
    return same and (one.network, one.training) == (other.network, other.training)


def task_of(config: Config, table: Dataset | None = None) -> tuple[str, int]:
    """Whether a config is a "classification" or a "regression", and into how many classes, 0 for values."""
    recipe = DATASETS.get(config.data)
    if recipe is None:
        dataset = dataset_of(replace(config, inputs=()), table)  # whichever its inputs: no column need be copied
        return dataset.kind, dataset.n_classes
    return recipe.kind, (recipe.most and config.classes) or len(recipe.class_names)


def output_of(config: Config, table: Dataset | None = None) -> str:
    """The output activation that suits the data: a number, one probability, or one for each class."""
    kind, classes = task_of(config, table)
    if kind == "regression":
        return "identity"
    return "softmax" if classes > 2 else "sigmoid"


def losses_for(config: Config, table: Dataset | None = None) -> list[str]:
    """The losses that go with the data, the one to start with first."""
    output = output_of(config, table)
    return [key for key, loss in LOSSES.items() if output in loss.outputs]


def dataset_of(config: Config, table: Dataset | None = None) -> Dataset:
    """The data of a config, before they are split and scaled; `table` is the one that was brought.

    Raises `ValueError` for a table that is not there, and for points that cannot be read.
    """
    if config.data == DRAWN:
        return read_points(config.points)
    if recipe := DATASETS.get(config.data):
        classes = recipe.kind == "classification"
        return load(
            config.data,
            n=config.n,
            noise=config.noise,
            seed=config.seed,
            classes=config.classes if recipe.most else None,
            balance=config.balance if classes else None,
            label_noise=config.label_noise if classes else 0,
            outliers=config.outliers,
        )
    if config.data == TABLE and table is None:
        raise ValueError("data is a table, and a link does not hold it: bring it on the page “Your data”.")
    return _with_columns(table if config.data == TABLE else real(config.data), config.inputs)


def _with_columns(dataset: Dataset, inputs: tuple[int, ...]) -> Dataset:
    if not inputs:
        return dataset
    if max(inputs) >= (d := dataset.x.shape[1]):
        raise ValueError(f"inputs must be columns from 0 to {d - 1}, not {max(inputs)}.")
    names = tuple(dataset.feature_names[i] for i in inputs)
    return replace(dataset, x=np.ascontiguousarray(dataset.x[:, inputs]), feature_names=names)


def build(config: Config, table: Dataset | None = None, scaler: Scaler | None = None) -> Experiment:
    """Load and prepare the data, and lay out the network and the training rule.

    `table` is the one that was brought; a `scaler` that is given stays as it is. Raises `ValueError` that names the
    field for a config that cannot work.
    """
    dataset, data = _prepared(config, dataset_of(config, table), scaler)
    network = Network(
        inputs=len(data.features),
        hidden=config.hidden,
        outputs=dataset.n_classes if dataset.n_classes > 2 else 1,
        activation=config.activation,
        output=output_of(config, table),
    )
    training = Training(
        loss=config.loss,
        optimizer=config.optimizer,
        learning_rate=config.lr,
        batch_size=None if config.batch is None or config.batch >= len(data.train.x) else config.batch,
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


def _prepared(config: Config, dataset: Dataset, scaler: Scaler | None) -> tuple[Dataset, Prepared]:
    """The data in their parts; with their clusters instead of their classes where all labels are hidden."""
    return in_parts(config, dataset, *split_of(config, dataset), scaler=scaler)


def split_of(config: Config, dataset: Dataset) -> tuple[Rows, Rows, Rows]:
    """Which rows the training, validation and test part of a config have."""
    if config.data == DRAWN:
        return split_in_turn(dataset, config.split, config.validation)
    return split_rows(dataset, config.split, config.seed, config.validation)


def in_parts(
    config: Config,
    dataset: Dataset,
    train: Rows,
    validation: Rows,
    test: Rows,
    *,
    scaler: Scaler | None = None,
) -> tuple[Dataset, Prepared]:
    """The data in parts that are already chosen, labels hidden and inputs scaled as a config has it.

    Where all labels are hidden the classes of the data set that comes back are clusters. A `scaler` that is given has
    been fitted before.
    """
    known = known_labels(dataset.y[train], config.labels, config.seed, dataset.n_classes)
    if not config.labels:
        dataset, known = clustered(dataset, train, config.seed), ~known
    return dataset, prepare_rows(
        dataset,
        train[known],
        validation,
        test,
        unlabelled=train[~known],
        features=config.features if dataset.feature_names == PLANE else None,
        scaling=config.scaling,
        scaler=scaler,
    )


def check_drawn(config: Config) -> None:
    """Raises `ValueError`, one sentence for the learner, where nothing can be learned from drawn points."""
    if len((dataset := read_points(config.points)).x) < 2:
        raise ValueError("Draw at least two points, one to train on and one to test on.")
    _, data = _prepared(config, dataset, None)
    if dataset.n_classes and len(data.train.y) > 1 and np.ptp(data.train.y) == 0:
        raise ValueError("All points to train on are of one class: draw some of another.")


def grown(run: Run, experiment: Experiment) -> State:
    """The start of another shape of network with what the one in `run` has learned."""
    network, training = experiment.network, experiment.training
    return replace(start(network, training), theta=reshaped(run.network, run.state.theta, network, training, run.x))
