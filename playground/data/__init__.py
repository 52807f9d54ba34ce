"""What a network learns from: points in the plane or tables with many columns, made ready to train and to test with."""

from playground.data.dataset import LINE, PLANE, Dataset
from playground.data.features import FEATURES, expand
from playground.data.planes import PlaneView, plane_of_columns, plane_of_components
from playground.data.prepare import SCALINGS, Prepared, prepare, prepare_rows
from playground.data.real import REAL, real
from playground.data.splitting import folds, known_labels, split_rows
from playground.data.toy import COLOURS, DATASETS, DOMAIN, MORE, TOYS, load

__all__ = [
    "COLOURS",
    "DATASETS",
    "DOMAIN",
    "FEATURES",
    "LINE",
    "MORE",
    "PLANE",
    "REAL",
    "SCALINGS",
    "TOYS",
    "Dataset",
    "PlaneView",
    "Prepared",
    "expand",
    "folds",
    "known_labels",
    "load",
    "plane_of_columns",
    "plane_of_components",
    "prepare",
    "prepare_rows",
    "real",
    "split_rows",
]
