"""One point of a sweep: a synapse and a firing-rate scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from spikesweep.errors import UserError
from spikesweep.snn.network import SpikingNetwork
from spikesweep.words import yaml_line


@dataclass(frozen=True)
class Setting:
    """How a SpikingNetwork is run; the two arguments of NengoDL's Converter of these names.

    synapse_s: time constant (s) of the lowpass filter on the output of all neurons, or
        None for no filter. 0 is not None: it is a delay of one step.
    scale_firing_rates: one factor for all spiking layers, or (layer, factor) pairs; layers
        that are not named keep the factor 1. Inputs of neurons are multiplied by it and
        their outputs divided.
    """

    synapse_s: float | None
    scale_firing_rates: float | tuple[tuple[str, float], ...] = 1.0

    @classmethod
    def per_layer(cls, synapse_s: float | None, scales: Mapping[str, float]) -> "Setting":
        """A setting with a factor for each named layer."""
        return cls(synapse_s, tuple(sorted(scales.items())))

    @classmethod
    def from_config(cls, entry: Mapping[str, Any]) -> "Setting":
        """The setting that an entry of the config describes.

        entry: `synapse_s`, a number, or None or the word `none`; `scale_firing_rates`, a number,
            or one for each named layer. Other keys are ignored.
        """
        synapse, scale = entry["synapse_s"], entry["scale_firing_rates"]
        synapse_s = None if synapse in (None, "none") else float(synapse)
        if isinstance(scale, Mapping):
            return cls.per_layer(synapse_s, {layer: float(one) for layer, one in scale.items()})
        return cls(synapse_s, float(scale))

    @classmethod
    def from_yaml(cls, text: str) -> "Setting":
        """The setting of a piece of config: a list with one entry, see `from_config`."""
        [entry] = yaml.safe_load(text)
        return cls.from_config(entry)

    @classmethod
    def from_table(cls, synapse_s: float | None, scale: float | str) -> "Setting":
        """The setting of a table's row.

        synapse_s: NaN or None for no synapse.
        scale: what `table_scale` or `scales_text` wrote.
        """
        filtered = synapse_s is not None and synapse_s == synapse_s
        scales = yaml.safe_load(scale) if isinstance(scale, str) else scale
        return cls.from_config(
            {"synapse_s": synapse_s if filtered else None, "scale_firing_rates": scales}
        )

    @property
    def table_scale(self) -> float | str:
        """The scale as tables hold it: a number, or a text with the scales of the named layers."""
        if isinstance(self.scale_firing_rates, tuple):
            return self.scales_text([layer for layer, _ in self.scale_firing_rates])
        return self.scale_firing_rates

    def scales_text(self, layers: Sequence[str]) -> str:
        """The scale of each of these layers, as the config has it: `{conv1: 20, conv2: 50}`."""
        return yaml_line({layer: self.scale_of(layer) for layer in layers})

    def scale_of(self, layer: str) -> float:
        """The factor of one spiking layer."""
        if isinstance(self.scale_firing_rates, tuple):
            return dict(self.scale_firing_rates).get(layer, 1.0)
        return self.scale_firing_rates

    def check(self, network: SpikingNetwork) -> None:
        """Raise UserError for what NengoDL would accept and silently get wrong."""
        if self.synapse_s is not None and self.synapse_s < 0:
            raise UserError(
                f"synapse_s: found {self.synapse_s}; it must be a time constant of at least 0 "
                "s, or none"
            )
        if not isinstance(self.scale_firing_rates, tuple):
            _check_scale("all layers", self.scale_firing_rates)
            return
        names = [layer.name for layer in network.spiking_layers]
        for name, scale in self.scale_firing_rates:
            _check_scale(name, scale)
            if name not in names:
                raise UserError(
                    f"scale_firing_rates: no spiking layer is named {name!r}; "
                    f"the spiking layers are {', '.join(names)}"
                )


def _check_scale(of: str, scale: float) -> None:
    if scale <= 0:
        raise UserError(f"scale_firing_rates of {of}: found {scale}; it must be > 0")
