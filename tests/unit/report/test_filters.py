"""How templates write what was lost."""

import pytest

from spikesweep.report.filters import (
    chosen_points,
    held_at_once,
    loss_in_words,
    points_decimals,
    saved_in_words,
)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (0.005, "0.5 points less accuracy than the ANN"),
        (-0.012, "1.2 points more accuracy than the ANN"),
        (0.0, "as accurate as the ANN"),
        (-0.0004, "as accurate as the ANN"),
    ],
)
def test_a_loss_is_told_without_a_sign(loss, words):
    assert loss_in_words(loss) == words


@pytest.mark.parametrize(("share", "written"), [(0.01, "1.0"), (0.0025, "0.25"), (0.005, "0.5")])
def test_margins_keep_their_digits(share, written):
    assert chosen_points(share) == written


def test_what_an_upper_end_holds_for_is_read_from_its_method():
    assert held_at_once("t; upper bound for 3 networks at once (Bonferroni)") == "3 networks"
    assert held_at_once("Student's t over seeds") == ""


def test_losses_have_digits_beside_their_margin():
    assert points_decimals(0.01, 0.0018, 0.01018) == 2
    assert points_decimals(0.01, None, None) == 1
    assert loss_in_words(0.006, 2) == "0.60 points less accuracy than the ANN"


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.12, 0.03, 0.2), "12.0 % of the synops saved (3.0 % to 20.0 %)"),
        ((0.12, 0.03, None), "12.0 % of the synops saved (3.0 % or more)"),
        ((-3.2, None, 0.32), "4.20 times the synops (0.68 or more)"),
        ((-0.5, -1.0, -0.2), "1.50 times the synops (1.20 to 2.00)"),
        ((0.12, None, None), "12.0 % of the synops saved"),
    ],
)
def test_what_costs_more_saves_no_negative_share(ends, said):
    row = dict(zip(("saving", "saving_low", "saving_high"), ends, strict=True))
    assert saved_in_words(row).replace("\u2009", " ") == said
