"""The recommended setting of one network, from the search's table to a piece of config."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.experiments.experiment import validation_experiments
from spikesweep.files import write_csv, write_text
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import load_network
from spikesweep.study.recommendation.choose import contenders, ladder, walk_down
from spikesweep.study.recommendation.evaluate import Evaluator
from spikesweep.study.recommendation.snippet import snippet
from spikesweep.tables import SETTING_COLUMNS

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
    config: as for `search_settings`, and confidence.
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
    judge = Evaluator(load("confirm"), network)
    candidates = pd.concat(
        [
            candidate_table(kind, rows, compare, judge, config)
            for kind, rows in (
                ("recommended", search),
                ("uniform", search[search["method"] == "uniform"]),
            )
        ],
        ignore_index=True,
    )
    methods = search.groupby(SETTING_COLUMNS, dropna=False)["method"]
    found_by = methods.agg(" ".join).rename("found_by").reset_index()
    candidates = candidates.merge(found_by, on=SETTING_COLUMNS, how="left")
    candidates.insert(0, "network", network)
    chosen = candidates[(candidates["kind"] == "recommended") & candidates["chosen"]].iloc[0]
    text = snippet(chosen, search, config)
    logger.info("recommended:\n%s", text)
    write_text(text, snippet_path)
    write_csv(candidates, candidates_path)
    write_csv(_layers(network, chosen, judge), layers_path)
    engine = next(iter(judge.experiments.values())).engine.name
    write_metadata(metadata_path, config, engine=engine)


def candidate_table(
    kind: str,
    search: pd.DataFrame,
    compare: Evaluator,
    judge: Evaluator,
    config: dict[str, Any],
) -> pd.DataFrame:
    """One row per setting that was judged, the chosen one marked.

    compare, judge: evaluate on images that had no part in the choices before.
    config: accuracy_margin, confidence.

    accuracy, loss and costs are what `judge` finds, over all seeds.
    search_accuracy, compare_accuracy: on the images on which it was found, and compared.
    within_margin: whether the setting was shown to stay within the margin.
    """
    accuracy_margin = config["accuracy_margin"]
    compared = contenders(search, accuracy_margin).rename(columns={"accuracy": "search_accuracy"})
    pairs = compared[SETTING_COLUMNS].itertuples(index=False)
    found = compare([Setting.from_table(*pair) for pair in pairs])
    compared["accuracy"] = [one.accuracy for one in found]
    compared["synops_per_image"] = [one.synops_per_image for one in found]
    compared["ann_accuracy"] = compare.ann_accuracy
    rungs = ladder(compared, accuracy_margin).rename(columns={"accuracy": "compare_accuracy"})
    judged: list[dict[str, Any]] = []

    def at_most_lost(rung: pd.Series) -> float:
        key = [*SETTING_COLUMNS, "search_accuracy", "compare_accuracy"]
        numbers = _numbers(judge, Setting.from_table(*rung[SETTING_COLUMNS]), config["confidence"])
        judged.append({"kind": kind, **rung[key], **numbers})
        return judged[-1]["loss_at_most"]

    last, shown = walk_down(rungs, at_most_lost, accuracy_margin)
    table = pd.DataFrame(judged)
    table["within_margin"] = (table.index <= last) & shown
    table["chosen"] = table.index == last
    return table


def _numbers(judge: Evaluator, setting: Setting, confidence: float) -> dict[str, float]:
    """Accuracy and cost of a setting, means over the seeds."""
    [found] = judge([setting])
    loss = judge.loss(setting, confidence)
    return {
        "seeds": len(judge.experiments),
        "images": judge.images,
        "accuracy": found.accuracy,
        "ann_accuracy": judge.ann_accuracy,
        "loss": loss.loss,
        "loss_low": loss.low,
        "loss_high": loss.high,
        "loss_at_most": loss.at_most,
        "spikes_per_image": found.spikes_per_image,
        "synops_per_image": found.synops_per_image,
    }


def _layers(network: str, chosen: pd.Series, judge: Evaluator) -> pd.DataFrame:
    setting = Setting.from_table(*chosen[SETTING_COLUMNS])
    [found] = judge([setting])
    spiking = next(iter(judge.experiments.values())).network.spiking_layers
    return pd.DataFrame(
        {
            "network": network,
            "layer": layer.name,
            "depth": depth,
            "neurons": layer.neurons,
            "scale": setting.scale_of(layer.name),
            "mean_rate_hz": found.rates_hz[layer.name],
        }
        for depth, layer in enumerate(spiking)
    )
