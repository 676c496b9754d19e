"""Claim: scaling helps most in layers that fire at low rates.

Effect: how strongly the gain from scaling a layer falls with the rate at which it fires, the
negative of their rank correlation. Each test of the study of rates is judged: what is observed
between layers as they are, and what happens to a layer if only its rate is changed. Correlation
and interval are that study's.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.study.findings.finding import CORRELATION, Claim, Effect, Finding


def low_rate_layers(benefit: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim by each test. benefit: rows of the study of rates, or none."""
    if benefit.empty:
        return [_claim("", config).not_run("layer_scaling is not in study.parts")]
    return [
        _claim(row["test"], config).judge(
            Effect(
                -row["statistic"],
                -row["statistic_high"],
                -row["statistic_low"],
                int(row["seeds"]),
                row["method"],
            )
        )
        for row in benefit.to_dict("records")
    ]


def _claim(test: str, config: Mapping[str, Any]) -> Claim:
    return Claim(
        name=f"low-rate layers ({test})" if test else "low-rate layers",
        statement="Scaling helps most in layers that fire at low rates",
        effect="negative rank correlation of a layer's gain from scaling with its firing rate",
        unit=CORRELATION,
        threshold=config["margins"]["rank_correlation"],
        figure="gain_and_rate",
    )
