"""How often verdicts err where the truth is known, and how often they see an effect.

Seeds differ, and images are shared by seeds and settings. A verdict errs if it calls an effect at
the threshold reproduced, or not reproduced.
"""

from dataclasses import replace

import numpy as np
import pytest
from finding_tables import CONFIG
from paired_answers import Truth
from scipy.stats import binom

from spikesweep.networks.kinds import RESIDUAL
from spikesweep.study.findings.evidence import PerSeed
from spikesweep.study.findings.finding import Claim
from spikesweep.study.findings.interior_synapse import interior_synapse
from spikesweep.study.findings.layer_position import CLAIMED_HALVES, SAME_SYNOPS, layer_position
from spikesweep.study.findings.layer_study import LayerStudy
from spikesweep.study.findings.own_synapse import own_synapse
from spikesweep.study.findings.residual_networks import residual_networks
from spikesweep.study.findings.scaling_accuracy import scaling_accuracy
from spikesweep.study.findings.sweep_grid import SweepGrid
from spikesweep.study.layer_scaling.paired import LevelContrast

SEEDS, IMAGES, RUNS = 4, 500, 100
# Nothing larger is affordable, so that no time is spent on what would decide.
CHECKED = CONFIG | {"affordable": {"seeds": SEEDS, "images": IMAGES}}
MARGIN = CONFIG["margins"]["accuracy"]
SCALES = np.array([1.0, 10.0, 100.0])
EASE = (0.3, 0.6, 0.85)
ERROR = (1 - CONFIG["confidence"]) / 2
# As many errors as this happen by chance in one of a thousand tests.
MOST_ERRORS = int(binom.ppf(0.999, RUNS, ERROR))


def differences(rng, effect, images=IMAGES):
    return Truth(effect, seed_sd=0.004, changed=0.12, shared=0.5).differences(rng, SEEDS, images)


def pair(rng, effect, images):
    """Answers of two settings at each scale, (seeds, scales, images), the first less the second."""
    found = differences(rng, effect, images)[:, None]
    luck = 0.5 * rng.random((1, 1, images)) + 0.5 * rng.random((SEEDS, 1, images))
    both = luck < np.array(EASE)[:, None]
    worse = np.where(found == 0, both, found < 0)
    return worse + found > 0.5, worse


def grid(rng, effect, name, images=IMAGES):
    """Four synapses, of which the second leads the longest by the effect, and both the others."""
    first, last = pair(rng, effect, images)
    poor = last & (rng.random(last.shape) < 0.8)
    return SweepGrid(
        network=name,
        synapses=np.array([-1, 0.001, 0.01, 0.1]),
        scales=SCALES,
        correct=np.stack([poor, first, poor, last], axis=1),
        synops=np.ones((SEEDS, 4, 3)),
        ann_correct=rng.random((SEEDS, images)) < 0.95,
        draws=np.arange(images) % 4,
        shares=(0.5, 0.95),
    )


def on_interior(rng, effect):
    return interior_synapse([grid(rng, effect, "flat"), grid(rng, effect, "folded")], CHECKED)


def on_own(rng, effect):
    """Each network's own synapse leads the one that is best for the other by the effect."""
    flat, folded = grid(rng, effect, "flat"), grid(rng, effect, "folded")
    order = [0, 3, 2, 1]
    folded = SweepGrid(**{**vars_of(folded), "correct": folded.correct[:, order]})
    return own_synapse([flat, folded], CHECKED)


def vars_of(found):
    return {name: getattr(found, name) for name in SweepGrid.__dataclass_fields__}


def on_scaling(rng, effect):
    """The effect is that above the accuracy that is as good as the ANN's."""
    grids = []
    for name in ("flat", "folded"):
        lost = differences(rng, -CHECKED["accuracy_margin"] + effect - MARGIN)
        made = vars_of(grid(rng, 0.3, name))
        ann = np.where(lost == 0, rng.random((SEEDS, IMAGES)) < 0.95, lost < 0)
        made["correct"][:, 1, -1] = ann + lost > 0.5
        grids.append(SweepGrid(**made | {"ann_correct": ann}))
    return scaling_accuracy(grids, CHECKED)


def on_layers(rng, effect):
    """Two CNNs, each at two operating points, of which the lower one has another effect."""
    studies = {}
    for name in ("flat", "folded"):
        contrasts = {
            point: [
                [LevelContrast(SAME_SYNOPS, 1.0, (1 + found) / 2, (1 - found) / 2)]
                for found in differences(rng, of_point)
            ]
            for point, of_point in {0.5: 0.05, 0.8: effect}.items()
        }
        studies[name] = LayerStudy(name, 0.95, np.arange(IMAGES) % 4, contrasts)
    networks = {"flat": "convolutional", "folded": "convolutional"}
    config = CHECKED | {"networks": networks}
    return layer_position(studies, CLAIMED_HALVES[1], SAME_SYNOPS, config)


def on_exponents(rng, effect):
    """The effect is that on an exponent, in units of its threshold."""
    claim = Claim("claim", "statement", "ours", "effect", "exponent", MARGIN, "figure")
    found = [
        claim.judge(PerSeed(name, effect + 0.002 * rng.normal(size=SEEDS), 9), CHECKED)
        for name in ("flat", "folded")
    ]
    return claim.of_every_network(found, "none", CHECKED)


def on_residual(rng, effect):
    """Two residual networks, on which both halves of the claim have the effect."""
    config = CHECKED | {"networks": {"flat": RESIDUAL, "folded": RESIDUAL}}
    return residual_networks(on_interior(rng, effect), on_scaling(rng, effect), config)


def verdicts(judge, effect, runs=RUNS):
    """Verdicts on both networks together, and on the first of them, in each run."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(runs):
        overall, first = judge(rng, effect)[:2]
        assert (overall.network, first.network) == ("", "flat")
        found.append((overall.verdict, first.verdict))
    return np.array(found).T


JUDGES = [on_interior, on_own, on_scaling, on_layers, on_exponents, on_residual]


@pytest.mark.parametrize("judge", JUDGES)
def test_an_effect_at_the_threshold_is_rarely_decided(judge):
    for of_rows in verdicts(judge, MARGIN):
        assert np.sum(of_rows == "reproduced") <= MOST_ERRORS
        assert np.sum(of_rows == "not reproduced") <= MOST_ERRORS


# A network's best synapse is never worse than that of others.
FAR = [
    *((judge, 0.06, "reproduced") for judge in JUDGES),
    *((judge, -0.06, "not reproduced") for judge in JUDGES if judge is not on_own),
]


@pytest.mark.parametrize(("judge", "beyond", "verdict"), FAR)
def test_an_effect_far_from_the_threshold_is_seen(judge, beyond, verdict):
    for of_rows in verdicts(judge, MARGIN + beyond, runs=25):
        assert np.mean(of_rows == verdict) >= 0.8


def test_networks_that_share_their_best_synapse_need_none_of_their_own():
    def judge(rng, effect):
        grids = [grid(rng, effect, name, images=2000) for name in ("flat", "folded")]
        return own_synapse(grids, CHECKED)

    for of_rows in verdicts(judge, 0.06, runs=10):
        assert (of_rows == "not reproduced").all()


def test_either_part_of_a_claim_refutes_it_at_the_level_of_one():
    rng = np.random.default_rng(4)
    # Nearer to its threshold is the one with the larger effect.
    synapse = [replace(found, effect=0.0) for found in on_interior(rng, MARGIN)]
    scaling = [replace(found, effect=-0.002) for found in on_scaling(rng, MARGIN)]
    kinds = {"flat": RESIDUAL, "folded": RESIDUAL}
    overall, flat, folded = residual_networks(synapse, scaling, CHECKED | {"networks": kinds})
    evidence = {found.network: found.evidence for found in synapse}
    for row in (flat, folded):
        assert row.effect == 0.0
        assert row.effect_high == evidence[row.network].effect(0.975).high
        assert row.method.endswith("; upper bound for 2 parts at once (Bonferroni)")
    assert overall.effect_high in [one.effect(0.9875).high for one in evidence.values() if one]
    assert overall.method.count("upper bound") == 1
    assert overall.method.endswith("2 networks and 2 parts of the claim at once (Bonferroni)")


def test_networks_compare_at_the_synapses_that_both_have():
    rng = np.random.default_rng(5)
    flat, folded = grid(rng, 0.06, "flat", 2000), vars_of(grid(rng, 0.06, "folded", 2000))
    folded["synapses"], folded["correct"] = folded["synapses"][1:], folded["correct"][:, 1:]
    found = own_synapse([flat, SweepGrid(**folded)], CHECKED)
    assert [row.effect for row in found] == [0, 0, 0]
    folded["synapses"] = np.array([0.002, 0.02, 0.1])
    (row,) = own_synapse([flat, SweepGrid(**folded)], CHECKED)
    assert "two synapses that all of them have" in row.rule


@pytest.mark.parametrize("judge", [on_interior, on_layers])
def test_no_effect_is_no_reproduction(judge):
    for of_rows in verdicts(judge, 0.0, runs=50):
        assert np.sum(of_rows == "reproduced") <= 2
