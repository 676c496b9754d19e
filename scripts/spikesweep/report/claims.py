"""What is said about claims beside the figures that show them."""

from collections.abc import Iterable

from markupsafe import Markup

from spikesweep.report.rows import Row
from spikesweep.study.findings.finding import NOT_RUN
from spikesweep.study.findings.numbered import claim_numbers
from spikesweep.study.findings.units import written

# It shows all claims, with their numbers: the table above it has the words.
_OF_ALL_CLAIMS = "findings"


def claims_by_figure(findings: Iterable[Row], labels: dict[str, str]) -> dict[str, list[Markup]]:
    """A sentence for each verdict that a figure shows, by the figure's name.

    labels: of networks, by their names.
    """
    findings = list(findings)
    numbers = claim_numbers(row["claim"] for row in findings)
    said: dict[str, list[Markup]] = {}
    for row in findings:
        figure = row["figure"]
        if row["verdict"] != NOT_RUN and figure and figure != _OF_ALL_CLAIMS:
            said.setdefault(figure, []).append(_sentence(row, numbers[row["claim"]], labels))
    return said


def _sentence(row: Row, number: int, labels: dict[str, str]) -> Markup:
    of_what = [labels.get(row["network"], row["network"]), row["condition"]]
    return Markup('<a href="#claim-{}">Claim {}</a>{}: <strong>{}</strong>, {} ({}).').format(
        number,
        number,
        "".join(f", {part}" for part in of_what if part),
        row["verdict"],
        *written(row),
    )
