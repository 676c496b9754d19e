"""Energy by named conventions. Nothing here was measured: counts times published figures.

    energy = synops * synop_j + multiply_adds * multiply_add_j + neuron_updates * neuron_update_j

Left out are memory beyond what a figure includes, transport between chips, and idle power, which
often dominate. So compare settings and networks within one convention, never across two.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EnergyConvention:
    """Joules per operation, as a publication gives them.

    label: how the report names it.
    synop_j: per spike that arrives through one non-zero weight.
    multiply_add_j: per multiply-add of a layer that reads pixels.
    neuron_update_j: per neuron and time step, whether or not it fires.
    ann: whether an ANN can be priced by it, one multiply-add per weight and one update per neuron.
    source: where the figures are from, and what is assumed besides.
    """

    label: str
    synop_j: float
    multiply_add_j: float
    neuron_update_j: float
    ann: bool
    source: str


# By the name that columns give them: `energy_j_<name>`.
CONVENTIONS = {
    "45nm": EnergyConvention(
        label="45 nm, weights only",
        synop_j=0.9e-12,
        multiply_add_j=4.6e-12,
        neuron_update_j=0.0,
        ann=True,
        source="32-bit float addition 0.9 pJ, multiply-add 4.6 pJ: Horowitz, ISSCC 2014; neuron "
        "updates and memory left out, as is usual for spiking networks",
    ),
    "45nm_updates": EnergyConvention(
        label="45 nm, with neuron updates",
        synop_j=0.9e-12,
        multiply_add_j=4.6e-12,
        neuron_update_j=4.6e-12,
        ann=True,
        source="Horowitz, ISSCC 2014; a neuron update taken as one multiply-add, as KerasSpiking "
        "does for processors",
    ),
    "loihi": EnergyConvention(
        label="Loihi",
        synop_j=27.1e-12,
        multiply_add_j=27.1e-12,
        neuron_update_j=81e-12,
        ann=False,
        source="synop 23.6 pJ + 3.5 pJ, neuron update 81 pJ: Davies et al., IEEE Micro 38 (2018), "
        "as used by KerasSpiking; a multiply-add taken as one synop",
    ),
    "spinnaker": EnergyConvention(
        label="SpiNNaker",
        synop_j=13.3e-9,
        multiply_add_j=13.3e-9,
        neuron_update_j=26e-9,
        ann=False,
        source="Höppner et al., IEEE TCAS-I 66 (2019), as used by KerasSpiking; a multiply-add "
        "taken as one synop",
    ),
    "spinnaker2": EnergyConvention(
        label="SpiNNaker2",
        synop_j=450e-12,
        multiply_add_j=450e-12,
        neuron_update_j=2.19e-9,
        ann=False,
        source="Höppner et al., IEEE TCAS-I 66 (2019), as used by KerasSpiking; a multiply-add "
        "taken as one synop",
    ),
}


def spiking_energy_j(*, synops: Any, multiply_adds: Any, updates: Any) -> dict[str, Any]:
    """Energy of a spiking network by every convention: `energy_j_<name>`, in joules.

    Counts are numbers, or columns of a table; so are the energies.
    """
    return {
        f"energy_j_{name}": synops * convention.synop_j
        + multiply_adds * convention.multiply_add_j
        + updates * convention.neuron_update_j
        for name, convention in CONVENTIONS.items()
    }


def ann_energy_j(*, multiply_adds: Any, neurons: Any) -> dict[str, Any]:
    """The same of a trained network, by those conventions that price one: `ann_energy_j_<name>`."""
    return {
        f"ann_energy_j_{name}": multiply_adds * convention.multiply_add_j
        + neurons * convention.neuron_update_j
        for name, convention in CONVENTIONS.items()
        if convention.ann
    }
