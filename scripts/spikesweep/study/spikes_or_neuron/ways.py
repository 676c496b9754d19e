"""A neuron and a read-out: how a network answers, if not as it was converted and studied."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.engine import engine_for
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import NEURON_TYPES, is_rate_proportional

logger = logging.getLogger(__name__)

# How all other studies read an answer.
STUDIED = "last"


@dataclass(frozen=True)
class Way:
    """neuron: a name in `NEURON_TYPES`; read_out: one in `READ_OUTS`."""

    neuron: str
    read_out: str


def other_ways(
    network: SpikingNetwork, ways: Iterable[Mapping[str, str]], name: str
) -> dict[str, list[str]]:
    """The read-outs of each neuron that are to be tried with a network; one simulation serves all.

    Left out is the way in which it was studied. None is tried with neurons whose rate is not
    proportional to their current, as the others compute something else at each scale; the log
    says so.
    """
    own = network.spiking_layers[0].neuron
    if not is_rate_proportional(own):
        logger.warning(
            "%s: its neurons are %s, which scaling bends; no other neuron computes the same, so "
            "no claim is compared",
            name,
            type(own).__name__,
        )
        return {}
    found = [
        way
        for way in (Way(**entry) for entry in ways)
        if (type(own), STUDIED) != (NEURON_TYPES[way.neuron], way.read_out)
    ]
    by_neuron = groupby(sorted(found, key=lambda way: way.neuron), key=lambda way: way.neuron)
    return {neuron: [way.read_out for way in group] for neuron, group in by_neuron}


def exchanged(experiment: Experiment, neuron: str, engine: str) -> Experiment:
    """The experiment with other neurons, which start at the voltages of those that they replace."""
    network = with_neuron(experiment.network, NEURON_TYPES[neuron]())
    return replace(experiment, network=network, engine=engine_for(network, engine))
