"""How effects are written, beside the threshold that decides about them."""

import pytest

from spikesweep.study.findings.units import (
    ACCURACY,
    EXPONENT,
    NO_INTERVAL,
    written,
    written_threshold,
)
from spikesweep.words import MINUS


def row(effect, low, high, threshold, unit=ACCURACY):
    ends = {"effect": effect, "effect_low": low, "effect_high": high}
    return ends | {"effect_unit": unit, "threshold": threshold}


@pytest.mark.parametrize(
    ("finding", "effect", "interval"),
    [
        # Whether the upper end lies above or below +0.5 decides.
        (row(0.0, -0.00476, 0.00537, 0.005), "+0.00 points of accuracy", f"{MINUS}0.48 to +0.54"),
        (row(0.0, -0.00476, 0.00476, 0.005), "+0.00 points of accuracy", f"{MINUS}0.48 to +0.48"),
        (row(0.012, 0.006, 0.02, 0.005), "+1.2 points of accuracy", "+0.6 to +2.0"),
        # A bound that is the threshold is written as it.
        (row(0.01, 0.005, 0.02, 0.005), "+1.0 points of accuracy", "+0.5 to +2.0"),
        (row(0.6, 0.5004, 0.7, 0.5, EXPONENT), "exponent 0.600", "0.500 to 0.700"),
        (row(0.6, 0.502, 0.7, 0.5, EXPONENT), "exponent 0.600", "0.502 to 0.700"),
        (row(0.6, None, None, 0.5, EXPONENT), "exponent 0.60", NO_INTERVAL),
    ],
)
def test_an_interval_shows_on_which_side_of_the_threshold_it_ends(finding, effect, interval):
    assert written(finding) == (effect, interval)


def test_thresholds_keep_their_digits():
    assert written_threshold(-0.0025, ACCURACY) == f"{MINUS}0.25 points"
    assert written_threshold(0.5, EXPONENT) == "exponent 0.5"
