"""One point of a sweep: a synapse and a firing-rate scale."""

from collections.abc import Mapping
from dataclasses import dataclass

from spikesweep.errors import UserError
from spikesweep.snn.network import SpikingNetwork


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

    def scale_of(self, layer: str) -> float:
        """The factor of one spiking layer."""
        if isinstance(self.scale_firing_rates, tuple):
            return dict(self.scale_firing_rates).get(layer, 1.0)
        return self.scale_firing_rates

    def check(self, network: SpikingNetwork) -> None:
        """Raise UserError for what NengoDL would accept and silently get wrong."""
        if self.synapse_s is not None and self.synapse_s < 0:
            raise UserError(f"synapse_s: found {self.synapse_s}; a time constant is >= 0 s or none")
        names = [layer.name for layer in network.spiking_layers]
        pairs = self.scale_firing_rates
        for name, scale in pairs if isinstance(pairs, tuple) else (("all layers", pairs),):
            if scale <= 0:
                raise UserError(f"scale_firing_rates of {name}: found {scale}; it must be > 0")
            if name not in (*names, "all layers"):
                raise UserError(
                    f"scale_firing_rates: no spiking layer is named {name!r}; "
                    f"the spiking layers are {', '.join(names)}"
                )
