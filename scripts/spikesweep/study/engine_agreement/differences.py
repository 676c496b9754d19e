"""Spike counts that differ between two simulations of one network."""

import numpy as np

from spikesweep.simulation.response import Response


def differences(ours: Response, reference: Response) -> tuple[int, int, int]:
    """Spike counts of (image, neuron) pairs that differ; those of them in the first layer, in each
    image, whose spikes differ at all; and how many counts there are. Layers come in order of depth.
    """
    differing = first = counted = 0
    same_so_far = np.ones(len(ours.scores), bool)
    for name, activity in ours.layers.items():
        other = reference.layers[name]
        assert activity.neuron_spikes is not None
        differ = activity.neuron_spikes != other.neuron_spikes
        differing += int(np.count_nonzero(differ))
        first += int(np.count_nonzero(differ[same_so_far]))
        counted += differ.size
        # A spike that moves by a step leaves the counts as they are, but other layers notice.
        moved = activity.spikes_by_step != other.spikes_by_step
        same_so_far &= ~(differ.any(axis=1) | moved.any(axis=1))
    return differing, first, counted
