"""The search for a network's cheapest setting, from its files to a table of all that was tried."""

import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.experiments.experiment import validation_experiments
from spikesweep.experiments.operating_points import pareto_front
from spikesweep.experiments.readings import readings
from spikesweep.experiments.samples import validation_table
from spikesweep.metadata import write_metadata
from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import load_network
from spikesweep.statistics.margins import ROUNDING, Margin
from spikesweep.study.recommendation.additive import additive
from spikesweep.study.recommendation.evaluate import Evaluation, Evaluator, best_reading
from spikesweep.study.recommendation.methods import (
    Method,
    exhaustive,
    greedy_by_rate,
    greedy_by_saving,
    uniform,
)
from spikesweep.study.recommendation.sampler import optuna_sampler
from spikesweep.study.recommendation.space import Space
from spikesweep.tables import write_csv

logger = logging.getLogger(__name__)


def search_settings(
    *,
    dataset: str | Path,
    networks: list[str],
    search_path: str | Path,
    validation_path: str | Path,
    metadata_path: str | Path,
    network: str,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Search with each method, on images that are neither trained on nor tested.

    networks: the spiking network of each of config["seeds"].
    search_path: see `search`.
    validation_path: which images, see `validation_table`.
    config: synapse_s, scales, steps, readouts, images, confirm_images, validation_images, seeds,
        exhaustive_up_to, trials, seed, accuracy_margin, engine.
    """
    data = load_dataset(dataset)
    loaded = {s: load_network(path) for s, path in zip(config["seeds"], networks, strict=True)}
    images = [config["images"], config["confirm_images"]]
    table = validation_table(data, loaded, config["validation_images"], images)
    longest = config | {"steps": max(config["steps"])}
    experiments = validation_experiments(
        data, loaded, table, "search", config=longest, threads=threads, mem_mb=mem_mb
    )
    ann_scores = {
        seed: as_rates(one.network, one.images, engine=one.engine, limits=one.limits).scores
        for seed, one in experiments.items()
    }
    read = readings(config["steps"], config["readouts"])
    space = Space(
        layers=tuple(layer.name for layer in next(iter(loaded.values())).spiking_layers),
        synapse_s=tuple(config["synapse_s"]),
        scales=tuple(sorted(map(float, config["scales"]))),
    )
    found = search(Evaluator(experiments, read, network, ann_scores), space, config)
    for written, path in ((found, search_path), (table, validation_path)):
        written.insert(0, "network", network)
        write_csv(written, path)
    engine = next(iter(experiments.values())).engine.name
    write_metadata(metadata_path, config, engine=engine, settings_in_space=len(space))


def search(evaluate: Evaluator, space: Space, config: dict[str, Any]) -> pd.DataFrame:
    """One row per method, setting and reading, in the order in which the method asked for it.

    evaluate: with the scores of the trained networks.

    Readings that another one of the same setting beats are left out.

    evaluation: how many settings the method had evaluated by then.
    cheapest_synops_per_image: fewest synops among the rows so far that lose at most the margin
        against the ANN; empty as long as none does.
    on_front: whether no other row of the method is more accurate and cheaper.
    """
    accepted = Margin.from_config(config["accuracy_margin"]).accepted(evaluate.ann_accuracy)
    goal = evaluate.ann_accuracy - accepted - ROUNDING
    methods: dict[str, Method] = {
        "uniform": uniform,
        "greedy_by_rate": greedy_by_rate,
        "greedy_by_saving": greedy_by_saving,
        "additive": partial(additive, evaluate=evaluate.evaluation, readings=evaluate.readings),
        "optuna": partial(optuna_sampler, trials=config["trials"], seed=config["seed"]),
    }
    if len(space) <= config["exhaustive_up_to"]:
        # First, since the engine is quickest when it can share most; the others then reuse the
        # results.
        methods = {"exhaustive": exhaustive} | methods
    tables = []
    for name, method in methods.items():
        asked: dict[Setting, list[Evaluation]] = {}

        def ask(
            settings: Iterable[Setting], asked: dict[Setting, list[Evaluation]] = asked
        ) -> list[Evaluation]:
            found = evaluate(settings)
            asked.update({each[0].setting: each for each in found})
            return [best_reading(each, goal) for each in found]

        method(space, ask, goal)
        tables.append(_table(name, list(asked.values()), evaluate, space, goal))
        _tell(tables[-1])
    return pd.concat(tables, ignore_index=True)


def _table(
    method: str,
    asked: list[list[Evaluation]],
    evaluate: Evaluator,
    space: Space,
    goal: float,
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "method": method,
            "evaluation": number,
            "synapse_s": one.setting.synapse_s,
            "scale_firing_rates": one.setting.scales_text(space.layers),
            "steps": one.reading.steps,
            "readout": one.reading.readout,
            "seeds": len(evaluate.experiments),
            "images": evaluate.images,
            "accuracy": one.accuracy,
            "ann_accuracy": evaluate.ann_accuracy,
            "spikes_per_image": one.spikes_per_image,
            "synops_per_image": one.synops_per_image,
        }
        for number, each in enumerate(asked, start=1)
        for one in _unbeaten(each)
    )
    enough = table["synops_per_image"].where(table["accuracy"] >= goal)
    table["cheapest_synops_per_image"] = enough.cummin().ffill()
    table["on_front"] = table.index.isin(pareto_front(table).index)
    return table


def _unbeaten(found: Iterable[Evaluation]) -> list[Evaluation]:
    """The readings of one setting that no other is as cheap and as accurate as, cheapest first."""
    kept: list[Evaluation] = []
    for one in sorted(found, key=lambda one: (one.synops_per_image, -one.accuracy)):
        if not kept or one.accuracy > kept[-1].accuracy:
            kept.append(one)
    return kept


def _tell(table: pd.DataFrame) -> None:
    cheapest = table["cheapest_synops_per_image"].iloc[-1]
    logger.info(
        "%s: %d settings tried; synops per image of the cheapest within the margin: %s",
        table["method"].iloc[0],
        table["evaluation"].max(),
        "none found" if pd.isna(cheapest) else f"{cheapest:,.0f}",
    )
