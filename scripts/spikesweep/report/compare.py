"""What differs between two finished runs: python -m spikesweep.report.compare A B

Verdicts, key settings and costs, and the values of the config, side by side on one page.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from spikesweep.errors import UserError
from spikesweep.files import write_text
from spikesweep.report.environment import page_environment
from spikesweep.report.finished_run import read_run
from spikesweep.report.rows import Row
from spikesweep.study.findings.finding import NOT_RUN
from spikesweep.study.findings.units import written
from spikesweep.words import NOTHING, percentage, points, si, three_digits, yaml_line

_TEMPLATE = Path("reports", "compare.html.j2")


@dataclass(frozen=True)
class Line:
    """A line of the page: what it is about, in both runs, in words.

    name: of a claim, a network's number, or a key of the config.
    changed: whether it differs in what matters: for a claim, that is its verdict.
    """

    name: str
    one: str
    other: str
    changed: bool


def main() -> None:
    """Write a page that compares two finished runs; end with a message if one is not finished."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.compare", description=main.__doc__
    )
    parser.add_argument("one", type=Path, help="folder of results, such as results")
    parser.add_argument("other", type=Path, help="another one, such as results/mine")
    parser.add_argument(
        "--to", type=Path, default=Path("comparison.html"), help="the page (%(default)s)"
    )
    arguments = parser.parse_args()
    page = arguments.to
    try:
        write_comparison(arguments.one, arguments.other, page, Path.cwd() / _TEMPLATE)
    except UserError as error:
        sys.exit(str(error))
    print(f"The comparison: {page.resolve()}")


def write_comparison(one: Path, other: Path, page: Path, template: Path) -> None:
    """Write the page that compares the runs in these folders.

    Raises UserError if one of them holds no finished run, or both are the same.
    """
    if one.resolve() == other.resolve():
        raise UserError(f"{one} and {other} are the same folder: name two runs")
    runs = [read_run(folder) for folder in (one, other)]
    configs = [_config(folder) for folder in (one, other)]
    text = (
        page_environment(template.parent)
        .get_template(template.name)
        .render(
            names=[str(one), str(other)],
            sources=[run["source"] for run in runs],
            verdicts=compared_verdicts(*(run["findings"] for run in runs)),
            numbers=compared_numbers(*runs),
            values=compared_values(*configs),
        )
    )
    write_text(text, page)


def compared_verdicts(one: Iterable[Row], other: Iterable[Row]) -> list[Line]:
    """Each claim that either run judges, in the order of the first."""
    sides = [{row["claim"]: row for row in rows if row["network"] is None} for rows in (one, other)]
    claims = dict.fromkeys([*sides[0], *sides[1]])
    lines = []
    for claim in claims:
        found = [side.get(claim) for side in sides]
        statement = next(row["statement"] for row in found if row)
        verdicts = [row["verdict"] if row else NOT_RUN for row in found]
        if verdicts != [NOT_RUN, NOT_RUN]:
            one_said, other_said = map(_verdict, found)
            lines.append(Line(statement, one_said, other_said, verdicts[0] != verdicts[1]))
    return lines


def compared_numbers(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Line]:
    """What the key numbers of each network are in both runs, whichever of them has it."""
    sides = [_numbers(run) for run in (one, other)]
    return [
        Line(name, found[0], found[1], changed=found[0] != found[1])
        for name in dict.fromkeys([*sides[0], *sides[1]])
        for found in [[side.get(name, NOTHING) for side in sides]]
    ]


def compared_values(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Line]:
    """The values of the config that differ, by their keys."""
    sides = [dict(_flat(config)) for config in (one, other)]
    return [
        Line(key, found[0], found[1], changed=True)
        for key in sorted({*sides[0], *sides[1]})
        for found in [[side.get(key, NOTHING) for side in sides]]
        if found[0] != found[1]
    ]


def _verdict(row: Row | None) -> str:
    if row is None or row["verdict"] == NOT_RUN:
        return NOT_RUN
    effect, interval = written(row)
    return f"{row['verdict']}: {effect} ({interval})"


def _numbers(run: Mapping[str, Any]) -> dict[str, str]:
    numbers = {}
    for row in run["main_numbers"]:
        label = run["labels"][row["network"]]
        numbers[f"{label}: accuracy of the ANN"] = percentage(row["ann_accuracy"])
        for which in ("best", "cheapest"):
            if which == "best" or row["cheapest_found"]:
                numbers[f"{label}: {which} setting of the sweep"] = _setting(
                    row[f"{which}_synapse_s"], f"scale {row[f'{which}_scale_firing_rates']:g}"
                )
                numbers[f"{label}: accuracy and cost of the {which}"] = _cost(
                    percentage(row[f"{which}_accuracy"]), row, f"{which}_"
                )
    for row in run["recommendations"]:
        label = run["labels"][row["network"]]
        numbers[f"{label}: recommended setting"] = _setting(row["synapse_s"], row["scales"])
        lost = f"{points(row['loss'])} points lost, {row['verdict']}"
        numbers[f"{label}: what it costs"] = _cost(lost, row)
    return numbers


def _setting(synapse_s: float | None, scales: str) -> str:
    synapse = "no synapse" if synapse_s is None else f"{1000 * synapse_s:g} ms synapse"
    return f"{synapse}, {scales}"


def _cost(accuracy: str, row: Row, which: str = "") -> str:
    synops, over_ann = row[f"{which}synops_per_image"], row[f"{which}operations_over_ann"]
    return f"{accuracy}; {si(synops)} synops, {three_digits(over_ann)} times the ANN's operations"


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "provenance" / "config.yaml"
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return config


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _flat(item, f"{key}.{name}" if key else str(name))
    else:
        yield key, yaml_line(value)


if __name__ == "__main__":
    main()
