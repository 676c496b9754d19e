"""Compares the numbers in README and docs with a run: python -m spikesweep.report.drift [RESULTS].

The same study on another processor, or with other libraries, trains other networks, as another seed
would: numbers may move within their intervals, and others as far as `written_numbers.py` says.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import yaml

from spikesweep.errors import UserError
from spikesweep.marked import markers
from spikesweep.report.results_page import BLOCK, rendered_pages
from spikesweep.report.written_numbers import without_numbers, written_numbers
from spikesweep.words import counted, si
from spikesweep.words import number as number_in_words

_COMMIT = re.compile(r"commits? [0-9a-f]{7,}(?:(?:, | and )[0-9a-f]{7,})*(?:\+\w+)?")
# What was studied; see `finished_run.py`.
_SOURCE = re.compile(r"study of (.*?)\.(?: |$)")


@dataclass
class Comparison:
    """What differs between a page and a run.

    compared: how many numbers. drifted: lines about numbers beyond what is allowed. changed: lines
    about other words, such as another verdict.
    """

    compared: int = 0
    drifted: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def main() -> None:
    """Say which numbers in README.md and docs/results.md drifted; end with an error if any did."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.drift", description=main.__doc__
    )
    parser.add_argument("results", nargs="?", default="results", help="folder (%(default)s)")
    try:
        found = compare_with_run(Path(parser.parse_args().results), Path.cwd())
    except UserError as error:
        sys.exit(str(error))
    for line in (*found.changed, *found.drifted):
        print(line)
    print(
        f"{counted(found.compared, 'number')} compared: {len(found.drifted)} drifted, "
        f"{counted(len(found.changed), 'line')} with other words."
    )
    if found.drifted or found.changed:
        sys.exit(
            "If the change is meant, or the intervals allow it, write them again: make results"
        )


def compare_with_run(results: Path, checkout: Path) -> Comparison:
    """Compare the pages of a checkout with what the run in `results` would write.

    Raises UserError if the run is not finished, or is of another study than the pages.
    """
    pages = rendered_pages(results, checkout)
    config = yaml.safe_load((results / "provenance" / "config.yaml").read_text(encoding="utf-8"))
    found = Comparison()
    for path, now in pages.items():
        before = path.read_text(encoding="utf-8")
        _check_source(before, now, path)
        name = str(path.relative_to(checkout))
        _compare(before, now, name, config["report"]["accuracy_margin"], found)
    return found


def _check_source(before: str, now: str, path: Path) -> None:
    written, run = (_SOURCE.search(_COMMIT.sub("", text)) for text in (before, now))
    if written and run and written[1] != run[1]:
        raise UserError(
            f"{path.name} is about another study than this run, so their numbers are not compared. "
            f"It: {written[1]}. The run: {run[1]}"
        )


def _compare(before: str, now: str, name: str, margin: float, found: Comparison) -> None:
    """Compare two texts line by line, and add what differs to `found`."""
    old, new = _lines(before), _lines(now)
    old_words, new_words = ([without_numbers(line) for line, _ in lines] for lines in (old, new))
    matched = SequenceMatcher(None, old_words, new_words, autojunk=False)
    for kind, first, last, from_new, to_new in matched.get_opcodes():
        if kind == "equal":
            for at in range(first, last):
                line, columns = old[at]
                place = f"{name}:{at + 1}"
                _compare_line(line, new[from_new + at - first][0], columns, place, margin, found)
            continue
        lines = [(at + 1, old[at][0]) for at in range(first, last) if old[at][0].strip()]
        instead = [new[at][0] for at in range(from_new, to_new) if new[at][0].strip()]
        found.changed += _changed(lines, instead, f"{name}:{first + 1}", name)


def _compare_line(
    line: str, now: str, columns: list[str], place: str, margin: float, found: Comparison
) -> None:
    new = written_numbers(now, columns, margin)
    for number, other in zip(written_numbers(line, columns, margin), new, strict=True):
        found.compared += 1
        if not number.low <= other.value <= number.high:
            found.drifted.append(
                f"{place}: {number.text} is now {other.text}; allowed is {_told(number.low)} to "
                f"{_told(number.high)} ({number.why}), in: {_shortened(line)}"
            )


def _changed(
    lines: list[tuple[int, str]], instead: list[str], place: str, name: str
) -> Iterator[str]:
    """Lines whose words differ, side by side if there are as many of them."""
    if len(lines) == len(instead):
        for (number, line), now in zip(lines, instead, strict=True):
            yield f"{name}:{number}: {_shortened(line)}\n  is now: {_shortened(now)}"
        return
    yield from (f"{name}:{number}: is no longer said: {_shortened(line)}" for number, line in lines)
    yield from (f"{place}: is said now: {_shortened(now)}" for now in instead)


def _lines(text: str) -> list[tuple[str, list[str]]]:
    """Each line that a run writes, and the headings of the table that it is a row of.

    Lines outside README's markers are empty.
    """
    first, last = markers(BLOCK)
    before, start, rest = text.partition(first)
    if start:
        text = "\n" * before.count("\n") + rest.partition(last)[0]
    found: list[tuple[str, list[str]]] = []
    columns: list[str] = []
    for line in _COMMIT.sub("commit", text).splitlines():
        if not line.startswith("|"):
            columns = []
        found.append((line, columns))
        if line.startswith("|") and not columns:
            columns = [cell.strip() for cell in line.split("|")]
    return found


def _told(value: float) -> str:
    return si(value) if abs(value) >= 1000 else number_in_words(value, ".4g")


def _shortened(line: str, most: int = 160) -> str:
    return line if len(line) <= most else f"{line[:most]}…"


if __name__ == "__main__":
    main()
