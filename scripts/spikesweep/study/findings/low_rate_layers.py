"""Claim: scaling helps most in layers that fire at low rates.

Effect: how strongly the gain from scaling a layer falls with the rate at which it fires, the
negative of their rank correlation over the layers of a network. It is judged twice. In networks
as they were trained, rate and depth go together: what is seen there may be due to either. In
networks that compute the same with one layer made slow, each in turn, only the rate differs.

Correlation and interval are those of the study of rates. Its bootstrap of few seeds tends to be
narrow, so the study's t test over seeds has to agree that there is an effect, where it exists.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.evidence import Tabulated
from spikesweep.study.findings.finding import Claim, Finding
from spikesweep.study.findings.units import CORRELATION
from spikesweep.study.rate_transfer.benefit import ALL

# Tests of the study of rates: what they look at, and the figure that shows it for one network.
_TESTS = {
    "observed_rate": ("as trained", "gain_and_rate"),
    "caused_rate": ("made slow in turn", "rate_transfer/{network}"),
}


def low_rate_layers(benefit: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim by each test. benefit: rows of the study of rates; may be empty."""
    if benefit.empty:
        studied = config["rate_transfer_runs"]
        reason = (
            "no network has layers to compare" if studied else "rate_transfer is not in study.parts"
        )
        return [_claim(test, config).not_run(reason) for test in _TESTS]
    # The claim is about every network: the mean over all of them would hide one that refutes it.
    of_networks = benefit[benefit["networks"] != ALL]
    return [
        finding
        for test in _TESTS
        for finding in _claim(test, config).of_every_network(
            [
                _judged(row, config)
                for row in of_networks[of_networks["test"] == test].to_dict("records")
            ],
            "no network has layers to compare",
            config,
        )
    ]


def _judged(row: dict[str, Any], config: Mapping[str, Any]) -> Finding:
    # Resampling a single seed says nothing about other seeds.
    unknown = row["seeds"] < 2
    effect = Effect(
        -row["statistic"],
        math.nan if unknown else -row["statistic_high"],
        math.nan if unknown else -row["statistic_low"],
        int(row["seeds"]),
        row["method"],
    )
    doubted = row["p_value"] > 1 - config["confidence"]
    evidence = Tabulated(row["networks"], effect, config["confidence"])
    return _claim(row["test"], config).judge(evidence, config, doubted=doubted)


def _claim(test: str, config: Mapping[str, Any]) -> Claim:
    layers, figure = _TESTS[test]
    return Claim(
        name=f"low-rate layers ({layers})",
        statement=f"Scaling helps most in layers that fire at low rates (layers {layers})",
        effect=(
            "rank correlation of a layer's gain from scaling with its firing rate, negated; "
            "inconclusive, too, where a t test over seeds finds none"
        ),
        unit=CORRELATION,
        threshold=config["margins"]["rank_correlation"],
        figure=figure,
    )
