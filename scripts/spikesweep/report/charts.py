"""What the charts of the page need: the drawing program and the tables of the sweep, packed.

Both are compressed, because a browser that runs scripts can unpack them, to a third of the size.
"""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.tables import SETTING_COLUMNS, read_tables

# Settings and costs of the chart's rows, under short names.
_COLUMNS = {
    "network": "network",
    "synapse_s": "synapse",
    "scale_firing_rates": "scale",
    "accuracy": "accuracy",
    "ann_accuracy": "ann",
    "spikes_per_image": "spikes",
    "synops_per_image": "synops",
    "operations_per_image": "operations",
}
_ALL_SEEDS = "mean"
# What the charts call a network that filters no spikes.
NO_SYNAPSE = "none"


def packed_charts(
    bundle: Iterable[str | Path], tables: Mapping[str, Iterable[str | Path]], labels: dict[str, str]
) -> dict[str, str] | None:
    """`program` and `data`, gzipped and in base64; None if there is no program to draw them.

    bundle: the script of `chart_bundle`, or nothing. tables: sweeps, over_time, sweep_layers.
    labels: of networks, in their order.
    """
    scripts = [Path(path).read_text(encoding="utf-8") for path in bundle]
    if not scripts:
        return None
    data = {
        "networks": list(labels.values()),
        "settings": _settings(read_tables(tables["sweeps"]), labels),
        "layers": _layers(read_tables(tables["sweep_layers"]), labels),
        "over_time": _over_time(read_tables(tables["over_time"]), labels),
    }
    written = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return {"program": _packed("\n".join(scripts)), "data": _packed(written)}


def _packed(text: str) -> str:
    # Without the time of day: the same text gives the same bytes.
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _settings(sweeps: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """One row per network, seed and setting, and one for the mean over seeds."""
    rows = sweeps.rename(columns=_COLUMNS)
    keys = ["network", "synapse", "scale"]
    means = rows.groupby(keys, sort=False, dropna=False).mean(numeric_only=True).reset_index()
    both = pd.concat([means.assign(seed=_ALL_SEEDS), rows.astype({"seed": str})], ignore_index=True)
    fronts = [_front(of_seed) for _, of_seed in both.groupby(["network", "seed"], sort=False)]
    both["front"] = pd.concat(fronts)
    return _records(both[["seed", *_COLUMNS.values(), "front"]], labels)


def _front(settings: pd.DataFrame) -> pd.Series:
    """Whether each setting is more accurate than all that cost no more operations."""
    by_cost = settings.sort_values(["operations", "accuracy"], ascending=[True, False])
    best_before = by_cost["accuracy"].cummax().shift(fill_value=-1.0)
    return by_cost["accuracy"] > best_before


def _layers(layers: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Rate and synops of each layer at each setting, means over seeds."""
    keys = ["network", *SETTING_COLUMNS, "layer"]
    means = layers.groupby(keys, sort=False, dropna=False)[
        ["mean_rate_hz", "synops_per_image", "spikes_per_image"]
    ].mean()
    names = _COLUMNS | {"mean_rate_hz": "rate"}
    return _records(means.reset_index().rename(columns=names), labels)


def _over_time(over_time: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Accuracy and synops up to each step, as lists: means over seeds."""
    keys = ["network", *SETTING_COLUMNS]
    means = over_time.groupby([*keys, "time_s"], sort=False, dropna=False)[
        ["accuracy", "synops_per_image"]
    ].mean()
    lists = (
        means.reset_index()
        .groupby(keys, sort=False, dropna=False)[["time_s", "accuracy", "synops_per_image"]]
        .agg(lambda values: [float(f"{value:.4g}") for value in values])
    )
    return _records(lists.reset_index().rename(columns=_COLUMNS | {"time_s": "time"}), labels)


def _records(table: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    table = table.assign(
        network=table["network"].map(labels),
        synapse=[NO_SYNAPSE if pd.isna(s) else f"{1000 * s:g} ms" for s in table["synapse"]],
        synapse_s=[None if pd.isna(s) else s for s in table["synapse"]],
    ).astype({"synapse_s": object})
    rows = table.where(table.notna(), None).to_dict("records")
    return [
        {
            name: float(f"{value:.5g}") if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in rows
    ]
