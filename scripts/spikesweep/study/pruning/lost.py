"""How much accuracy the removal of weights costs, with intervals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.effect import Effect
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY, with_unpruned

# By (network, variant, seed): whether each test image is recognised, shape (images,).
TestAnswers = Mapping[tuple[str, str, int], NDArray[np.bool_]]


def lost_accuracy(
    accuracy: pd.DataFrame, test_answers: TestAnswers, confidence: float
) -> pd.DataFrame:
    """Accuracy lost against the unpruned network: one row per network, method, split and sparsity.

    Each seed is compared with its own unpruned network. Training images are all there are, so
    their interval is Student's t over seeds; test images are a sample, so theirs is over seeds and
    images, paired by image (`crossed_effect`). With one seed the first has no bounds, and the
    second speaks of that network alone.

    If the published sparsity was not tested, but lies between two that were, it has a row too,
    in which `interpolated` is true: the loss there is linear in the logarithm of the weights left.

    accuracy: one row per (network, variant, seed), with method, target_sparsity, sparsity
        (reached), train_accuracy, train_images (on how many it was trained) and test_images.

    Raises UserError as `with_unpruned`.
    """
    rows = []
    for network, of_network in accuracy.groupby("network", sort=False):
        for method, curves in with_unpruned(of_network).groupby("method", sort=False):
            for point in _points(curves):
                for split, effect in _effects(point, curves, test_answers, confidence):
                    rows.append(
                        {
                            "network": network,
                            "method": method,
                            "split": split,
                            "images": int(curves[f"{split}_images"].iloc[0]),
                            "seeds": effect.seeds,
                            "target_sparsity": point.target,
                            "sparsity": point.reached,
                            "interpolated": len(point.shares) > 1,
                            "lost": effect.value,
                            "lost_low": effect.low,
                            "lost_high": effect.high,
                            "confidence": confidence,
                            "method_of_interval": effect.method,
                        }
                    )
    return pd.DataFrame(rows)


def training_lost_at_published(accuracy: pd.DataFrame) -> pd.DataFrame:
    """Training accuracy that each seed lost at the published sparsity, by network and method.

    Columns network, method, seed, images (trained on), lost; no rows for what was not pruned so
    far. accuracy: as for `lost_accuracy`.
    """
    parts = [
        pd.DataFrame(
            {
                "network": network,
                "method": method,
                "images": int(curves["train_images"].iloc[0]),
                "lost": _lost_in_training(point, curves),
            }
        ).reset_index()
        for network, of_network in accuracy.groupby("network", sort=False)
        for method, curves in with_unpruned(of_network).groupby("method", sort=False)
        for point in _points(curves)
        if abs(point.target - PUBLISHED_SPARSITY) < 1e-9
    ]
    columns = ["network", "method", "seed", "images", "lost"]
    return pd.concat([pd.DataFrame(columns=columns), *parts], ignore_index=True)[columns]


def depth(sparsity: Any) -> Any:
    """Logarithm of how many times fewer weights are left."""
    return -np.log1p(-np.asarray(sparsity, float))


@dataclass(frozen=True)
class _Point:
    """A sparsity: as asked for, as reached, and the tested ones that it lies between.

    shares: how much each tested sparsity counts; a tested one counts alone.
    """

    target: float
    reached: float
    shares: Mapping[float, float]


def _points(curves: pd.DataFrame) -> list[_Point]:
    reached = curves.groupby("target_sparsity")["sparsity"].mean()
    tested = reached[reached.index > 0]
    points = [_Point(float(at), float(tested[at]), {float(at): 1.0}) for at in tested.index]
    targets = reached.index.to_numpy()
    if PUBLISHED_SPARSITY in targets or targets.max() < PUBLISHED_SPARSITY:
        return points
    after = int(np.searchsorted(targets, PUBLISHED_SPARSITY))
    before, behind = (float(target) for target in targets[after - 1 : after + 1])
    share = (depth(PUBLISHED_SPARSITY) - depth(before)) / (depth(behind) - depth(before))
    between = _Point(
        PUBLISHED_SPARSITY, PUBLISHED_SPARSITY, {before: float(1 - share), behind: float(share)}
    )
    return sorted([*points, between], key=lambda point: point.target)


def _effects(
    point: _Point, curves: pd.DataFrame, test_answers: TestAnswers, confidence: float
) -> Iterator[tuple[str, Effect]]:
    """Loss on training images, then on test images."""
    lost = _lost_in_training(point, curves)
    value, low, high = mean_interval(lost, confidence)
    method = "Student's t over seeds" if len(lost) > 1 else "none (one seed)"
    yield "train", Effect(value, low, high, len(lost), method)
    differences = _answers(curves, 0, test_answers) - sum(
        share * _answers(curves, target, test_answers) for target, share in point.shares.items()
    )
    yield "test", crossed_effect(differences, confidence=confidence)


def _lost_in_training(point: _Point, curves: pd.DataFrame) -> pd.Series:
    """Training accuracy lost by each seed, indexed by seed."""
    by_seed = curves.pivot_table(index="seed", columns="target_sparsity", values="train_accuracy")
    left = sum(share * by_seed[target] for target, share in point.shares.items())
    return by_seed[0] - left


def _answers(curves: pd.DataFrame, target: float, test_answers: TestAnswers) -> NDArray[np.float64]:
    """Whether each seed's network of this sparsity recognises each image, (seeds, images)."""
    rows = curves[curves["target_sparsity"] == target].sort_values("seed")
    keys = zip(rows["network"], rows["variant"], rows["seed"], strict=True)
    return np.array([test_answers[key] for key in keys], float)
