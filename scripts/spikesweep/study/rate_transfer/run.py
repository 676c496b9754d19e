"""Does the gain from scaling a layer follow its rate or its depth? One network's table."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.experiments.sweep import SweepTables, sweep
from spikesweep.files import write_csv
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.rescale import refusal, rescale
from spikesweep.study.rate_transfer.noise_prediction import (
    ScoreNoise,
    margin_variance,
    mean_outputs,
    predicted_accuracy,
    score_noise,
)
from spikesweep.study.rate_transfer.variants import EQUAL, variants
from spikesweep.tables import labelled

logger = logging.getLogger(__name__)

COLUMNS = (
    "engine",
    "images",
    "steps",
    "synapse_s",
    "mean_rate_hz",
    "variant",
    "layer",
    "depth",
    "factor",
    "scale",
    "base_rate_hz",
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


def run(
    *,
    inputs: dict[str, str],
    outputs: dict[str, str],
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Scale each layer of each variant of a network and write what it gains; see `transfer`.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of the table.
    config: steps, images, images_seed, engine, and what `transfer` needs.

    A network whose neurons do not let its layers be rescaled has an empty table.
    """
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    if reason := refusal(experiment.network):
        logger.warning("%s seed %d is left out: %s", network, seed, reason)
        table, agreement = pd.DataFrame(columns=list(COLUMNS)), None
    else:
        table = transfer(experiment, config, name=f"{network} seed {seed}")
        agreement = rescaled_agreement(experiment, config)
    write_csv(labelled(table, network, seed), outputs["table"])
    write_metadata(
        outputs["metadata"],
        config,
        seed=seed,
        engine=experiment.engine.name,
        class_agreement_of_scaled_and_rescaled=agreement,
    )


def transfer(experiment: Experiment, config: dict[str, Any], *, name: str) -> pd.DataFrame:
    """What scaling each single layer gains in each variant of a network, and the prediction.

    config: synapse_s, mean_rates_hz (geometric means of the layers' rates, one base each),
    slow_factor, factors. name: of the network, for the progress.

    A variant is simulated by its scales: it spikes as the rescaled network does, see `rescale`,
    and the engine shares what variants have in common.

    One row per (mean rate, variant, layer, factor):
    scale: of the layer before its factor; base_rate_hz: its mean rate then, as simulated.
    gain: accuracy with the layer `factor` times faster minus base_accuracy, on the same images.
    sensitivity: squared noise of the margin over its mean square if the noise of each of the
        layer's neurons were as large as its output: what the depth of the layer decides.
    predicted_variance: the same for the ripple of regular spikes at the base rates.
    predicted_gain: the gain that this ripple predicts; predicted_gain_cascade: the same if the
        ripple also passes the filters of the layers behind.
    """
    network, sample = experiment.network, experiment.sample
    images = experiment.images
    cases = _cases(mean_outputs(network, images), config)
    settings = list(dict.fromkeys(setting for case in cases for setting in case.settings))
    tables = sweep(experiment, settings, name)
    logger.info("predicting %d settings", len(settings))
    scales = {
        layer.name: sorted({setting.scale_of(layer.name) for setting in settings})
        for layer in network.spiking_layers
    }
    once, cascade = score_noise(network, images, scales, config["synapse_s"])
    outcomes = _outcomes(network, settings, tables)
    for setting, outcome in outcomes.items():
        # Each case names all layers.
        assert isinstance(setting.scale_firing_rates, tuple)
        layers = dict(setting.scale_firing_rates)
        outcome["predicted"] = predicted_accuracy(once, layers, sample.labels)
        outcome["predicted_cascade"] = predicted_accuracy(cascade, layers, sample.labels)
    depths = {layer.name: depth for depth, layer in enumerate(network.spiking_layers)}
    return pd.DataFrame(
        [_row(case, depths[case.layer], outcomes, once) for case in cases], columns=list(COLUMNS)
    )


def rescaled_agreement(experiment: Experiment, config: dict[str, Any]) -> float | None:
    """Share of images to which a network rescaled to equal rates gives the same class as its
    scales do, at the first of the mean rates; None with NengoDL, which would take too long.
    """
    if experiment.engine.name != "fused":
        return None
    network = experiment.network
    outputs = mean_outputs(network, experiment.images)
    equal = variants(outputs, config["mean_rates_hz"][0], config["slow_factor"])[EQUAL]
    scaled, rescaled = (
        replace(experiment, network=simulated).simulate([setting])[0].predictions[:, -1]
        for simulated, setting in (
            (network, Setting.per_layer(config["synapse_s"], equal)),
            (rescale(network, equal), Setting(config["synapse_s"])),
        )
    )
    return float((scaled == rescaled).mean())


@dataclass(frozen=True)
class _Case:
    """One layer of one variant, before and after it is scaled."""

    mean_rate_hz: float
    variant: str
    layer: str
    factor: float
    settings: tuple[Setting, Setting]


def _cases(outputs: Mapping[str, float], config: dict[str, Any]) -> list[_Case]:
    synapse_s = config["synapse_s"]
    return [
        _Case(
            mean_rate_hz,
            variant,
            layer,
            factor,
            (
                Setting.per_layer(synapse_s, scales),
                Setting.per_layer(synapse_s, scales | {layer: factor * scales[layer]}),
            ),
        )
        for mean_rate_hz in config["mean_rates_hz"]
        for variant, scales in variants(outputs, mean_rate_hz, config["slow_factor"]).items()
        for layer in outputs
        for factor in config["factors"]
    ]


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
    case: _Case, depth: int, outcomes: Mapping[Setting, dict[str, Any]], noise: ScoreNoise
) -> dict[str, Any]:
    base, scaled = (outcomes[setting] for setting in case.settings)
    scale = case.settings[0].scale_of(case.layer)
    facts = ("engine", "images", "steps", "synapse_s", "ann_accuracy")
    intervals = ("accuracy", "accuracy_low", "accuracy_high")
    return {
        **{key: scaled[key] for key in (*facts, *intervals)},
        "mean_rate_hz": case.mean_rate_hz,
        "variant": case.variant,
        "layer": case.layer,
        "depth": depth,
        "factor": case.factor,
        "scale": scale,
        "base_rate_hz": base["rates"][case.layer],
        "base_accuracy": base["accuracy"],
        "gain": scaled["accuracy"] - base["accuracy"],
        "sensitivity": margin_variance(noise, noise.whole[case.layer]),
        "predicted_variance": margin_variance(noise, noise.covariance[case.layer, scale]),
        "predicted_base_accuracy": base["predicted"],
        "predicted_gain": scaled["predicted"] - base["predicted"],
        "predicted_gain_cascade": scaled["predicted_cascade"] - base["predicted_cascade"],
    }
