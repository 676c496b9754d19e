"""A finding in words."""

import math

import pytest

from spikesweep.study.findings.sentence import sentence


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("accuracy difference", "+84.0 points of accuracy (\N{MINUS SIGN}2.0 to +88.0, 3 seeds)"),
        ("exponent", "exponent 0.84 (\N{MINUS SIGN}0.02 to 0.88, 3 seeds)"),
    ],
)
def test_sentence_says_effect_interval_and_seeds(unit, written):
    row = {"verdict": "inconclusive", "statement": "It holds", "effect_unit": unit, "seeds": 3}
    row |= {"effect": 0.84, "effect_low": -0.02, "effect_high": 0.88, "threshold": 0.5}
    assert sentence(row) == f"Inconclusive: It holds: {written}."
    assert sentence(row, "MNIST CNN").startswith("Inconclusive: It holds (MNIST CNN): ")


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_sentence_without_interval_or_without_run(nothing):
    row = {"verdict": "inconclusive", "statement": "It holds", "effect_unit": "exponent"}
    row |= {"seeds": 1, "effect": 0.5, "effect_low": nothing, "effect_high": nothing}
    assert sentence(row) == "Inconclusive: It holds: exponent 0.50 (no interval, 1 seed)."
    not_run = row | {"verdict": "not run", "effect": nothing, "seeds": 0}
    assert sentence(not_run) == "Not run: It holds."


def test_sentence_says_what_it_speaks_of():
    row = {"verdict": "reproduced", "statement": "It holds", "effect_unit": "accuracy difference"}
    row |= {"effect": 0.02, "effect_low": 0.01, "effect_high": 0.03, "threshold": 0.005, "seeds": 1}
    row |= {"scope": "this network", "condition": "at 50 % of the ANN's accuracy"}
    assert sentence(row, "MNIST CNN") == (
        "Reproduced: It holds (MNIST CNN, at 50 % of the ANN's accuracy): +2.0 points of accuracy "
        "(+1.0 to +3.0, 1 seed, which speaks of this network alone)."
    )
