"""Claim: the optimal synapse is one of the architecture, not of how long an image is shown.

A longer synapse filters more noise but takes longer to respond, so the best one may only balance
the two within the presentation. Effect: accuracy at the longest presentation time with the synapse
that was best at a quarter of it, minus that with the synapse that is best in the end, averaged over
scales; both chosen on the other seeds, as in the study of settling.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spikesweep.experiments.answers import load_answers
from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import OURS, Claim, Finding
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.settling.best_synapse import kept_less_best
from spikesweep.tables import read_table


def settled_synapse(
    tables: Sequence[str | Path], answers: Sequence[str | Path], config: Mapping[str, Any]
) -> list[Finding]:
    """Judge the claim on each network of the study of settling; its files may be none."""
    claim = Claim(
        name="settled synapse",
        statement="The optimal synapse of an architecture stays so when images are shown longer",
        origin=OURS,
        effect=(
            "accuracy at the longest presentation time with the synapse that is best at a quarter "
            "of it, less that with the best one, both chosen on the other seeds, averaged over all "
            "scales that were tried"
        ),
        unit=ACCURACY,
        threshold=-config["margins"]["accuracy"],
        figure="settling/{network}",
    )
    found = [load_answers(path) for path in answers]
    read = [read_table(path) for path in tables]
    # Networks may be shown different numbers of images.
    draws = {
        str(table["network"].iloc[0]): one.draws for table, one in zip(read, found, strict=True)
    }
    compared = kept_less_best(read, [one.correct for one in found])
    findings = [
        claim.judge(Paired(network, differences, draws[network], choices=synapses), config)
        for network, (differences, synapses) in compared.items()
    ]
    return claim.of_every_network(findings, "settling is not in study.parts", config)
