"""Is it better to scale early layers, or late ones?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from spikesweep.experiments.answered import Answered
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.study.layer_scaling.gains import layers_of
from spikesweep.study.layer_scaling.paired import LevelContrast, level_contrasts
from spikesweep.study.layer_scaling.subsets import Subset, halves, subset_name

COLUMNS = (
    *("network", "operating_point", "compared", "early", "late", "comparison", "level", "levels"),
    *("early_gain", "late_gain", "late_minus_early", "low", "high", "method", "seeds", "images"),
)


def early_late_contrast(
    studies: Iterable[Answered], matched: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """Compare the gain in accuracy from scaling late layers with that from scaling early ones.

    studies: the layer-scaling study of each network; matched: the result of `matched_budgets` for
        the same networks and all their seeds.

    Early layers are the first half of a network's spiking layers, late ones the second half;
    if their number is odd, the layer in the middle is in neither. `compared` says how their gains
    are measured: each layer is scaled alone and gains are averaged over the half ("single
    layers"); or all layers of a half are scaled together ("halves"), if a half has several.

    Returns one row per (network, operating point, compared, comparison, level):
        comparison: same factor, same spikes or same synops; level: the factor, or the budget
            as a share of the base's cost; empty in the row with the mean over all `levels`. Only
            levels that all compared subsets reach in every seed are used.
        early_gain, late_gain, late_minus_early: means over seeds, accuracies in [0, 1].
        low, high: interval of late_minus_early, paired by image; method: how it was found, see
            `crossed_effect`.
    """
    rows = [
        {"network": study.network, "operating_point": point, "compared": compared, **row}
        for study in studies
        for point in sorted({point for table in study.tables for point in table["operating_point"]})
        for compared, early, late in _halves(layers_of(study.tables[0]))
        for row in _at_point(study, matched, point, early, late, confidence)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _halves(layers: Subset) -> list[tuple[str, list[str], list[str]]]:
    if len(layers) < 2:
        return []
    early, late = halves(layers)
    singles = ("single layers", list(early), list(late))
    together = ("halves", [subset_name(early)], [subset_name(late)])
    return [singles] if len(early) == 1 else [singles, together]


def _at_point(
    study: Answered,
    matched: pd.DataFrame,
    point: float,
    early: Sequence[str],
    late: Sequence[str],
    confidence: float,
) -> Iterator[dict[str, object]]:
    """The rows of one operating point, from the seeds that reach it."""
    of_seeds, bases = [], []
    for seed, (table, correct) in enumerate(zip(study.tables, study.correct, strict=True)):
        base = (table["operating_point"] == point) & (table["layers_scaled"] == 0)
        if base.any():
            found = level_contrasts(study, matched, seed, point, early, late)
            of_seeds.append({(contrast.comparison, contrast.level): contrast for contrast in found})
            bases.append(correct[base.to_numpy()].mean())
    facts = {"early": ", ".join(early), "late": ", ".join(late)}
    for comparison, levels in _reached_by_all(of_seeds).items():
        for level, shown in [(np.nan, levels), *((level, [level]) for level in levels)]:
            contrasts = [[of_seed[comparison, at] for at in shown] for of_seed in of_seeds]
            row = _row(contrasts, float(np.mean(bases)), confidence)
            yield facts | {"comparison": comparison, "level": level, "levels": len(shown)} | row


def _reached_by_all(
    of_seeds: Sequence[Mapping[tuple[str, float], LevelContrast]],
) -> dict[str, list[float]]:
    """Levels that every seed has, ascending, by comparison."""
    common: dict[str, list[float]] = {}
    for comparison, level in of_seeds[0]:
        if all((comparison, level) in of_seed for of_seed in of_seeds):
            common.setdefault(comparison, []).append(level)
    return {comparison: sorted(levels) for comparison, levels in common.items()}


def _row(
    contrasts: Sequence[Sequence[LevelContrast]], base: float, confidence: float
) -> dict[str, object]:
    """One contrast per seed and level; base: accuracy with no layer scaled."""
    early, late = (
        np.array([[getattr(one, half) for one in of_seed] for of_seed in contrasts]).mean(axis=1)
        for half in ("early", "late")
    )
    effect = crossed_effect(late - early, confidence=confidence)
    return {
        "early_gain": float(early.mean()) - base,
        "late_gain": float(late.mean()) - base,
        "late_minus_early": effect.value,
        "low": effect.low,
        "high": effect.high,
        "method": effect.method,
        "seeds": effect.seeds,
        "images": early.shape[1],
    }
