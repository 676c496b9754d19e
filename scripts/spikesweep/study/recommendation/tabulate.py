"""What was recommended for each network and whether it holds, and how the searches compare."""

import pandas as pd

from spikesweep.study.recommendation.check import MEAN

_COMPARED = ["synops_saved", "accuracy_gained", "accuracy_gained_low", "accuracy_gained_high"]
_CHECKED = [
    "images",
    "steps",
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
    "synops_per_image",
    "promised_synops_per_image",
    "spikes_per_image",
    *_COMPARED,
]


def tabulate_recommendations(candidates: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row a network; numbers are means over its seeds on test images unless they say else.

    candidates, checks: what `recommend_setting` and `check_recommendation` wrote, all networks.
    """
    chosen = candidates[candidates["chosen"] & (candidates["kind"] == "recommended")]
    means = checks[checks["seed"].astype(str) == MEAN]
    ours = means[means["kind"] == "recommended"].set_index("network")
    uniform = means[means["kind"] == "uniform"].set_index("network")
    named = chosen.set_index("network")
    columns = ["synapse_s", "scale_firing_rates"]
    table = pd.concat(
        [
            named[[*columns, "within_margin", "found_by", "seeds"]],
            ours[_CHECKED],
            uniform[[*columns, "loss", "synops_per_image"]].add_prefix("uniform_"),
        ],
        axis=1,
    )
    return table.reset_index()


def compare_methods(search: pd.DataFrame) -> pd.DataFrame:
    """One row a network and search method: what it found, also after equally many evaluations.

    search: what `search_settings` wrote, all networks. All numbers are from its images.

    budget: as many evaluations as the method with the fewest made, exhaustive search apart.
    cheapest_within_budget_synops_per_image: fewest synops within the margin after so many.
    evaluations_until_cheapest: how many it took to find its cheapest.
    above_best: synops of its cheapest, relative to the cheapest of all methods, minus 1.
    """
    rows = []
    for network, of_network in search.groupby("network", sort=False):
        budgeted = of_network[of_network["method"] != "exhaustive"]
        budget = int(budgeted.groupby("method")["evaluation"].max().min())
        best = of_network["cheapest_synops_per_image"].min()
        for method, tried in of_network.groupby("method", sort=False):
            so_far = tried.set_index("evaluation")["cheapest_synops_per_image"]
            cheapest = so_far.min()
            reached = so_far[so_far == cheapest]
            rows.append(
                {
                    "network": network,
                    "method": method,
                    "evaluations": len(tried),
                    "budget": budget,
                    "cheapest_within_budget_synops_per_image": so_far.loc[:budget].min(),
                    "cheapest_synops_per_image": cheapest,
                    "evaluations_until_cheapest": reached.index.min(),
                    "above_best": cheapest / best - 1,
                    "settings_on_front": int(tried["on_front"].sum()),
                }
            )
    return pd.DataFrame(rows)
