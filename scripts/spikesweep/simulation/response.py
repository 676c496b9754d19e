"""What a spiking network did with some images at one setting."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spikesweep.simulation.setting import Setting


@dataclass(frozen=True, eq=False)
class LayerActivity:
    """Spikes of one layer.

    spikes_by_step: (images, steps) int64, spikes of all its neurons in each time step.
    synops_by_step: (images, steps) int64, the fan-outs of the neurons that fired in each time
        step, added up over their spikes.
    neuron_spikes: (images, neurons) int64 of the whole presentation, or None where they were
        not asked for.
    """

    spikes_by_step: np.ndarray
    synops_by_step: np.ndarray
    neuron_spikes: np.ndarray | None = None

    @property
    def spikes(self) -> np.ndarray:
        """(images,) int64, all spikes of the presentation."""
        return self.spikes_by_step.sum(axis=1)

    @property
    def synops(self) -> np.ndarray:
        """(images,) int64, all synaptic operations of the presentation."""
        return self.synops_by_step.sum(axis=1)


@dataclass(frozen=True, eq=False)
class Response:
    """Response to consecutive images, `first` being the index of the first of them.

    scores: (images, steps, classes) float32, the readout after each time step.
    layers: activity of each spiking layer, by its name, first to last.
    """

    setting: Setting
    first: int
    scores: np.ndarray
    layers: dict[str, LayerActivity]

    @property
    def predictions(self) -> np.ndarray:
        """(images, steps) class with the highest score after each step."""
        return self.scores.argmax(axis=-1)


def join(parts: Iterable[Response]) -> list[Response]:
    """Join the responses to batches of images into one response per setting.

    Settings come in the order of their first appearance, images in their own order.
    """
    by_setting: dict[Setting, list[Response]] = {}
    for part in parts:
        by_setting.setdefault(part.setting, []).append(part)
    return [_join(sorted(own, key=lambda part: part.first)) for own in by_setting.values()]


def _join(parts: list[Response]) -> Response:
    return Response(
        setting=parts[0].setting,
        first=parts[0].first,
        scores=np.concatenate([part.scores for part in parts]),
        layers={
            name: LayerActivity(
                spikes_by_step=np.concatenate([part.layers[name].spikes_by_step for part in parts]),
                synops_by_step=np.concatenate([part.layers[name].synops_by_step for part in parts]),
                neuron_spikes=None
                if activity.neuron_spikes is None
                else np.concatenate([part.layers[name].neuron_spikes for part in parts]),
            )
            for name, activity in parts[0].layers.items()
        },
    )
