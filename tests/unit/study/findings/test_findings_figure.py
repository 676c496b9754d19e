"""Properties of the figure of findings."""

import itertools
import math

import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.findings.plot_findings import plot_findings

LABELS = {"net0": "MNIST dense", "net1": "A network with a long name", "net2": "CIFAR-10 CNN"}
UNITS = {
    "accuracy difference": 0.005,
    "exponent": 0.5,
}
VERDICTS = ("reproduced", "not reproduced", "inconclusive", "not run")


def row(
    claim,
    unit="accuracy difference",
    verdict="reproduced",
    network=None,
    condition=None,
    effect=0.1,
):
    run = verdict != "not run"
    return {
        "claim": claim,
        "network": network,
        "condition": condition,
        "verdict": verdict,
        "effect": effect if run else math.nan,
        "effect_low": effect - 0.05 if run else math.nan,
        "effect_high": effect + 0.05 if run else math.nan,
        "effect_unit": unit,
        "threshold": UNITS[unit],
    }


def of_networks(claim, networks, **facts):
    return [row(claim, network=network, **facts) for network in (None, *networks)]


def many():
    """Every verdict in every unit, on all networks and on none."""
    claims = itertools.product(UNITS, VERDICTS)
    rows = []
    for place, (unit, verdict) in enumerate(claims):
        networks = LABELS if place % 2 else ()
        rows += of_networks(f"claim number {place}", networks, unit=unit, verdict=verdict)
    return pd.DataFrame(rows)


TABLES = {
    "one": lambda: pd.DataFrame([row("claim")]),
    "none run": lambda: pd.DataFrame([row("claim", verdict="not run")]),
    "many": many,
}


def draw(table):
    return plot_findings(table, title="Title", network_labels=LABELS, palette="colorblind")


def test_the_legend_is_read_before_the_claims():
    figure = draw(many())
    figure.canvas.draw()
    first, *others = figure.axes
    assert first.get_legend().get_window_extent().y0 >= first.get_window_extent().y1
    assert not any(axes.get_legend() for axes in others)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_text_is_small_cut_off_or_on_top_of_another(table):
    assert_legible(draw(table()))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(many()), tmp_path)


def test_each_network_has_a_line_and_the_claim_their_verdict():
    table = pd.DataFrame(of_networks("claim", LABELS, verdict="inconclusive"))
    axes = draw(table).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["1  claim: inconclusive", *LABELS.values()]
    assert drawn_effects(axes) == [(place, 0.1, 0.05, 0.15) for place in (1, 2, 3)]


def test_a_claim_on_all_networks_alone_has_its_effect_beside_it():
    axes = draw(pd.DataFrame([row("claim", effect=0.3)])).axes[0]
    assert drawn_effects(axes) == [(0, 0.3, 0.25, 0.35)]


def test_an_effect_on_all_networks_together_is_drawn_with_theirs():
    table = pd.DataFrame(of_networks("claim", ["net0"]))
    table.loc[table["network"].isna(), ["effect", "effect_low", "effect_high"]] = [0.3, 0.2, 0.4]
    axes = draw(table).axes[0]
    assert drawn_effects(axes) == [(0, 0.3, 0.2, 0.4), (1, 0.1, 0.05, 0.15)]


def test_verdicts_differ_in_colour_and_marker():
    rows = [row(verdict, verdict=verdict) for verdict in VERDICTS]
    axes = draw(pd.DataFrame(rows)).axes[0]
    looks = {
        (line.get_color(), line.get_marker()) for line in axes.lines if len(line.get_xdata()) == 1
    }
    assert len({colour for colour, _ in looks}) == len({marker for _, marker in looks}) == 3


def test_claims_that_were_not_run_have_no_scale():
    table = pd.DataFrame([row("dropped", verdict="not run"), row("claim"), row("more", "exponent")])
    axes = draw(table).axes
    assert [a.get_yticklabels()[0].get_text() for a in axes] == [
        "2  claim: reproduced",
        "3  more: reproduced",
        "1  dropped: not run",
    ]
    assert [len(a.lines) > 0 for a in axes] == [True, True, False]


def test_a_network_on_which_a_claim_was_not_run_is_said_to_be_so():
    table = pd.DataFrame(of_networks("claim", ["net0", "net2"]))
    table.loc[table["network"] == "net0", "verdict"] = "not run"
    axes = draw(table).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["1  claim: reproduced", "MNIST dense: not run", "CIFAR-10 CNN"]
    assert [effect[0] for effect in drawn_effects(axes)] == [2]


def test_rows_that_do_not_vote_are_left_to_the_table():
    table = pd.DataFrame(
        [*of_networks("claim", ["net0"]), row("claim", network="net0", condition="at 50 %")]
    )
    axes = draw(table).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "1  claim: reproduced",
        "MNIST dense",
    ]


def test_each_effect_has_the_threshold_of_its_own_claim():
    axes = draw(pd.DataFrame([row("one"), row("other") | {"threshold": -0.01}])).axes[0]
    drawn = [lines.get_segments()[0].tolist() for lines in axes.collections]
    assert drawn == [[[0.005, -0.5], [0.005, 0.5]], [[-0.01, 0.5], [-0.01, 1.5]]]


def drawn_effects(axes):
    """(place, effect, low, high) of each effect, from top to bottom."""
    markers = [line for line in axes.lines if len(line.get_xdata()) == 1]
    intervals = [
        line for line in axes.lines if line.get_linestyle() == "-" and len(line.get_xdata()) == 2
    ]
    return [
        (
            marker.get_ydata()[0],
            *(round(x, 9) for x in (*marker.get_xdata(), *interval.get_xdata())),
        )
        for marker, interval in zip(markers, intervals, strict=True)
    ]
