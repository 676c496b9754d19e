"""Where in a network the layers to scale are judged, and what does not vote."""

import finding_tables as made
import numpy as np
import pytest
from finding_tables import CONFIG, judged

CLAIM = "late layers (dense, same factor)"
POINTS = {0.5: 1.0, 0.8: 5.0, 0.95: 20.0}
BASE = {0.5: 0.48, 0.8: 0.77, 0.95: 0.91}


def rows_of(folder, gain, **facts):
    layers = made.layer_scaling(gain, points=POINTS, base=BASE.get, **facts)
    findings = judged(folder, sweeps=made.sweeps(), layers=layers)
    return findings[(findings["claim"] == CLAIM) & (findings["network"] == "flat")]


def late_wins_near_chance_only(seed, layer, point):
    gains = {"first": 0.0, "second": 0.0, "third": 0.04 if point == 0.5 else -0.02}
    return gains[layer]


def test_the_highest_operating_point_decides_and_the_others_have_rows(tmp_path):
    voting, *others = rows_of(tmp_path, late_wins_near_chance_only).to_dict("records")
    assert (voting["verdict"], voting["condition"]) == ("not reproduced", "")
    # Half of the gain at the smaller of two factors.
    assert voting["effect"] == pytest.approx(-0.015, abs=1e-3)
    assert "95 % of the ANN's accuracy" in voting["note"].replace("\u2009", " ")
    assert "differs from that at 50 %" in voting["note"].replace("\u2009", " ")
    assert [(row["condition"].replace("\u2009", " "), row["verdict"]) for row in others] == [
        ("at 80 % of the ANN's accuracy", "not reproduced"),
        ("at 50 % of the ANN's accuracy", "reproduced"),
    ]


def test_a_level_at_the_ceiling_does_not_vote(tmp_path):
    def gain(seed, layer, point):
        # At the highest point, both halves reach the ANN with the larger factor.
        if point == 0.95:
            return {"first": 0.05, "second": 0.0, "third": 0.054}[layer]
        return 0.0

    voting = rows_of(tmp_path, gain, ann=0.96).iloc[0]
    # The smaller factor gives half of the gain, 0.91 and 0.025 or 0.027 above it.
    assert voting["effect"] == pytest.approx(0.002, abs=5e-4)


def test_a_point_at_the_ceiling_does_not_vote(tmp_path):
    def gain(seed, layer, point):
        ceiling = {"first": 0.096, "second": 0.0, "third": 0.1}
        return ceiling[layer] if point == 0.95 else 0.03 * (layer == "third")

    rows = rows_of(tmp_path, gain)
    assert "80" in rows.iloc[0]["note"]
    assert len(rows) == 2


def test_an_effect_that_does_not_change_is_not_said_to(tmp_path):
    voting = rows_of(tmp_path, lambda seed, layer, point: 0.02 * (layer == "third")).iloc[0]
    assert "does not certainly differ" in voting["note"]


def test_a_seed_that_misses_a_point_changes_nothing_for_the_others(tmp_path):
    layers = made.layer_scaling(late_wins_near_chance_only, points=POINTS, base=BASE.get)
    kept = ~((layers.table["seed"] == 2) & (layers.table["operating_point"] == 0.95))
    fewer = made.Study(
        layers.table[kept].reset_index(drop=True), layers.correct[kept], layers.ann_correct
    )
    findings = judged(tmp_path, CONFIG, sweeps=made.sweeps(), layers=fewer)
    chosen = findings[(findings["claim"] == CLAIM) & (findings["network"] == "flat")]
    assert chosen["seeds"].tolist() == [2, 3, 3]
    assert np.isclose(chosen["effect"].iloc[0], -0.015, atol=1e-3)
