"""The networks of all seeds, each with its validation images."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.conversion.spiking_network import SpikingNetwork
from spikesweep.data.dataset import Dataset
from spikesweep.simulation.engine import Limits
from spikesweep.study.experiment import Experiment, engine_for
from spikesweep.study.validation_sample import validation_sample

# Interpreter, libraries, TensorFlow, networks and images; the rest is for activity.
_BASE_MB = 1300


def validation_experiments(
    data: Dataset,
    networks: Mapping[int, SpikingNetwork],
    table: pd.DataFrame,
    part: str,
    *,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> dict[int, Experiment]:
    """An experiment for each seed, with the images of one part of `validation_table`.

    config: steps and engine. threads, mem_mb: what the whole job may use.
    """
    return {
        seed: Experiment(
            network=network,
            sample=validation_sample(data, table, seed, part),
            steps=config["steps"],
            engine=engine_for(network, config["engine"]),
            limits=Limits(threads, max(mem_mb - _BASE_MB, 100) * 1_000_000),
        )
        for seed, network in networks.items()
    }
