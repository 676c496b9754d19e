"""Where accuracy begins to fall as weights are removed, by what counts as a fall."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from spikesweep.statistics.margins import within_margin
from spikesweep.study.pruning.lost import depth

Array = NDArray[np.float64]


def knees(lost: pd.DataFrame, margins: Iterable[float]) -> pd.DataFrame:
    """One row per network, method, split and margin: the sparsity beyond which more is lost.

    Losses are noisy, but removing more weights cannot be expected to lose less. So a curve that
    never falls is fitted to them (isotonic regression; nothing is lost at sparsity 0), linear
    in the logarithm of the weights left between two tested sparsities. The knee is the largest
    sparsity at which it lies within the margin. The interval holds all sparsities at which the
    interval of the loss holds the margin: `knee_low` is the knee of the upper bounds, `knee_high`
    that of the lower ones. So `knee_low` is at least 80 % exactly if it is shown that at most the
    margin is lost at 80 %.

    `falls` is false where no tested sparsity loses more than the margin; the knee is then the
    largest tested one. `knee_high` is 1 where no tested sparsity is shown to lose more; bounds are
    empty where losses have none.

    lost: as `lost_accuracy` gives it.
    """
    rows = []
    keys = ["network", "method", "split"]
    for key, curve in lost[~lost["interpolated"]].groupby(keys, sort=False):
        facts = dict(zip(keys, key, strict=True)) | _facts(curve)
        for margin in sorted(margins):
            rows.append(facts | {"margin": margin} | _knee(curve, margin))
    return pd.DataFrame(rows)


def _facts(curve: pd.DataFrame) -> dict[str, Any]:
    return {
        column: curve[column].iloc[0]
        for column in ("images", "seeds", "confidence", "method_of_interval")
    }


def _knee(curve: pd.DataFrame, margin: float) -> dict[str, Any]:
    depths = np.array([0.0, *depth(curve["sparsity"])])
    at, low, high = (
        _crossing(depths, np.array([0.0, *curve[column]]), margin)
        for column in ("lost", "lost_high", "lost_low")
    )
    largest = float(curve["sparsity"].max())
    return {
        "falls": at is not None,
        "knee_sparsity": largest if at is None else at,
        "knee_low": largest if low is None else low,
        "knee_high": 1.0 if high is None else high,
    }


def _crossing(depths: Array, lost: Array, margin: float) -> float | None:
    """Sparsity at which the monotone fit leaves the margin; None if it never does."""
    if np.isnan(lost).any():
        return np.nan
    fitted = isotonic_regression(lost).x
    beyond = np.flatnonzero(~within_margin(fitted, margin))
    if not len(beyond):
        return None
    # Nothing is lost without pruning, so the first one lies within the margin.
    pair = [beyond[0] - 1, beyond[0]]
    return float(-np.expm1(-np.interp(margin, fitted[pair], depths[pair])))
