"""Which layers to scale if every choice costs the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from spikesweep.experiments.answered import answered
from spikesweep.study.layer_scaling.contrast import early_late_contrast
from spikesweep.tables import read_tables, write_csv

# Extra cost, as a share of what the base costs.
BUDGETS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
COSTS = {"spikes": "spikes_per_image", "synops": "synops_per_image"}
COLUMNS = (
    *("network", "seed", "images", "synapse_s"),
    *("operating_point", "base_scale"),
    *("budget_kind", "budget", "budget_per_image", "common"),
    *("subset", "layers_scaled", "reachable", "factor", "accuracy", "gain", "rank"),
)


def match_budgets(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the tables of `matched_budgets` and `early_late_contrast` for all seeds of a network.

    inputs: scaling, answers. outputs: matched, contrast.
    config: confidence.
    """
    scaling = read_tables(inputs["scaling"])
    matched = matched_budgets(scaling)
    write_csv(matched, outputs["matched"])
    studies = answered(inputs["scaling"], inputs["answers"])
    contrast = early_late_contrast(studies, matched, config["confidence"])
    write_csv(contrast, outputs["contrast"])


def matched_budgets(scaling: pd.DataFrame) -> pd.DataFrame:
    """Compare subsets of layers that all raise the cost of an image by the same amount.

    scaling: rows of the layer-scaling study, of any networks and seeds.

    A budget is an extra cost (spikes or synops per image) above the base, where no layer is
    scaled. It is stated as a share of the base's cost, and there is one for each of `BUDGETS`
    that at least one subset reaches. Between the simulated factors the cost of a subset is
    linear in the factor (constant where noise makes it fall), which gives the factor that uses
    up the budget. The accuracy there is interpolated over the logarithm of the factor by
    monotone cubics (PCHIP: Fritsch and Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300-304).

    Returns one row per (network, operating point, budget, seed, subset):
        budget_kind: spikes or synops; budget: share of the base's cost; budget_per_image: in
            spikes or synops of this seed; common: whether every subset reaches it in every seed.
        reachable: whether the subset's largest factor costs as much. If not, then factor,
            accuracy, gain (over the base) and rank (1 gains most) are empty.
    """
    named = scaling.fillna({"subset": ""})
    rows = []
    for _, of_base in named.groupby(["network", "operating_point"], sort=False):
        for kind in COSTS:
            curves = _curves(of_base, kind)
            for budget in BUDGETS:
                if any(curve.reaches(budget) for curve in curves):
                    rows += [curve.row(budget) for curve in curves]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    at_budget = ["network", "operating_point", "budget_kind", "budget"]
    table["common"] = table.groupby(at_budget)["reachable"].transform("all")
    table["rank"] = table.groupby([*at_budget, "seed"])["gain"].rank(method="min", ascending=False)
    return table


@dataclass(frozen=True)
class _Curve:
    """Extra cost and accuracy of one subset against the factor, in one seed.

    factors, extra, accuracy: (points,); factor 1 is the base; extra is a share of `base_cost`.
    """

    facts: dict[str, Any]
    base_cost: float
    base_accuracy: float
    factors: np.ndarray
    extra: np.ndarray
    accuracy: np.ndarray

    def reaches(self, budget: float) -> bool:
        return bool(self.extra[-1] >= budget)

    def row(self, budget: float) -> dict[str, Any]:
        factor = accuracy = np.nan
        if self.reaches(budget):
            factor = float(np.interp(budget, self.extra, self.factors))
            curve = PchipInterpolator(np.log(self.factors), self.accuracy)
            accuracy = float(curve(np.log(factor)))
        return {
            **self.facts,
            "budget": budget,
            "budget_per_image": budget * self.base_cost,
            "reachable": self.reaches(budget),
            "factor": factor,
            "accuracy": accuracy,
            "gain": accuracy - self.base_accuracy,
        }


def _curves(of_base: pd.DataFrame, kind: str) -> list[_Curve]:
    return [
        _curve(base, of_subset, kind)
        for _, of_seed in of_base.groupby("seed")
        for base in of_seed[of_seed["subset"] == ""].to_dict("records")
        # If a network is silent at its base, no cost can be stated as a share of it.
        if base[COSTS[kind]] > 0
        for _, of_subset in of_seed[of_seed["subset"] != ""].groupby("subset", sort=False)
    ]


def _curve(base: dict[str, Any], of_subset: pd.DataFrame, kind: str) -> _Curve:
    # Factors below 1 save; a factor of 1 is the base again.
    scaled = of_subset[of_subset["factor"] > 1].sort_values("factor")
    base_cost = base[COSTS[kind]]
    cost = np.array([base_cost, *scaled[COSTS[kind]]])
    keys = ("network", "seed", "images", "synapse_s", "operating_point", "base_scale")
    facts = {key: base[key] for key in keys}
    names = of_subset[["subset", "layers_scaled"]].iloc[0].to_dict()
    return _Curve(
        facts={**facts, "budget_kind": kind, **names},
        base_cost=base_cost,
        base_accuracy=base["accuracy"],
        factors=np.array([1.0, *scaled["factor"]]),
        extra=np.maximum.accumulate(cost / base_cost - 1),
        accuracy=np.array([base["accuracy"], *scaled["accuracy"]]),
    )
