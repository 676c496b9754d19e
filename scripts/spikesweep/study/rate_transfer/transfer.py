"""What scaling a single layer gains where it fires at one rate or another: one network's table."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import Answers, kept_steps
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.sweep import SweepTables, sweep
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.rate_transfer.levels import Level
from spikesweep.study.rate_transfer.noise_prediction import (
    LayerOutput,
    ScoreNoise,
    margin_variance,
    predicted_accuracy,
    score_noise,
)

logger = logging.getLogger(__name__)

# Gradients of all scores are slow: predictions are made for so many of the images.
_PREDICTED_IMAGES = 300

COLUMNS = (
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
    "sensitivity",
    "predicted_variance",
    "predicted_base_accuracy",
    "predicted_gain",
    "predicted_gain_cascade",
)


def transfer(
    experiment: Experiment,
    compared: Sequence[Level],
    outputs: Mapping[str, LayerOutput],
    config: dict[str, Any],
    *,
    name: str,
) -> tuple[pd.DataFrame, Answers]:
    """What scaling each single layer gains in each variant of a network, and the prediction.

    compared: variants at their rates; outputs: of each layer. config: synapse_s, factors.
    name: of the network, for the progress.

    A variant is simulated by its scales: it spikes as the rescaled network does, see `rescale`,
    and the engine shares what variants have in common.

    One row per (operating point, variant, layer, factor):
    mean_rate_hz: geometric mean of the layers' rates, except for that of a slow layer.
    scale: of the layer before its factor; base_rate_hz: its mean rate then, as simulated;
        active_share: the share of its outputs, as rates, that are not zero.
    gain: accuracy with the layer `factor` times faster minus base_accuracy, on the same images.
    sensitivity: squared noise of the margin over its mean square if the noise of each of the
        layer's neurons were as large as its output: what the depth of the layer decides.
    predicted_variance: the same for the ripple of regular spikes at the base rates.
    predicted_gain: the gain that this ripple predicts; predicted_gain_cascade: the same if the
        ripple also passes the filters of the layers behind. Predictions are for some of the images.

    Returns also what each image was answered with the layer scaled, in the order of the rows.
    """
    network, sample = experiment.network, experiment.sample
    cases = _cases(compared, list(outputs), config)
    if not cases:
        return pd.DataFrame(columns=list(COLUMNS)), _no_answers(experiment)
    settings = list(dict.fromkeys(s for case in cases for s in case.settings))
    tables = sweep(experiment, settings, name)
    where = {setting: number for number, setting in enumerate(settings)}
    scaled = [where[case.settings[1]] for case in cases]
    answers = replace(
        tables.answers,
        correct=tables.answers.correct[scaled],
        equal_to_ann=tables.answers.equal_to_ann[scaled],
    )
    logger.info("predicting %d settings", len(settings))
    scales = {
        layer.name: sorted({setting.scale_of(layer.name) for setting in settings})
        for layer in network.spiking_layers
    }
    seen = np.linspace(0, len(sample.labels) - 1, min(len(sample.labels), _PREDICTED_IMAGES))
    few = seen.astype(int)
    once, cascade = score_noise(network, experiment.images[few], scales, config["synapse_s"])
    outcomes = _outcomes(network, settings, tables)
    for setting, outcome in outcomes.items():
        # Each case names all layers.
        assert isinstance(setting.scale_firing_rates, tuple)
        layers = dict(setting.scale_firing_rates)
        outcome["predicted"] = predicted_accuracy(once, layers, sample.labels[few])
        outcome["predicted_cascade"] = predicted_accuracy(cascade, layers, sample.labels[few])
    depths = {layer.name: depth for depth, layer in enumerate(network.spiking_layers)}
    rows = [_row(case, depths[case.layer], outputs[case.layer], outcomes, once) for case in cases]
    return pd.DataFrame(rows, columns=list(COLUMNS)), answers


@dataclass(frozen=True)
class _Case:
    """One layer of one variant, before and after it is scaled."""

    level: Level
    layer: str
    factor: float
    settings: tuple[Setting, Setting]


def _cases(compared: Sequence[Level], layers: list[str], config: dict[str, Any]) -> list[_Case]:
    synapse_s = config["synapse_s"]
    return [
        _Case(
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


def _no_answers(experiment: Experiment) -> Answers:
    sample, steps = experiment.sample, kept_steps(experiment.steps)
    nothing = np.zeros((0, len(steps), len(sample.labels)), bool)
    ann_correct = sample.ann_classes == sample.labels
    return Answers(steps, nothing, nothing, ann_correct, sample.indices, experiment.draws)


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
    case: _Case,
    depth: int,
    output: LayerOutput,
    outcomes: Mapping[Setting, dict[str, Any]],
    noise: ScoreNoise,
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
        "sensitivity": margin_variance(noise, noise.whole[case.layer]),
        "predicted_variance": margin_variance(noise, noise.covariance[case.layer, scale]),
        "predicted_base_accuracy": base["predicted"],
        "predicted_gain": scaled["predicted"] - base["predicted"],
        "predicted_gain_cascade": scaled["predicted_cascade"] - base["predicted_cascade"],
    }
