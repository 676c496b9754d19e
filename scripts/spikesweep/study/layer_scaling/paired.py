"""Early layers against late ones, image by image."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from spikesweep.experiments.answered import Answered
from spikesweep.study.layer_scaling import subsets
from spikesweep.study.layer_scaling.gains import SAME_FACTOR
from spikesweep.study.layer_scaling.subsets import Subset, subset_name

Array = NDArray[np.float64]

# Step of the numerical derivative. Where two accuracies are equal, the cubic has a kink, and no
# derivative: ties are broken by much more than the step, and much less than one image in 10,000.
_STEP = 1e-8
_TIE = 1e-5


@dataclass(frozen=True, eq=False)
class LevelContrast:
    """Two halves of the layers at one level of one seed.

    level: the factor, or the budget as a share of the base's cost.
    early, late: (images,) answers, averaged over the subsets that stand for the half; between
        simulated factors they are interpolated, and then not only 0 and 1.
    """

    comparison: str
    level: float
    early: Array
    late: Array


def halves(layers: Subset, simulated: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Names of the subsets that stand for the first and the last half of the layers.

    A half is scaled together, or, where that was not simulated, layer by layer. If the number of
    layers is odd, the middle one is in neither half. None for a single layer.
    """
    if len(layers) < 2:
        return None
    early, late = (_names(half, simulated) for half in subsets.halves(layers))
    return early, late


def level_contrasts(
    study: Answered,
    matched: pd.DataFrame,
    seed: int,
    operating_point: float,
    early: Sequence[str],
    late: Sequence[str],
) -> list[LevelContrast]:
    """Compare both halves at each factor, and at each budget that both of them reach.

    study: the layer-scaling study of a network; matched: the result of `matched_budgets` for it;
    seed: its place in the study. Empty if the seed does not reach the operating point.

    The accuracy at a budget is that of `matched_budgets`, a monotone cubic through the accuracies
    at the simulated factors. It is not linear in them, but homogeneous: it is exactly the sum of
    the accuracies, each times its partial derivative. With the derivatives as weights, the answers
    to each image are averaged in the same way (the delta method). The factor that uses up a budget
    is taken as known: costs are means over all images, and vary little.
    """
    table = study.tables[seed].fillna({"subset": ""})
    here = (table["operating_point"] == operating_point).to_numpy()
    rows, correct = table[here].reset_index(drop=True), study.correct[seed][here]
    budgets = matched[
        (matched["network"] == study.network)
        & (matched["seed"] == table["seed"].iloc[0])
        & (matched["operating_point"] == operating_point)
    ]
    return [
        *_at_factors(rows, correct, early, late),
        *_at_budgets(rows, budgets, correct, early, late),
    ]


def interpolation_weights(x: Array, y: Array, at: float) -> Array:
    """Partial derivatives of the monotone cubic through (x, y), at one place, by each of y."""
    steps, untied = _STEP * np.eye(len(x)), y + _TIE * np.arange(len(y))
    moved = untied[:, None] + np.hstack([steps, -steps])
    above, below = np.split(PchipInterpolator(x, moved)(at), 2)
    return (above - below) / (2 * _STEP)


def _names(half: Subset, simulated: Sequence[str]) -> list[str]:
    together = subset_name(half)
    return [together] if together in simulated else list(half)


def _at_factors(
    rows: pd.DataFrame, correct: NDArray[np.bool_], early: Sequence[str], late: Sequence[str]
) -> Iterator[LevelContrast]:
    # A subset that is scaled by 1 is the base again.
    for factor in sorted(set(rows["factor"]) - {1.0}):
        at = rows[rows["factor"] == factor].reset_index().set_index("subset")["index"]
        if set(at.index) >= {*early, *late}:
            first, second = (correct[at[list(half)]].mean(axis=0) for half in (early, late))
            yield LevelContrast(SAME_FACTOR, float(factor), first, second)


def _at_budgets(
    rows: pd.DataFrame,
    matched: pd.DataFrame,
    correct: NDArray[np.bool_],
    early: Sequence[str],
    late: Sequence[str],
) -> Iterator[LevelContrast]:
    for (kind, budget), at_budget in matched.groupby(["budget_kind", "budget"], sort=False):
        factors = at_budget.set_index("subset")["factor"]
        if factors.reindex([*early, *late]).notna().all():
            first, second = (
                np.mean([_at_factor(rows, correct, name, factors[name]) for name in half], axis=0)
                for half in (early, late)
            )
            yield LevelContrast(f"same {kind}", float(budget), first, second)


def _at_factor(rows: pd.DataFrame, correct: NDArray[np.bool_], subset: str, factor: float) -> Array:
    """Answers of a subset between the factors at which it was simulated."""
    scaled = rows[(rows["subset"] == subset) & (rows["factor"] > 1)].sort_values("factor")
    base = rows[rows["subset"] == ""]
    answers = correct[[*base.index[:1], *scaled.index]].astype(float)
    factors = np.array([1.0, *scaled["factor"]])
    return interpolation_weights(np.log(factors), answers.mean(axis=1), np.log(factor)) @ answers
