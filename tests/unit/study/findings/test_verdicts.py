"""What a verdict may depend on."""

import math

from finding_tables import CONFIG, Stated
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.finding import Claim, verdict_of

numbers = st.floats(-1, 1) | st.just(math.nan)
widening = st.floats(0, 1) | st.just(math.inf)
CLAIM = Claim("claim", "statement", "ours", "effect", "accuracy difference", 0.005, "figure")


@given(numbers, numbers, st.floats(-0.5, 0.5), widening, widening)
def test_a_larger_interval_never_makes_a_verdict(low, high, threshold, below, above):
    if verdict_of(low, high, threshold) == "inconclusive":
        assert verdict_of(low - below, high + above, threshold) == "inconclusive"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-0.5, 0.5))
def test_opposite_verdicts_exclude_each_other(low, width, threshold):
    verdict = verdict_of(low, low + width, threshold)
    assert (verdict == "reproduced") == (low >= threshold)
    assert (verdict == "not reproduced") == (low + width < threshold)


@given(numbers, numbers)
def test_a_doubted_effect_decides_nothing(low, high):
    found = Stated("net", Effect(0.1, low, high, 3, "method"))
    assert CLAIM.judge(found, CONFIG).verdict == verdict_of(low, high, CLAIM.threshold)
    assert CLAIM.judge(found, CONFIG, doubted=True).verdict == "inconclusive"


def test_a_network_without_an_effect_supports_a_claim_least():
    effects = {"none": math.nan, "least": 0.004, "most": 0.006}
    rows = [
        CLAIM.judge(Stated(name, Effect(value, -0.1, 0.1, 3, "method")), CONFIG)
        for name, value in effects.items()
    ]
    assert CLAIM.of_every_network(rows, "", CONFIG)[0].rule.startswith("As on none")
    assert CLAIM.of_every_network(rows[:0:-1], "", CONFIG)[0].rule.startswith("As on least")


def test_a_network_of_one_seed_has_no_vote_beside_networks_of_more():
    effects = {"several": Effect(0.1, 0.05, 0.15, 3, "t"), "one": Effect(-0.1, -0.2, -0.05, 1, "t")}
    rows = [CLAIM.judge(Stated(name, effect), CONFIG) for name, effect in effects.items()]
    overall = CLAIM.of_every_network(rows, "", CONFIG)[0]
    assert (overall.verdict, overall.effect) == ("reproduced", 0.1)
    assert overall.rule.endswith("No vote, as one seed says nothing about networks like it: one.")
    alone = CLAIM.of_every_network(rows[1:], "", CONFIG)[0]
    assert (alone.verdict, alone.to_decide) == ("inconclusive", "at least two seeds")
