"""The tables of a finished run, made from formulas: nothing here was measured."""

from pathlib import Path

import pandas as pd
import synthetic_tables
import yaml

from spikesweep.parts import optional_parts
from spikesweep.study.findings.units import ACCURACY, EXPONENT
from spikesweep.study.pruning.scale import RATIOS
from spikesweep.study.synapse_and_scaling.main_numbers import main_numbers
from spikesweep.tables import write_csv

LABELS = {"net": "A network", "other": "Another | network", "few": "Few images"}
PARTS = tuple(optional_parts())
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def finished_run(
    folder: Path,
    *,
    parts=PARTS,
    networks=("net", "other"),
    seeds=(0, 1),
    margin=0.01,
    start="uniform",
    **changed,
) -> Path:
    """Write the results folder of such a run.

    start: the initial voltages of all networks.
    changed: by the name of a table, what its first row has instead.
    """
    config = {
        "study": {"networks": list(networks), "parts": list(parts)},
        "networks": dict.fromkeys(LABELS),
        "figures": {"network_labels": LABELS},
        "statistics": {"confidence": 0.9},
        "conversion": {"initial_voltages": start},
        "simulation": {"voltage_draws": 8},
        "report": {"accuracy_margin": margin},
        "results": "results",
    }
    (folder / "provenance").mkdir(parents=True, exist_ok=True)
    (folder / "provenance" / "config.yaml").write_text(yaml.safe_dump(config))
    for name, (file, rows) in _tables(networks, seeds, margin).items():
        rows[0] |= changed.get(name, {})
        write_csv(pd.DataFrame(rows), folder / file)
    return folder


def _tables(networks, seeds, margin):
    numbers = main_numbers(
        *(
            pd.concat([make(network=network, seeds=seeds) for network in networks])
            for make in (synthetic_tables.sweeps, synthetic_tables.over_time)
        ),
        synthetic_tables.costs(networks, seeds),
        margin,
    )
    commit = {"component": "git commit", "version": COMMIT, "results": 3}
    early_late = {
        f"early_late_{network}": (
            f"layer_scaling/{network}/early_late.csv",
            [
                *([] if network == networks[0] else [_layers_alone(network, len(seeds))]),
                _early_late(network, len(seeds)),
                _early_late(network, len(seeds)) | {"level": 10},
            ],
        )
        for network in networks
    }
    count = len(seeds)
    return early_late | {
        "findings": ("findings.csv", _findings(networks, count)),
        "uncertainty": ("uncertainty.csv", [_uncertainty(networks[0], count)]),
        "main_numbers": ("main_numbers.csv", numbers.to_dict("records")),
        "versions": ("provenance/versions.csv", [commit]),
        "best_synapses": ("settling/best_synapse.csv", _best_synapses(networks[0], count)),
        "early_arrivals": ("skip_paths/gained.csv", _early_arrivals(networks[0], count)),
        "benefit": ("rate_transfer/benefit.csv", [_benefit(networks[0], count)]),
        "recommendations": ("recommendations.csv", [_recommended(n, count) for n in networks]),
        "neuron_costs": ("neuron_cost/comparison.csv", _neuron_costs(networks[0], count)),
        "standard": ("neuron_cost/standard_table.csv", [_after_few_steps(networks[0], count)]),
        "claims_by_way": ("spikes_or_neuron/claims.csv", _claims_by_way(networks, count)),
        "baselines": ("baselines.csv", [_baseline(network) for network in networks]),
        "lost": ("pruning/lost.csv", [_lost(count)]),
        "knee": ("pruning/knee.csv", _knees(count)),
        "pruned_scale": ("pruning/scale.csv", _pruned_scale(count)),
        "ranking": ("preprocessing/ranking.csv", _ranking(count)),
    }


def _bounded(name, value, low=None, high=None):
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _findings(networks, seeds):
    claim = {
        **{"claim": "scaling raises accuracy", "statement": "Scaling raises accuracy"},
        **{
            "origin": "original",
            "network": None,
            "condition": None,
            "verdict": "reproduced",
            "scope": "networks",
        },
        **{**_bounded("effect", 0.62, 0.59, 0.65), "effect_unit": ACCURACY, "threshold": 0.005},
        **{"smallest_shown": 0.02, "to_decide": None, "seeds": seeds, "images": 800},
        **{"method": "t", "note": None},
        **{"rule": "A rule.", "figure": "findings", "csv": "sweeps.csv"},
    }
    other = claim | {"claim": "scaling costs computation", "statement": "Scaling costs computation"}
    other |= {"verdict": "inconclusive", "effect_unit": EXPONENT, "threshold": 0.5}
    other |= {**_bounded("effect", 0.62), "to_decide": "about 9 seeds"}
    left_out = dict.fromkeys(claim) | {"claim": "residual networks", "verdict": "not run"}
    left_out |= {
        "origin": "ours",
        "statement": "Residual networks differ",
        "rule": "Not run: there is none.",
    }
    by_network = [row | {"network": name} for row in (claim, other) for name in networks]
    return [claim, other, left_out, *by_network]


def _uncertainty(network, seeds):
    return {
        **{"number": 1, "claim": "scaling raises accuracy", "network": network},
        "effect_unit": ACCURACY,
        **{"seeds": seeds, "voltage_draws": 8, "images": 1000, "threshold": 0.005},
        **{"se_seeds": 0.01, "se_voltages": 0.002, "se_images": 0.004},
        **{"distance": 0.615, "smallest_shown": 0.02, "verdict": "reproduced"},
    }


def _best_synapses(network, seeds):
    first = {
        **{"network": network, "step": 15, "time_s": 0.015, "seeds": seeds, "images": 100},
        **{"best_synapse_s": None, "best_accuracy": 0.5, "ann_accuracy": 0.96},
        **{"shortest_alike_s": None, "longest_alike_s": 0.02, "longest_settled_share": 0.04},
        **{"reference_step": 15, "kept_synapse_s": None, "lost_by_keeping": 0.0},
        **{"lost_low": 0.0, "lost_high": 0.0},
    }
    last = first | {"step": 60, "time_s": 0.06, "best_synapse_s": 0.02, "lost_by_keeping": 0.3}
    return [first, last | {"lost_low": 0.1, "lost_high": 0.5}]


def _early_arrivals(network, seeds):
    """Nothing is early without a synapse; with one, that helps before the network has settled."""
    control = {
        **{"network": network, "synapse_s": None, "scale_firing_rates": 100, "step": 60},
        **{"time_s": 0.06, "seeds": seeds, "images": 150, "ann_accuracy": 0.85},
        **{"accuracy": 0.2, "relayed_accuracy": 0.2, **_bounded("gained", 0.0, -0.03, 0.03)},
        **{"synops_per_image": 4e7, "relayed_synops_per_image": 4.1e7},
    }
    early = control | {"synapse_s": 0.01, "accuracy": 0.56, "relayed_accuracy": 0.39}
    early |= _bounded("gained", 0.17, 0.07, 0.27)
    settled = early | {"step": 120, "time_s": 0.12, "accuracy": 0.85, "relayed_accuracy": 0.86}
    return [control, early, settled | _bounded("gained", -0.01, -0.05, 0.04)]


def _early_late(network, seeds):
    return {
        **{"network": network, "operating_point": 0.8, "compared": "halves", "level": None},
        **{"early": "conv1", "late": "conv2", "comparison": "same factor", "levels": 2},
        **{"early_gain": 0.05, "late_gain": 0.12, "late_minus_early": 0.07, "seeds": seeds},
        **{"low": 0.02, "high": 0.12, "method": "t", "images": 100},
    }


def _layers_alone(network, seeds):
    """The same layers one by one, which shows no difference."""
    shown = {"late_minus_early": 0.01, "low": -0.02, "high": 0.04}
    return _early_late(network, seeds) | {"compared": "single layers"} | shown


def _benefit(network, seeds):
    return {
        **{"test": "slowed_less_others", "network": network, "operating_point": None},
        **{"seeds": seeds, "points": 300, "quantity": "accuracy difference", "method": "t"},
        **_bounded("statistic", 0.034, -0.01, 0.07),
    }


def _recommended(network, seeds):
    return {
        **{"network": network, "synapse_s": 0.015, "seeds": seeds, "images": 2500, "steps": 60},
        **{"scale_firing_rates": "{conv1: 50, conv2: 120}", "readout": "last"},
        **{"within_margin": True, "accuracy": 0.97, "ann_accuracy": 0.98},
        **{**_bounded("loss", 0.004, 0.001, 0.007), "promised_at_most": 0.01, "verdict": "kept"},
        **{"synops_per_image": 9000, "operations_per_image": 12000, "operations_over_ann": 1.25},
        **{"input_macs_per_image": 3000, "ann_macs_per_image": 9600},
        **{**_bounded("saving", 0.2, 0.1, 0.3), "saving_verdict": "saves"},
    }


def _neuron_costs(network, seeds):
    reference = {
        **{"network": network, "neuron": "spiking_relu", "initial_voltages": "uniform"},
        **{"read_out": "second_half", "synapse_s": 0.01, "seeds": seeds, "images": 300},
        **{"loss": 0.01, "reference": True, "own_synapse": True, "reaching": seeds, "steps": 30},
        **{**_bounded("cheaper", 1.0, 1.0, 1.0), **_bounded("faster", 1.0, 1.0, 1.0)},
        **{**_bounded("fewer", 1.0, 1.0, 1.0), "spikes_per_image": 90, "synops_per_image": 9000},
    }
    signed = reference | {"neuron": "integrate_and_fire", "synapse_s": None, "reference": False}
    signed |= {**_bounded("cheaper", 2.34, 1.2, 4.5), **_bounded("faster", 0.8, 0.6, 1.1)}
    failing = signed | {"read_out": "last", "reaching": 0, "synops_per_image": None, "steps": None}
    return [reference, signed, failing | _bounded("cheaper", None) | _bounded("faster", None)]


def _after_few_steps(network, seeds):
    row = {"network": network, "method": "mmse", "label": "mmse", "steps": 16, "seeds": seeds}
    row |= {"images": 400, "accuracy": 0.97, "accuracy_sd": 0.01, "ann_accuracy": 0.98}
    return row | {"ann_accuracy_sd": 0.01, "synops_per_image": 20_000.0} | _bounded("loss", 0.01)


def _claims_by_way(networks, seeds):
    """One claim holds in the other way on the first network alone; the other is undecided."""
    rows = []
    claims = {"interior synapse": "less than as studied", "own synapse": "undecided"}
    for claim, other in claims.items():
        for network in networks:
            row = {"claim": claim, "statement": "A claim", "network": network, "seeds": seeds}
            row |= {"neuron": "spiking_relu", "read_out": "last", "studied": True, "note": None}
            row |= {**_bounded("effect", 0.2, 0.1, 0.3), "effect_unit": ACCURACY, "images": 900}
            row |= {"verdict": "reproduced", "holds": None, "threshold": 0.005, "rule": "A rule."}
            row |= _bounded("difference", None) | {"paired_images": None, "method": "paired"}
            again = row | {"neuron": "integrate_and_fire", "read_out": "mean", "studied": False}
            again |= _bounded("difference", -0.15, -0.2, -0.1) | {"paired_images": 150}
            again |= {"holds": "either way" if network == networks[0] else other, "images": 150}
            rows += [row, again]
    return rows


def _baseline(network):
    row = {"network": network, "neurons": "converted", "method": "searched", "seeds": 1}
    row |= {"images": 600, "accepted_loss": 0.01, "synops_per_image": 20_000.0, "best": False}
    return row | {"saving_verdict": "no difference shown"} | _bounded("saving", 0.0)


def _lost(seeds):
    return {
        **{"network": "few", "method": "magnitude", "split": "train", "images": 3000},
        **{"seeds": seeds, "target_sparsity": 0.8, "sparsity": 0.8, "interpolated": False},
        **_bounded("lost", 0.0234, 0.004, 0.041),
    }


def _knees(seeds):
    knee = {
        **{"network": "few", "method": "magnitude", "split": "train", "images": 3000},
        **{"seeds": seeds, "margin": 0.005, "falls": True},
        **_bounded("knee_sparsity", 0.67),
        **{"knee_low": None, "knee_high": None},
    }
    far = {"margin": 0.03, "falls": False, "knee_sparsity": 0.95, "knee_low": 0.6, "knee_high": 1}
    return [knee, knee | far]


def _pruned_scale(seeds):
    unpruned = {
        **{"network": "few", "synapse_s": 0.01, "method": "magnitude", "target_sparsity": 0},
        **{"seeds": seeds, "weights_left": 1.0, "compared_loss": 0.05, "largest_scale": 100},
        **{"loss_reached": "inside", "accuracy_reached": "inside", "scale_at_loss": 20},
        **{key: value for name in RATIOS for key, value in _bounded(name, 1.0, 1.0, 1.0).items()},
    }
    pruned = unpruned | {"target_sparsity": 0.8, "weights_left": 0.2}
    pruned |= {**_bounded("spikes_ratio", 0.83, 0.77, 0.89), "scale_at_loss": None}
    return [unpruned, pruned | {"loss_reached": "above"} | _bounded("scale_ratio", None)]


def _ranking(seeds):
    helping = {
        **{"network": "few", "rank": 1, "technique": "flip", "seeds": seeds, "snn_seeds": seeds},
        "compared_loss": 0.05,
        **{**_bounded("test_accuracy", 0.9, 0.88, 0.92), **_bounded("gap", 0.1, 0.05, 0.15)},
        **{**_bounded("difference", 0.017, 0.001, 0.032), "effect": "helps"},
        **{**_bounded("snn_difference", 0.03, -0.01, 0.07), "snn_effect": "unclear"},
        **{"synops_per_image_at_loss": 9000, "loss_reached": "inside"},
        **{**_bounded("cost_ratio", 0.38, 0.27, 0.53), "cost_effect": "helps"},
        **{**_bounded("cost_ratio_at_accuracy", None), "accuracy_reached": "below"},
        "cost_at_accuracy_effect": None,
    }
    hurting = helping | {"rank": 2, "technique": "whitening", "effect": "hurts"}
    return [helping, hurting | {"cost_effect": "unclear"}]
