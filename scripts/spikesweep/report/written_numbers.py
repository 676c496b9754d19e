"""The numbers in a line of a page, and how far each may lie from that of another run.

What a number may do is told from the page alone: by the interval behind it, by its unit, by the
words around it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from spikesweep.words import MINUS, NOTHING, THIN_SPACE

# Of counts, costs, factors and correlations without an interval: a share of the number.
RELATIVE = 0.1
# Of what is announced as rough (images that would decide) and of times, which the machine decides.
ROUGH = 0.5
_ROUGH_WORDS = ("about ", "in minutes of one core")
# What the config decides, not the run: must be equal.
_CHOSEN = re.compile(r"(test |training )?(seeds?|draws?|images|steps|neurons|ms)\b")
_CHOSEN_COLUMNS = {"seeds", "draws", "images", "test images", "steps", "shown for", "rank"}
_PREFIXES = {"k": 1e3, "M": 1e6, "G": 1e9, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "p": 1e-12, "": 1.0}
_NUMBER = re.compile(
    # Neither part of a name (`CIFAR-10`, `_45nm`) nor of a commit.
    rf"(?<![\w.\-/])(?P<digits>[+{MINUS}]?\d+(?:[\u202f,]\d{{3}})*(?P<decimals>\.\d+)?)"
    # Energies have a unit behind the prefix; milliseconds are no prefix.
    rf"(?:{THIN_SPACE}(?P<prefix>[kMGmµnp])?J?(?!\w))?(?!\w)"
)
_BETWEEN_BOUNDS = re.compile(rf"[{THIN_SPACE} %a-z]*( to |{NOTHING})")
_BEFORE_BOUNDS = re.compile(r"[^|;(]*(\(| \| )")


@dataclass(frozen=True)
class Written:
    """A number in a line.

    text: as it is written. low, high: between which that of another run may lie. why: in words.
    """

    text: str
    value: float
    low: float
    high: float
    why: str


@dataclass(frozen=True)
class _Found:
    text: str
    value: float
    # Of the last digit that is shown.
    digit: float
    start: int
    end: int


def written_numbers(line: str, columns: list[str], margin: float) -> list[Written]:
    """The numbers of a line, in their order.

    columns: headings of the table that the line is a row of; empty if it is none. margin: how far
    an accuracy without an interval may lie off, as a share.
    """
    found = list(_numbers(line))
    written: list[Written] = []
    while len(written) < len(found):
        at = len(written)
        one = found[at]
        if at + 2 < len(found) and _is_interval(line, *found[at : at + 3]):
            written += _with_interval(*found[at : at + 3])
        else:
            written.append(_alone(line, one, columns, margin))
    return written


def without_numbers(line: str) -> str:
    """The words of a line: each number is `#`."""
    return _NUMBER.sub("#", line)


def _numbers(line: str) -> Iterator[_Found]:
    for match in _NUMBER.finditer(line):
        factor = _PREFIXES[match["prefix"] or ""]
        digits = re.sub(r"[\u202f,+]", "", match["digits"]).replace(MINUS, "-")
        decimals = len(match["decimals"] or ".") - 1
        yield _Found(
            match[0], float(digits) * factor, 10**-decimals * factor, match.start(), match.end()
        )


def _is_interval(line: str, value: _Found, low: _Found, high: _Found) -> bool:
    return bool(
        _BETWEEN_BOUNDS.fullmatch(line[low.end : high.start])
        and _BEFORE_BOUNDS.fullmatch(line[value.end : low.start])
        and low.value <= value.value <= high.value
    )


def _with_interval(value: _Found, low: _Found, high: _Found) -> list[Written]:
    """The number may lie anywhere in its interval; either end may move by half of its width."""
    half = max((high.value - low.value) / 2, low.digit)
    inside = Written(
        value.text,
        value.value,
        min(low.value, value.value - value.digit),
        max(high.value, value.value + value.digit),
        "its interval",
    )
    ends = [
        Written(end.text, end.value, end.value - half, end.value + half, "half of its interval")
        for end in (low, high)
    ]
    return [inside, *ends]


def _alone(line: str, one: _Found, columns: list[str], margin: float) -> Written:
    kind = _kind(line, one, columns)
    if kind == "chosen":
        return Written(one.text, one.value, one.value, one.value, "chosen by the config")
    if kind == "accuracy":
        allowed = min(100 * margin, ROUGH * abs(one.value))
        why = f"the accuracy margin, or {ROUGH:.0%} of a small difference"
    else:
        share = ROUGH if kind == "rough" else RELATIVE
        allowed, why = share * abs(one.value), f"{share:.0%} of it"
    # What is shown is rounded.
    allowed = max(allowed, one.digit)
    return Written(one.text, one.value, one.value - allowed, one.value + allowed, why)


def _kind(
    line: str, one: _Found, columns: list[str]
) -> Literal["chosen", "accuracy", "rough", "other"]:
    before, after = line[: one.start], line[one.end :].lstrip(f"{THIN_SPACE} ")
    if any(word in before for word in _ROUGH_WORDS):
        return "rough"
    column = columns[before.count("|")] if before.count("|") < len(columns) else ""
    if _CHOSEN.match(after) or column in _CHOSEN_COLUMNS:
        return "chosen"
    if after.startswith(("%", "point")) or "points" in column:
        return "accuracy"
    return "other"
