"""Both engines on the same images: how closely the fast one follows NengoDL."""

import logging
from dataclasses import replace
from typing import Any

import pandas as pd

from spikesweep.errors import UserError
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.metadata import write_metadata
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.engine_agreement.differences import differences
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)

# Where a voltage equals the threshold up to rounding, a spike may move by one step. A small share
# of the spikes, and occasionally a class, may therefore differ. Layers that receive such a spike
# differ with it, the more, the deeper the network; NengoDL differs from itself in the same way if
# all weights are moved by their last bit. So the budget is for what no earlier layer explains.
MIN_CLASS_AGREEMENT = 0.999
MAX_FIRST_DIFFERENCES = 1e-4
MAX_RATE_DIFFERENCE = 1e-3
# In a small network or sample, a single spike may already be more than these shares.
ALWAYS_ALLOWED = 3
# Scales of the first layer and the second, and so on by turns.
_UNEVEN = (50.0, 5.0)

COLUMNS = (
    "images",
    "steps",
    "synapse_s",
    "scale_firing_rates",
    "class_agreement",
    "spike_count_differences",
    "first_differences",
    "max_mean_rate_difference",
    "within_budget",
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
    """Simulate the same images with both engines and write one row per setting.

    The budget of each setting: classes agree on at least 99.9 % of the images at the last
    step (one image may always differ), at most 1e-4 of the spike counts of (image, neuron)
    pairs differ in the first layer of an image in which any do, mean rates of layers agree within
    1e-3, relative. Three counts, and three spikes of a layer, may always differ.

    A network that the fast engine cannot express is simulated by NengoDL everywhere, so
    there is nothing to compare: the table is empty.

    Raises UserError if the engines disagree by more than the budget and config["engine"], which
    simulates the studies, is the fast one; with NengoDL the table says so and the run continues.
    """
    # Other draws of the initial voltages would make the engines no more or less alike.
    simulated = config | {"engine": "fused", "voltage_draws": 1}
    experiment = load_experiment(**inputs, config=simulated, threads=threads, mem_mb=mem_mb)
    rows = [] if experiment.engine.name == "nengo_dl" else _compare(experiment, config)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if config["engine"] == "fused" and not table["within_budget"].all():
        worst = table[~table["within_budget"]].iloc[0]
        raise UserError(
            f"{network} seed {seed}: the engines fused and nengo_dl disagree by more than "
            f"rounding errors: {worst.to_dict()}; set simulation.engine to nengo_dl and "
            "report this"
        )
    write_csv(labelled(table, network, seed), outputs["agreement"])
    write_metadata(outputs["metadata"], config, seed=seed)


def _compare(experiment: Experiment, config: dict[str, Any]) -> list[dict[str, Any]]:
    settings = [Setting.from_config(entry) for entry in config["settings"]]
    settings.append(_by_layer(experiment.network))
    responses = {}
    for engine in (experiment.engine, engine_named("nengo_dl")):
        logger.info(
            "simulating %d images at %d settings on %s",
            len(experiment.sample.labels),
            len(settings),
            engine.name,
        )
        on_engine = replace(experiment, engine=engine)
        responses[engine.name] = on_engine.simulate(settings, neuron_spikes=True)
    return [
        _row(ours, reference, setting, experiment.steps)
        for ours, reference, setting in zip(
            responses["fused"], responses["nengo_dl"], settings, strict=True
        )
    ]


def _by_layer(network: SpikingNetwork) -> Setting:
    """Scales that differ from each layer to the next, as the studies of layers have them."""
    layers = enumerate(network.spiking_layers)
    return Setting.per_layer(0.01, {layer.name: _UNEVEN[place % 2] for place, layer in layers})


def _row(ours: Response, reference: Response, setting: Setting, steps: int) -> dict[str, Any]:
    agreement = float((ours.predictions[:, -1] == reference.predictions[:, -1]).mean())
    differing, first, counted = differences(ours, reference)
    rate_difference = 0.0
    rates_agree = True
    for name, activity in ours.layers.items():
        other = reference.layers[name]
        total = max(int(other.spikes.sum()), 1)
        spikes = abs(int(activity.spikes.sum()) - int(other.spikes.sum()))
        rate_difference = max(rate_difference, spikes / total)
        rates_agree &= spikes <= max(ALWAYS_ALLOWED, MAX_RATE_DIFFERENCE * total)
    images = len(ours.scores)
    # A sample of a few hundred images cannot show 99.9 %: one image may differ.
    needed = min(MIN_CLASS_AGREEMENT, 1 - 1 / images)
    return {
        "images": images,
        "steps": steps,
        "synapse_s": setting.synapse_s,
        "scale_firing_rates": setting.table_scale,
        "class_agreement": agreement,
        "spike_count_differences": differing / counted,
        "first_differences": first / counted,
        "max_mean_rate_difference": rate_difference,
        "within_budget": agreement >= needed
        and first <= max(ALWAYS_ALLOWED, MAX_FIRST_DIFFERENCES * counted)
        and rates_agree,
    }
