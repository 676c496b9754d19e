"""Neurons, starts and read-outs, which the config names by keys, in words."""

from collections.abc import Mapping
from typing import Any

NEURONS = {
    "spiking_relu": "spiking ReLU",
    "integrate_and_fire": "signed integrate-and-fire",
    "lif": "LIF",
}
STARTS = {
    "zero": "at zero",
    "half": "at half the threshold",
    "uniform": "at random",
}
READ_OUTS = {
    "last": "at the last step",
    "mean": "as the mean over all steps",
    "second_half": "as the mean over the later half of the steps",
    "last_third": "as the mean over the last third of the steps",
}


def method_in_words(row: Mapping[str, Any]) -> str:
    """`LIF neurons that start at zero, read at the last step`.

    row: neuron, initial_voltages and read_out, by their keys in the config.
    """
    neuron, start = NEURONS[row["neuron"]], STARTS[row["initial_voltages"]]
    return f"{neuron} neurons that start {start}, read {READ_OUTS[row['read_out']]}"
