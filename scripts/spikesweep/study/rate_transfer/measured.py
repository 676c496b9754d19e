"""What scaling a single layer gains where it fires at one rate or another, as simulated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from spikesweep.experiments.answers import Answers
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.sweep import SweepTables, sweep
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.rate_transfer.levels import Level
from spikesweep.study.rate_transfer.noise_prediction import LayerOutput

MEASURED = (
    "engine",
    "images",
    "steps",
    "synapse_s",
    "operating_point",
    "mean_rate_hz",
    "variant",
    "layer",
    "depth",
    "factor",
    "scale",
    "base_rate_hz",
    "active_share",
    "base_accuracy",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "gain",
    "ann_accuracy",
)


def gains_of_layers(
    experiment: Experiment,
    compared: Sequence[Level],
    outputs: Mapping[str, LayerOutput],
    config: Mapping[str, Any],
    *,
    name: str,
) -> tuple[pd.DataFrame, Answers]:
    """What scaling each single layer gains in each variant of a network.

    compared: variants at their rates; outputs: of each layer. config: synapse_s, factors.
    name: of the network, for the progress.

    A variant is simulated by its scales: it spikes as the rescaled network does, see `rescale`,
    and the engine shares what variants have in common.

    One row per (operating point, variant, layer, factor):
    mean_rate_hz: geometric mean of the layers' rates, except for that of a slow layer.
    scale: of the layer before its factor; base_rate_hz: its mean rate then, as simulated;
        active_share: the share of its outputs, as rates, that are not zero.
    gain: accuracy with the layer `factor` times faster minus base_accuracy, on the same images.

    Returns also what each image was answered with the layer scaled, in the order of the rows.
    """
    cases = cases_of(compared, list(outputs), config)
    if not cases:
        return pd.DataFrame(columns=list(MEASURED)), sweep(experiment, [], name).answers
    settings = settings_of(cases)
    tables = sweep(experiment, settings, name)
    where = {setting: number for number, setting in enumerate(settings)}
    scaled = [where[case.settings[1]] for case in cases]
    answers = replace(
        tables.answers,
        correct=tables.answers.correct[scaled],
        equal_to_ann=tables.answers.equal_to_ann[scaled],
    )
    outcomes = _outcomes(experiment.network, settings, tables)
    depths = {layer.name: depth for depth, layer in enumerate(experiment.network.spiking_layers)}
    rows = [_row(case, depths[case.layer], outputs[case.layer], outcomes) for case in cases]
    return pd.DataFrame(rows, columns=list(MEASURED)), answers


@dataclass(frozen=True)
class Case:
    """One layer of one variant, before and after it is scaled."""

    level: Level
    layer: str
    factor: float
    settings: tuple[Setting, Setting]


def cases_of(compared: Sequence[Level], layers: list[str], config: Mapping[str, Any]) -> list[Case]:
    synapse_s = config["synapse_s"]
    return [
        Case(
            level,
            layer,
            factor,
            (
                Setting.per_layer(synapse_s, level.scales),
                Setting.per_layer(synapse_s, level.scales | {layer: factor * level.scales[layer]}),
            ),
        )
        for level in compared
        for layer in layers
        for factor in config["factors"]
    ]


def settings_of(cases: Sequence[Case]) -> list[Setting]:
    """Those of all cases, each once."""
    return list(dict.fromkeys(setting for case in cases for setting in case.settings))


def _outcomes(
    network: SpikingNetwork, settings: list[Setting], tables: SweepTables
) -> dict[Setting, dict[str, Any]]:
    """The outcome of each setting, with the mean rate of each layer under its name in `rates`."""
    count = len(network.spiking_layers)
    rates = tables.layers["mean_rate_hz"].to_numpy().reshape(-1, count)
    names = tables.layers["layer"].to_numpy().reshape(-1, count)
    return {
        setting: row | {"rates": dict(zip(name, rate, strict=True))}
        for setting, row, name, rate in zip(
            settings, tables.settings.to_dict("records"), names, rates, strict=True
        )
    }


def _row(
    case: Case,
    depth: int,
    output: LayerOutput,
    outcomes: Mapping[Setting, dict[str, Any]],
) -> dict[str, Any]:
    base, scaled = (outcomes[setting] for setting in case.settings)
    scale = case.settings[0].scale_of(case.layer)
    facts = ("engine", "images", "steps", "synapse_s", "ann_accuracy")
    intervals = ("accuracy", "accuracy_low", "accuracy_high")
    return {
        **{key: scaled[key] for key in (*facts, *intervals)},
        "operating_point": case.level.operating_point,
        "mean_rate_hz": case.level.mean_rate_hz,
        "variant": case.level.variant,
        "layer": case.layer,
        "depth": depth,
        "factor": case.factor,
        "scale": scale,
        "base_rate_hz": base["rates"][case.layer],
        "active_share": output.active_share,
        "base_accuracy": base["accuracy"],
        "gain": scaled["accuracy"] - base["accuracy"],
    }
