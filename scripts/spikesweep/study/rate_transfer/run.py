"""What scaling each layer gains at which rate: one network's job."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spikesweep.experiments.answers import save_answers
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.rescale import refusal, rescale
from spikesweep.study.rate_transfer.levels import Level, levels
from spikesweep.study.rate_transfer.noise_prediction import LayerOutput, layer_outputs
from spikesweep.study.rate_transfer.transfer import transfer
from spikesweep.study.rate_transfer.variants import EQUAL
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)


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
    config: steps, images, images_seed, engine, voltage_draws, and what `transfer` needs.

    A network whose layers cannot be given other rates has an empty table, and the log says why.
    """
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    name = f"{network} seed {seed}"
    outputs_of_layers = layer_outputs(experiment.network, experiment.images)
    reason = refusal(experiment.network) or _silent(outputs_of_layers)
    if reason:
        logger.warning("%s is left out: %s", name, reason)
        found: list[Level] = []
    else:
        means = {layer: output.mean for layer, output in outputs_of_layers.items()}
        found = levels(experiment, means, config, name)
    table, answers = transfer(experiment, found, outputs_of_layers, config, name=name)
    write_csv(labelled(table, network, seed), outputs["table"])
    save_answers(answers, outputs["answers"])
    write_metadata(
        outputs["metadata"],
        config,
        seed=seed,
        engine=experiment.engine.name,
        class_agreement_of_scaled_and_rescaled=rescaled_agreement(experiment, found, config),
    )


def rescaled_agreement(
    experiment: Experiment, compared: Sequence[Level], config: dict[str, Any]
) -> float | None:
    """Share of images to which a network rescaled to equal rates gives the same class as its
    scales do, at the first operating point; None if it reaches none, and with NengoDL, which
    would take too long.
    """
    equal = next((level.scales for level in compared if level.variant == EQUAL), None)
    if experiment.engine.name != "fused" or equal is None:
        return None
    network = experiment.network
    scaled, rescaled = (
        replace(experiment, network=simulated).simulate([setting])[0].predictions[:, -1]
        for simulated, setting in (
            (network, Setting.per_layer(config["synapse_s"], equal)),
            (rescale(network, equal), Setting(config["synapse_s"])),
        )
    )
    return float((scaled == rescaled).mean())


def _silent(outputs: Mapping[str, LayerOutput]) -> str | None:
    for name, output in outputs.items():
        if not output.mean > 0:
            return f"layer {name} is silent for all images, so no factor can change its rate"
    return None
