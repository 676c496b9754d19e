"""Where a network is good enough for comparisons to mean something."""

from types import SimpleNamespace

import numpy as np

from spikesweep.experiments.samples import Sample
from spikesweep.experiments.usable_scales import above_chance


def test_points_that_one_class_for_all_images_would_reach_are_left_out(caplog):
    labels = np.array([0, 0, 0, 1, 1])
    sample = Sample(np.zeros((5, 1, 1, 1)), labels, labels, np.arange(5))
    experiment = SimpleNamespace(sample=sample)
    assert above_chance([0.5, 0.66, 0.8], 0.9, experiment, "net") == [0.8]
    assert "net: 0.5 of the ANN's accuracy is no more than one class" in caplog.text
    assert "net: 0.66 of the ANN's accuracy is no more than" in caplog.text
