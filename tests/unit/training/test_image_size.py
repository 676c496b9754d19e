"""How long a network learns from smaller images."""

import pytest

from spikesweep.training.image_size import image_size
from spikesweep.training.settings import TrainingSettings


@pytest.mark.parametrize(
    ("until", "epochs", "small"), [(0.28, 25, 7), (0.25, 23, 6), (0.5, 4, 2), (0.01, 10, 1)]
)
def test_a_size_holds_for_the_epochs_that_begin_in_its_share(until, epochs, small):
    settings = TrainingSettings(epochs=epochs, image_sizes=[{"size": 16, "until": until}])
    sizes = [image_size(settings, epoch) for epoch in range(epochs)]
    assert sizes == [16] * small + [None] * (epochs - small)
