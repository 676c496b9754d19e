"""Numbers in words: minus signs, thin spaces, and nothing that is negative."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.words import (
    count,
    counted,
    decimals_beside,
    digits,
    duration,
    energy,
    factor_between,
    number,
    percentage,
    points,
    saving,
    si,
    yaml_line,
)


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.5, "g", "0.5"),
        (-0.5, ".2f", "\u22120.50"),
        (-1e-7, "g", "\u22121e\u221207"),
        (-0.04, ".1f", "0.0"),
        (-0.04, "+.1f", "+0.0"),
        (-0.0, "g", "0"),
        (-1234.5, ",.0f", "\u22121,234"),
        (math.nan, ".1f", "nan"),
        (-math.inf, ".1f", "\u2212inf"),
    ],
)
def test_a_number_has_a_minus_sign_unless_it_is_nothing(value, spec, text):
    assert number(value, spec) == text


@given(st.floats(-1e6, 1e6), st.sampled_from(["g", ".0f", ".2f", "+.1f", ".3g"]))
def test_a_number_in_words_is_the_number(value, spec):
    text = number(value, spec)
    assert "-" not in text
    assert float(text.replace("\u2212", "-")) == float(format(value, spec))


def test_shares_are_written_in_points_and_percent():
    assert [points(share) for share in (0.0123, -0.0123, -0.0002)] == ["1.2", "\u22121.2", "0.0"]
    assert points(0.05, "+.0f") == "+5"
    assert percentage(0.9854) == "98.5\u2009%"
    assert percentage(0.29, "g") == "29\u2009%"


@pytest.mark.parametrize(
    ("threshold", "values", "decimals"),
    [(1, (1.018,), 2), (1, (0.2, 1.1), 1), (1, (1.0,), 1), (0.5, (0.4999,), 3), (0, (-0.04,), 2)],
)
def test_digits_tell_a_value_from_its_threshold(threshold, values, decimals):
    assert decimals_beside(threshold, *values) == decimals


def test_a_factor_ends_on_its_side_of_one():
    assert factor_between(2.71, 2.18, 3.34, 8) == "2.7 (2.2 to 3.3)"
    assert factor_between(2.71, 2.18, 3.34, 8, 2) == "2.71 (2.18 to 3.34)"
    assert factor_between(1.15, 1.006, 1.32, 8) == "1.15 (1.01 to 1.32)"
    assert factor_between(6.66, None, None, 1) == "6.7"
    assert factor_between(4, 4, 4, 2) == "4.0"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.0048, 4812.3, "not shown: 2 seeds"),
        (0.11, 69.3, "not shown: 2 seeds"),
        (0.24, 5.25, "0.2 to 5.2"),
        # A bound far from one says that there is a factor, though not which.
        (1.5, 400, "1.5 to 400.0"),
        (0.001, 0.5, "0.0 to 0.5"),
    ],
)
def test_an_interval_that_tells_nothing_of_a_factor_is_not_written(low, high, told):
    assert factor_between(0.8, low, high, 2) == f"0.8 ({told})"


def test_counts_have_narrow_spaces_and_their_noun_its_number():
    assert count(60000) == "60\u202f000"
    assert [counted(seeds, "seed") for seeds in (0, 1, 3)] == ["0 seeds", "1 seed", "3 seeds"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(174.2, "170"), (8055, "8 100"), (9.96, "10"), (2.34, "2.3"), (0.0123, "0.012")],
)
def test_two_digits_need_no_power_of_ten(value, text):
    assert digits(value).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (7, "7.00"), (134794, "135 k"), (9.5e6, "9.50 M"), (999.9, "1.00 k")],
)
def test_numbers_have_three_digits_and_a_prefix(value, text):
    assert si(value).replace("\u2009", " ") == text


@pytest.mark.parametrize(
    ("joules", "text"),
    [
        (0, "0.00 pJ"),
        (4.6e-12, "4.60 pJ"),
        (1.114e-6, "1.11 \u00b5J"),
        (0.9996e-3, "1.00 mJ"),
        (20.0, "20.0 J"),
    ],
)
def test_energies_have_three_digits_and_a_prefix(joules, text):
    assert energy(joules).replace("\u2009", " ") == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0, "saves 100 % of the operations"),
        (0.61, "saves 39 % of the operations"),
        (0.996, "saves nothing: as many operations"),
        (1.004, "saves nothing: as many operations"),
        (1.04, "saves nothing: 1.04 times as many operations"),
        (3.52, "saves nothing: 3.52 times as many operations"),
    ],
)
def test_only_fewer_operations_are_called_a_saving(ratio, text):
    assert saving(ratio).replace("\u2009", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20.0, "20"),
        (1e-5, "1.0e-05"),
        ({"conv1": 20.0, "on": 62.5}, "{conv1: 20, 'on': 62.5}"),
        ("none", "none"),
    ],
)
def test_values_are_one_line_of_yaml(value, text):
    assert yaml_line(value) == text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (7.6, "8 s"),
        (59.6, "1 min"),
        (83, "1 min 20 s"),
        (596, "10 min"),
        (2001, "33 min"),
        (3590, "1 h"),
        (18_650, "5 h 10 min"),
        (200_000, "2.3 days"),
    ],
)
def test_times_are_told_to_two_digits(seconds, told):
    assert duration(seconds) == told
