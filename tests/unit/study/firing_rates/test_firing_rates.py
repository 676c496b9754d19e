"""Firing-rate tables, from engines whose neurons fire as often as the test says."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Spiking
from spikesweep.snn.neurons import LIF, SpikingReLU
from spikesweep.study.firing_rates.rates import firing_rates

# Images 0 to 3; the fixture's labels are 0, 1, 0, 1.
SPIKES = np.array([[0, 1, 2], [0, 3, 3], [0, 0, 9], [6, 6, 0]], np.int32)


class GivenEngine:
    """Answers with given classes and spike counts, two images at a time."""

    name = "given"

    def __init__(self, spikes, classes):
        self.spikes, self.classes = spikes, classes

    def refusal(self, network):
        return None

    def run(self, network, images, settings, steps, *, limits, neuron_spikes=False, progress=None):
        for first in range(0, len(images), 2):
            spikes = self.spikes[first : first + 2]
            scores = np.zeros((len(spikes), steps, 2), np.float32)
            # Right or wrong is told by the last step, not by those before.
            scores[:, :-1, 0] = 1
            scores[range(len(spikes)), -1, self.classes[first : first + 2]] = 1
            by_step = np.zeros((len(spikes), steps), np.int64)
            by_step[:, 0] = spikes.sum(axis=1)
            activity = LayerActivity(by_step, 2 * by_step, spikes)
            yield Response(settings[0], first, scores, {"hidden": activity})


@pytest.fixture
def probe(network, sample):
    """Probes the fixture's network, with the neurons, spikes and classes that it is given."""

    def tables(spikes=SPIKES, classes=(0, 1, 0, 1), steps=20, neuron=None, confidence=0.95):
        layers = [
            replace(layer, neuron=neuron or SpikingReLU()) if isinstance(layer, Spiking) else layer
            for layer in network.layers
        ]
        experiment = Experiment(
            replace(network, layers=tuple(layers)),
            sample,
            steps,
            GivenEngine(np.array(spikes, np.int32), np.array(classes)),
            Limits(),
        )
        settings = [Setting(0.01, 1.0)]
        return firing_rates(experiment, settings, "network seed 0", confidence=confidence)

    return tables


@pytest.fixture
def tables(experiment):
    settings = [Setting(0.01, 1.0), Setting(0.01, 5.0)]
    return firing_rates(experiment, settings, "network seed 0", confidence=0.95)


def test_summary_is_in_hertz_over_image_neuron_pairs(tables):
    assert len(tables.summary) == 2
    row = tables.summary.iloc[0]
    assert row["silent_share"] == pytest.approx(1 / 3)
    assert row["mean_rate_hz"] == pytest.approx(50)
    assert row["median_rate_hz"] == pytest.approx(50)
    assert row["p05_rate_hz"] == 0
    assert row["p99_rate_hz"] == row["max_rate_hz"] == pytest.approx(100)
    assert (row["spikes_per_image"], row["synops_per_image"]) == (3, 6)


def test_histogram_covers_all_pairs_and_starts_with_the_silent(tables):
    histogram = tables.histogram
    one = histogram[histogram["scale_firing_rates"] == 1]
    assert one["share"].sum() == pytest.approx(1)
    first = one.iloc[0]
    assert (first["rate_low_hz"], first["rate_high_hz"]) == (0, 0)
    assert first["share"] == pytest.approx(1 / 3)
    assert (one["rate_low_hz"].iloc[2:].to_numpy() == one["rate_high_hz"].iloc[1:-1]).all()


@pytest.mark.parametrize(
    ("neuron", "steps", "fewest"),
    [
        (SpikingReLU(), 6, 6),
        # A spike and two silent steps make 3 ms.
        (LIF(tau_ref=0.002), 18, 6),
        (LIF(tau_ref=0.002), 20, 6),
        (LIF(tau_ref=0.0), 6, 6),
        (SpikingReLU(), 7, 7),
    ],
)
def test_saturated_pairs_fire_in_every_step_or_at_the_refractory_limit(
    probe, neuron, steps, fewest
):
    table = probe(steps=steps, neuron=neuron).summary
    assert table["saturated_share"].iloc[0] == pytest.approx((fewest <= SPIKES).mean())


def test_no_pair_is_saturated_where_all_fire_less(probe):
    assert probe(steps=10).summary["saturated_share"].iloc[0] == 0


def test_outcomes_add_up_to_the_whole(probe):
    tables = probe(classes=[0, 0, 0, 1])
    outcomes = tables.outcomes.set_index("outcome")
    assert outcomes["images"].to_dict() == {"correct": 3, "wrong": 1}
    share = outcomes["images"] / 4
    for column in ("mean_rate_hz", "silent_share"):
        whole = tables.summary[column].iloc[0]
        assert (share * outcomes[column]).sum() == pytest.approx(whole)


def test_outcome_is_that_of_the_last_step_and_its_interval_students(probe):
    outcomes = probe(classes=[0, 0, 0, 1]).outcomes.set_index("outcome")
    right = SPIKES[[0, 2, 3]].mean(axis=1) / 0.02
    expected = ttest_1samp(right, 0).confidence_interval()
    row = outcomes.loc["correct"]
    assert row["mean_rate_hz"] == pytest.approx(right.mean())
    assert row["mean_rate_low_hz"] == pytest.approx(expected.low)
    assert row["mean_rate_high_hz"] == pytest.approx(expected.high)
    silent = (SPIKES[[0, 2, 3]] == 0).mean(axis=1)
    expected = ttest_1samp(silent, 0).confidence_interval()
    assert row["silent_share"] == pytest.approx(silent.mean())
    assert row["silent_share_low"] == pytest.approx(expected.low)
    assert row["silent_share_high"] == pytest.approx(expected.high)
    wrong = outcomes.loc["wrong"]
    assert wrong["mean_rate_hz"] == pytest.approx(2 / 0.02)
    assert np.isnan(wrong["mean_rate_low_hz"])


def test_with_less_confidence_the_intervals_of_outcomes_are_narrower(probe):
    wide, narrow = (
        probe(classes=[0, 0, 0, 1], confidence=confidence).outcomes.set_index("outcome")
        for confidence in (0.95, 0.9)
    )
    expected = ttest_1samp(SPIKES[[0, 2, 3]].mean(axis=1) / 0.02, 0).confidence_interval(0.9)
    assert narrow.loc["correct", "mean_rate_low_hz"] == pytest.approx(expected.low)
    for low, high in (
        ("mean_rate_low_hz", "mean_rate_high_hz"),
        ("silent_share_low", "silent_share_high"),
    ):
        assert narrow.loc["correct", low] > wide.loc["correct", low]
        assert narrow.loc["correct", high] < wide.loc["correct", high]


def test_without_wrong_images_there_is_nothing_to_say_of_them(probe):
    wrong = probe().outcomes.set_index("outcome").loc["wrong"]
    assert wrong["images"] == 0
    assert wrong[["mean_rate_hz", "mean_rate_high_hz", "silent_share"]].isna().all()


def test_enormous_counts_take_no_array_of_their_length(probe):
    # An array with a place for each possible count would take 16 GB.
    spikes = np.array([[0, 2_000_000_000, 1], [0, 3, 3], [0, 0, 9], [6, 6, 0]])
    tables = probe(spikes)
    (row,) = tables.summary.to_dict("records")
    assert row["max_rate_hz"] == pytest.approx(2_000_000_000 / 0.02)
    assert row["spikes_per_image"] == pytest.approx(spikes.sum() / 4)
    assert row["silent_share"] == pytest.approx(5 / 12)
    assert tables.histogram["share"].sum() == pytest.approx(1)
