"""Claims in other ways: what tables of known effects say, and how often the difference errs."""

from dataclasses import replace

import numpy as np
import pytest
from finding_tables import CONFIG, SEEDS, rates, sweeps
from paired_answers import Truth
from scipy.stats import binom

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.evidence import Paired, PerSeed
from spikesweep.study.findings.finding import (
    INCONCLUSIVE,
    REPRODUCED,
    Claim,
)
from spikesweep.study.findings.judges import on_sweeps
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.spikes_or_neuron.claims import COLUMNS, claims_by_way
from spikesweep.study.spikes_or_neuron.difference import Measured, difference
from spikesweep.study.spikes_or_neuron.holds import (
    EITHER,
    LESS,
    MORE,
    NEITHER,
    ONLY_OTHER,
    ONLY_STUDIED,
    UNDECIDED,
    holds,
)

CHECKED = CONFIG | {"neuron": "spiking_relu"}
NAN = float("nan")


def studies(study, way=None, images=None):
    """The networks of a study of known effects, with the columns of a way."""
    by_network = {}
    for network, _, rows, answers in study:
        by_network.setdefault(network, []).append((rows.reset_index(drop=True), answers))
    columns = dict(zip(("neuron", "read_out"), way, strict=True)) if way else {}
    chosen = slice(None) if images is None else images
    return [
        Answered(
            network=network,
            tables=tuple(rows.assign(**columns) for rows, _ in seeds),
            correct=tuple(answers.final[:, chosen] for _, answers in seeds),
            ann_correct=np.array([answers.ann_correct[chosen] for _, answers in seeds]),
            draws=seeds[0][1].draws[chosen],
            images=seeds[0][1].images[chosen],
        )
        for network, seeds in by_network.items()
    ]


def peaked(top):
    """Accuracy with its best synapse inside; without a gap to the ends, all are as good."""
    return lambda network, synapse, scale: 0.55 + 0.1 * np.log10(scale) + top * (synapse == 0.01)


def by_way(studied, other, way=("integrate_and_fire", "mean"), images=None):
    nothing = {"layers": [], "rates": []}
    table = claims_by_way(
        nothing | {"sweep": studies(studied)},
        nothing | {"sweep": studies(other, way, images)},
        CHECKED,
    )
    assert tuple(table.columns) == COLUMNS
    return table


def of_claim(table, claim, network="flat"):
    rows = table[(table["claim"] == claim) & (table["network"] == network)]
    return rows[rows["studied"]].iloc[0], rows[~rows["studied"]].iloc[0]


@pytest.mark.parametrize(
    ("top", "other", "expected"),
    [(0.1, 0.1, EITHER), (0.1, 0.0, ONLY_STUDIED), (0.0, 0.1, ONLY_OTHER), (0.0, 0.0, NEITHER)],
)
def test_verdicts_of_both_ways_are_compared(top, other, expected):
    table = by_way(
        *(
            # Ends are a little better where the interior is not.
            sweeps(lambda n, s, c, top=top: peaked(top)(n, s, c) + 0.03 * (top == 0 and s == 0.1))
            for top in (top, other)
        )
    )
    studied, again = of_claim(table, "interior synapse")
    assert again["holds"] == expected
    assert studied["neuron"] == "spiking_relu"
    assert (again["neuron"], again["read_out"]) == ("integrate_and_fire", "mean")
    assert again["difference"] == pytest.approx(again["effect"] - studied["effect"], abs=2e-3)
    assert again["difference_low"] <= again["difference"] <= again["difference_high"]


def test_what_was_studied_is_judged_as_in_the_findings():
    study = sweeps(peaked(0.1))
    expected = {
        (finding.claim, finding.network): finding
        for finding in on_sweeps(studies(study), CHECKED)
        if finding.network
    }
    studied = by_way(study, sweeps(peaked(0.0)))
    for row in studied[studied["studied"]].to_dict("records"):
        finding = expected[row["claim"], row["network"]]
        assert row["verdict"] == finding.verdict
        assert row["effect"] == finding.effect
        assert np.isnan(row["difference"])


def test_images_are_paired_though_one_study_saw_fewer_and_in_another_order():
    study = sweeps(peaked(0.1))
    some = np.random.default_rng(0).permutation(1000)[:300]
    table = by_way(study, study, images=some)
    _, again = of_claim(table, "interior synapse")
    assert again["paired_images"] == 300
    # The same answers to the same images: nothing differs.
    assert again["difference"] == pytest.approx(0, abs=1e-12)
    # Interior and end differ on few of the images; unpaired, they would differ much more.
    assert again["difference_high"] - again["difference_low"] < 0.06


def test_layers_are_asked_again_with_the_same_rule():
    other = studies(rates(0.0), ("integrate_and_fire", "last"))
    studied = studies(rates(0.1))
    nothing = {"sweep": [], "layers": []}
    table = claims_by_way(nothing | {"rates": studied}, nothing | {"rates": other}, CHECKED)
    _, again = of_claim(table, "low-rate layers (made slow in turn)", network="folded")
    assert again["holds"] in (ONLY_STUDIED, LESS)
    assert again["difference"] == pytest.approx(-0.1, abs=0.01)


def test_networks_that_answer_in_no_other_way_are_not_compared():
    nothing = {"layers": [], "rates": [], "sweep": []}
    table = claims_by_way(nothing | {"sweep": studies(sweeps())}, nothing, CHECKED)
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def test_an_open_verdict_is_decided_by_the_difference_alone():
    assert holds(REPRODUCED, INCONCLUSIVE, -0.4, -0.2) == LESS
    assert holds(INCONCLUSIVE, REPRODUCED, 0.1, 0.2) == MORE
    assert holds(REPRODUCED, INCONCLUSIVE, -0.4, 0.2) == UNDECIDED
    assert holds(REPRODUCED, INCONCLUSIVE, NAN, NAN) == UNDECIDED
    assert holds(REPRODUCED, REPRODUCED, -0.4, -0.2) == EITHER


def measured(evidence, images=None, seeds=SEEDS):
    claim = Claim("c", "s", "ours", "e", ACCURACY, 0.005, "")
    finding = claim.judge(evidence, CHECKED | {"affordable": {"seeds": 2, "images": 2}})
    return Measured(finding, tuple(seeds), np.arange(600) if images is None else images)


def test_seeds_of_other_networks_are_not_paired():
    effects = np.random.default_rng(0).normal(size=(3, 600)) / 10
    one, other = measured(Paired("n", effects)), measured(Paired("n", effects), seeds=(0, 1, 3))
    assert difference(one, one, 0.95)["difference"] == 0
    assert difference(one, other, 0.95) == {}
    lost = replace(one, finding=measured(Paired("n", effects[:2]), seeds=(0, 1)).finding)
    assert difference(lost, one, 0.95) == {}
    assert difference(one, measured(PerSeed("n", effects[:, 0], 9)), 0.95) == {}


def test_values_of_single_seeds_are_paired_by_seed():
    one, other = np.array([1.0, 2.0, 3.0]), np.array([0.9, 1.9, 2.9])
    found = difference(measured(PerSeed("n", one, 9)), measured(PerSeed("n", other, 9)), 0.95)
    assert found["difference"] == pytest.approx(0.1)
    # Seeds differ by ten times more than the two ways do.
    assert found["difference_high"] - found["difference_low"] < 1e-6
    assert found["paired_images"] == 0


def test_intervals_of_the_difference_hold_the_truth():
    rng, runs, held = np.random.default_rng(5), 300, 0
    for _ in range(runs):
        one = Truth(0.03, seed_sd=0.01, changed=0.2, shared=0.5).differences(rng, 3, 600)
        other = Truth(0.10, seed_sd=0.01, changed=0.3, shared=0.5).differences(rng, 3, 600)
        found = difference(measured(Paired("n", one)), measured(Paired("n", other)), 0.95)
        held += found["difference_low"] <= -0.07 <= found["difference_high"]
    assert held >= binom.ppf(0.001, runs, 0.95)


def test_a_difference_is_seen_where_verdicts_are_open():
    rng, seen = np.random.default_rng(6), 0
    for _ in range(50):
        one = Truth(0.0, seed_sd=0.005, changed=0.2, shared=0.5).differences(rng, 3, 600)
        other = Truth(0.15, seed_sd=0.005, changed=0.3, shared=0.5).differences(rng, 3, 600)
        effects = measured(Paired("n", one)), measured(Paired("n", other))
        found = difference(*effects, 0.95)
        verdicts = [effect.finding.verdict for effect in reversed(effects)]
        seen += holds(*verdicts, found["difference_low"], found["difference_high"]) in (
            LESS,
            ONLY_STUDIED,
        )
    assert seen >= 45
