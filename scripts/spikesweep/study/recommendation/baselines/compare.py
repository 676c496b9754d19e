"""Published ways to choose scales beside the recommended settings, of one network."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.conversion.calibration.thresholds import BY_CHANNEL
from spikesweep.data.dataset import Dataset, load_dataset
from spikesweep.experiments.experiment import validation_experiments
from spikesweep.experiments.readings import readings
from spikesweep.experiments.samples import calibration_images
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.network import SpikingNetwork, load_network
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.rescale import channels_refusal
from spikesweep.snn.voltages import with_start
from spikesweep.statistics.margins import Margin
from spikesweep.study.recommendation.baselines.answers import JudgedAnswers, load_judged
from spikesweep.study.recommendation.baselines.bench import Bench
from spikesweep.study.recommendation.baselines.compared_tables import (
    OURS,
    compared_methods,
    judged_settings,
)
from spikesweep.study.recommendation.baselines.correction import CORRECTIONS
from spikesweep.study.recommendation.baselines.judge import Judged, chosen, judged, rank
from spikesweep.study.recommendation.baselines.ways import (
    Kind,
    Searched,
    Way,
    published,
)
from spikesweep.tables import read_table, write_csv

SIGNED = "signed"
# With signed neurons the answer is read from all spikes so far, as in the publications.
SIGNED_READOUTS = ["mean"]


def compare_baselines(
    *,
    dataset: str | Path,
    networks: list[str],
    candidates_path: str | Path,
    answers_path: str | Path,
    validation_path: str | Path,
    settings_path: str | Path,
    methods_path: str | Path,
    metadata_path: str | Path,
    network: str,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Compare what published scales and ours cost at the accepted loss.

    networks: the spiking networks of the first seeds, as many as are compared.
    candidates_path, answers_path, validation_path: what `recommend_setting` and `search_settings`
        wrote.
    settings_path: one row per kind of neurons, method and setting, see `judged_settings`.
    methods_path: one row per kind of neurons and method, see `compared_methods`.
    config: as for `recommend_setting`, with the section `baselines`, and seeds: those of networks.

    Published methods take their scales from training images. Which of their factors, steps and
    read-outs are judged is chosen on images of the search, and they are judged on images on which
    ours were judged, too, and no method chose anything.
    """
    data = load_dataset(dataset)
    loaded = {s: load_network(path) for s, path in zip(config["seeds"], networks, strict=True)}
    candidates, answers = read_table(candidates_path), load_judged(answers_path)
    table = read_table(validation_path)
    settings, methods = [], []
    for kind in _kinds(candidates, config):
        benches = _benches(data, _with_neurons(loaded, kind), table, kind, config, threads, mem_mb)
        ann_correct = _ann_correct(benches)
        picked, found = _compete(kind, benches, candidates, answers, config)
        facts = {"network": network, "neurons": kind.name, "seeds": len(benches)}
        settings.append(judged_settings(facts, found, ann_correct, config))
        methods.append(compared_methods(facts, picked, found, ann_correct, config))
    write_csv(pd.concat(settings, ignore_index=True), settings_path)
    write_csv(pd.concat(methods, ignore_index=True), methods_path)
    write_metadata(metadata_path, config, engine=benches[0].confirm.engine.name)


def _kinds(candidates: pd.DataFrame, config: dict[str, Any]) -> list[Kind]:
    [recommended] = [row for _, row in candidates[candidates["chosen"]].iterrows()]
    synapse_s = Setting.from_table(recommended["synapse_s"], 1.0).synapse_s
    baselines = config["baselines"]
    ours = tuple(readings(config["steps"], config["readouts"]))
    theirs = tuple(readings(baselines["signed"]["steps"], SIGNED_READOUTS))
    return [
        Kind("converted", tuple(baselines["converted"]["factors"]), synapse_s, ours),
        Kind(SIGNED, tuple(baselines["signed"]["factors"]), None, theirs),
    ]


def _with_neurons(networks: Mapping[int, SpikingNetwork], kind: Kind) -> dict[int, SpikingNetwork]:
    if kind.name != SIGNED:
        return dict(networks)
    neuron = IntegrateAndFire(most_spikes_a_step=1)
    return {seed: with_neuron(with_start(one, "half"), neuron) for seed, one in networks.items()}


def _benches(
    data: Dataset,
    networks: dict[int, SpikingNetwork],
    table: pd.DataFrame,
    kind: Kind,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> list[Bench]:
    baselines = config["baselines"]
    how = config | {"steps": max(reading.steps for reading in kind.readings)}
    parts = [
        validation_experiments(
            data,
            networks,
            _fewer(table, part, baselines[images]),
            part,
            config=how,
            threads=threads,
            mem_mb=mem_mb,
        )
        for part, images in (("search", "images"), ("confirm", "confirm_images"))
    ]
    wanted = baselines["calibration_images"]
    return [
        Bench(
            one.prepare(calibration_images(data, table, seed, config["validation_images"], wanted)),
            *(experiments[seed] for experiments in parts),
        )
        for seed, one in networks.items()
    ]


def _fewer(table: pd.DataFrame, part: str, images: int) -> pd.DataFrame:
    """At most so many rows of each seed of a part, evenly spaced; other parts are left out."""
    of_part = table[table["part"] == part]
    kept = [
        rows.iloc[np.unique(np.linspace(0, len(rows) - 1, min(images, len(rows))).astype(int))]
        for _, rows in of_part.groupby("seed")
    ]
    return pd.concat(kept, ignore_index=True)


def _ann_correct(benches: Sequence[Bench], part: str = "confirm") -> np.ndarray:
    samples = [getattr(bench, part).sample for bench in benches]
    return np.concatenate([sample.ann_classes == sample.labels for sample in samples])


def _compete(
    kind: Kind,
    benches: Sequence[Bench],
    candidates: pd.DataFrame,
    answers: JudgedAnswers,
    config: dict[str, Any],
) -> tuple[dict[str, pd.DataFrame], dict[str, Judged]]:
    """What each method offers on the images of the search, and what was judged, ours first."""
    ann = float(_ann_correct(benches, "search").mean())
    accepted = float(Margin.from_config(config["accuracy_margin"]).accepted(ann))
    methods = [name for name in config["baselines"]["methods"] if _fits(name, benches[0].network)]
    ways: dict[str, Way] = {}
    picked: dict[str, pd.DataFrame] = {}

    def ranked() -> list[str]:
        return sorted(ways, key=lambda name: rank(picked[name], ann - accepted))

    of_methods = published(kind, benches, methods)
    for name, way in of_methods.items():
        ways[name], picked[name] = way, chosen(way, ann, accepted)
    best = of_methods[ranked()[0]]
    [at] = picked[best.name][picked[best.name]["best"]].itertuples()
    for name in CORRECTIONS:
        ways[name] = best.corrected(name, at.key, at.reading.steps)
        picked[name] = chosen(ways[name], ann, accepted)
    if kind.name == SIGNED:
        ours = Searched(best, accepted)
        found = {OURS: judged(ours, chosen(ours, ann, accepted))}
    else:
        found = {OURS: _recommended(benches, candidates, answers)}
    for name in ranked()[: config["baselines"]["judged"]]:
        found[name] = judged(ways[name], picked[name])
    return picked, found


def _fits(method: str, network: SpikingNetwork) -> bool:
    """Thresholds of channels are in the weights, which only some neurons and networks allow."""
    return method not in BY_CHANNEL or channels_refusal(network) is None


def _recommended(
    benches: Sequence[Bench], candidates: pd.DataFrame, answers: JudgedAnswers
) -> Judged:
    """What the candidates of the recommendation, judged before, did on the same images."""
    seeds = range(len(benches))
    correct = [answers.of(seed, benches[seed].confirm.sample.indices) for seed in seeds]
    table = candidates.assign(
        key=candidates["scale_firing_rates"],
        synops_per_image=answers.synops[:, : len(benches)].mean(axis=1),
    )
    return Judged(table, np.concatenate(correct, axis=1))
