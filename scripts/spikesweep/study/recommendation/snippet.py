"""The recommended setting as a piece of config, with what is known about it."""

from typing import Any

import pandas as pd
import yaml

from spikesweep.tables import SETTING_COLUMNS
from spikesweep.words import count, counted, percentage, points, yaml_line


def snippet(chosen: pd.Series, search: pd.DataFrame, config: dict[str, Any]) -> str:
    """YAML: a list of one setting, in the form of `firing_rates.settings`, under comments.

    chosen: the row of the recommended setting, see `recommend_setting`.
    search: all that was tried.
    config: steps, images, accuracy_margin, confidence, validation_images.
    """
    confidence = percentage(config["confidence"], "g")
    lines = [
        *_verdict(chosen, config["accuracy_margin"]),
        f"accuracy {percentage(chosen['accuracy'], '.2f')}, accuracy of the ANN "
        f"{percentage(chosen['ann_accuracy'], '.2f')}: {_points(chosen['loss'])} lost,",
        f"{confidence} interval {_points(chosen['loss_low'])} to {_points(chosen['loss_high'])}, "
        f"with {confidence} confidence at most {_points(chosen['loss_at_most'])}",
        f"{count(chosen['synops_per_image'])} synaptic operations and "
        f"{count(chosen['spikes_per_image'])} spikes per image, shown for {config['steps']} "
        "time steps",
        f"measured on {chosen['images']} images per seed, {counted(int(chosen['seeds']), 'seed')}, "
        "after a search that",
        f"tried {_tried(search)} settings on {config['images']} other images; found by "
        f"{', '.join(chosen['found_by'].split())}",
        *_where_from(config["validation_images"]),
        "to run it, paste it under firing_rates.settings or engine_agreement.settings",
    ]
    comments = "".join(f"# {line}\n" for line in lines)
    return f"{comments}- {_entry(chosen)}\n"


def _verdict(chosen: pd.Series, accuracy_margin: float) -> list[str]:
    margin = _points(accuracy_margin)
    if chosen["within_margin"]:
        return [
            f"{chosen['network']}: the cheapest setting that was shown to lose at most",
            f"{margin} of accuracy against the ANN",
        ]
    return [
        f"{chosen['network']}: NO setting was shown to lose at most {margin} of accuracy",
        "against the ANN; this is the most accurate setting that was found",
    ]


def _points(share: float) -> str:
    return f"{points(share, '.2f')} percentage points"


def _tried(search: pd.DataFrame) -> int:
    return len(search.drop_duplicates(SETTING_COLUMNS))


def _where_from(validation_images: int | None) -> list[str]:
    if validation_images:
        return ["no network was trained on any of these images"]
    return ["these are training images: which ones the network was not trained on is unknown"]


def _entry(chosen: pd.Series) -> str:
    synapse, scales = chosen[SETTING_COLUMNS]
    return yaml_line(
        {
            "network": chosen["network"],
            # A table holds fewer digits than pandas reads from it.
            "synapse_s": "none" if pd.isna(synapse) else float(f"{synapse:.12g}"),
            "scale_firing_rates": yaml.safe_load(scales),
        }
    )
