"""The recommended setting of one network, from the search's table to a piece of config."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.experiments.experiment import validation_experiments
from spikesweep.experiments.readings import Candidate, readings
from spikesweep.files import write_text
from spikesweep.metadata import write_metadata
from spikesweep.snn.network import load_network
from spikesweep.study.recommendation.baselines.answers import save_judged
from spikesweep.study.recommendation.candidates import candidate_table, savings_table
from spikesweep.study.recommendation.evaluate import Evaluator
from spikesweep.study.recommendation.python_lines import python_lines
from spikesweep.study.recommendation.snippet import snippet
from spikesweep.tables import SETTING_COLUMNS, read_table, write_csv

logger = logging.getLogger(__name__)


def recommend_setting(
    *,
    dataset: str | Path,
    networks: list[str],
    search_path: str | Path,
    validation_path: str | Path,
    snippet_path: str | Path,
    python_path: str | Path,
    candidates_path: str | Path,
    answers_path: str | Path,
    savings_path: str | Path,
    layers_path: str | Path,
    metadata_path: str | Path,
    network: str,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Choose from what the search found, by the rule of `choose`, and say what to expect.

    search_path, validation_path: what `search_settings` wrote.
    snippet_path, python_path: the setting as config, and as lines that run it with the first seed.
    candidates_path: see `candidate_table`. answers_path: see `save_judged`.
    savings_path: see `savings_table`.
    layers_path: of each layer its scale and its rate at the recommended setting, and its rate
        without scaling, all else being equal.
    config: as for `search_settings`, and confidence, bootstrap, bootstrap_seed.
    """
    loaded = {s: load_network(path) for s, path in zip(config["seeds"], networks, strict=True)}
    experiments = validation_experiments(
        load_dataset(dataset),
        loaded,
        read_table(validation_path),
        "confirm",
        config=config | {"steps": max(config["steps"])},
        threads=threads,
        mem_mb=mem_mb,
    )
    search = read_table(search_path)
    judge = Evaluator(experiments, readings(config["steps"], config["readouts"]), network)
    candidates = candidate_table(search, judge, config)
    methods = search.drop_duplicates([*SETTING_COLUMNS, "method"]).groupby(
        SETTING_COLUMNS, dropna=False
    )
    found_by = methods["method"].agg(" ".join).rename("found_by").reset_index()
    candidates = candidates.merge(found_by, on=SETTING_COLUMNS, how="left")
    candidates.insert(0, "network", network)
    savings = savings_table(candidates, judge, config)
    savings.insert(0, "network", network)
    [chosen] = (row for _, row in candidates[candidates["chosen"]].iterrows())
    text = snippet(chosen, search, config)
    logger.info("recommended:\n%s", text)
    write_text(text, snippet_path)
    lines = python_lines(
        Candidate.from_table(chosen),
        network=networks[0],
        dataset=dataset,
        layers=[layer.name for layer in loaded[config["seeds"][0]].spiking_layers],
    )
    write_text(lines, python_path)
    write_csv(candidates, candidates_path)
    save_judged(candidates, judge, answers_path)
    write_csv(savings, savings_path)
    write_csv(_layers(network, chosen, judge), layers_path)
    engine = next(iter(judge.experiments.values())).engine.name
    write_metadata(metadata_path, config, engine=engine)


def _layers(network: str, chosen: pd.Series, judge: Evaluator) -> pd.DataFrame:
    candidate = Candidate.from_table(chosen)
    found = judge.evaluation(candidate)
    # Simulated: rates of LIF neurons are not proportional to the scale.
    unscaled = judge.evaluation(
        Candidate(replace(candidate.setting, scale_firing_rates=1.0), candidate.reading)
    )
    spiking = next(iter(judge.experiments.values())).network.spiking_layers
    return pd.DataFrame(
        {
            "network": network,
            "layer": layer.name,
            "depth": depth,
            "neurons": layer.neurons,
            "scale": candidate.setting.scale_of(layer.name),
            "unscaled_mean_rate_hz": unscaled.rates_hz[layer.name],
            "mean_rate_hz": found.rates_hz[layer.name],
        }
        for depth, layer in enumerate(spiking)
    )
