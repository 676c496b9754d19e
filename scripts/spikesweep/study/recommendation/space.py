"""The settings that are searched: a synapse, and one of several scales for each layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from spikesweep.simulation.setting import Setting


@dataclass(frozen=True)
class Space:
    """All settings of a network on a grid.

    layers: names of the spiking layers, first to last.
    synapse_s: time constants, None for no filter.
    scales: ascending.
    """

    layers: tuple[str, ...]
    synapse_s: tuple[float | None, ...]
    scales: tuple[float, ...]

    def setting(self, synapse_s: float | None, scales: Sequence[float]) -> Setting:
        """The setting with these scales of the layers, first to last."""
        return Setting.per_layer(synapse_s, dict(zip(self.layers, map(float, scales), strict=True)))

    def uniform(self, synapse_s: float | None, scale: float) -> Setting:
        """The setting in which all layers have the same scale."""
        return self.setting(synapse_s, [scale] * len(self.layers))

    def all_uniform(self) -> list[Setting]:
        """Every synapse with every scale of all layers."""
        return [self.uniform(*pair) for pair in product(self.synapse_s, self.scales)]

    def all_settings(self) -> list[Setting]:
        """The whole grid."""
        choices = product(self.synapse_s, product(self.scales, repeat=len(self.layers)))
        return [self.setting(synapse, scales) for synapse, scales in choices]

    def __len__(self) -> int:
        return len(self.synapse_s) * len(self.scales) ** len(self.layers)

    def step(self, setting: Setting, layer: str, steps: int) -> Setting | None:
        """The setting with one layer's scale moved by `steps`; None beyond the end of the grid."""
        index = self.scales.index(setting.scale_of(layer)) + steps
        if not 0 <= index < len(self.scales):
            return None
        scales = {name: setting.scale_of(name) for name in self.layers}
        return Setting.per_layer(setting.synapse_s, scales | {layer: self.scales[index]})
