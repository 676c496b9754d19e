"""The settings that are searched: a synapse, and one of some scales for each layer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import yaml

from spikesweep.experiments.experiment import settings_from
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
        """The setting with one layer's scale some places up or down; None at the end."""
        place = self.scales.index(setting.scale_of(layer)) + steps
        if not 0 <= place < len(self.scales):
            return None
        scales = dict(setting.scale_firing_rates) | {layer: self.scales[place]}
        return Setting.per_layer(setting.synapse_s, scales)


def scales_text(setting: Setting, layers: Sequence[str]) -> str:
    """The scale of each layer, first to last, as the config has it: `{conv1: 20, conv2: 50}`."""
    scales = {layer: setting.scale_of(layer) for layer in layers}
    whole = {name: int(scale) for name, scale in scales.items() if scale == int(scale)}
    dumped = yaml.safe_dump(
        scales | whole, default_flow_style=True, sort_keys=False, width=math.inf
    )
    return dumped.strip()


def setting_from(synapse_s: float | None, scales: str) -> Setting:
    """The setting of a table's row: `synapse_s` (NaN for none), and what `scales_text` wrote."""
    filtered = synapse_s is not None and synapse_s == synapse_s
    found = {
        "synapse_s": float(synapse_s) if filtered else None,
        "scale_firing_rates": {name: float(s) for name, s in yaml.safe_load(scales).items()},
    }
    return settings_from([found])[0]
