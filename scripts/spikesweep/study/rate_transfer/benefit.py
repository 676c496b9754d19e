"""Does scaling help most in layers that fire slowly? The tests, over all networks and seeds."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest, ttest_1samp
from statsmodels.stats.proportion import proportion_confint

from spikesweep.files import write_csv
from spikesweep.metadata import write_metadata
from spikesweep.study.rate_transfer.shares import MEASURES, RateAndPlace
from spikesweep.study.rate_transfer.strata import bootstrap_interval, rank_correlations, strata_of
from spikesweep.study.rate_transfer.variants import TRAINED, slow_layer
from spikesweep.tables import read_tables

# Value of the column `networks` in rows about all of them.
ALL = "all"
COLUMNS = (
    "test",
    "networks",
    "seeds",
    "points",
    "quantity",
    "statistic",
    "statistic_low",
    "statistic_high",
    "p_value",
    "method",
)
_BOOTSTRAP = "percentile bootstrap of seeds within networks and of settings within seeds"
_QUANTITIES = {
    "rate_slope": "accuracy per factor of 10 in rate",
    "rate_share": "share of variance",
    "place_share": "share of variance",
}


def relate_gain_to_rate(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Test how the gain from scaling a layer is related to its rate; see `benefit`.

    inputs: transfer, the tables of all networks and seeds. outputs: benefit, metadata.
    config: confidence, bootstrap, seed.
    """
    write_csv(benefit(read_tables(inputs["transfer"]), config), outputs["benefit"])
    write_metadata(outputs["metadata"], config)


def benefit(transfer: pd.DataFrame, config: Mapping[str, Any]) -> pd.DataFrame:
    """One row per test, for all networks together and for each.

    Layers are compared within one network at one setting. Rank correlations:
    observed_rate: gain and base rate of the layers of trained networks.
    caused_rate: the same where each layer in turn was made slow, all others being alike, so
        that no depth is slow more often than another.
    predicted_gain(_cascade): predicted and measured gain, everywhere; with `_trained`, in
        trained networks alone.

    slowed_gains_most: share of the networks with a slowed layer (gains averaged over settings)
        in which that layer gains most; the method states the share expected by chance.
    rate_slope, rate_share, place_share: see `RateAndPlace`, over the networks whose layers
        were made alike or slow.

    points: rows, or networks with a slowed layer. quantity: what the statistic is.
    Empty if there is nothing to compare.
    """
    # A single layer has no other to be compared with.
    transfer = transfer[transfer.groupby("network")["layer"].transform("nunique") > 1]
    if transfer.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    groups = {ALL: transfer} | dict(iter(transfer.groupby("network", sort=False)))
    rows = [
        {"networks": name, "seeds": len(group[["network", "seed"]].drop_duplicates())} | row
        for name, group in groups.items()
        for row in _tests(group, config)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {test: index for index, test in enumerate(table["test"].unique())}
    return table.sort_values("test", key=lambda tests: tests.map(order), kind="stable")


def _tests(transfer: pd.DataFrame, config: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    trained = transfer[transfer["variant"] == TRAINED]
    slowed = transfer[transfer["variant"].map(slow_layer).notna()]
    rate, gain = "base_rate_hz", "gain"
    yield _correlation("observed_rate", trained, rate, gain, config)
    yield _correlation("caused_rate", slowed, rate, gain, config)
    yield _slowed_gains_most(slowed, config)
    yield from _rate_and_place(transfer[transfer["variant"] != TRAINED], config)
    for prediction in ("predicted_gain", "predicted_gain_cascade"):
        yield _correlation(prediction, transfer, prediction, gain, config)
        yield _correlation(f"{prediction}_trained", trained, prediction, gain, config)


def _correlation(
    test: str, rows: pd.DataFrame, one: str, other: str, config: Mapping[str, Any]
) -> dict[str, Any]:
    strata, seeds = strata_of(rows)
    found = rank_correlations(strata, one, other)
    low, high = bootstrap_interval(lambda drawn: found[drawn].mean(), seeds, config)
    return {
        "test": test,
        "points": len(rows),
        "quantity": "rank correlation",
        "statistic": found.mean(),
        "statistic_low": low,
        "statistic_high": high,
        "p_value": _p_value([found[of_seed].mean() for of_seed in seeds.values()]),
        "method": f"Spearman over the layers of a network, mean over networks and settings; "
        f"{_BOOTSTRAP}; p: t test of the seeds' means",
    }


def _slowed_gains_most(slowed: pd.DataFrame, config: Mapping[str, Any]) -> dict[str, Any]:
    """Each network with a slowed layer is a trial, its settings averaged."""
    keys = ["network", "seed", "variant"]
    gains = slowed.groupby([*keys, "layer"], sort=False)["gain"].mean().reset_index()
    best = gains.loc[gains.groupby(keys, sort=False)["gain"].idxmax()]
    hits = int((best["variant"].map(slow_layer) == best["layer"]).sum())
    # Mean over networks of different depth.
    chance = float((1 / gains.groupby(keys)["layer"].nunique()).mean())
    low, high = proportion_confint(hits, len(best), alpha=1 - config["confidence"], method="wilson")
    return {
        "test": "slowed_gains_most",
        "points": len(best),
        "quantity": "share of networks",
        "statistic": hits / len(best),
        "statistic_low": low,
        "statistic_high": high,
        "p_value": binomtest(hits, len(best), chance).pvalue,
        "method": f"Wilson interval; p: binomial test against chance, {chance:.3g}",
    }


def _rate_and_place(altered: pd.DataFrame, config: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    strata, seeds = strata_of(altered)
    measures = RateAndPlace(strata)
    everything = measures(np.arange(len(strata)))
    low, high = bootstrap_interval(measures, seeds, config)
    of_seeds = [measures(np.array(of_seed)) for of_seed in seeds.values()]
    for index, test in enumerate(MEASURES):
        yield {
            "test": test,
            "points": len(altered),
            "quantity": _QUANTITIES[test],
            "statistic": everything[index],
            "statistic_low": low[index],
            "statistic_high": high[index],
            # A share of variance cannot be below zero, so no test against zero means anything.
            "p_value": _p_value([of_seed[0] for of_seed in of_seeds]) if index == 0 else None,
            "method": "least squares of gain on log10 rate and place in networks and settings; "
            f"{_BOOTSTRAP}{'' if index else '; p: t test of slopes of seeds'}",
        }


def _p_value(of_seeds: list[float]) -> float | None:
    """p-value of the hypothesis that the mean over seeds is zero; None if it cannot be computed."""
    if len(of_seeds) < 2 or np.ptp(of_seeds) == 0:
        return None
    return float(ttest_1samp(of_seeds, 0).pvalue)
