"""What a network learns from: points in the plane or tables with many columns, made ready to train and to test with."""

from playground.data.clusters import clustered
from playground.data.dataset import LINE, PLANE, Dataset
from playground.data.features import FEATURES, expand
from playground.data.planes import PlaneView, plane_of_columns, plane_of_components
from playground.data.points import PointsError, drawable, read_points, write_points
from playground.data.prepare import SCALINGS, Part, Prepared, Scaler, learned, prepare, prepare_rows, with_learned
from playground.data.real import REAL, real
from playground.data.splitting import folds, known_labels, split_in_turn, split_rows
from playground.data.toy import COLOURS, DATASETS, DOMAIN, load

__all__ = [
    "COLOURS",
    "DATASETS",
    "DOMAIN",
    "FEATURES",
    "LINE",
    "PLANE",
    "REAL",
    "SCALINGS",
    "Dataset",
    "Part",
    "PlaneView",
    "PointsError",
    "Prepared",
    "Scaler",
    "clustered",
    "drawable",
    "expand",
    "folds",
    "known_labels",
    "learned",
    "load",
    "plane_of_columns",
    "plane_of_components",
    "prepare",
    "prepare_rows",
    "read_points",
    "real",
    "split_in_turn",
    "split_rows",
    "with_learned",
    "write_points",
]
