"""How much of an outcome's variance is due to seeds, to initial voltages, and to images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Components:
    """Variances of one outcome, and the design that gave them; NaN where the design has no answer.

    seed: between trained networks. voltage: between draws of the initial voltages of one network;
    zero if there is one draw. image: between images, the same in all networks. residual: what is
    left, such as an image that only one network finds hard.
    """

    seed: float
    voltage: float
    image: float
    residual: float
    seeds: int
    draws: int
    images: int


def variance_components(outcomes: Array, draws: ArrayLike | None = None) -> Components:
    """Estimate the components from outcomes of shape (seeds, images), such as paired differences.

    draws: (images,) which draw of the initial voltages each image was simulated with; without it,
        all with one. Seeds share no draws: draw 1 of one seed is another than draw 1 of the next.
        So draws are nested in seeds, and within a draw seeds and images are crossed.

    Each mean square is set equal to its expectation, and a negative variance to zero (Searle,
    Casella and McCulloch 1992, Variance Components, chapter 4). Draws have about n images
    each (their harmonic mean); with S seeds, K draws and N = K n images,

        residual      E MS_residual = residual                        (within draws)
        image         E MS_images   = residual + S image              (within draws)
        voltage       E MS_cells    = voltage + residual / n          (seed x draw, of cell means)
        seed          E MS_seeds    = seed + E MS_cells / K           (of the means of each seed)

    A single seed cannot tell images from the residual, nor itself from the mean: its `image` holds
    both, `residual` is zero and `seed` NaN.
    """
    outcomes = np.asarray(outcomes, float)
    seeds, images = outcomes.shape
    of_images = np.zeros(images) if draws is None else np.asarray(draws)
    groups, count = _groups(of_images), len(np.unique(of_images))
    within = [outcomes[:, group] for group in groups]
    cells = np.array([part.mean(axis=1) for part in within]).T
    residual, image = _within_draws(within)
    per_draw = 1 / float(np.mean([1 / len(group) for group in groups]))
    if seeds == 1:
        several = len(groups) > 1
        voltage = max(0.0, _variance(cells[0]) - image / per_draw) if several else 0.0
        return Components(np.nan, voltage, image, 0.0, seeds, count, images)
    of_cells = residual / per_draw
    if len(groups) > 1:
        of_cells = _interaction(cells)
    return Components(
        seed=max(0.0, _variance(cells.mean(axis=1)) - of_cells / len(groups)),
        voltage=max(0.0, of_cells - residual / per_draw),
        image=image,
        residual=residual,
        seeds=seeds,
        draws=count,
        images=images,
    )


def _groups(draws: NDArray[np.generic]) -> list[NDArray[np.intp]]:
    """Images of each draw; without two draws of several images, all are one group.

    A draw of a single image cannot be told from the image, and is left out.
    """
    groups = [np.flatnonzero(draws == draw) for draw in np.unique(draws)]
    several = [group for group in groups if len(group) > 1]
    return several if len(several) > 1 else [np.arange(len(draws))]


def _within_draws(parts: list[Array]) -> tuple[float, float]:
    """Residual and image components, pooled over draws."""
    freedom = sum(part.shape[1] - 1 for part in parts)
    between = sum(part.shape[1] * part.mean(axis=0).var() for part in parts) / freedom
    seeds = len(parts[0])
    if seeds == 1:
        return 0.0, float(between)
    squares = sum((_without_means(part) ** 2).sum() for part in parts)
    residual = squares / freedom / (seeds - 1)
    return float(residual), max(0.0, float(between - residual / seeds))


def _interaction(cells: Array) -> float:
    """Mean square of seed x draw, of the means of the cells."""
    seeds, draws = cells.shape
    return float((_without_means(cells) ** 2).sum() / (seeds - 1) / (draws - 1))


def _without_means(table: Array) -> Array:
    return table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()


def _variance(values: Array) -> float:
    return float(values.var(ddof=1))
