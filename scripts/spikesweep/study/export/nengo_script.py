"""A network at a setting as a script for plain Nengo, with its arrays in a file beside it.

The script needs `nengo` and `numpy` and nothing of this library. It scales as NengoDL's Converter
does: gain and amplitude of the neurons, not the weights, so that a reader can try other scales.
"""

import inspect
import pprint
from collections.abc import Iterator
from typing import Any

import numpy as np

from spikesweep.conversion import integrate_and_fire
from spikesweep.experiments.readings import Candidate
from spikesweep.snn.fold import fold_affine
from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Input,
    Layer,
    Reshape,
    Spiking,
    ZeroPadding2D,
)
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import LIF, IntegrateAndFire, Neuron, SpikingReLU
from spikesweep.study.export import nengo_blocks
from spikesweep.study.export.script_names import variable_names
from spikesweep.study.export.script_template import SCRIPT

_MARK = "# What stands above this line belongs to the library alone.\n"


def nengo_script(
    network: SpikingNetwork,
    candidate: Candidate,
    *,
    name: str,
    class_names: list[str],
    about: str,
    shows: int,
    answers: int,
) -> str:
    """The text of the script.

    name: of the network. class_names: by label.
    about: what is known of the setting and of the image, for the script's own description.
    shows, answers: the class of the image, and the one that the study's simulation gives.
    """
    folded = fold_affine(network)
    neuron, options = _neuron_type(folded.spiking_layers[0].neuron)
    own = neuron == "IntegrateAndFire"
    imports = ["nengo.dists import Uniform", "nengo.params import IntParam"] if own else []
    source = inspect.getsource(integrate_and_fire.IntegrateAndFire)
    parts = {
        "name": _inside_quotes(name),
        "label": repr(name),
        "about": _inside_quotes(about),
        "shape": " x ".join(map(str, network.input.shape)),
        "imports": f"from typing import Any{', ClassVar' if own else ''}\n",
        "more_imports": "".join(f"from {one}\n" for one in imports),
        "classes": pprint.pformat(class_names, width=96, compact=True),
        "shows": shows,
        "answers": answers,
        "synapse_s": candidate.setting.synapse_s,
        "steps": candidate.reading.steps,
        "averaged": candidate.reading.averaged_steps,
        "dt": network.dt,
        "own_neuron": f"\n\n{source}\n" if own else "",
        "neuron": neuron,
        "options": options,
        "blocks": inspect.getsource(nengo_blocks).split(_MARK)[1].strip(),
    }
    without_layers = SCRIPT.substitute(parts, layers="scores = None", input="scores")
    names = variable_names(folded, without_layers)
    layers = "\n    ".join(_layer_lines(folded, candidate, names))
    return SCRIPT.substitute(parts, layers=layers, input=names[folded.input.name])


def _inside_quotes(text: str) -> str:
    """Text that a docstring may hold, whatever classes and layers are called."""
    return text.replace("\\", r"\\").replace('"', r"\"")


def script_arrays(network: SpikingNetwork, image: np.ndarray) -> dict[str, np.ndarray]:
    """What the script reads from its file.

    image: (height, width, channels) uint8, the image that is shown.
    """
    arrays: dict[str, np.ndarray] = {
        "image": image,
        "input_scale": np.asarray(network.input_scale, np.float32),
        "input_offset": np.asarray(network.input_offset, np.float32),
    }
    folded = fold_affine(network)
    for layer in folded.layers:
        match layer:
            case Dense() | Conv2D():
                arrays |= {f"{layer.name}/kernel": layer.kernel, f"{layer.name}/bias": layer.bias}
            case Affine():
                arrays |= {f"{layer.name}/scale": layer.scale, f"{layer.name}/offset": layer.offset}
            case Spiking():
                arrays[f"{layer.name}/initial_voltages"] = layer.initial_voltages
            case ZeroPadding2D() | Concatenate():
                places = _places(layer, [folded.by_name[one].shape for one in layer.inputs])
                for number, where in enumerate(places):
                    arrays[f"{layer.name}/places_{number}"] = where
    return arrays


def _neuron_type(neuron: Neuron) -> tuple[str, dict[str, Any]]:
    match neuron:
        case SpikingReLU():
            return "nengo.SpikingRectifiedLinear", {"amplitude": neuron.amplitude}
        case IntegrateAndFire():
            most = neuron.most_spikes_a_step
            return "IntegrateAndFire", {"most_spikes_a_step": most, "amplitude": neuron.amplitude}
        case LIF():
            return "nengo.LIF", {
                "tau_rc": neuron.tau_rc,
                "tau_ref": neuron.tau_ref,
                "min_voltage": neuron.min_voltage,
                "amplitude": neuron.amplitude,
            }


def _layer_lines(
    network: SpikingNetwork, candidate: Candidate, names: dict[str, str]
) -> Iterator[str]:
    """One line for each layer: a variable of its name, and the block that makes it."""
    for layer in network.layers:
        sources = [names[name] for name in layer.inputs]
        shapes = [network.by_name[name].shape for name in layer.inputs]
        scale = candidate.setting.scale_of(layer.name)
        yield f"{names[layer.name]} = {_block(layer, sources, shapes, scale)}"
    if names[network.readout.name] != "scores":
        yield f"scores = {names[network.readout.name]}"


def _block(layer: Layer, sources: list[str], shapes: list[tuple[int, ...]], scale: float) -> str:
    label = repr(layer.name)
    first = f"{sources[0] if sources else ''}, {label}"
    match layer:
        case Input():
            return f'nengo.Node(received(ARRAYS["image"]), label={label})'
        case Dense():
            return f"dense({first})"
        case Conv2D():
            window = f'strides={layer.strides}, padding="{layer.padding}"'
            return f"convolution({first}, {shapes[0]}, {window})"
        case AveragePooling2D():
            return f"average_pooling({first}, {shapes[0]}, {layer.pool_size}, {layer.strides})"
        case Affine():
            return f"scaled({first}, {layer.shape})"
        case ZeroPadding2D() | Concatenate():
            size = int(np.prod(layer.shape))
            return f"placed([{', '.join(sources)}], {label}, {size})"
        case Reshape():
            return f"{sources[0]}  # the same values as {layer.shape}"
        case Add():
            return f"added([{', '.join(sources)}], {label})"
        case Spiking():
            return f"spiking({first}, scale={_number(scale)})"
    raise AssertionError(f"no block for {type(layer).__name__}")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _places(layer: ZeroPadding2D | Concatenate, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Where in the layer's output the values of each input stand."""
    positions = np.arange(int(np.prod(layer.shape))).reshape(layer.shape)
    if isinstance(layer, ZeroPadding2D):
        (top, _), (left, _) = layer.padding
        height, width, _ = shapes[0]
        return [positions[top : top + height, left : left + width].reshape(-1)]
    ends = np.cumsum([shape[layer.axis] for shape in shapes])[:-1]
    return [part.reshape(-1) for part in np.split(positions, ends, axis=layer.axis)]
