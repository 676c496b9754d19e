"""Tables of studies whose effects are known, as CSV files and what is found in them."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import Answers, save_answers
from spikesweep.statistics.effect import Effect
from spikesweep.statistics.power import Design
from spikesweep.study.findings.table import judge_findings
from spikesweep.study.layer_scaling.budgets import matched_budgets

NETWORKS = {"flat": "dense", "folded": "convolutional"}
CONFIG = {
    "confidence": 0.95,
    "margins": {"accuracy": 0.005, "cost_exponent": 0.5},
    "operating_range": [0.5, 0.95],
    "accuracy_margin": 0.01,
    "affordable": {"seeds": 30, "images": 10_000},
    "networks": NETWORKS,
    "rate_transfer_runs": False,
    "rates_bend": False,
}
SYNAPSES = (math.nan, 0.001, 0.01, 0.1)
SCALES = (1, 10, 100)
SEEDS = (0, 1, 2)
LAYERS = ("first", "second", "third")
OPERATING_POINTS = {0.5: 1.0, 0.8: 10.0}
ANN = 0.96
IMAGES = 1000


@dataclass(frozen=True, eq=False)
class Study:
    """Tables of several networks and seeds, with the answers of their rows.

    table: columns network, seed, accuracy and others. correct: (rows, images).
    ann_correct: (images,), by network and seed.
    """

    table: pd.DataFrame
    correct: np.ndarray
    ann_correct: dict[tuple[str, int], np.ndarray]

    def __iter__(self):
        """Each seed of each network: its name, seed, table and answers."""
        for (network, seed), rows in self.table.groupby(["network", "seed"]):
            images = self.correct.shape[1]
            answers = Answers(
                steps=np.array([60]),
                correct=self.correct[rows.index, None],
                equal_to_ann=self.correct[rows.index, None],
                ann_correct=self.ann_correct[network, seed],
                images=np.arange(images),
                draws=np.arange(images) % 4,
            )
            yield network, seed, rows, answers


def answered(table, *, ann=ANN, images=IMAGES, luck=None):
    """Answers of the accuracies that a table states, and the accuracies that they have.

    An image is recognised where its luck is below the accuracy.
    luck: a function of (network, seed, rows) that gives it, (rows, images); by default the same
        for all settings: the better one of two recognises all that the other does.
    """
    even = (np.arange(images) + 0.5) / images
    correct, ann_correct = np.zeros((len(table), images), bool), {}
    for (network, seed), rows in table.groupby(["network", "seed"], sort=False):
        drawn = luck(network, seed, len(rows) + 1) if luck else np.tile(even, (len(rows) + 1, 1))
        correct[rows.index] = drawn[:-1] < rows["accuracy"].to_numpy()[:, None]
        ann_correct[network, seed] = drawn[-1] < ann
    return Study(table.assign(accuracy=correct.mean(axis=1)), correct, ann_correct)


def sweeps(
    accuracy=lambda network, synapse, scale: 0.5,
    *,
    exponent=1.0,
    networks=tuple(NETWORKS),
    synapses=SYNAPSES,
    scales=SCALES,
    seeds=SEEDS,
    spread=0.002,
    **of_answers,
):
    """Accuracy of a (network, synapse, scale), each seed by `spread` better than the last."""
    axes = itertools.product(networks, seeds, synapses, scales)
    table = pd.DataFrame(
        {
            "network": network,
            "seed": seed,
            "synapse_s": synapse,
            "scale_firing_rates": scale,
            "accuracy": accuracy(network, synapse, scale) + spread * seed * scale / max(scales),
            "synops_per_image": 1000.0 * scale ** (exponent + 0.01 * seed),
        }
        for network, seed, synapse, scale in axes
    )
    return answered(table, **of_answers)


def pruned(*lost, network="pruned", method="magnitude", images=55_000, at=0.8):
    """Rows of the pruning study: training accuracy of each seed, unpruned and without weights."""
    return pd.DataFrame(
        {
            **{"network": network, "method": method, "seed": seed, "train_images": images},
            **{"target_sparsity": sparsity, "sparsity": sparsity},
            "train_accuracy": 0.99 + 0.001 * seed - (of_seed if sparsity else 0),
        }
        for seed, of_seed in enumerate(lost)
        for sparsity in (0.0, at)
    )


@dataclass(frozen=True, eq=False)
class Settling:
    """The study of settling on some networks, read after several steps."""

    pairs: list[tuple[str, int, pd.DataFrame, Answers]]

    def __iter__(self):
        """As that of `Study`."""
        return iter(self.pairs)


def settling(
    accuracy, *, networks=tuple(NETWORKS), seeds=SEEDS, steps=(60, 240), spread=0.002, images=IMAGES
):
    """Accuracy of a (synapse, step) at one scale, each seed by `spread` better than the last."""
    luck = (np.arange(images) + 0.5) / images
    pairs = []
    for network, seed in itertools.product(networks, seeds):
        facts = {"network": network, "seed": seed, "scale_firing_rates": 50}
        table = pd.DataFrame(
            facts | {"synapse_s": synapse, "step": step, "time_s": step / 1000}
            for synapse, step in itertools.product(SYNAPSES, steps)
        )
        correct = np.array(
            [
                [luck < accuracy(synapse, step) + spread * seed for step in steps]
                for synapse in SYNAPSES
            ]
        )
        answers = Answers(
            steps=np.array(steps),
            correct=correct,
            equal_to_ann=correct,
            ann_correct=luck < ANN,
            images=np.arange(images),
            draws=np.arange(images) % 4,
        )
        pairs.append((network, seed, table, answers))
    return Settling(pairs)


def standard(loss, *, networks=tuple(NETWORKS), seeds=SEEDS, steps=(4, 16), spread=0.0):
    """What a (method, step) loses against the ANN; each seed by `spread` less than the last."""
    methods = {"as converted": math.nan, "mmse": 1.0, "local_balancing": 1.0}
    rows = [
        {
            **{"network": network, "seed": seed, "method": method, "factor": factor},
            **{"most_spikes_a_step": "none", "steps": step},
            "accuracy": ANN - loss(method, step) + spread * seed,
        }
        for network, seed in itertools.product(networks, seeds)
        for method, factor in methods.items()
        for step in steps
    ]
    return answered(pd.DataFrame(rows))


def layer_scaling(
    gain,
    *,
    cost=lambda layer: 1.0,
    network="flat",
    layers=LAYERS,
    seeds=SEEDS,
    points=OPERATING_POINTS,
    base=lambda point: 0.5,
    **of_answers,
):
    """Gain of a (seed, layer) at factor 10, half of it at factor 4; what scaling it by 1 costs.

    points: base scale by operating point. gain: may also take the operating point. base: accuracy
    with no layer scaled, by operating point.
    """
    rows = []
    for seed, (point, base_scale) in itertools.product(seeds, points.items()):
        facts = {"network": network, "seed": seed, "images": 1, "synapse_s": 0.01}
        facts |= {"operating_point": point, "base_scale": base_scale}
        zero = {"subset": "", "layers_scaled": 0, "factor": 1.0, "accuracy": base(point)}
        rows.append(facts | zero | {"spikes_per_image": 100.0, "synops_per_image": 100.0})
        subsets = [(layer,) for layer in layers] + [layers]
        for subset, factor in itertools.product(subsets, (4.0, 10.0)):
            gained = sum(gain(seed, layer, point) for layer in subset) / len(subset)
            spent = 100.0 + sum(cost(layer) for layer in subset) * (factor - 1) * 10
            rows.append(
                facts
                | {"subset": "+".join(subset), "layers_scaled": len(subset), "factor": factor}
                | {"accuracy": base(point) + gained * (1.0 if factor == 10 else 0.5)}
                | {"spikes_per_image": spent, "synops_per_image": spent}
            )
    return answered(pd.DataFrame(rows), **of_answers)


def rates(gained, *, networks=tuple(NETWORKS), seeds=SEEDS, layers=LAYERS, spread=0.0):
    """The study of rates: what the slow layer of each variant gains more than the others.

    As trained, the first layer is the slowest. spread: how much seeds next to each other differ.
    """
    rows = [
        {
            **{"network": network, "seed": seed, "operating_point": 0.8, "factor": 10.0},
            **{"variant": variant, "layer": layer, "depth": layers.index(layer)},
            "base_rate_hz": 1.0 if layer == slow else 10.0,
            "accuracy": 0.6 + (gained + spread * (seed - 1) if layer == slow else 0.0),
        }
        for network, seed in itertools.product(networks, seeds)
        for variant, slow in [("trained", layers[0]), *((f"slow_{one}", one) for one in layers)]
        for layer in layers
    ]
    return answered(pd.DataFrame(rows))


@dataclass(frozen=True)
class Stated:
    """Evidence whose interval is stated, at any confidence; how it varies is not known."""

    network: str
    stated: Effect
    images: int = 2

    def effect(self, confidence):
        return self.stated

    def components(self):
        return None

    def design(self, confidence):
        return Design(self.stated.seeds, images=self.images, confidence=confidence)


def judged(folder, config=CONFIG, **studies):
    """Findings on studies by name: sweeps, pruning, layers, rates; an absent one did not run."""
    if "layers" in studies:
        studies["matched"] = matched_budgets(studies["layers"].table)
    paths = {}
    for study, answers in (
        ("sweeps", "sweep_answers"),
        ("settling", "settling_answers"),
        ("standard", "standard_answers"),
        ("layers", "layer_answers"),
        ("rates", "rate_answers"),
    ):
        paths |= _write_answered(folder, study, answers, studies.get(study, ()))
    for study in ("pruning", "matched"):
        paths[study] = []
        for network, rows in _by_network(studies.get(study)):
            path = folder / study / network / "seed0.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            rows.to_csv(path, index=False)
            paths[study].append(path)
    judge_findings(
        inputs=paths,
        outputs={name: folder / f"{name}.csv" for name in ("findings", "uncertainty")},
        config=config,
    )
    findings = pd.read_csv(folder / "findings.csv", dtype=dict.fromkeys(TEXTS, str))
    return findings.fillna(dict.fromkeys(TEXTS, ""))


TEXTS = ("network", "condition", "scope", "to_decide", "note", "figure", "csv")


def _write_answered(folder, study, answers_name, parts):
    tables, answers = [], []
    for network, seed, rows, found in parts:
        path = folder / study / network / f"seed{seed}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.to_csv(path, index=False)
        save_answers(found, path.with_suffix(".npz"))
        tables.append(path)
        answers.append(path.with_suffix(".npz"))
    return {study: tables, answers_name: answers}


def _by_network(table):
    if table is None:
        return []
    return table.groupby("network") if {"network"} < set(table) and len(table) else [("", table)]
