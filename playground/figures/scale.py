"""The axis that losses are drawn on: linear, or logarithmic where they lie too far apart for that."""

from dataclasses import dataclass

import numpy as np

LOG_FROM = 100  # losses that differ by more than this factor are drawn on a log axis
LIFT = 0.03  # of the surface's height: the path floats this far above the ground it would otherwise sink into


@dataclass(frozen=True, slots=True)
class Scale:
    """Where losses lie on their axis, from the `low`est to the `high`est."""

    low: float
    high: float
    log: bool

    def units(self, z):
        """Where a height lies along the axis, in the units Plotly colours and draws contour lines in."""
        return np.log10(z) if self.log else np.asarray(z)

    def height(self, loss):
        """What is drawn for a loss."""
        z = np.where(np.isfinite(loss), loss, np.nan)
        return np.where(z <= 0, self.low, z) if self.log else z  # a log axis has no place for 0

    def above(self, loss):
        """A height a little above that of a loss."""
        z = self.height(loss)
        return z * (self.high**LIFT / self.low**LIFT) if self.log else z + LIFT * (self.high - self.low)

    def title(self, name, losses):
        """`name`, and of a logarithmic axis that it is one, and where losses are drawn that it has no place for."""
        floor = f", ≤ 0 drawn at {self.low:.2g}" if (losses <= 0).any() else ""
        return f"{name} (log scale{floor})" if self.log else name


def scale_of(losses) -> Scale:
    """The scale that suits losses of any shape."""
    finite = losses[np.isfinite(losses)]
    positive = finite[finite > 0]
    if positive.size and positive.min() < positive.max() / LOG_FROM:
        return Scale(positive.min(), positive.max(), log=True)
    return Scale(finite.min(), finite.max(), log=False) if finite.size else Scale(0.0, 1.0, log=False)


def decades(scale: Scale, units=np.asarray) -> dict:
    """Ticks at up to eight powers of ten."""
    bottom, top = scale.units([scale.low, scale.high])
    powers = np.arange(np.ceil(bottom), np.floor(top) + 1)
    powers = 10 ** powers[:: 1 + len(powers) // 8]
    return {"tickvals": units(powers), "ticktext": [f"{p:g}" for p in powers]}
