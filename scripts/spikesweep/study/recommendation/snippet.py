"""The recommended setting as a piece of config, with what is known about it."""

from typing import Any

import pandas as pd
import yaml

from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.statistics.margins import Margin
from spikesweep.tables import SETTING_COLUMNS
from spikesweep.words import count, counted, percentage, points, yaml_line


def snippet(chosen: pd.Series, search: pd.DataFrame, config: dict[str, Any]) -> str:
    """YAML: a list of one setting, in the form of `firing_rates.settings`, under comments.

    chosen: the row of the recommended setting, see `recommend_setting`.
    search: all that was tried.
    config: images, accuracy_margin, confidence, validation_images.
    """
    candidate = Candidate.from_table(chosen)
    confidence = percentage(config["confidence"], "g")
    lines = [
        *_verdict(chosen, Margin.from_config(config["accuracy_margin"])),
        f"answer: {_answer(candidate.reading)}",
        f"accuracy {percentage(chosen['accuracy'], '.2f')}, accuracy of the ANN "
        f"{percentage(chosen['ann_accuracy'], '.2f')}: {_points(chosen['loss'])} lost,",
        f"{confidence} interval {_points(chosen['loss_low'])} to {_points(chosen['loss_high'])}, "
        "for these networks",
        f"{count(chosen['synops_per_image'])} synaptic operations and "
        f"{count(chosen['spikes_per_image'])} spikes per image",
        f"measured on {chosen['images']} images per seed, {counted(int(chosen['seeds']), 'seed')}, "
        "after a search that",
        f"tried {_tried(search)} settings on {config['images']} other images; found by "
        f"{', '.join(chosen['found_by'].split())}",
        *_where_from(config["validation_images"]),
        "to run it, paste it under firing_rates.settings or engine_agreement.settings",
    ]
    comments = "".join(f"# {line}\n" for line in lines)
    return f"{comments}- {_entry(chosen, candidate)}\n"


def _verdict(chosen: pd.Series, margin: Margin) -> list[str]:
    if chosen["within_margin"]:
        return [
            f"{chosen['network']}: the cheapest setting of those judged that was shown to",
            margin.words(),
        ]
    return [
        f"{chosen['network']}: NO setting was shown to {margin.words()};",
        "this is the most accurate one of those judged",
    ]


def _answer(reading: Reading) -> str:
    if reading.readout == "last":
        return f"the class with the highest score after {reading.steps} time steps"
    if reading.averaged_steps == reading.steps:
        return f"the class with the highest mean score over all {reading.steps} time steps"
    return (
        f"the class with the highest mean score over the last {reading.averaged_steps} of "
        f"{reading.steps} time steps"
    )


def _points(share: float) -> str:
    return f"{points(share, '.2f')} percentage points"


def _tried(search: pd.DataFrame) -> int:
    return len(search.drop_duplicates(SETTING_COLUMNS))


def _where_from(validation_images: int | str | None) -> list[str]:
    if validation_images == "own":
        return ["these are the images of the dataset's own validation part"]
    if validation_images:
        return ["no network was trained on any of these images"]
    return ["these are training images: which ones the network was not trained on is unknown"]


def _entry(chosen: pd.Series, candidate: Candidate) -> str:
    scales = yaml.safe_load(chosen["scale_firing_rates"])
    if chosen["kind"] == "uniform":
        # One number for all layers.
        scales = next(iter(scales.values()))
    synapse_s = candidate.setting.synapse_s
    return yaml_line(
        {
            "network": chosen["network"],
            # A table holds fewer digits than pandas reads from it.
            "synapse_s": "none" if synapse_s is None else float(f"{synapse_s:.12g}"),
            "scale_firing_rates": scales,
        }
    )
