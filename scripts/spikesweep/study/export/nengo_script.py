"""A network at a setting as a script for plain Nengo, with its arrays in a file beside it.

The script needs `nengo` and `numpy` and nothing of this library. It scales as NengoDL's Converter
does: gain and amplitude of the neurons, not the weights, so that a reader can try other scales.
"""

import inspect
import keyword
import pprint
import re
from collections.abc import Iterator
from string import Template
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

_MARK = "# What stands above this line belongs to the library alone.\n"
# Names that the script gives to something else.
_TAKEN = {"model", "answer", "nengo", "np", "Any", "ClassVar", "Path", "simulator", "read"}


_SCRIPT = Template('''\
"""$name as a spiking network in Nengo.

$about

    python network.py

shows it that image and prints the answer. NengoGUI opens this file, and
`nengo_dl.Simulator(model)` runs it, too. The arrays are in network.npz beside it.
"""

from pathlib import Path
$imports
import nengo
import numpy as np
$more_imports
ARRAYS = dict(np.load(Path(__file__).with_name("network.npz")))
CLASSES = $classes
# Time constant of the lowpass filter on all spikes, s; None is no filter, 0 a delay of one step.
SYNAPSE_S = $synapse_s
# The answer is the class with the highest mean score over the last AVERAGED of STEPS steps.
STEPS, AVERAGED = $steps, $averaged
# One step, s.
DT = $dt
$own_neuron
NEURON_TYPE = $neuron
NEURON_OPTIONS: dict[str, Any] = $options


$blocks


with nengo.Network(label="$name") as model:
    $layers
    answer = nengo.Probe(scores)


if __name__ == "__main__":
    with nengo.Simulator(model, dt=DT, progress_bar=False) as simulator:
        simulator.run_steps(STEPS)
    read = simulator.data[answer][-AVERAGED:].mean(axis=0)
    print(CLASSES[int(read.argmax())])
''')


def nengo_script(
    network: SpikingNetwork, candidate: Candidate, *, name: str, class_names: list[str], about: str
) -> str:
    """The text of the script.

    name: of the network. class_names: by label.
    about: what is known of the setting and of the image, for the script's own description.
    """
    folded = fold_affine(network)
    neuron, options = _neuron_type(folded.spiking_layers[0].neuron)
    own = neuron == "IntegrateAndFire"
    imports = ["nengo.dists import Uniform", "nengo.params import IntParam"] if own else []
    source = inspect.getsource(integrate_and_fire.IntegrateAndFire)
    return _SCRIPT.substitute(
        name=name,
        about=about,
        imports=f"from typing import Any{', ClassVar' if own else ''}\n",
        more_imports="".join(f"from {one}\n" for one in imports),
        classes=pprint.pformat(class_names, width=96, compact=True),
        synapse_s=candidate.setting.synapse_s,
        steps=candidate.reading.steps,
        averaged=candidate.reading.averaged_steps,
        dt=network.dt,
        own_neuron=f"\n\n{source}\n" if own else "",
        neuron=neuron,
        options=options,
        blocks=inspect.getsource(nengo_blocks).split(_MARK)[1].strip(),
        layers="\n    ".join(_layer_lines(folded, candidate)),
    )


def script_arrays(network: SpikingNetwork, image: np.ndarray) -> dict[str, np.ndarray]:
    """What the script reads from its file.

    image: (height, width, channels) float32, the network's input of the image that is shown.
    """
    arrays: dict[str, np.ndarray] = {"image": image.reshape(-1)}
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


def _layer_lines(network: SpikingNetwork, candidate: Candidate) -> Iterator[str]:
    """One line for each layer: a variable of its name, and the block that makes it."""
    names = _variables(network)
    for layer in network.layers:
        sources = [names[name] for name in layer.inputs]
        shapes = [network.by_name[name].shape for name in layer.inputs]
        scale = candidate.setting.scale_of(layer.name)
        yield f"{names[layer.name]} = {_block(layer, sources, shapes, scale)}"
    if names[network.readout.name] != "scores":
        yield f"scores = {names[network.readout.name]}"


def _block(layer: Layer, sources: list[str], shapes: list[tuple[int, ...]], scale: float) -> str:
    first = f'{sources[0] if sources else ""}, "{layer.name}"'
    match layer:
        case Input():
            return f'nengo.Node(ARRAYS["image"], label="{layer.name}")'
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
            return f'placed([{", ".join(sources)}], "{layer.name}", {size})'
        case Reshape():
            return f"{sources[0]}  # the same values as {layer.shape}"
        case Add():
            return f'added([{", ".join(sources)}], "{layer.name}")'
        case Spiking():
            return f"spiking({first}, scale={scale:g})"
    raise AssertionError(f"no block for {type(layer).__name__}")


def _variables(network: SpikingNetwork) -> dict[str, str]:
    """A Python name for each layer."""
    names: dict[str, str] = {}
    for layer in network.layers:
        plain = re.sub(r"\W", "_", layer.name)
        if plain[0].isdigit():
            plain = f"layer_{plain}"
        while (
            plain in names.values()
            or plain in _TAKEN
            or keyword.iskeyword(plain)
            or hasattr(nengo_blocks, plain)
            or (plain == "scores" and layer is not network.readout)
        ):
            plain += "_"
        names[layer.name] = plain
    return names


def _places(layer: ZeroPadding2D | Concatenate, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """Where in the layer's output the values of each input stand."""
    positions = np.arange(int(np.prod(layer.shape))).reshape(layer.shape)
    if isinstance(layer, ZeroPadding2D):
        (top, _), (left, _) = layer.padding
        height, width, _ = shapes[0]
        return [positions[top : top + height, left : left + width].reshape(-1)]
    ends = np.cumsum([shape[layer.axis] for shape in shapes])[:-1]
    return [part.reshape(-1) for part in np.split(positions, ends, axis=layer.axis)]
