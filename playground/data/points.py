"""Drawn points in a link: a few hundred of them as letters that any address can hold, and back again, to the bit.

The text is a version, then Base64 (RFC 4648, its URL alphabet, no padding) of zlib-compressed bytes: one for the number
of classes, 0 for a regression; then x1, x2 and y of all points, in hundredths, in two bytes each, high bytes first.
"""

import base64
import re
import zlib
from dataclasses import replace

import numpy as np

from playground.data.dataset import PLANE, Dataset
from playground.data.toy import COLOURS, DOMAIN
from playground.limits import LINK_POINTS, LONGEST_POINTS, MOST_DRAWN

VERSION = "1"
STEP = 100  # places and values are kept in hundredths
REACH = 12  # how far from 0 they can lie

BYTES = 1 + 6 * LINK_POINTS


class PointsError(ValueError):
    """One sentence: why points cannot be in a link, or a link holds none."""


def drawable(dataset: Dataset) -> tuple[Dataset, str]:
    """The points of a data set with which a drawing begins, to the hundredth, and a sentence about those left out."""
    n, inside = len(dataset.x), np.flatnonzero((np.abs(dataset.x) <= DOMAIN).all(axis=1))
    taken = inside[:MOST_DRAWN]  # data are in random order
    reasons = (
        (n, len(inside), "what lies outside the plane cannot be drawn"),
        (len(inside), len(taken), f"at most {MOST_DRAWN:,} can be drawn by hand"),
    )
    said = [f"The drawing leaves out {of - m:,} of the {of:,} points: {why}." for of, m, why in reasons if m < of]
    return replace(dataset, x=dataset.x[taken].round(2), y=dataset.y[taken].round(2)), " ".join(said)


def write_points(dataset: Dataset) -> str:
    """A data set in the plane as text for a link, at most 8 KB; places and values are rounded to hundredths.

    Raises PointsError for points that are not in the plane, too far away, or too many: 1,200 always fit.
    """
    if dataset.x.shape[1:] != (2,):
        raise PointsError(f"Only points with two inputs can be in a link, not with {dataset.x.shape[1]}.")
    if not 1 <= len(dataset.x) <= LINK_POINTS:
        raise PointsError(f"A link holds 1 to {LINK_POINTS:,} points, not {len(dataset.x):,}.")
    if dataset.n_classes > len(COLOURS):
        raise PointsError(f"A link holds points of at most {len(COLOURS)} classes, not {dataset.n_classes}.")
    columns = np.column_stack([dataset.x, dataset.y / (STEP if dataset.n_classes else 1)])
    if not (np.abs(columns) <= REACH).all():
        raise PointsError(f"Points in a link lie within {REACH} of the origin, and so do their values.")
    units = np.rint(columns * STEP).astype(">i2")  # (n, 3)
    raw = bytes([dataset.n_classes]) + units.T.tobytes()[::2] + units.T.tobytes()[1::2]
    text = VERSION + _base64(zlib.compress(raw, 9))
    if len(text) > LONGEST_POINTS:
        raise PointsError(f"These {len(dataset.x):,} points are too many for a link: keep 1,200.")
    return text


def read_points(text: str) -> Dataset:
    """The data set that `write_points` wrote. Raises PointsError for any other text, however long it would unpack."""
    if len(text) > LONGEST_POINTS:
        raise PointsError(f"The points in this link are longer than {LONGEST_POINTS:,} characters: copy the link anew.")
    if not text.startswith(VERSION):
        raise PointsError(f"The points in this link are not written in version {VERSION}: copy the link anew.")
    try:
        raw = _unpacked(text.removeprefix(VERSION))
        return _dataset(raw[0], np.frombuffer(raw[1:], np.uint8))
    except (ValueError, zlib.error) as error:
        raise PointsError("The points in this link are damaged: copy the link anew, all of it.") from error


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    """Strictly: no other alphabet, nothing left over, and never more bytes than the most points need."""
    if not re.fullmatch(r"[0-9A-Za-z_-]+", text):
        raise ValueError
    packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    unpacking = zlib.decompressobj()
    raw = unpacking.decompress(packed, BYTES + 1)
    if not unpacking.eof or unpacking.unused_data or _base64(packed) != text:
        raise ValueError
    if not 7 <= len(raw) <= BYTES or len(raw) % 6 != 1:
        raise ValueError
    return raw


def _dataset(classes: int, halves: np.ndarray) -> Dataset:
    high, low = halves.reshape(2, -1)
    x1, x2, y = np.stack([high, low], axis=-1).copy().view(">i2").reshape(3, -1).astype(int)
    if classes == 1 or classes > len(COLOURS) or np.abs([x1, x2]).max() > REACH * STEP:
        raise ValueError
    if not (y.min() >= 0 and y.max() < classes if classes else np.abs(y).max() <= REACH * STEP):
        raise ValueError
    x = np.column_stack([x1, x2]) / STEP
    if classes:
        return Dataset(x, y.astype(np.int64), "classification", PLANE, COLOURS[:classes])
    return Dataset(x, y / STEP, "regression", PLANE)
