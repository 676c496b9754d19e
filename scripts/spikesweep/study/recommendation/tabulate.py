"""What was recommended for each network and whether it holds, and how the searches compare."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.experiments.readings import CANDIDATE_COLUMNS
from spikesweep.study.recommendation.check import MEAN
from spikesweep.tables import read_tables, write_csv

# Evaluations after which methods are compared.
_BUDGETS = (25, 50, 100)
_CHECKED = [
    "images",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "ann_accuracy",
    "loss",
    "loss_low",
    "loss_high",
    "promised_loss",
    "promised_at_most",
    "verdict",
    "spikes_per_image",
    "synops_per_image",
    "promised_synops_per_image",
    "input_macs_per_image",
    "operations_per_image",
    "ann_macs_per_image",
    "operations_over_ann",
]


def tabulate_recommendations(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write what was recommended, see `recommended_settings`, and found, see `compare_methods`.

    inputs: candidates, checks, savings, searches, baselines: of all networks.
    outputs: recommendations, methods, baselines (those of all networks). config: nothing.
    """
    candidates, checks, savings = (
        read_tables(inputs[name]) for name in ("candidates", "checks", "savings")
    )
    write_csv(recommended_settings(candidates, checks, savings), outputs["recommendations"])
    write_csv(compare_methods(read_tables(inputs["searches"])), outputs["methods"])
    write_csv(read_tables(inputs["baselines"]), outputs["baselines"])


def recommended_settings(
    candidates: pd.DataFrame, checks: pd.DataFrame, savings: pd.DataFrame
) -> pd.DataFrame:
    """One row per network; numbers are means over seeds on test images, unless named otherwise.

    candidates, checks, savings: what `recommend_setting` and `check_recommendation` wrote, all
        networks. Savings are measured on validation images, like the promises.
    """
    chosen = candidates[candidates["chosen"]].set_index("network")
    means = checks[checks["seed"].astype(str) == MEAN].set_index("network")
    named = chosen[["kind", *CANDIDATE_COLUMNS, "within_margin", "found_by", "seeds"]]
    parts = [named, means[_CHECKED], savings.set_index("network")]
    return pd.concat(parts, axis=1).reset_index()


def compare_methods(search: pd.DataFrame) -> pd.DataFrame:
    """One row per network and search method: what it found within the margin, and how soon.

    search: what `search_settings` wrote, all networks. All numbers are from its images; those
    of settings within the margin are empty if there is no such setting.

    synops_per_image_after_25, ...: of its cheapest after so many evaluations; a method that
        ends sooner keeps its last value.
    evaluations_until_cheapest: how many it took to find its cheapest of all.
    above_best: by what share its cheapest costs more than that of the best method.
    """
    best = search.groupby("network")["cheapest_synops_per_image"].min()
    rows = []
    for (network, method), tried in search.groupby(["network", "method"], sort=False):
        so_far = tried.groupby("evaluation")["cheapest_synops_per_image"].last()
        cheapest = so_far.min()
        after = {
            f"synops_per_image_after_{budget}": so_far.loc[:budget].min() for budget in _BUDGETS
        }
        rows.append(
            {
                "network": network,
                "method": method,
                "evaluations": tried["evaluation"].max(),
                **after,
                "cheapest_synops_per_image": cheapest,
                "evaluations_until_cheapest": so_far[so_far == cheapest].index.min(),
                "above_best": cheapest / best[network] - 1,
                "settings_on_front": int(tried["on_front"].sum()),
            }
        )
    return pd.DataFrame(rows)
