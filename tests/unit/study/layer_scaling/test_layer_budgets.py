"""Subsets at the same cost, from tables whose curves are known."""

import math

import pandas as pd
import pytest
from finding_tables import answered
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesweep.experiments.answers import save_answers
from spikesweep.study.layer_scaling.budgets import COLUMNS, match_budgets, matched_budgets

FACTORS = (2, 5, 10)


def scaling(subsets, seeds=(0,), base_cost=100.0, factors=FACTORS, base_accuracy=0.5):
    """Rows for subsets, given as name: (cost of a factor of 1, accuracy per octave)."""
    common = {"network": "net", "images": 1000, "synapse_s": 0.01}
    common |= {"operating_point": 0.8, "base_scale": 10.0}
    rows = []
    for seed in seeds:
        points = [("", 1, 0.0, 0.0)]
        points += [(name, f, *slopes) for name, slopes in subsets.items() for f in factors]
        for name, factor, cost, slope in points:
            total = base_cost + (factor - 1) * cost
            rows.append(
                {
                    **common,
                    "seed": seed,
                    "factor": factor,
                    "subset": name,
                    "layers_scaled": len(name.split("+")) if name else 0,
                    "accuracy": base_accuracy + slope * math.log2(factor),
                    "spikes_per_image": total,
                    "synops_per_image": 10 * total,
                }
            )
    return pd.DataFrame(rows)


def at(matched, kind, budget, subset):
    chosen = matched.query("budget_kind == @kind and budget == @budget and subset == @subset")
    return chosen.iloc[0]


def test_budget_gives_the_factor_that_uses_it_up_and_the_accuracy_there():
    # 25 more spikes for each unit of the factor: 100 more at factor 5.
    matched = matched_budgets(scaling({"a": (25.0, 0.03)}))
    row = at(matched, "spikes", 1.0, "a")
    assert row["budget_per_image"] == 100
    assert row["factor"] == pytest.approx(5)
    assert row["gain"] == pytest.approx(0.03 * math.log2(5))
    assert row["accuracy"] == pytest.approx(0.5 + row["gain"])
    # Between simulated factors: 20 more at factor 1.8; the accuracy is linear in its logarithm.
    between = at(matched, "synops", 0.2, "a")
    assert between["budget_per_image"] == 200
    assert between["factor"] == pytest.approx(1.8)
    assert between["gain"] == pytest.approx(0.03 * math.log2(1.8))


def test_at_the_same_factor_one_wins_at_the_same_cost_the_other():
    matched = matched_budgets(scaling({"large": (80.0, 0.04), "small": (8.0, 0.03)}))
    best = matched[matched["rank"] == 1].set_index(["budget_kind", "budget"])["subset"]
    assert best["spikes", 0.1] == "small"
    assert best["synops", 0.5] == "small"
    assert at(matched, "spikes", 0.5, "large")["rank"] == 2


def test_budget_out_of_reach_is_marked_and_stays_in_the_table():
    matched = matched_budgets(scaling({"large": (80.0, 0.04), "small": (8.0, 0.03)}))
    row = at(matched, "spikes", 2.0, "small")
    assert not row["reachable"]
    assert row[["factor", "accuracy", "gain", "rank"]].isna().all()
    assert not at(matched, "spikes", 2.0, "large")["common"]
    assert at(matched, "spikes", 2.0, "large")["rank"] == 1
    assert at(matched, "spikes", 0.5, "small")["common"]
    # 720 % is what the dearest subset reaches: no budget beyond it is listed.
    assert matched["budget"].max() == 5.0


def test_budget_is_common_only_if_every_seed_reaches_it():
    one = scaling({"a": (10.0, 0.01)}, seeds=[0])
    other = scaling({"a": (6.0, 0.01)}, seeds=[1])
    matched = matched_budgets(pd.concat([one, other]))
    assert not matched.query("budget == 1")["common"].any()
    assert matched.query("budget == 0.5")["common"].all()
    # 90 % and 54 % are within reach.
    assert set(matched["budget"]) == {0.1, 0.2, 0.5}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(10, 50), st.floats(0, 0.05)), min_size=1, max_size=4),
    st.sampled_from([(10,), (2, 5), (0.5, 1, 2, 50)]),
)
def test_gains_of_monotone_tables_are_monotone_in_the_budget(slopes, factors):
    subsets = {f"layer{index}": slope for index, slope in enumerate(slopes)}
    matched = matched_budgets(scaling(subsets, factors=factors))
    for _, curve in matched[matched["reachable"]].groupby(["budget_kind", "subset"]):
        assert curve["factor"].is_monotonic_increasing
        assert (curve["gain"].diff().dropna() >= -1e-9).all()
        assert curve["factor"].between(1, max(factors)).all()


def test_cost_that_falls_at_first_counts_as_level():
    table = scaling({"early": (50.0, 0.02)})
    calmer = (table["subset"] == "early") & (table["factor"] == 2)
    table.loc[calmer, ["spikes_per_image", "synops_per_image"]] = [90.0, 900.0]
    row = at(matched_budgets(table), "spikes", 0.5, "early")
    # 100 spikes at factor 2, 300 at factor 5
    assert row["factor"] == pytest.approx(2 + 3 * 50 / 200)


FILES = {"scaling": "scaling.csv", "answers": "answers.npz"}


def test_silent_network_has_no_budgets(tmp_path):
    table = scaling({"a": (10.0, 0.01), "b": (5.0, 0.01), "a+b": (15.0, 0.02)}, base_cost=0.0)
    assert matched_budgets(table).empty
    (_, _, rows, answers), *_ = answered(table)
    rows.to_csv(tmp_path / "scaling.csv", index=False)
    save_answers(answers, tmp_path / "answers.npz")
    match_budgets(
        inputs={name: [tmp_path / file] for name, file in FILES.items()},
        outputs={name: tmp_path / f"{name}.csv" for name in ("matched", "contrast")},
        config={"confidence": 0.95},
    )
    assert tuple(pd.read_csv(tmp_path / "matched.csv").columns) == COLUMNS
    assert set(pd.read_csv(tmp_path / "contrast.csv")["comparison"]) == {"same factor"}
