"""The recommended setting of one network: what the search tried in, a piece of config out."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.experiments.experiment import Experiment, validation_experiments
from spikesweep.files import write_csv, write_text
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import load_network
from spikesweep.statistics.paired_loss import Loss, paired_loss
from spikesweep.study.recommendation.choose import contenders, ladder, walk_down
from spikesweep.study.recommendation.evaluate import Evaluator, Outcome, outcomes
from spikesweep.study.recommendation.snippet import snippet
from spikesweep.study.recommendation.space import setting_from

logger = logging.getLogger(__name__)


def recommend_setting(
    *,
    dataset: str | Path,
    networks: list[str],
    search_path: str | Path,
    validation_path: str | Path,
    snippet_path: str | Path,
    candidates_path: str | Path,
    layers_path: str | Path,
    metadata_path: str | Path,
    network: str,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Choose from what the search found, by the rule of `choose`, and say what to expect.

    search_path, validation_path: what `search_settings` wrote.
    candidates_path: see `candidate_table`; of the settings of all methods one is recommended,
        and of the uniform ones the same rule chooses one to compare.
    layers_path: scale and rate of each layer at the recommended setting.
    config: as for `search_settings`.
    """
    loaded = {s: load_network(path) for s, path in zip(config["seeds"], networks, strict=True)}
    load = partial(
        validation_experiments,
        load_dataset(dataset),
        loaded,
        pd.read_csv(validation_path),
        config=config,
        threads=threads,
        mem_mb=mem_mb,
    )
    search = pd.read_csv(search_path)
    compare = Evaluator(load("compare"), network)
    judge = Judge(load("confirm"), network)
    candidates = pd.concat(
        [
            candidate_table(kind, rows, compare, judge, config["accuracy_margin"])
            for kind, rows in (
                ("recommended", search),
                ("uniform", search[search["method"] == "uniform"]),
            )
        ],
        ignore_index=True,
    )
    methods = search.groupby(["synapse_s", "scale_firing_rates"], dropna=False)["method"]
    found_by = methods.agg(" ".join).rename("found_by").reset_index()
    candidates = candidates.merge(found_by, on=["synapse_s", "scale_firing_rates"], how="left")
    candidates.insert(0, "network", network)
    chosen = candidates[(candidates["kind"] == "recommended") & candidates["chosen"]].iloc[0]
    text = snippet(chosen, search, config)
    logger.info("recommended:\n%s", text)
    write_text(text, snippet_path)
    write_csv(candidates, candidates_path)
    write_csv(_layers(network, chosen, judge), layers_path)
    engine = next(iter(judge.experiments.values())).engine.name
    write_metadata(metadata_path, config, engine=engine)


class Judge:
    """Judges settings on images that had no part in their choice; each setting once."""

    def __init__(self, experiments: dict[int, Experiment], name: str) -> None:
        self.experiments = experiments
        self.name = name
        self._known: dict[Setting, list[Outcome]] = {}

    def outcomes(self, row: pd.Series) -> list[Outcome]:
        """What the network of each seed does at the setting of a table's row."""
        setting = setting_from(row["synapse_s"], row["scale_firing_rates"])
        if setting not in self._known:
            self._known[setting] = [
                outcomes(experiment, [setting], f"{self.name} seed {seed}")[setting]
                for seed, experiment in self.experiments.items()
            ]
        return self._known[setting]

    def loss(self, row: pd.Series) -> Loss:
        """The accuracy that a setting loses against the trained networks, all seeds together."""
        after = np.concatenate([outcome.correct for outcome in self.outcomes(row)])
        return paired_loss(self._ann_correct(), after)

    def numbers(self, row: pd.Series) -> dict[str, float]:
        """Accuracy and cost of a setting, means over the seeds."""
        found = self.outcomes(row)
        loss = self.loss(row)
        return {
            "seeds": len(found),
            "images": len(found[0].correct),
            "accuracy": float(np.mean([outcome.correct.mean() for outcome in found])),
            "ann_accuracy": float(self._ann_correct().mean()),
            "loss": loss.loss,
            "loss_low": loss.low,
            "loss_high": loss.high,
            "loss_at_most": loss.at_most,
            "spikes_per_image": float(np.mean([outcome.spikes_per_image for outcome in found])),
            "synops_per_image": float(np.mean([outcome.synops_per_image for outcome in found])),
        }

    def _ann_correct(self) -> np.ndarray:
        samples = [experiment.sample for experiment in self.experiments.values()]
        return np.concatenate([some.ann_classes == some.labels for some in samples])


def candidate_table(
    kind: str, search: pd.DataFrame, compare: Evaluator, judge: Judge, accuracy_margin: float
) -> pd.DataFrame:
    """One row a setting that was judged, the chosen one marked; see `Judge.numbers`.

    search_accuracy, compare_accuracy: on the images on which it was found, and compared.
    within_margin: whether the setting was shown to stay within it.
    """
    compared = contenders(search, accuracy_margin).rename(columns={"accuracy": "search_accuracy"})
    rows = compared.itertuples()
    found = compare([setting_from(row.synapse_s, row.scale_firing_rates) for row in rows])
    compared["accuracy"] = [one.accuracy for one in found]
    compared["synops_per_image"] = [one.synops_per_image for one in found]
    compared["ann_accuracy"] = compare.ann_accuracy
    rungs = ladder(compared, accuracy_margin).rename(columns={"accuracy": "compare_accuracy"})
    judged: list[dict[str, Any]] = []

    def at_most_lost(rung: pd.Series) -> float:
        key = ["synapse_s", "scale_firing_rates", "search_accuracy", "compare_accuracy"]
        judged.append({"kind": kind, **rung[key], **judge.numbers(rung)})
        return judged[-1]["loss_at_most"]

    place, shown = walk_down(rungs, at_most_lost, accuracy_margin)
    table = pd.DataFrame(judged)
    table["within_margin"] = (table.index <= place) & shown
    table["chosen"] = table.index == place
    return table


def _layers(network: str, chosen: pd.Series, judge: Judge) -> pd.DataFrame:
    setting = setting_from(chosen["synapse_s"], chosen["scale_firing_rates"])
    found = judge.outcomes(chosen)
    spiking = next(iter(judge.experiments.values())).network.spiking_layers
    return pd.DataFrame(
        {
            "network": network,
            "layer": layer.name,
            "depth": depth,
            "neurons": layer.neurons,
            "scale": setting.scale_of(layer.name),
            "mean_rate_hz": float(np.mean([outcome.rates_hz[layer.name] for outcome in found])),
        }
        for depth, layer in enumerate(spiking)
    )
