"""Whether a recommended setting keeps its promise on test images that nothing else ever sees."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.experiment import load_experiment
from spikesweep.files import write_csv
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.statistics.intervals import accuracy_interval
from spikesweep.statistics.margins import within_margin
from spikesweep.statistics.paired_loss import Loss, paired_loss
from spikesweep.study.recommendation.evaluate import Outcome, outcomes
from spikesweep.tables import SETTING_COLUMNS

logger = logging.getLogger(__name__)

# The row for the mean over the seeds, in the column that names them.
MEAN = "mean"


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
    """Run the snippet's setting, and the uniform one that it is compared with, on test images.

    networks, ann_classes: files of each of `seeds`.
    candidates_path: what was promised, see `recommend_setting`.
    check_path: see `check_table`.
    config: images, images_seed, steps, accuracy_margin, confidence, engine.
    """
    candidates = pd.read_csv(candidates_path)
    chosen = candidates[candidates["chosen"]].set_index("kind")
    settings = {
        "recommended": Setting.from_yaml(Path(snippet_path).read_text(encoding="utf-8")),
        "uniform": Setting.from_table(*chosen.loc["uniform", SETTING_COLUMNS]),
    }
    found: dict[str, list[Outcome]] = {kind: [] for kind in settings}
    ann: list[np.ndarray] = []
    for seed, one, classes in zip(seeds, networks, ann_classes, strict=True):
        experiment = load_experiment(
            dataset=dataset,
            network=one,
            ann_classes=classes,
            config=config,
            threads=threads,
            mem_mb=mem_mb,
            part="vault",
        )
        ann.append(experiment.sample.ann_classes == experiment.sample.labels)
        run = outcomes(experiment, list(settings.values()), f"{network} seed {seed}")
        for kind, setting in settings.items():
            found[kind].append(run[setting])
    layers = [layer.name for layer in experiment.network.spiking_layers]
    table = check_table(seeds, ann, found, chosen, config)
    table["steps"] = config["steps"]
    for number, (name, value) in enumerate(_descriptions(settings, layers).items()):
        table.insert(2 + number, name, table["kind"].map(value))
    table.insert(0, "network", network)
    verdict = table.loc[(table["seed"] == MEAN), "verdict"].iloc[0]
    logger.info("%s: promise %s", network, verdict)
    write_csv(table, check_path)
    write_metadata(metadata_path, config, engine=experiment.engine.name)


def check_table(
    seeds: Sequence[int],
    ann: Sequence[np.ndarray],
    found: dict[str, list[Outcome]],
    promises: pd.DataFrame,
    config: dict[str, Any],
) -> pd.DataFrame:
    """One row per kind (recommended, uniform) and seed, and one for the mean over the seeds.

    ann: (images,) for each seed, whether the trained network is right.
    found: what the spiking network of each seed does on the same images.
    promises: the chosen candidate of each kind, see `recommend_setting`.
    config: accuracy_margin, confidence.

    promised_at_most: the loss that was promised not to be exceeded: the margin if the setting was
        shown to stay within it, otherwise the upper bound of its loss.
    verdict: `kept` if the loss is at most that; `broken` if its whole interval is
        above that; `uncertain` if the loss is above, but might be so by choice of images.
    synops_saved, accuracy_gained: against the uniform setting on the same images.
    """
    rows = []
    for kind, outcome in found.items():
        promise = promises.loc[kind]
        at_most = config["accuracy_margin"] if promise["within_margin"] else promise["loss_at_most"]
        promised = {
            "promised_loss": promise["loss"],
            "promised_at_most": at_most,
            "promised_synops_per_image": promise["synops_per_image"],
        }
        for name, chosen in _each_and_mean(seeds):
            key = {"seed": name, "kind": kind}
            of_ann = [ann[index] for index in chosen]
            ours = [outcome[index] for index in chosen]
            uniform = [found["uniform"][index] for index in chosen]
            numbers = _numbers(of_ann, ours, at_most, config["confidence"])
            compared = _compared(ours, uniform, config["confidence"])
            rows.append(key | numbers | promised | (compared if kind == "recommended" else {}))
    return pd.DataFrame(rows)


def verdict(loss: Loss, at_most: float) -> str:
    """Whether the promise to lose at most this much was kept, see `check_table`."""
    if within_margin(loss.loss, at_most):
        return "kept"
    return "broken" if loss.low > at_most else "uncertain"


def _each_and_mean(seeds: Sequence[int]) -> list[tuple[str, list[int]]]:
    each = [(str(seed), [index]) for index, seed in enumerate(seeds)]
    return [*each, (MEAN, list(range(len(seeds))))]


def _numbers(
    ann: Sequence[np.ndarray], ours: Sequence[Outcome], at_most: float, confidence: float
) -> dict[str, float | int | str]:
    images = len(ann[0])
    # Bounds of the mean are means of bounds, as in all tables.
    accuracy, low, high = np.mean(
        [accuracy_interval(int(one.correct.sum()), images, confidence) for one in ours], axis=0
    )
    # All seeds see the same images, so each image counts once, with its share of the networks.
    loss = paired_loss(np.mean(ann, axis=0), _share_correct(ours), confidence)
    return {
        "images": images,
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "ann_accuracy": float(np.mean(ann)),
        "loss": loss.loss,
        "loss_low": loss.low,
        "loss_high": loss.high,
        "verdict": verdict(loss, at_most),
        "spikes_per_image": float(np.mean([one.spikes_per_image for one in ours])),
        "synops_per_image": float(np.mean([one.synops_per_image for one in ours])),
    }


def _compared(
    ours: Sequence[Outcome], uniform: Sequence[Outcome], confidence: float
) -> dict[str, float]:
    gain = paired_loss(_share_correct(ours), _share_correct(uniform), confidence)
    cost, cost_of_uniform = (
        np.mean([one.synops_per_image for one in group]) for group in (ours, uniform)
    )
    return {
        "synops_saved": float(1 - cost / cost_of_uniform),
        "accuracy_gained": gain.loss,
        "accuracy_gained_low": gain.low,
        "accuracy_gained_high": gain.high,
    }


def _share_correct(found: Sequence[Outcome]) -> np.ndarray:
    """For each image, the share of the networks that recognise it."""
    return np.mean([one.correct for one in found], axis=0)


def _descriptions(
    settings: dict[str, Setting], layers: Sequence[str]
) -> dict[str, dict[str, float | str | None]]:
    return {
        "synapse_s": {kind: setting.synapse_s for kind, setting in settings.items()},
        "scale_firing_rates": {
            kind: setting.scales_text(layers) for kind, setting in settings.items()
        },
    }
