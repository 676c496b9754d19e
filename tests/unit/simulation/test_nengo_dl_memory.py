"""What NengoDL returned for a batch does not stay while it simulates others."""

import gc
import weakref

import numpy as np
import pytest
from fused_networks import random_images, random_network

from spikesweep.conversion.compat import nengo_dl
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.nengo_dl_engine import bytes_per_image
from spikesweep.simulation.setting import Setting

STEPS = 5
IMAGES = 5
SETTINGS = [Setting(0.005, 4.0), Setting(None, 4.0)]


@pytest.fixture
def left(monkeypatch):
    """For how many earlier calls of `predict` there still are outputs, as each call begins."""
    counts, returned = [], []
    predict = nengo_dl.Simulator.predict

    def watched(simulator, *arguments, **options):
        counts.append(sum(array() is not None for array in returned))
        found = predict(simulator, *arguments, **options)
        returned.append(weakref.ref(max(found.values(), key=np.size)))
        return found

    monkeypatch.setattr(nengo_dl.Simulator, "predict", watched)
    # Python may not happen to collect garbage by itself.
    gc.disable()
    yield counts
    gc.enable()


def responses(at_once):
    network = random_network("conv", 1)
    limits = Limits(1, at_once * bytes_per_image(network, STEPS))
    return simulate(
        network,
        random_images(IMAGES),
        SETTINGS,
        STEPS,
        engine=engine_named("nengo_dl"),
        limits=limits,
    )


def test_outputs_of_earlier_batches_and_settings_are_gone(left):
    responses(at_once=2)
    assert left == [0] * 6


def test_nothing_is_collected_where_there_is_room_for_all(left, monkeypatch):
    collected = []
    monkeypatch.setattr(gc, "collect", lambda: collected.append(True))
    responses(at_once=20)
    assert len(left) == 2
    assert not collected


def test_older_objects_are_set_aside_for_a_run_and_given_back(left, monkeypatch):
    aside, collect = [], gc.collect

    def watched():
        aside.append(gc.get_freeze_count())
        return collect()

    monkeypatch.setattr(gc, "collect", watched)
    responses(at_once=2)
    first, *others = aside
    assert first == 0
    assert others
    assert min(others) > 100_000
    assert gc.get_freeze_count() == 0


def test_what_others_set_aside_stays_so(left):
    gc.freeze()
    try:
        responses(at_once=2)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_batches_change_no_result():
    for one, other in zip(responses(at_once=2), responses(at_once=20), strict=True):
        np.testing.assert_allclose(one.scores, other.scores, rtol=1e-5, atol=1e-5)
        for name, activity in one.layers.items():
            spikes = other.layers[name].spikes_by_step
            np.testing.assert_array_equal(activity.spikes_by_step, spikes)
