"""What a network learns from: points in the plane, features made of them, and a training and a test part."""

from playground.data.dataset import Dataset
from playground.data.features import FEATURES, expand
from playground.data.prepare import Prepared, prepare
from playground.data.toy import DATASETS, DOMAIN, load

__all__ = ["DATASETS", "DOMAIN", "FEATURES", "Dataset", "Prepared", "expand", "load", "prepare"]
