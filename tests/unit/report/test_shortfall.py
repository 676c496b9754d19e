"""What is said of a network that loses accuracy at every setting follows from its tables."""

import itertools
import math

import pandas as pd

from spikesweep.report.shortfall import shortfalls

ROW = {
    "network": "net",
    "cheapest_found": False,
    "best_synapse_s": 0.01,
    "best_scale_firing_rates": 1000,
}


def over_time(course, scales=None):
    """Accuracy after each of 60 steps; `scales` multiply it."""
    scales = scales or {100: 0.9, 1000: 1.0}
    rows = [
        {"network": "net", "synapse_s": synapse, "scale_firing_rates": scale, "step": step,
         "accuracy": course(step) * factor}
        for synapse, (scale, factor), step in itertools.product(
            (math.nan, 0.01), scales.items(), range(1, 61)
        )
    ]  # fmt: skip
    return pd.DataFrame(rows)


def tried(**loss_by_step):
    """Losses against an ANN of 90 %, by step, one row each; keys of a row are laid over it."""
    return [
        {"network": "net", "synapse_s": 0.01, "scale_firing_rates": 100, "step": int(step[1:]),
         "accuracy": 0.9 - loss, "ann_accuracy": 0.9, "images": 64}
        for step, loss in loss_by_step.items()
    ]  # fmt: skip


def told(course, scales=None, settling=None, costs=None):
    tables = [None if rows is None else pd.DataFrame(rows) for rows in (settling, costs)]
    (sentences,) = shortfalls([ROW], over_time(course, scales), *tables).values()
    return sentences


def test_a_network_within_the_margin_has_none():
    assert shortfalls([{**ROW, "cheapest_found": True}], over_time(lambda t: 1), None, None) == {}


def test_an_answer_that_still_rises_is_told_from_one_that_has_settled():
    rising = told(lambda step: 0.5 + step / 200)
    assert rising[0] == (
        "At the best setting of the sweep, accuracy is still rising (72.5 % after 45 steps, "
        "80.0 % at 60): the presentation is too short for its layers and its synapse."
    )
    settled = told(lambda step: 0.8)
    assert settled[0] == (
        "At the best setting of the sweep, accuracy has settled (80.0 % after 45 steps, "
        "80.0 % at 60)."
    )


def test_what_a_larger_scale_gains_is_told():
    more = told(lambda step: 0.8)[1]
    assert more.startswith("From scale 100 to 1000 it gains 8.0 points: larger scales may")
    known = {"net": 2000.0}
    (sentences,) = shortfalls([ROW], over_time(lambda step: 0.8), None, None, known).values()
    assert sentences[1].endswith("8.0 points: the recommended setting has a larger one, 2000.")
    enough = told(lambda step: 0.8, {100: 1.0, 1000: 1.0})[1]
    assert enough.endswith("a larger scale is not what it lacks.")
    assert len(told(lambda step: 0.8, {1000: 1.0})) == 3


def test_studies_that_did_not_run_are_named():
    *_, longer, otherwise = told(lambda step: 0.8)
    assert "add settling to study.parts" in longer
    assert "add neuron_cost to study.parts" in otherwise


def test_what_helps_is_measured():
    reference = {"neuron": "spiking_relu", "initial_voltages": "uniform", "read_out": "last"}
    other = {"neuron": "integrate_and_fire", "initial_voltages": "half", "read_out": "mean"}
    costs = [row | method for row, method in [(tried(s60=0.06)[0], reference),
                                              (tried(s60=0.004)[0], other)]]  # fmt: skip
    *_, longer, otherwise = told(lambda step: 0.8, None, tried(s60=0.064, s240=0.009), costs)
    assert longer.startswith("Shown for 240 steps, it is at best 0.9 points below the ANN")
    assert longer.endswith("for 60 steps, 6.4 points below the ANN.")
    assert otherwise == (
        "After 60 steps, on 64 images, signed integrate-and-fire neurons that start at half the "
        "threshold, read as the mean over all steps, are at best 0.4 points below the ANN; "
        "spiking ReLU neurons that start at random, read at the last step, "
        "6.0 points below the ANN."
    )
    *_, otherwise = told(lambda step: 0.8, None, None, costs[:1])
    assert otherwise.startswith("No other neuron, start or read-out that was tried does better")
