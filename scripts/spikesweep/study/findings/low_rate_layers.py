"""Claim: scaling helps most in layers that fire at low rates.

Effect: what the slowest layer of a network gains from scaling less what the other layers gain on
average, in accuracy, where the network is usable. It is judged twice. In networks as they were
trained, rate and depth go together: what is seen there may be due to either. In networks that
compute the same with one layer made slow, each in turn, only the rate differs.

Each image is answered with either layer scaled, so the effect is paired by image.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import ORIGINAL, OURS, Claim, Finding
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.rate_transfer.contrasts import slowed_less_others, slowest_less_others

# (seeds, images) of a network, from its tables and answers; None if nothing compares.
_Differences = Callable[
    [Sequence[pd.DataFrame], Sequence[NDArray[np.bool_]]], NDArray[np.float64] | None
]
# What is judged: the differences, the slow layer in words, and the figure that shows them.
_TRAINED = "as trained"
_TESTS: dict[str, tuple[_Differences, str, str]] = {
    _TRAINED: (
        partial(slowest_less_others, rate="base_rate_hz"),
        "the slowest layer",
        "gain_and_rate",
    ),
    "made slow in turn": (slowed_less_others, "the slow layer", "rate_transfer/{network}"),
}
_NOTHING = "no network has layers that compare where it is usable"
_BENT = (
    "the rate of LIF neurons is not proportional to their current, so that no layer can be made "
    "slow in a network that computes the same"
)


def low_rate_layers(studies: Sequence[Answered], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim by each test, on each network. studies: those of rates; may be empty."""
    if not studies:
        studied = config["rate_transfer_runs"]
        found_nothing = _BENT if config["rates_bend"] else _NOTHING
        reason = found_nothing if studied else "rate_transfer is not in study.parts"
        return [_claim(test, config).not_run(reason) for test in _TESTS]
    by_network = {study.network: study for study in studies}
    return [finding for test in _TESTS for finding in _judged(by_network, test, config)]


def _judged(studies: Mapping[str, Answered], test: str, config: Mapping[str, Any]) -> list[Finding]:
    claim = _claim(test, config)
    findings = [_on(studies.get(network), network, test, config) for network in config["networks"]]
    return claim.of_every_network(findings, _NOTHING, config)


def _on(study: Answered | None, network: str, test: str, config: Mapping[str, Any]) -> Finding:
    claim, compare = _claim(test, config), _TESTS[test][0]
    # A single layer has no other to be compared with.
    several = study is not None and min(t["layer"].nunique() for t in study.tables) > 1
    differences = compare(study.tables, study.correct) if study and several else None
    if study is None or differences is None:
        return claim.not_run("it has no layers that compare where it is usable", network)
    return claim.judge(Paired(network, differences, study.draws), config)


def _claim(test: str, config: Mapping[str, Any]) -> Claim:
    _, slow, figure = _TESTS[test]
    return Claim(
        name=f"low-rate layers ({test})",
        statement=f"Scaling helps most in layers that fire at low rates (layers {test})",
        origin=ORIGINAL if test == _TRAINED else OURS,
        effect=(
            f"accuracy if {slow} of a network is scaled, less the mean if one of the others is, "
            "where the network has reached a stated share of the ANN's accuracy"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure=figure,
    )
