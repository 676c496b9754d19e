"""Whether a recommended setting keeps its promise on test images that nothing else ever sees."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.experiment import load_experiment
from spikesweep.experiments.readings import Candidate
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.fan_out import input_multiply_adds, multiply_adds
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval
from spikesweep.statistics.margins import Margin, within_margin
from spikesweep.statistics.paired_loss import Loss, paired_loss
from spikesweep.study.recommendation.evaluate import Outcome, outcomes
from spikesweep.tables import read_table, write_csv

logger = logging.getLogger(__name__)

# The row for the mean over the seeds, in the column that names them.
MEAN = "mean"


@dataclass(frozen=True, eq=False)
class Checked:
    """What the network of one seed does on the test images.

    ann_correct: (images,) bool, whether the trained network is right.
    input_macs, ann_macs: multiply-adds per image of the layers that read pixels, and of the
        trained network.
    """

    seed: int
    ann_correct: np.ndarray
    outcome: Outcome
    input_macs: int
    ann_macs: int


def check_recommendation(
    *,
    dataset: str | Path,
    networks: list[str],
    ann_classes: list[str],
    seeds: list[int],
    snippet_path: str | Path,
    candidates_path: str | Path,
    check_path: str | Path,
    metadata_path: str | Path,
    network: str,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Run the snippet's setting on test images, and read it as was recommended.

    networks, ann_classes: files of each of `seeds`.
    candidates_path: what was promised, see `candidate_table`.
    check_path: see `check_table`.
    config: images, images_seed, accuracy_margin, confidence, engine.
    """
    candidates = read_table(candidates_path)
    promise = candidates[candidates["chosen"]].iloc[0]
    reading = Candidate.from_table(promise).reading
    setting = Setting.from_yaml(Path(snippet_path).read_text(encoding="utf-8"))
    found: list[Checked] = []
    for seed, one, classes in zip(seeds, networks, ann_classes, strict=True):
        experiment = load_experiment(
            dataset=dataset,
            network=one,
            ann_classes=classes,
            # What happens after the answer is read is not simulated.
            config=config | {"steps": reading.steps},
            threads=threads,
            mem_mb=mem_mb,
            part="vault",
        )
        run = outcomes(experiment, [setting], [reading], f"{network} seed {seed}")
        sample = experiment.sample
        found.append(
            Checked(
                seed,
                sample.ann_classes == sample.labels,
                run[setting][reading],
                input_multiply_adds(experiment.network),
                sum(multiply_adds(experiment.network).values()),
            )
        )
    table = check_table(found, promise, config)
    layers = [layer.name for layer in experiment.network.spiking_layers]
    described = {
        "network": network,
        "synapse_s": setting.synapse_s,
        "scale_firing_rates": setting.scales_text(layers),
        "steps": reading.steps,
        "readout": reading.readout,
    }
    for place, (name, value) in enumerate(described.items()):
        # The seed comes second.
        table.insert(place + (place > 0), name, value)
    verdict = table.loc[table["seed"] == MEAN, "verdict"].iloc[0]
    logger.info("%s: promise %s", network, verdict)
    write_csv(table, check_path)
    write_metadata(metadata_path, config, engine=experiment.engine.name)


def check_table(
    found: Sequence[Checked], promise: pd.Series, config: dict[str, Any]
) -> pd.DataFrame:
    """One row per seed, and one for the mean over the seeds.

    found: all on the same images.
    promise: the recommended candidate, see `candidate_table`.
    config: accuracy_margin, confidence.

    promised_at_most: the loss that was promised not to be exceeded: what the margin accepts if the
        setting was shown to stay within it, otherwise the upper bound of its loss.
    verdict: `kept` if the whole interval of the loss is at most that, `broken` if it is above,
        `uncertain` if it holds it.
    operations_per_image: synops and the multiply-adds of the layers that read pixels;
        operations_over_ann: against the multiply-adds of the trained network.
    """
    groups = [(str(one.seed), [one]) for one in found] + [(MEAN, list(found))]
    return pd.DataFrame({"seed": name, **_numbers(each, promise, config)} for name, each in groups)


def verdict(beyond: Loss) -> str:
    """Whether a promise was kept; beyond: what is lost beyond the promised loss."""
    if within_margin(beyond.high, 0):
        return "kept"
    return "uncertain" if within_margin(beyond.low, 0) else "broken"


def _numbers(
    group: Sequence[Checked], promise: pd.Series, config: dict[str, Any]
) -> dict[str, float | int | str]:
    confidence = config["confidence"]
    images = len(group[0].ann_correct)
    # All seeds see the same images, so each image counts once, with its share of the networks.
    ann = np.mean([one.ann_correct for one in group], axis=0)
    ours = np.mean([one.outcome.correct for one in group], axis=0)
    margin = Margin.from_config(config["accuracy_margin"])
    if not promise["within_margin"]:
        margin = Margin(of_images=promise["loss_at_most"])
    loss = paired_loss(ann, ours, confidence)
    # Bounds of the mean are means of bounds, as in all tables.
    accuracy, low, high = np.mean(
        [
            accuracy_interval(int(one.outcome.correct.sum()), images, CONFIDENCE_OF_ACCURACIES)
            for one in group
        ],
        axis=0,
    )
    synops = float(np.mean([one.outcome.synops_per_image for one in group]))
    input_macs, ann_macs = (
        float(np.mean(each))
        for each in zip(*((one.input_macs, one.ann_macs) for one in group), strict=True)
    )
    return {
        "images": images,
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "ann_accuracy": float(ann.mean()),
        "loss": loss.loss,
        "loss_low": loss.low,
        "loss_high": loss.high,
        "promised_loss": promise["loss"],
        "promised_at_most": float(margin.accepted(ann.mean())),
        "verdict": verdict(margin.beyond(ann, ours, confidence)),
        "spikes_per_image": float(np.mean([one.outcome.spikes_per_image for one in group])),
        "synops_per_image": synops,
        "promised_synops_per_image": promise["synops_per_image"],
        "input_macs_per_image": input_macs,
        "operations_per_image": synops + input_macs,
        "ann_macs_per_image": ann_macs,
        "operations_over_ann": (synops + input_macs) / ann_macs,
    }
