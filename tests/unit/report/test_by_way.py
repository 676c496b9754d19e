"""What is said of claims with other neurons."""

from spikesweep.report.by_way import outcomes_by_way
from spikesweep.study.findings.units import ACCURACY
from spikesweep.words import MINUS

LABELS = {"net": "A network", "other": "Another"}
STUDIED = {"neuron": "spiking_relu", "read_out": "last", "studied": True, "holds": None}
SIGNED = {"neuron": "integrate_and_fire", "read_out": "mean", "studied": False}


def rows_of(claim, **holds):
    return [
        row | {"claim": claim, "network": network, "effect_unit": ACCURACY}
        for network, found in holds.items()
        for row in (STUDIED, SIGNED | {"holds": found, "difference": -0.2})
    ]


def test_claims_are_listed_by_what_became_of_them_best_known_first():
    rows = rows_of("b", net="undecided", other="less than as studied")
    rows += rows_of("a", net="either way", other="either way")
    [(studied, by_way)] = outcomes_by_way(rows, LABELS).items()
    assert studied == "spiking ReLU neurons, read at the last step"
    [(way, outcomes)] = by_way.items()
    assert way == "signed integrate-and-fire neurons, read as the mean over all steps"
    assert [(outcome.said, outcome.claims) for outcome in outcomes] == [
        # Of all its networks, so these are not named.
        ("reproduced as well", "a"),
        ("shown to hold less than as studied", f"b (Another: {MINUS}20.0 points of accuracy)"),
        ("undecided", "b (A network)"),
    ]
    assert [outcome.verdicts for outcome in outcomes] == ["2 of 4", "1 of 4", "1 of 4"]


def test_a_difference_on_several_networks_is_a_range():
    rows = rows_of("a", net="less than as studied", other="only as studied")
    rows[-1] |= {"difference": -0.1, "holds": "less than as studied"}
    [by_way] = outcomes_by_way(rows, LABELS).values()
    [[outcome]] = by_way.values()
    assert outcome.claims == f"a ({MINUS}20.0 to {MINUS}10.0 points of accuracy)"


def test_without_other_ways_nothing_is_said():
    assert outcomes_by_way([], LABELS) == {}
