"""What a slow layer gains from scaling less what the other layers gain, image by image.

The accuracy before scaling is the same for all layers of a variant at a level, so the difference
of two gains is that of two accuracies; most images are answered alike in both, which is why it is
known far better than either.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.study.rate_transfer.variants import TRAINED, slow_layer

Bits = NDArray[np.bool_]
# The rows of one network and seed that are compared: one per layer. Their slow layer, by its row.
Choice = Callable[[pd.DataFrame], Any]

# What is equal within a comparison, besides the variant.
_LEVEL = ["operating_point", "factor"]


def slowed_less_others(
    tables: Sequence[pd.DataFrame], correct: Sequence[Bits]
) -> NDArray[np.float64] | None:
    """Where one layer was made slow: its gain less the mean gain of the others.

    tables: rows of the study of rates, of one network, a table per seed.
    correct: of each, (rows, images), whether each image is recognised with the layer scaled.

    Each layer has its turn at being slow, so no depth counts more than another. Averaged over
    turns, factors, and the operating points that every layer's turn reaches in every seed;
    (seeds, images). None if there is none, or if a single layer has no others.
    """
    slowed = [table[table["variant"].map(slow_layer).notna()] for table in tables]
    layers = max(table["layer"].nunique() for table in tables)
    return _differences(slowed, correct, _slowed, turns=layers)


def slowest_less_others(
    tables: Sequence[pd.DataFrame], correct: Sequence[Bits], rate: str
) -> NDArray[np.float64] | None:
    """In networks as trained: the gain of the layer with the lowest `rate` less that of the others.

    tables, correct: as for `slowed_less_others`; so is the result. rate: a column.

    Here the slow layer is always the same, or nearly: its depth may be what makes it gain.
    """
    trained = [table[table["variant"] == TRAINED] for table in tables]
    return _differences(trained, correct, lambda rows: rows[rate].idxmin(), turns=1)


def _slowed(rows: pd.DataFrame) -> Any:
    (slow,) = rows.index[rows["layer"] == slow_layer(rows["variant"].iloc[0])]
    return slow


def _differences(
    tables: Sequence[pd.DataFrame], correct: Sequence[Bits], choice: Choice, turns: int
) -> NDArray[np.float64] | None:
    by_seed = [
        _by_level(table, bits, choice, turns) for table, bits in zip(tables, correct, strict=True)
    ]
    common = sorted(set.intersection(*(set(levels) for levels in by_seed)))
    if not common:
        return None
    return np.stack([np.mean([levels[key] for key in common], axis=0) for levels in by_seed])


def _by_level(
    table: pd.DataFrame, correct: Bits, choice: Choice, turns: int
) -> dict[tuple[float, float], NDArray[np.float64]]:
    """(images,) at each level with as many variants, the mean over them."""
    found = {}
    for level, rows in table.groupby(_LEVEL):
        differences = [
            _one_less_others(of_variant, correct, choice(of_variant))
            for _, of_variant in rows.groupby("variant")
            if len(of_variant) > 1
        ]
        if len(differences) == turns:
            found[level] = np.mean(differences, axis=0)
    return found


def _one_less_others(rows: pd.DataFrame, correct: Bits, one: Any) -> NDArray[np.float64]:
    others = rows.index.drop(one)
    return correct[one].astype(float) - correct[others].mean(axis=0)
