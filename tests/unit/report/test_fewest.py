"""What the first screen says of other neurons follows from their comparison."""

import pytest

from spikesweep.report.fewest import fewest_against, fewest_briefly, fewest_found

FACTORS = [f"{name}{end}" for name in ("fewer", "cheaper") for end in ("", "_low", "_high")]
REFERENCE = {
    **{"neuron": "spiking_relu", "initial_voltages": "uniform", "read_out": "last"},
    **{"synapse_s": 0.01, "reference": True, "loss": 0.01, "images": 250, "seeds": 8},
    **{"spikes_per_image": 400.0, "synops_per_image": 30_000.0, **dict.fromkeys(FACTORS, 1.0)},
}
SIGNED = REFERENCE | {
    **{"neuron": "integrate_and_fire", "initial_voltages": "half", "reference": False},
    **{"synapse_s": None, "spikes_per_image": 200.0, "synops_per_image": 10_000.0},
    **{"fewer": 2.0, "fewer_low": 1.5, "fewer_high": 2.5},
    **{"cheaper": 3.0, "cheaper_low": 2.5, "cheaper_high": 3.5},
}


def plain(text):
    return text.replace("\u2009", " ").replace("\u202f", " ")


def test_spikes_and_synops_have_their_factors_and_their_way():
    assert plain(fewest_found([REFERENCE, SIGNED])) == (
        "Fewest found, at 1.0 points lost, on 250 test images (8 seeds): 200 spikes (2.0 times "
        "fewer, 1.5 to 2.5) and 10.0 k synops (3.0 times fewer, 2.5 to 3.5) with signed "
        "integrate-and-fire neurons that start at half the threshold, read at the last step, "
        "no synapse."
    )


def test_fewest_spikes_and_fewest_synops_may_be_of_two_ways():
    quiet = SIGNED | {"read_out": "mean", "fewer": 2.2, "cheaper": 1.1, "spikes_per_image": 180.0}
    said = plain(fewest_found([REFERENCE, SIGNED, quiet]))
    assert "180 spikes (2.2 times fewer, 1.5 to 2.5) with" in said
    assert "; 10.0 k synops (3.0 times fewer, 2.5 to 3.5) with" in said


def test_where_nothing_takes_fewer_that_is_said():
    worse = SIGNED | {"fewer": 0.9, "cheaper": 0.8}
    assert plain(fewest_found([REFERENCE, worse])) == (
        "No other neuron, start or read-out that was tried takes fewer, at 1.0 points lost, on 250 "
        "test images (8 seeds): 400 spikes and 30.0 k synops with spiking ReLU neurons that start "
        "at random, read at the last step, a 10 ms synapse."
    )


@pytest.mark.parametrize(
    ("low", "high", "seeds", "said"),
    [
        (0.997, 2.5, 8, "(2.000 times fewer, 0.997 to 2.500: not shown"),
        (0.005, 4812, 2, "(2.0 times fewer; not shown: 2 seeds)"),
        (2, 2, 2, "(2.0 times fewer; the same with every seed)"),
        (None, None, 1, "(2.0 times fewer; one seed, no interval)"),
    ],
)
def test_a_factor_that_shows_nothing_says_so(low, high, seeds, said):
    row = SIGNED | {"fewer_low": low, "fewer_high": high, "seeds": seeds}
    assert said in plain(fewest_found([REFERENCE, row]))
    assert said in plain(fewest_briefly([REFERENCE, row]))


def test_the_first_screen_has_room_for_the_fewest_spikes_alone():
    said = (
        "at 1.0 points lost, on 250 images: 200 spikes, next to 400 with spiking ReLU neurons "
        "(2.0 times fewer, 1.5 to 2.5)."
    )
    assert plain(fewest_briefly([REFERENCE, SIGNED])) == said


def test_a_loss_of_less_than_an_image_says_what_an_image_is_worth():
    rows = [{**REFERENCE, "images": 64}, {**SIGNED, "images": 64}]
    assert "at 1.0 points lost, on 64 images, each worth 1.6 points: " in fewest_briefly(rows)
    assert "worth" not in fewest_briefly([REFERENCE, SIGNED])


def test_what_does_not_reach_the_accuracy_is_left_out():
    failing = SIGNED | dict.fromkeys(FACTORS) | {"spikes_per_image": None}
    assert fewest_found([REFERENCE, failing]).startswith("No other neuron")
    assert fewest_found([]) == ""
    assert fewest_briefly([REFERENCE, failing]) == ""
    assert fewest_briefly([]) == ""


def test_factors_are_next_to_the_reference_of_all_networks():
    said = fewest_against({"net": [REFERENCE, SIGNED], "other": [REFERENCE]})
    assert "(2 ways)" in said
    assert "cheapest of spiking ReLU neurons that start at random, read at the last step," in said
    assert fewest_against({}) == ""
