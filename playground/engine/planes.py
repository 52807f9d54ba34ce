"""Planes through the space of all weights: which two directions of it a loss surface shows.

A plane that has to do without one of its directions, as without a last step before the first one, takes a random
direction instead and says so in its `note`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from playground.engine.checks import check_whole
from playground.engine.network import Network
from playground.engine.objective import quietly

Array = np.ndarray

NOTHING_NEW = 1e-8  # share of a direction outside another that is rounding alone
STILL = 1e-9  # movement, beside the largest parameter or 1, that is rounding alone
STRAIGHT = 1e-6  # of the movement along a path: less than that across it is rounding alone


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The plane `origin + a·d1 + b·d2` through weight space, with `origin`, `d1` and `d2` (P,).

    The directions need be neither of length 1 nor orthogonal; where `d2` is zero the plane is a line. `note` is one
    sentence for a learner about what the plane had to do without, or "".

    Raises `ValueError` for arrays of different lengths, and for numbers that are not finite.
    """

    origin: Array
    d1: Array
    d2: Array
    note: str = ""
    _inverse: Array = field(init=False, repr=False)  # (P, 2): from a move to its coordinates

    def __post_init__(self) -> None:
        size = np.size(self.origin)
        for name in ("origin", "d1", "d2"):
            object.__setattr__(self, name, _vector(name, getattr(self, name), size))
        object.__setattr__(self, "_inverse", np.linalg.pinv(np.stack([self.d1, self.d2])))

    @quietly
    def position(self, thetas: Array) -> Array:
        """The coordinates (…, 2) of the point of the plane next to each of `thetas` (…, P); `origin` is (0, 0).

        Of several coordinates of one point, as on a line, the smallest.
        """
        return (thetas - self.origin) @ self._inverse

    def at(self, a: float, b: float) -> Array:
        """The parameters (P,) at these coordinates."""
        return self.origin + a * self.d1 + b * self.d2

    @quietly
    def distance(self, thetas: Array) -> Array:
        """How far each of `thetas` (…, P) is from the plane: Euclidean, (…)."""
        moves = thetas - self.origin
        moves -= self._shadow(moves)
        return np.linalg.norm(moves, axis=-1)

    def share(self, path: Array) -> float:
        """How much of the movement along `path` (t, P) lies in the plane, 0 to 1; not a number where nothing moves.

        Movement is the sum of the squared lengths of the moves from each point to the next.
        """
        return float(self.shares(path)[-1])

    @quietly
    def shares(self, path: Array) -> Array:
        """The `share` of the path up to each of its points (t,)."""
        moves = np.diff(path, axis=0)
        largest = np.abs(moves).max(initial=0)
        if not largest > 0:
            return np.full(len(path), np.nan)
        moves = moves / 2.0 ** np.floor(np.log2(largest))  # so that no square overflows, and nothing is rounded
        inside, whole = (np.cumsum((each**2).sum(-1)) for each in (self._shadow(moves), moves))
        return np.append(np.nan, np.minimum(1, inside / whole))

    def _shadow(self, moves: Array) -> Array:
        return moves @ self._inverse @ np.stack([self.d1, self.d2])


def weights_plane(theta: Array, first: int, second: int) -> Plane:
    """Two parameters of `theta` (P,), by their numbers in it; all others stay. One number twice gives a line.

    Raises `ValueError` for a number that `theta` does not have, and for parameters that are not finite.
    """
    theta = _vector("theta", theta)
    for name, number in (("first", first), ("second", second)):
        check_whole(name, number, 0, theta.size - 1)
    d1, d2 = np.arange(theta.size) == np.array([[first], [second]])
    if first == second:
        return Plane(theta, d1, 0 * d2, "Both axes are the same parameter, so the plane is a line.")
    return Plane(theta, d1, d2)


def gradient_plane(theta: Array, gradient: Array, last_step: Array | None, seed: int = 0) -> Plane:
    """Downhill, and where the run came from: `d1` along −`gradient` (P,), `d2` along the part of `last_step` across it.

    Both are of length 1 and orthogonal; the origin is `theta` (P,). `last_step` (P,) is None before the first one.
    What a zero gradient, or a last step that is zero or runs along the gradient, leaves open is drawn from `seed`.

    Raises `ValueError` for other shapes, and for numbers that are not finite.
    """
    theta = _vector("theta", theta)
    downhill = _unit(-_vector("gradient", gradient, theta.size))
    last = _unit(np.zeros_like(theta) if last_step is None else _vector("last_step", last_step, theta.size))
    draw = _drawing(seed, theta.size)
    if downhill.any():
        across = _across(last, downhill)
        why = "The last step ran along the gradient" if last.any() else "There is no last step"
        note = "" if across.any() else f"{why}, so the second direction is random."
        return Plane(theta, downhill, across if across.any() else draw(downhill), note)
    if last.any():
        return Plane(theta, draw(last), last, "The gradient is zero here, so the first direction is random.")
    note = "The gradient is zero here and there is no last step, so both directions are random."
    return Plane(theta, d1 := draw(), draw(d1), note)


def random_plane(network: Network, theta: Array, seed: int = 0) -> Plane:
    """Two random directions in which every neuron moves as far as its weights are long; the origin is `theta` (P,).

    Both are drawn from a normal distribution and filter-normalised (Li et al., NeurIPS 2018, section 4): the incoming
    weights of every neuron are scaled to the length that they have in `theta`, so that surfaces of networks with small
    and with large weights compare. Biases stay, as in the paper's own code.

    Raises `ValueError` for another shape, and for parameters that are not finite.
    """
    theta = _vector("theta", theta, network.n_parameters)
    draw, silent = _drawing(seed, theta.size), 0
    drawn = np.random.default_rng(seed).normal(size=(2, theta.size))
    for (weights, _), (directions, biases) in zip(network.layers(theta), network.layers(drawn), strict=True):
        lengths = np.linalg.norm(weights, axis=0)  # (fan_out,)
        directions *= (lengths / np.linalg.norm(directions, axis=-2))[:, None]
        biases[...] = 0
        silent += int((lengths == 0).sum())
    d1, d2 = drawn
    if not drawn.any():
        note = "All weights are zero, so there is no length to go by and both directions are random, of length 1."
        return Plane(theta, d1 := draw(), draw(d1), note)
    if not _across(_unit(d2), _unit(d1)).any():
        note = "There are too few weights for two directions, so the second one is random and moves biases, too."
        return Plane(theta, d1, np.linalg.norm(d1) * draw(_unit(d1)), note)
    some = "1 neuron has" if silent == 1 else f"{silent} neurons have"
    note = f"{some} no incoming weight but zero, which both directions leave as it is." if silent else ""
    return Plane(theta, d1, d2, note)


def path_plane(path: Array, previous: Plane | None = None, seed: int = 0) -> Plane:
    """The plane that holds as much as possible of `path` (t, P): its two principal components; the origin is its start.

    Both directions are of length 1 and orthogonal (Li et al., NeurIPS 2018, section 7). The path runs towards larger
    values, unless a `previous` plane is given: then each axis points to the side it pointed to there. What a path
    that stands still, or runs straight, leaves open is drawn from `seed`.

    Raises `ValueError` for another shape, and for numbers that are not finite.
    """
    path = _finite("path", path)
    if path.ndim != 2 or not path.size:
        raise ValueError(f"path has shape {path.shape}; it must be (points, parameters), with one point at least.")
    if previous is not None and previous.origin.shape != path[0].shape:
        raise ValueError(f"previous has {previous.origin.size} parameters; the path has {path.shape[1]}.")
    moves = path / max(1.0, path.max(), -path.min())  # so that no square overflows
    moves -= moves.mean(0)
    found, draw = _principal(moves), _drawing(seed, path.shape[1])
    axes = list(found)
    while len(axes) < 2:
        axes.append(draw(*axes))
    sides = np.stack(axes) @ (moves[-1] - moves[0])
    if previous is not None:
        turned = (np.stack(axes) * np.stack([previous.d1, previous.d2])).sum(-1)
        sides = np.where(turned == 0, sides, turned)
    d1, d2 = np.stack(axes) * np.where(sides < 0, -1, 1)[:, None]
    notes = (
        "The path does not move, so both directions are random.",
        "The path runs straight, so the second direction is random.",
        "",
    )
    return Plane(path[0], d1, d2, notes[len(found)])


def _principal(moves: Array) -> list[Array]:
    """The principal components of centred `moves` (t, P) that are not rounding alone, two at most.

    Of the products between moves (t, t): with 128 points and 1,700 parameters ten times faster than of the moves.
    """
    squares, weights = np.linalg.eigh(moves @ moves.T)  # ascending
    spread = np.sqrt(np.maximum(squares[:-3:-1], 0))
    least = max(STILL, STRAIGHT * spread[0])
    found: list[Array] = []
    for size, mix in zip(spread, weights.T[:-3:-1], strict=True):
        if size > least:
            found.append(_across(_unit(mix @ moves), *found))
    return found


def states_plane(one: Array, two: Array, three: Array, seed: int = 0) -> Plane:
    """The plane through three states (P,): `one` is the origin, `two` lies on the first axis, `three` above it.

    Both directions are of length 1 and orthogonal. What states that are equal, or on one line, leave open is drawn
    from `seed`.

    Raises `ValueError` for different shapes, and for numbers that are not finite.
    """
    one = _vector("one", one)
    there, other = (_unit(_vector(name, state, one.size) - one) for name, state in (("two", two), ("three", three)))
    draw = _drawing(seed, one.size)
    if not there.any() and not other.any():
        note = "The three states are equal, so both directions are random."
        return Plane(one, d1 := draw(), draw(d1), note)
    d1 = there if there.any() else other
    d2 = _across(other, d1)
    if d2.any():
        return Plane(one, d1, d2)
    equal = not there.any() or not other.any() or np.array_equal(two, three)
    why = "Two of the three states are equal" if equal else "The three states lie on one line"
    return Plane(one, d1, draw(d1), f"{why}, so the second direction is random.")


def line(one: Array, two: Array) -> Plane:
    """The straight line from the state `one` (P,), at (0, 0), to the state `two` (P,), at (1, 0).

    The loss along it is the linear interpolation of Goodfellow, Vinyals & Saxe (ICLR 2015). `d2` is zero. Between
    equal states the direction is a random one of length 1, always the same.

    Raises `ValueError` for different shapes, and for numbers that are not finite.
    """
    one = _vector("one", one)
    way = _vector("two", two, one.size) - one
    if way.any():
        return Plane(one, way, np.zeros_like(one))
    note = "The two states are equal, so the direction is random."
    return Plane(one, _drawing(0, one.size)(), np.zeros_like(one), note)


def _unit(v: Array) -> Array:
    """`v` (P,) with length 1; zeros stay."""
    largest = np.abs(v).max()
    if largest == 0:
        return v
    v = v / largest  # so that no square overflows, or vanishes
    return v / np.linalg.norm(v)


def _across(v: Array, *units: Array) -> Array:
    """The part across the orthonormal `units` of `v` (P,), of length 1 or 0: of length 1, or 0 where it is rounding."""
    rest = v
    for _ in range(2):  # once leaves rounding errors behind
        for unit in units:
            rest = rest - (rest @ unit) * unit
    return _unit(rest) if np.linalg.norm(rest) > NOTHING_NEW else np.zeros_like(v)


def _drawing(seed: int, size: int) -> Callable[..., Array]:
    """`draw(*units)` gives random directions (size,) of length 1 across `units`; 0 where there is none."""
    rng = np.random.default_rng(seed)
    return lambda *units: _across(_unit(rng.normal(size=size)), *units)


def _vector(name: str, value: Array, size: int | None = None) -> Array:
    vector = _finite(name, value)
    if vector.ndim != 1 or not vector.size or vector.size != (size or vector.size):
        raise ValueError(f"{name} has shape {vector.shape}; it must be ({size or 'parameters'},).")
    return vector


def _finite(name: str, value: Array) -> Array:
    array = np.asarray(value, np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite; every parameter must be a finite number.")
    return array
