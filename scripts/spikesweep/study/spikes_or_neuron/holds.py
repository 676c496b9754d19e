"""Whether a claim holds in another way as well: from both verdicts, or from the difference."""

from spikesweep.study.findings.finding import NOT_REPRODUCED, REPRODUCED

EITHER = "either way"
ONLY_STUDIED = "only as studied"
ONLY_OTHER = "only in this way"
NEITHER = "neither way"
MORE = "more than as studied"
LESS = "less than as studied"
UNDECIDED = "undecided"
_BY_VERDICTS = {
    (REPRODUCED, REPRODUCED): EITHER,
    (REPRODUCED, NOT_REPRODUCED): ONLY_STUDIED,
    (NOT_REPRODUCED, REPRODUCED): ONLY_OTHER,
    (NOT_REPRODUCED, NOT_REPRODUCED): NEITHER,
}


def holds(studied: str, other: str, low: float, high: float) -> str:
    """One of the words above.

    studied, other: verdicts as studied and in another way. low, high: the interval of the
        difference of the effects, or NaN; it decides where a verdict does not, so that no
        difference is read into two verdicts of which one is just beyond a threshold.
    """
    if (studied, other) in _BY_VERDICTS:
        return _BY_VERDICTS[studied, other]
    if high < 0:
        return LESS
    return MORE if low > 0 else UNDECIDED
