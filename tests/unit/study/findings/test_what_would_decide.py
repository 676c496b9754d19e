"""What it would take to decide, in words, from effects whose spread is known."""

import numpy as np
import pytest
from finding_tables import CONFIG
from paired_answers import Truth

from spikesweep.study.findings.evidence import Paired, PerSeed
from spikesweep.study.findings.finding import INCONCLUSIVE, Claim
from spikesweep.study.findings.power import smallest_shown, what_would_decide

ACCURACY = "accuracy difference"
CLAIM = Claim("claim", "statement", "ours", "effect", ACCURACY, 0.005, "figure")


def paired(effect, seeds=4, seed_sd=0.003, images=500, shared=0.5):
    truth = Truth(effect, seed_sd, changed=0.12, shared=shared)
    return Paired("net", truth.differences(np.random.default_rng(2), seeds, images))


def needed(evidence, threshold=0.005):
    return what_would_decide(evidence, threshold, ACCURACY, CONFIG)


def test_more_images_are_enough_where_seeds_agree():
    assert needed(paired(0.02, seed_sd=0.0, shared=1.0)).endswith(" images")


def test_seeds_are_asked_for_where_they_differ():
    assert "seeds" in needed(paired(0.03, seed_sd=0.02))


def test_draws_are_asked_for_first():
    rng = np.random.default_rng(0)
    draws = np.arange(500) % 8
    of_draws = 0.1 * rng.normal(size=(4, 8))
    of_draws -= of_draws.mean(axis=1, keepdims=True)
    evidence = Paired("net", 0.035 + of_draws[:, draws] + 0.05 * rng.normal(size=500), draws)
    assert needed(evidence).endswith(" draws of the initial voltages")


def test_bad_luck_is_called_so():
    assert needed(paired(0.1)).startswith("other seeds or images")


def test_an_effect_at_the_threshold_is_decided_by_no_affordable_number():
    evidence = paired(0.0)
    value = evidence.effect(0.95).value
    said = needed(evidence, threshold=value + 1e-5)
    assert said.startswith("no affordable number: the effect lies 0.001 points from the threshold")
    assert "30 seeds and 10\u202f000 images show no less than" in said


def test_one_seed_is_decided_by_images_of_that_network():
    assert "seed" not in needed(paired(0.02, seeds=1))


def test_a_single_value_needs_another_seed():
    assert needed(PerSeed("net", np.array([0.5]), 9)) == "at least two seeds"


def test_effects_without_images_are_decided_by_seeds_alone():
    values = np.array([0.4, 0.6, 0.5, 0.55])
    assert needed(PerSeed("net", values, 9), threshold=0.46).endswith(" seeds")
    assert "and 30 seeds show no less than" in needed(PerSeed("net", values, 9), threshold=0.512)


def test_only_what_is_inconclusive_says_what_would_decide():
    clear, unclear = (CLAIM.judge(paired(effect), CONFIG) for effect in (0.2, 0.01))
    assert (clear.to_decide, unclear.verdict) == ("", INCONCLUSIVE)
    assert unclear.to_decide
    assert unclear.smallest_shown == pytest.approx(smallest_shown(unclear.evidence, CONFIG))


def test_a_refutation_that_does_not_hold_for_several_networks_says_what_would_decide():
    # Four standard errors of seeds below the threshold: enough for one network, not for twenty.
    values = 0.005 - 0.01 + 0.0025 * 2 * np.array([-1.0, -0.5, 0.5, 1.0])
    rows = [CLAIM.judge(PerSeed(f"net{place}", values, 9), CONFIG) for place in range(20)]
    assert {row.verdict for row in rows} == {"not reproduced"}
    overall = CLAIM.of_every_network(rows, "", CONFIG)[0]
    assert overall.verdict == INCONCLUSIVE
    assert "seeds" in overall.to_decide
    assert "20 networks at once" in overall.method
    alone = CLAIM.of_every_network(rows[:1], "", CONFIG)[0]
    assert alone.verdict == "not reproduced"
