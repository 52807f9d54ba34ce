"""How each toy data set is drawn: points in the plane or on a line, and what is true of each of them.

circle, xor, gaussian, spiral, plane and multi-gaussian follow TensorFlow Playground's formulas (its `dataset.ts`); its
label +1 is class 1, blue, and its -1 is class 0, orange. Noise is a share, 0 to 0.5, and only scales what was drawn.
"""

from collections.abc import Callable

import numpy as np
from sklearn.datasets import make_blobs, make_moons

Points = tuple[np.ndarray, np.ndarray]  # x (n, 2), y (n,)
Curve = Callable[[np.ndarray], np.ndarray]  # keeps the shape it is given
Curved = tuple[np.ndarray, np.ndarray, Curve]  # x (n, 1), y (n,), and the value without noise


def circle(rng: np.random.Generator, n: int, noise: float) -> Points:
    inside, outside = _halves(n)
    radius = np.concatenate([rng.uniform(0, 2.5, inside), rng.uniform(3.5, 5, outside)])
    x = _polar(radius, rng.uniform(0, 2 * np.pi, n))
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return x, np.linalg.norm(seen, axis=1) < 2.5


def xor(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-5, 5, (n, 2))
    x += np.where(x > 0, 0.3, -0.3)  # a gap along both axes
    seen = x + noise * rng.uniform(-5, 5, (n, 2))
    return x, seen[:, 0] * seen[:, 1] >= 0


def gaussian(rng: np.random.Generator, n: int, noise: float) -> Points:
    blue = np.repeat([True, False], _halves(n))
    centre = np.where(blue, 2.0, -2.0)[:, None]
    variance = 0.5 + 7 * noise  # 0.5 to 4
    return centre + np.sqrt(variance) * rng.standard_normal((n, 2)), blue


def spiral(rng: np.random.Generator, n: int, noise: float, k: int) -> Points:
    arms = _shares(n, k)
    arm = np.repeat(np.arange(k), arms)
    along = np.concatenate([np.arange(points) / points for points in arms])  # 0 at the origin, towards 1 at the end
    angle = 1.75 * 2 * np.pi * along + arm * (2 * np.pi / k)
    return _polar(5 * along, angle) + noise * rng.uniform(-1, 1, (n, 2)), (1 - arm) % k  # the first arm is blue


def moons(rng: np.random.Generator, n: int, noise: float) -> Points:
    x, y = make_moons(_halves(n), shuffle=False)
    x = (x - [0.5, 0.25]) * [10 / 3, 20 / 3]  # from [-1, 2] x [-0.5, 1] to [-5, 5]²
    return x + 2 * noise * rng.standard_normal((n, 2)), y


def blobs(rng: np.random.Generator, n: int, noise: float, k: int) -> Points:
    centres = _polar(3.5, 2 * np.pi * np.arange(k) / k)
    spread = (0.6 + 2.8 * noise) * min(1, 5 / k)  # 0.6 to 2; less where there is less room
    return make_blobs(n, centers=centres, cluster_std=spread, shuffle=False, random_state=int(rng.integers(2**32)))


def plane(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-6, 6, (n, 2))
    return x, seen.sum(axis=1) / 10


HILLS = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
SIGNS = np.array([1, -1, 1, -1, 1, -1])  # a hill or a hollow


def multi_gaussian(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-6, 6, (n, 2))
    distance = np.linalg.norm(seen[:, None] - HILLS, axis=-1)  # (n, 6)
    height = np.maximum(1 - distance.min(axis=1) / 2, 0)
    return x, SIGNS[distance.argmin(axis=1)] * height + 0.0  # + 0.0: no -0.0 on flat ground


def rings(rng: np.random.Generator, n: int, noise: float, k: int) -> Points:
    ring = np.repeat(np.arange(k), _shares(n, k))
    x = _polar(5 * (ring + 1) / k, rng.uniform(0, 2 * np.pi, n))
    return x + 2 / k * noise * rng.standard_normal((n, 2)), ring


def checkerboard(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-3, 3, (n, 2))
    return x, np.floor(seen / 3).sum(axis=1) % 2  # 4 × 4 squares of side 3


def heart(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    a, b = ((x + noise * rng.uniform(-3, 3, (n, 2))) / 4).T
    return x, (a**2 + b**2 - 1) ** 3 <= a**2 * b**3


def above(rng: np.random.Generator, n: int, noise: float, f: Curve) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    seen = x + noise * rng.uniform(-3, 3, (n, 2))
    return x, seen[:, 1] > f(seen[:, 0])


def ripples(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = rng.uniform(-6, 6, (n, 2))
    return x, np.cos(np.pi / 2 * np.linalg.norm(x, axis=1)) + noise * rng.standard_normal(n)


def on_curve(rng: np.random.Generator, n: int, noise: float, f: Curve) -> Curved:
    x = rng.uniform(-6, 6, (n, 1))
    return x, f(x[:, 0]) + noise * rng.standard_normal(n), f


def polynomial(rng: np.random.Generator, n: int, noise: float) -> Curved:
    """Of degree 4, another for every seed; Legendre's polynomials keep it within ±2."""
    return on_curve(rng, n, noise, np.polynomial.Legendre(rng.uniform(-0.4, 0.4, 5), domain=[-6, 6]))


def _shares(n: int, k: int) -> list[int]:
    return [n // k + (i < n % k) for i in range(k)]


def _halves(n: int) -> tuple[int, int]:
    return n - n // 2, n // 2


def _polar(radius: np.ndarray | float, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)  # clockwise from the top
