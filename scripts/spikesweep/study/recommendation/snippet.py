"""The recommended setting as a piece of config, with what is known of it."""

from typing import Any

import pandas as pd
import yaml

from spikesweep.experiments.experiment import settings_from
from spikesweep.simulation.setting import Setting


def snippet(chosen: pd.Series, search: pd.DataFrame, config: dict[str, Any]) -> str:
    """YAML: a list of one setting, in the form of `firing_rates.settings`, under comments.

    chosen: the row of the recommended setting, see `recommend_setting`.
    search: all that was tried.
    config: steps, images, accuracy_margin, validation_images.
    """
    lines = [
        *_verdict(chosen, config["accuracy_margin"]),
        f"accuracy {chosen['accuracy']:.2%}, of the ANN {chosen['ann_accuracy']:.2%}: "
        f"{_points(chosen['loss'])} lost,",
        f"95 % interval {_points(chosen['loss_low'])} to {_points(chosen['loss_high'])}, "
        f"with 95 % confidence at most {_points(chosen['loss_at_most'])}",
        f"{chosen['synops_per_image']:,.0f} synaptic operations and "
        f"{chosen['spikes_per_image']:,.0f} spikes an image of {config['steps']} time steps",
        f"measured on {chosen['images']} images for each of {chosen['seeds']} seeds, "
        "after a search that",
        f"tried {_tried(search)} settings on {config['images']} others; "
        f"found by {', '.join(chosen['found_by'].split())}",
        *_where_from(config["validation_images"]),
        "to run it: paste it under firing_rates.settings or engine_agreement.settings",
    ]
    comments = "".join(f"# {line}\n" for line in lines)
    return f"{comments}- {_entry(chosen)}\n"


def setting_in(text: str) -> Setting:
    """The setting that `snippet` wrote, read as the config is."""
    [entry] = yaml.safe_load(text)
    synapse = None if entry["synapse_s"] == "none" else entry["synapse_s"]
    [setting] = settings_from([entry | {"synapse_s": synapse}])
    return setting


def _verdict(chosen: pd.Series, accuracy_margin: float) -> list[str]:
    margin = _points(accuracy_margin)
    if chosen["within_margin"]:
        return [
            f"{chosen['network']}: the cheapest setting that was shown to lose at most",
            f"{margin} of accuracy against the ANN",
        ]
    return [
        f"{chosen['network']}: NO setting was shown to lose at most {margin} of accuracy",
        "against the ANN; this is the most accurate that was found",
    ]


def _points(share: float) -> str:
    return f"{100 * share:.2f} percentage points"


def _tried(search: pd.DataFrame) -> int:
    return len(search.drop_duplicates(["synapse_s", "scale_firing_rates"]))


def _where_from(validation_images: int | None) -> list[str]:
    if validation_images:
        return ["no network was trained on any of these images"]
    return ["these are training images: which ones the network was not trained on is unknown"]


def _entry(chosen: pd.Series) -> str:
    synapse = "none" if pd.isna(chosen["synapse_s"]) else f"{chosen['synapse_s']:.12g}"
    scales = chosen["scale_firing_rates"]
    return f"{{network: {chosen['network']}, synapse_s: {synapse}, scale_firing_rates: {scales}}}"
