"""What stands beside a graph: what NIR has no word for, units, input, classes, what to expect."""

from dataclasses import asdict
from typing import Any, assert_never

from spikesweep.data.dataset import Dataset
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import LIF, IntegrateAndFire, Neuron, SpikingReLU
from spikesweep.study.export.changes import dialect_of
from spikesweep.study.export.chosen import Chosen
from spikesweep.study.export.interpret import Dialect
from spikesweep.study.export.to_nir import has_filter


def description(
    network: SpikingNetwork,
    chosen: Chosen,
    dataset: Dataset,
    *,
    name: str,
    seed: int,
    nodes: dict[str, str],
    refused: str | None,
) -> dict[str, Any]:
    """The content of the JSON file.

    nodes: the node of each spiking layer in the graph. refused: why there is no graph.
    """
    setting, reading = chosen.candidate.setting, chosen.candidate.reading
    height, width, channels = network.input.shape
    return {
        "network": name,
        "seed": seed,
        "nir": None if refused else "network.nir",
        "why_no_nir": refused,
        "setting": {
            "synapse_s": setting.synapse_s,
            "scale_firing_rates": {
                layer.name: setting.scale_of(layer.name) for layer in network.spiking_layers
            },
            "chosen": chosen.why,
        },
        "dt_s": network.dt,
        "answer": {
            "steps": reading.steps,
            "readout": reading.readout,
            "averaged_steps": reading.averaged_steps,
            "rule": "the class with the highest mean score over the last averaged_steps of steps",
        },
        "input": {
            "shape": [channels, height, width],
            "layout": "channels, height, width; constant while the image is shown",
            "scale": network.input_scale.tolist(),
            "offset": network.input_offset.tolist(),
            "formula": "pixel (0 to 255) * scale + offset, per channel",
        },
        "units": {
            "spike": "1",
            "current": "thresholds per time step of dt_s; nir.IF has r = 1 / dt_s",
            "output": "the scores of the trained network",
            "tau": "s",
        },
        "classes": dataset.class_names.tolist(),
        "nodes": nodes,
        "not_in_nir": _not_in_nir(network, setting.synapse_s),
        # For the interpreter.
        "dialect": asdict(dialect_of(network, Dialect())),
        "expected": chosen.expected | {"images": int(chosen.expected["images"])},
    }


def _not_in_nir(network: SpikingNetwork, synapse_s: float | None) -> dict[str, Any]:
    """How the study simulates what the format leaves open."""
    neuron = network.spiking_layers[0].neuron
    delay = (
        "none: all layers act in the same step"
        if synapse_s is None
        else ("one step per layer: a filter passes on what it held before the step")
    )
    return {
        "filter": _filter(synapse_s, network.dt),
        "start": f"voltages start {_start(network)}; v_start in the metadata of each nir.IF node",
        "delay": delay,
        "readout": "nir.Output receives the scores of each step; see answer",
        **_dynamics(neuron),
    }


def _filter(synapse_s: float | None, dt: float) -> str:
    if not has_filter(synapse_s, dt):
        return "none"
    return (
        "nir.LI solved exactly over each step, y = exp(-dt / tau) y + (1 - exp(-dt / tau)) spikes, "
        "from 0; not in Euler steps of dt / tau"
    )


def _start(network: SpikingNetwork) -> str:
    words = {"uniform": "uniform in [0, 1), the same for all images", "half": "at 0.5"}
    return words.get(network.start, "at 0")


def _dynamics(neuron: Neuron) -> dict[str, Any]:
    match neuron:
        case SpikingReLU():
            return {
                "rectification": "V += max(current, 0): negative current of a step is dropped",
                "reset": "by subtraction: V -= number of spikes",
                "spikes_per_step": "floor(V), more than one if the current is above 1",
            }
        case IntegrateAndFire():
            most = neuron.most_spikes_a_step
            return {
                "rectification": "none: negative current lowers V, without limit",
                "reset": "by subtraction: V -= number of spikes",
                "spikes_per_step": f"floor(V), at most {most}" if most else "floor(V)",
            }
        case LIF():
            return {"neuron": f"LIF with a refractory period of {neuron.tau_ref:g} s"}
        case _:
            assert_never(neuron)
