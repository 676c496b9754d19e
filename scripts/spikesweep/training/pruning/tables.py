"""What is left of each layer: counts of nonzero weights, and the distribution of their values."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import tf_keras

# Width of a bin; the weights of a trained layer span about one.
BIN_WIDTH = 0.05


def layer_sparsity(
    pruned: tf_keras.Model, dense: Mapping[str, tuple[int, ...]], key: Mapping[str, object]
) -> pd.DataFrame:
    """One row per layer with a kernel: its weights before, those that are left, its units.

    Biases do not count as weights. A unit is left if it still has an incoming weight.

    pruned: the network as it is saved, without wrappers and removed units.
    dense: shape of each kernel in the network before pruning, by layer.
    key: first columns of each row.
    """
    rows = []
    for name, shape in dense.items():
        kernel = pruned.get_layer(name).kernel.numpy()
        weights, nonzero = int(np.prod(shape)), int(np.count_nonzero(kernel))
        rows.append(
            {
                **key,
                "layer": name,
                "weights": weights,
                "nonzero": nonzero,
                "sparsity": 1 - nonzero / weights,
                "units": shape[-1],
                "units_left": int(kernel.reshape(-1, kernel.shape[-1]).any(axis=0).sum()),
            }
        )
    return pd.DataFrame(rows)


def check_target(layers: pd.DataFrame, sparsity: float) -> None:
    """Raise RuntimeError if a layer misses the target by more than one weight of rounding."""
    wanted = (layers["weights"] * (1 - sparsity)).clip(lower=1)
    missed = layers[(layers["nonzero"] - wanted).abs() > 1]
    if len(missed):
        raise RuntimeError(
            f"pruning to {sparsity:g} left wrong numbers of weights:\n"
            f"{missed.to_string(index=False)}"
        )


def weight_histogram(pruned: tf_keras.Model, key: Mapping[str, object]) -> pd.DataFrame:
    """One row per (layer, bin) that is not empty: how many weights lie in [low, high).

    Zeros have their own bin, of zero width.
    """
    rows = []
    for layer in pruned.layers:
        if not hasattr(layer, "kernel"):
            continue
        kernel = layer.kernel.numpy().ravel().astype(np.float64)
        zeros = int((kernel == 0).sum())
        if zeros:
            rows.append({**key, "layer": layer.name, "low": 0.0, "high": 0.0, "weights": zeros})
        bins, counts = np.unique(np.floor(kernel[kernel != 0] / BIN_WIDTH), return_counts=True)
        rows += [
            {
                **key,
                "layer": layer.name,
                "low": b * BIN_WIDTH,
                "high": (b + 1) * BIN_WIDTH,
                "weights": n,
            }
            for b, n in zip(bins, counts, strict=True)
        ]
    return pd.DataFrame(rows)
