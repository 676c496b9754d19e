"""Accuracy and cost of one network if only some of its layers fire faster."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.experiments.answers import Answers, save_answers
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.experiments.sweep import SweepTables, sweep
from spikesweep.experiments.usable_scales import operating_scales
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.study.layer_scaling.subsets import (
    Subset,
    check_more_subsets,
    stages,
    subset_name,
    subsets,
)
from spikesweep.tables import labelled, read_table, write_csv

logger = logging.getLogger(__name__)

COLUMNS = (
    *("engine", "images", "steps", "synapse_s"),
    *("operating_point", "base_scale", "factor", "subset", "layers_scaled"),
    *("accuracy", "accuracy_low", "accuracy_high"),
    *("ann_accuracy", "ann_accuracy_low", "ann_accuracy_high"),
    *("spikes_per_image", "synops_per_image"),
)
LAYER_COLUMNS = (
    *("synapse_s", "operating_point", "base_scale", "factor", "subset"),
    *("layer", "depth", "neurons", "scale"),
    *("spikes_per_image", "synops_per_image", "mean_rate_hz"),
)


def run(
    *,
    inputs: dict[str, Any],
    outputs: dict[str, str],
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Scale each subset of layers by each factor, at each operating point of the network.

    inputs: paths of dataset, network and ann_classes; and layers, the tables of the layers of all
        studied networks, needed only if there are more_subsets: a name in these that is in none of
        the tables is a user's mistake.
    config: steps, images, images_seed, engine, voltage_draws, synapse_s,
        operating_points, factors, all_subsets_up_to, pairs_up_to, more_subsets.

    A network that reaches no operating point has tables without rows, and the log says why.

    Raises UserError for a subset with a layer that no studied network has.
    """
    inputs = dict(inputs)
    layer_tables = inputs.pop("layers")
    if config["more_subsets"]:
        check_more_subsets(config["more_subsets"], _spiking_layers(layer_tables))
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    sizes = {layer.name: layer.shape[:-1] for layer in experiment.network.spiking_layers}
    layers = list(sizes)
    chosen = subsets(
        layers,
        config["all_subsets_up_to"],
        config["pairs_up_to"],
        config["more_subsets"],
        stages(sizes),
    )
    name = f"{network} seed {seed}"
    found = scale_subsets(experiment, chosen, config, name)
    write_csv(labelled(found.scaling, network, seed), outputs["scaling"])
    write_csv(labelled(found.layers, network, seed), outputs["layers"])
    save_answers(found.answers, outputs["answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)


@dataclass(frozen=True, eq=False)
class ScaledSubsets:
    """scaling: a row per point, in the order of the answers; layers: a row per point and layer."""

    scaling: pd.DataFrame
    layers: pd.DataFrame
    answers: Answers


def scale_subsets(
    experiment: Experiment, chosen: Sequence[Subset], config: Mapping[str, Any], name: str
) -> ScaledSubsets:
    """Each subset by each factor, at each operating point; no rows if the network reaches none.

    config: synapse_s, operating_points, factors. name: of the network, for the log.
    """
    layers = [layer.name for layer in experiment.network.spiking_layers]
    bases = operating_scales(experiment, config["synapse_s"], config["operating_points"], name)
    points = design(bases, chosen, config["factors"])
    settings = [point.setting(layers, config["synapse_s"]) for point in points]
    logger.info("%d subsets of %s: %d settings", len(chosen), ", ".join(layers), len(settings))
    tables = sweep(experiment, settings, name)
    return ScaledSubsets(
        _scaling_rows(points, tables), _layer_rows(points, tables, layers), tables.answers
    )


@dataclass(frozen=True)
class Point:
    """All layers at the base scale, those of the subset `factor` times faster.

    operating_point: the share of the ANN's accuracy that the network reaches at the base scale.
    """

    operating_point: float
    base_scale: float
    subset: Subset
    factor: float

    def scale_of(self, layer: str) -> float:
        """The scale of one layer."""
        return self.base_scale * (self.factor if layer in self.subset else 1.0)

    def setting(self, layers: Iterable[str], synapse_s: float | None) -> Setting:
        """The setting that simulates this point; it names every layer."""
        return Setting.per_layer(synapse_s, {layer: self.scale_of(layer) for layer in layers})

    def key(self) -> dict[str, Any]:
        """The columns that identify this point in a table."""
        return {
            "operating_point": self.operating_point,
            "base_scale": self.base_scale,
            "factor": self.factor,
            "subset": subset_name(self.subset),
        }


def design(
    base_scales: Mapping[float, float], chosen: Sequence[Subset], factors: Iterable[float]
) -> list[Point]:
    """For each operating point: no layer scaled, then every subset by every factor, ascending.

    base_scales: the scale of all layers at each operating point.
    """
    ascending = sorted(factors)
    return [
        Point(operating_point, base_scale, subset, float(factor))
        for operating_point, base_scale in base_scales.items()
        for subset in ((), *chosen)
        for factor in (ascending if subset else [1.0])
    ]


def _spiking_layers(layer_tables: Iterable[str | Path]) -> list[str]:
    tables = [read_table(path) for path in layer_tables]
    # The readout is a layer without neurons.
    return [name for table in tables for name in table.loc[table["neurons"] > 0, "layer"]]


def _scaling_rows(points: Sequence[Point], tables: SweepTables) -> pd.DataFrame:
    if not points:
        return pd.DataFrame(columns=list(COLUMNS))
    keys = pd.DataFrame([point.key() | {"layers_scaled": len(point.subset)} for point in points])
    return pd.concat([keys, tables.settings.drop(columns="scale_firing_rates")], axis=1)[
        list(COLUMNS)
    ]


def _layer_rows(
    points: Sequence[Point], tables: SweepTables, layers: Sequence[str]
) -> pd.DataFrame:
    if not points:
        return pd.DataFrame(columns=list(LAYER_COLUMNS))
    # The sweep has a row per (setting, layer), in the order of the settings.
    keys = pd.DataFrame(
        [
            point.key() | {"layer": layer, "depth": depth, "scale": point.scale_of(layer)}
            for point in points
            for depth, layer in enumerate(layers)
        ]
    )
    found = tables.layers
    assert keys["layer"].equals(found["layer"])
    table = pd.concat([keys, found.drop(columns=["layer", "scale_firing_rates"])], axis=1)
    return table[list(LAYER_COLUMNS)]
