"""How sure a run is follows from its table of uncertainty."""

from spikesweep.report.how_sure import how_sure

ROW = {"se_images": 0.01, "se_seeds": None, "se_voltages": 0.002, "verdict": "reproduced"}
CLEAR = ROW | {"distance": -0.2, "smallest_shown": 0.1}
NEAR = ROW | {"distance": 0.05, "smallest_shown": 0.1, "verdict": "inconclusive"}


def test_what_is_clear_what_is_open_and_where_it_comes_from_are_counted():
    by_seeds = CLEAR | {"se_seeds": 0.03}
    assert how_sure([CLEAR, CLEAR, NEAR, by_seeds]) == (
        "Of 4 effects on single networks, 3 lie so far from their threshold that four of five runs "
        "of this size would show it; of the others it was a matter of luck. 1 stayed inconclusive. "
        "The largest source of uncertainty is the choice of test images in 3 and the seeds of "
        "training in 1."
    )


def test_a_run_whose_spread_is_not_known_says_nothing():
    assert how_sure([]) == how_sure([CLEAR | {"smallest_shown": None}]) == ""


def test_effects_that_never_vary_have_no_source():
    still = CLEAR | {"se_images": 0.0, "se_voltages": 0.0}
    assert how_sure([still]).endswith("0 stayed inconclusive.")
