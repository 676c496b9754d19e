"""Properties of the figure that says how sure the findings are."""

import math

import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.findings.plot_uncertainty import plot_uncertainty
from spikesweep.study.findings.uncertainty import COLUMNS

LABELS = {"net0": "MNIST dense", "net1": "A network with a long name"}


def row(claim, network="net0", unit="accuracy difference", verdict="reproduced", **facts):
    return {
        **dict.fromkeys(COLUMNS, 0.01),
        **{
            "number": 7,
            "claim": claim,
            "network": network,
            "effect_unit": unit,
            "verdict": verdict,
        },
        **{"se_seeds": 0.003, "se_voltages": 0.0, "se_images": 0.004},
        **{"distance": -0.02, "smallest_shown": 0.015},
        **facts,
    }


TABLES = {
    "nothing": [],
    "one seed": [row("claim", se_seeds=math.nan)],
    "no spread": [row("claim", se_seeds=0.0, se_images=0.0)],
    "far and near": [row("claim", distance=0.8), row("other", distance=0.0)],
    "many": [
        row(f"late layers (dense, same synops {place})", network=network, verdict=verdict)
        for place in range(4)
        for network in LABELS
        for verdict in ("reproduced", "not reproduced", "inconclusive")
    ],
}


def draw(rows):
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return plot_uncertainty(table, title="Title", network_labels=LABELS, palette="colorblind")


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_no_text_is_small_cut_off_or_on_top_of_another(rows):
    assert_legible(draw(rows))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(TABLES["many"]), tmp_path)


def test_a_bar_is_as_long_as_the_error_and_divided_like_the_variance():
    errors, shown = draw([row("claim")]).axes
    widths = [bar.get_width() for bar in errors.patches]
    assert sum(widths) == pytest.approx(0.005)
    assert widths[0] / sum(widths) == pytest.approx((0.003 / 0.005) ** 2)
    assert shown.patches[0].get_width() == 0.015
    assert shown.lines[0].get_xdata() == pytest.approx([0.02])


def test_effects_in_other_units_are_left_to_the_table():
    errors, _ = draw([row("claim"), row("cost", unit="exponent")]).axes
    assert [label.get_text() for label in errors.get_yticklabels()] == ["7  claim", "MNIST dense"]
