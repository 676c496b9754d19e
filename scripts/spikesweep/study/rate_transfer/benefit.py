"""Does scaling help most in layers that fire slowly? The tests, on each network."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import load_answers
from spikesweep.metadata import write_metadata
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.study.rate_transfer.contrasts import Bits, slowed_less_others, slowest_less_others
from spikesweep.study.rate_transfer.shares import MEASURES, RateAndPlace
from spikesweep.study.rate_transfer.strata import (
    Strata,
    bootstrap_interval,
    rank_correlations,
    strata_of,
)
from spikesweep.study.rate_transfer.variants import TRAINED, slow_layer
from spikesweep.tables import read_table, write_csv

COLUMNS = (
    "test",
    "network",
    "operating_point",
    "seeds",
    "points",
    "quantity",
    "statistic",
    "statistic_low",
    "statistic_high",
    "method",
)
_DIFFERENCE = "accuracy difference"
_BOOTSTRAP = "percentile bootstrap of seeds and of settings within seeds"
_QUANTITIES = {
    "rate_slope": "accuracy per factor of 10 in rate",
    "rate_share": "share of variance",
    "place_share": "share of variance",
}


def relate_gain_to_rate(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Test how the gain from scaling a layer is related to its rate; see `benefit`.

    inputs: transfer and answers, the files of all networks and seeds, in the same order.
    outputs: benefit, metadata. config: confidence, bootstrap, seed.
    """
    tables = [read_table(path) for path in inputs["transfer"]]
    correct = [load_answers(path).final for path in inputs["answers"]]
    write_csv(benefit(tables, correct, config), outputs["benefit"])
    write_metadata(outputs["metadata"], config)


def benefit(
    tables: Sequence[pd.DataFrame], correct: Sequence[Bits], config: Mapping[str, Any]
) -> pd.DataFrame:
    """One row per test and network.

    tables: rows of the study of rates, a table per network and seed, which may be empty.
    correct: of each, (rows, images), whether each image is recognised with the layer scaled;
        all seeds of a network saw the same images.

    Differences of accuracy, paired by image and crossed with seeds:
    slowed_less_others: where each layer in turn was made slow, see `slowed_less_others`.
    slowest_less_others: the slowest layer of the networks as trained.
    slowest_active_less_others: the same, if a layer's rate is that of the neurons that fire:
        silent ones make a sparse layer look slow, although its spikes come fast.

    slowed_gains_most: share of the networks with a slowed layer (gains averaged over settings)
        in which that layer gains most; the method states the share expected by chance.
    rate_slope, rate_share, place_share: see `RateAndPlace`, over the networks whose layers
        were made alike or slow.
    predicted_gain(_cascade, _rectified): rank correlation of predicted and measured gain among the
        layers of a network at one setting, everywhere; with `_trained`, in trained networks alone.

    rate_factor(_rectified): by what factor the rates of layers differ from those of the trained
        network, or from those that rectification predicts: exp of the mean absolute logarithm.
    accuracy_error(_rectified): mean absolute difference of predicted and measured accuracy, before
        a layer is scaled.

    Networks are not pooled: they are different architectures, not a sample of any. Differences
    have a row for each operating point, and one for all, whose `operating_point` is empty.

    points: rows, answers, or networks with a slowed layer. quantity: what the statistic is.
    Empty if there is nothing to compare.
    """
    by_network: dict[str, list[int]] = {}
    for number, table in enumerate(tables):
        # A single layer has no other to be compared with.
        if table["layer"].nunique() > 1:
            by_network.setdefault(table["network"].iloc[0], []).append(number)
    rows = [
        {"network": network, "seeds": len(seeds)} | row
        for network, seeds in by_network.items()
        for row in _tests([tables[n] for n in seeds], [correct[n] for n in seeds], config)
    ]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {test: index for index, test in enumerate(found["test"].unique())}
    return found.sort_values("test", key=lambda tests: tests.map(order), kind="stable")


def _tests(
    tables: Sequence[pd.DataFrame], correct: Sequence[Bits], config: Mapping[str, Any]
) -> Iterable[dict[str, Any]]:
    active = [
        table.assign(active_rate_hz=table["base_rate_hz"] / table["active_share"])
        for table in tables
    ]
    points = sorted(pd.concat(tables)["operating_point"].unique())
    for point in (None, *points):
        # Rows keep their index, which is that of their answers.
        chosen = [t[t["operating_point"] == point] for t in active] if point else active
        yield from _differences(chosen, correct, point, config)
    transfer = pd.concat(tables, ignore_index=True)
    slowed = transfer[transfer["variant"].map(slow_layer).notna()]
    trained = transfer[transfer["variant"] == TRAINED]
    altered = transfer[transfer["variant"] != TRAINED]
    if len(slowed):
        yield _slowed_gains_most(slowed)
        yield from _rate_and_place(altered, config)
    for prediction in ("predicted_gain", "predicted_gain_cascade", "predicted_gain_rectified"):
        yield _correlation(prediction, transfer, prediction, config)
        if len(trained):
            yield _correlation(f"{prediction}_trained", trained, prediction, config)
    yield from _calibration(transfer, config)


def _differences(
    tables: Sequence[pd.DataFrame],
    correct: Sequence[Bits],
    point: float | None,
    config: Mapping[str, Any],
) -> Iterable[dict[str, Any]]:
    found = {
        "slowed_less_others": slowed_less_others(tables, correct),
        "slowest_less_others": slowest_less_others(tables, correct, "base_rate_hz"),
        "slowest_active_less_others": slowest_less_others(tables, correct, "active_rate_hz"),
    }
    for test, differences in found.items():
        if differences is None:
            continue
        effect = crossed_effect(differences, confidence=config["confidence"])
        yield {
            "test": test,
            "operating_point": point,
            "points": differences.size,
            "quantity": _DIFFERENCE,
            "statistic": effect.value,
            "statistic_low": effect.low,
            "statistic_high": effect.high,
            "method": effect.method,
        }


def _correlation(
    test: str, rows: pd.DataFrame, prediction: str, config: Mapping[str, Any]
) -> dict[str, Any]:
    strata, seeds = strata_of(rows)
    found = rank_correlations(strata, prediction, "gain")
    low, high = bootstrap_interval(lambda drawn: found[drawn].mean(), seeds, config)
    return {
        "test": test,
        "points": len(rows),
        "quantity": "rank correlation",
        "statistic": found.mean(),
        "statistic_low": low,
        "statistic_high": high,
        "method": f"Spearman over the layers of a network, mean over settings; {_BOOTSTRAP}",
    }


def _calibration(rows: pd.DataFrame, config: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """How far predictions are from what was measured, without rectification and with it."""
    strata, seeds = strata_of(rows[rows["base_rate_hz"] > 0])
    if not strata:
        return
    for test, predicted in (
        ("rate_factor", "nominal_rate_hz"),
        ("rate_factor_rectified", "predicted_rate_hz"),
    ):
        logs = [np.abs(np.log(one["base_rate_hz"] / one[predicted])).mean() for one in strata]
        yield _error(test, "factor", np.array(logs), np.exp, len(rows), seeds, config)
    for test, predicted in (
        ("accuracy_error", "predicted_base_accuracy"),
        ("accuracy_error_rectified", "predicted_base_accuracy_rectified"),
    ):
        errors = [np.abs(one["base_accuracy"] - one[predicted]).mean() for one in strata]
        yield _error(test, _DIFFERENCE, np.array(errors), np.positive, len(rows), seeds, config)


def _error(
    test: str,
    quantity: str,
    errors: np.ndarray,
    unit: Callable[[Any], Any],
    points: int,
    seeds: Strata,
    config: Mapping[str, Any],
) -> dict[str, Any]:
    low, high = bootstrap_interval(lambda drawn: unit(errors[drawn].mean()), seeds, config)
    return {
        "test": test,
        "points": points,
        "quantity": quantity,
        "statistic": unit(errors.mean()),
        "statistic_low": low,
        "statistic_high": high,
        "method": f"mean absolute error over layers and settings; {_BOOTSTRAP}",
    }


def _slowed_gains_most(slowed: pd.DataFrame) -> dict[str, Any]:
    """Each network with a slowed layer is a trial, its settings averaged."""
    keys = ["network", "seed", "variant"]
    gains = slowed.groupby([*keys, "layer"], sort=False)["gain"].mean().reset_index()
    best = gains.loc[gains.groupby(keys, sort=False)["gain"].idxmax()]
    hits = int((best["variant"].map(slow_layer) == best["layer"]).sum())
    chance = float((1 / gains.groupby(keys)["layer"].nunique()).mean())
    return {
        "test": "slowed_gains_most",
        "points": len(best),
        "quantity": "share of networks",
        "statistic": hits / len(best),
        "method": f"a count; seeds and layers of one network are no independent trials; "
        f"{chance:.3g} by chance",
    }


def _rate_and_place(altered: pd.DataFrame, config: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    strata, seeds = strata_of(altered)
    measures = RateAndPlace(strata)
    everything = measures(np.arange(len(strata)))
    low, high = bootstrap_interval(measures, seeds, config)
    for index, test in enumerate(MEASURES):
        yield {
            "test": test,
            "points": len(altered),
            "quantity": _QUANTITIES[test],
            "statistic": everything[index],
            "statistic_low": low[index],
            "statistic_high": high[index],
            "method": "least squares of gain on log10 rate and place in networks and settings; "
            f"{_BOOTSTRAP}",
        }
