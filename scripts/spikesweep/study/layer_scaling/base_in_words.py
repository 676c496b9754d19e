"""An operating point in words: how good the network is, and at which scale."""

import pandas as pd

from spikesweep.words import percentage


def base_in_words(scaling: pd.DataFrame, operating_point: float) -> str:
    """How the figures head what is shown at an operating point, from the rows of all seeds."""
    at_point = scaling["operating_point"] == operating_point
    base = scaling[at_point & (scaling["layers_scaled"] == 0)]
    accuracy, ann = (percentage(base[column].mean()) for column in ("accuracy", "ann_accuracy"))
    low, high = base["base_scale"].min(), base["base_scale"].max()
    scale = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"other layers at scale {scale}: accuracy {accuracy}, ANN {ann}"
