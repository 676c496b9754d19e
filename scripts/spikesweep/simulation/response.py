"""What a spiking network did with some images at one setting."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spikesweep.simulation.setting import Setting


@dataclass(frozen=True, eq=False)
class LayerActivity:
    """Spikes of one layer over the whole presentation.

    spikes: (images,) int64, all spikes of the layer.
    synops: (images,) int64, sum over its spikes of the fan-out of the neuron that fired.
    neuron_spikes: (images, neurons) int32, or None where they were not asked for.
    """

    spikes: np.ndarray
    synops: np.ndarray
    neuron_spikes: np.ndarray | None = None


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
                spikes=np.concatenate([part.layers[name].spikes for part in parts]),
                synops=np.concatenate([part.layers[name].synops for part in parts]),
                neuron_spikes=None
                if activity.neuron_spikes is None
                else np.concatenate([part.layers[name].neuron_spikes for part in parts]),
            )
            for name, activity in parts[0].layers.items()
        },
    )
