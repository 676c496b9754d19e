"""Claim: scaling helps most in layers that fire at low rates.

Effect: what the slowest layer of a network gains from scaling less what the other layers gain on
average, in accuracy, where the network is usable. It is judged twice. In networks as they were
trained, rate and depth go together: what is seen there may be due to either. In networks that
compute the same with one layer made slow, each in turn, only the rate differs.

Differences and intervals are those of the study of rates, paired by image.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.evidence import Tabulated
from spikesweep.study.findings.finding import Claim, Finding
from spikesweep.study.findings.units import ACCURACY

# Tests of the study of rates: what they look at, the slow layer, and the figure that shows it.
_TESTS = {
    "slowest_less_others": ("as trained", "the slowest layer", "gain_and_rate"),
    "slowed_less_others": ("made slow in turn", "the slow layer", "rate_transfer/{network}"),
}
_NOTHING = "no network has layers that compare where it is usable"


def low_rate_layers(benefit: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim by each test, on each network. benefit: rows of the study; may be empty."""
    if benefit.empty:
        studied = config["rate_transfer_runs"]
        reason = _NOTHING if studied else "rate_transfer is not in study.parts"
        return [_claim(test, config).not_run(reason) for test in _TESTS]
    return [finding for test in _TESTS for finding in _judged(benefit, test, config)]


def _judged(benefit: pd.DataFrame, test: str, config: Mapping[str, Any]) -> list[Finding]:
    claim = _claim(test, config)
    # Those of single operating points have rows of their own.
    together = benefit["operating_point"].isna()
    rows = benefit[together & (benefit["test"] == test)].set_index("network")
    findings = [
        claim.judge(Tabulated(network, _effect(rows.loc[network]), config["confidence"]), config)
        if network in rows.index
        else claim.not_run("it has no layers that compare where it is usable", network)
        for network in config["networks"]
    ]
    return claim.of_every_network(findings, _NOTHING, config)


def _effect(row: pd.Series) -> Effect:
    return Effect(
        row["statistic"],
        row["statistic_low"],
        row["statistic_high"],
        int(row["seeds"]),
        row["method"],
    )


def _claim(test: str, config: Mapping[str, Any]) -> Claim:
    layers, slow, figure = _TESTS[test]
    return Claim(
        name=f"low-rate layers ({layers})",
        statement=f"Scaling helps most in layers that fire at low rates (layers {layers})",
        effect=(
            f"accuracy if {slow} of a network is scaled, less the mean if one of the others is, "
            "where the network has reached a stated share of the ANN's accuracy"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure=figure,
    )
