"""The table that publications give: accuracy after a few numbers of steps, and that of the ANN."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.conversion.calibration.scales import Calibrated, calibrated
from spikesweep.conversion.calibration.thresholds import BY_CHANNEL
from spikesweep.data.dataset import load_dataset
from spikesweep.data.splits import stratified_order
from spikesweep.experiments.answers import Answers
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import engine_for
from spikesweep.simulation.readout import READ_OUTS
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.rescale import channels_refusal
from spikesweep.snn.voltages import with_start
from spikesweep.statistics.intervals import mean_interval
from spikesweep.tables import read_tables, write_csv
from spikesweep.words import counted

logger = logging.getLogger(__name__)

CONVERTED = "as converted"


def standard_rows(
    inputs: Mapping[str, str], seed: int, config: dict[str, Any], threads: int, mem_mb: int
) -> tuple[pd.DataFrame, Answers]:
    """One row per method and number of steps; one simulation gives all steps of a method.

    Returns also what each image was answered, in the order of the rows.

    inputs: paths of dataset, network and ann_classes. config: the job's slice, with `standard`:
        steps, images, calibration_images, converted (a setting) and signed, a list of published
        methods with a factor of all scales and most_spikes_a_step.

    method: `as converted`, the network's own neurons, read from the last step; or a published
        method with signed integrate-and-fire neurons that start at half a spike, without synapse,
        read from the mean over all steps. Thresholds are from training images alone.
    """
    standard = config["standard"]
    how = config | {"steps": max(standard["steps"]), "images": standard["images"]}
    experiment = load_experiment(**inputs, config=how, threads=threads, mem_mb=mem_mb)
    converted = Setting.from_config(standard["converted"])
    rows = list(_rows(experiment, converted, "last", standard["steps"], {"method": CONVERTED}))
    data = load_dataset(inputs["dataset"])
    # Images that training kept apart come first in this order.
    chosen = np.sort(stratified_order(data.y_train, seed)[-standard["calibration_images"] :])
    images = experiment.network.prepare(data.x_train[chosen])
    activations = as_rates(
        experiment.network, images, engine=experiment.engine, limits=experiment.limits
    ).activations
    for entry in standard["signed"]:
        most = entry["most_spikes_a_step"]
        neuron = IntegrateAndFire(most_spikes_a_step=None if most == "none" else most)
        network = with_neuron(with_start(experiment.network, "half"), neuron)
        if entry["method"] in BY_CHANNEL and (reason := channels_refusal(network)):
            logger.warning("%s is left out: %s", entry["method"], reason)
            continue
        one = calibrated(network, activations, entry["method"])
        setting = Setting.per_layer(
            None, {layer: entry["factor"] * scale for layer, scale in one.scales.items()}
        )
        rows += _rows(
            _signed(experiment, one, config["engine"]), setting, "mean", standard["steps"], entry
        )
    sample = experiment.sample
    classes = np.array([answers for _, answers in rows])[:, None]
    found = Answers(
        # Each row is of its own step.
        steps=np.ones(1, np.int64),
        correct=classes == sample.labels,
        equal_to_ann=classes == sample.ann_classes,
        ann_correct=sample.ann_classes == sample.labels,
        images=sample.indices,
        # Published methods, which are what the answers are judged for, start at half a spike.
        draws=np.zeros(len(sample.labels), np.int64),
    )
    return pd.DataFrame([row for row, _ in rows]), found


def _signed(experiment: Experiment, one: Calibrated, engine: str) -> Experiment:
    return replace(
        experiment,
        network=one.network,
        engine=engine_for(one.network, engine),
        voltage_draws=1,
    )


def _rows(
    experiment: Experiment,
    setting: Setting,
    read_out: str,
    read_at: list[int],
    facts: Mapping[str, Any],
) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """Each row with the answers, (images,)."""
    [response] = experiment.simulate([setting])
    sample = experiment.sample
    answers = READ_OUTS[read_out](response.scores).argmax(axis=-1)
    spikes, synops = (
        np.cumsum(sum(getattr(layer, name).mean(axis=0) for layer in response.layers.values()))
        for name in ("spikes_by_step", "synops_by_step")
    )
    for steps in sorted(read_at):
        read = answers[:, steps - 1]
        row = {
            "method": facts["method"],
            "factor": facts.get("factor", np.nan),
            "most_spikes_a_step": facts.get("most_spikes_a_step", "none"),
            "steps": steps,
            "images": len(sample.labels),
            "accuracy": float((read == sample.labels).mean()),
            "ann_accuracy": float((sample.ann_classes == sample.labels).mean()),
            "spikes_per_image": float(spikes[steps - 1]),
            "synops_per_image": float(synops[steps - 1]),
        }
        yield row, read


def tabulate_standard(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `standard_table` for all networks.

    inputs: standard, the tables of all networks and seeds. outputs: table.
    config: accuracy_margin, confidence.
    """
    write_csv(standard_table(read_tables(inputs["standard"]), config), outputs["table"])


def standard_table(rows: pd.DataFrame, config: Mapping[str, Any]) -> pd.DataFrame:
    """One row per network, method and number of steps: means over seeds.

    rows: see `standard_rows`, with network and seed.

    label: method, factor and limit in words.
    accuracy, accuracy_sd, ann_accuracy, ann_accuracy_sd: mean and standard deviation over seeds;
        with one seed there is no deviation.
    loss: mean of the differences from the ANN on the same images, with Student's t interval over
        seeds.
    """
    keys = ["network", "method", "factor", "most_spikes_a_step", "steps"]
    table = []
    for key, of_seeds in rows.groupby(keys, sort=False, dropna=False):
        lost = (of_seeds["ann_accuracy"] - of_seeds["accuracy"]).to_numpy()
        loss, low, high = mean_interval(lost, config["confidence"])
        table.append(
            {
                **dict(zip(keys, key, strict=True)),
                "label": _label(*key[1:4]),
                "seeds": len(of_seeds),
                "images": of_seeds["images"].iloc[0],
                **{
                    f"{name}{end}": getattr(of_seeds[name], how)()
                    for name in ("accuracy", "ann_accuracy")
                    for end, how in (("", "mean"), ("_sd", "std"))
                },
                "loss": loss,
                "loss_low": low,
                "loss_high": high,
                "synops_per_image": of_seeds["synops_per_image"].mean(),
            }
        )
    return pd.DataFrame(table)


def _label(method: str, factor: float, most: int | str) -> str:
    if method == CONVERTED:
        return method
    limit = "" if most == "none" else f", at most {counted(int(most), 'spike')} a step"
    times = "" if factor == 1 else f", scales times {factor:g}"
    return method.replace("_", " ") + times + limit
