"""The layers of a converted network in plain Nengo; each exported script holds a copy of them.

The script defines `ARRAYS`, `SYNAPSE_S`, `NEURON_TYPE` and `NEURON_OPTIONS` before this text.
"""

from typing import Any

import nengo
import numpy as np

ARRAYS: dict[str, np.ndarray] = {}
SYNAPSE_S: float | None = None
NEURON_TYPE: Any = nengo.SpikingRectifiedLinear
NEURON_OPTIONS: dict[str, Any] = {}

# What stands above this line belongs to the library alone.


def spiking(source: Any, name: str, scale: float) -> Any:
    """Neurons that receive a current; `scale` times faster, each spike counting so much less."""
    start = ARRAYS[f"{name}/initial_voltages"]
    amplitude = NEURON_OPTIONS.get("amplitude", 1) / scale
    options = NEURON_OPTIONS | {"amplitude": amplitude, "initial_state": {"voltage": start}}
    ensemble = nengo.Ensemble(
        len(start),
        1,
        gain=np.full(len(start), float(scale)),
        bias=np.zeros(len(start)),
        encoders=np.ones((len(start), 1)),
        neuron_type=NEURON_TYPE(**options),
        label=name,
    )
    connect(source, ensemble.neurons)
    return ensemble.neurons


def dense(source: Any, name: str) -> Any:
    """A sum of all inputs, each with its weight."""
    target = nengo.Node(size_in=len(ARRAYS[f"{name}/bias"]), label=name)
    connect(source, target, transform=ARRAYS[f"{name}/kernel"].T)
    return with_constant(target, ARRAYS[f"{name}/bias"])


def convolution(
    source: Any, name: str, image: tuple[int, int, int], strides: tuple[int, int], padding: str
) -> Any:
    """A convolution of an image (height, width, channels)."""
    target, channels = convolved(source, name, ARRAYS[f"{name}/kernel"], image, strides, padding)
    return with_constant(target, np.tile(ARRAYS[f"{name}/bias"], target.size_in // channels))


def average_pooling(
    source: Any,
    name: str,
    image: tuple[int, int, int],
    window: tuple[int, int],
    strides: tuple[int, int],
) -> Any:
    """The mean over each window of an image, each channel by itself."""
    each = np.eye(image[2]) / (window[0] * window[1])
    kernel = np.broadcast_to(each, (*window, *each.shape))
    return convolved(source, name, kernel, image, strides, "valid")[0]


def convolved(
    source: Any,
    name: str,
    kernel: np.ndarray,
    image: tuple[int, int, int],
    strides: tuple[int, int],
    padding: str,
) -> tuple[Any, int]:
    """A node that receives a convolution, and its number of channels."""
    transform = nengo.Convolution(
        kernel.shape[3],
        image,
        kernel_size=kernel.shape[:2],
        strides=strides,
        padding=padding,
        init=kernel,
    )
    target = nengo.Node(size_in=transform.output_shape.size, label=name)
    connect(source, target, transform=transform)
    return target, kernel.shape[3]


def scaled(source: Any, name: str, shape: tuple[int, ...]) -> Any:
    """Each channel times a number, plus another one."""
    scale, offset = (
        np.tile(ARRAYS[f"{name}/{field}"], int(np.prod(shape)) // shape[-1])
        for field in ("scale", "offset")
    )
    target = nengo.Node(size_in=len(scale), label=name)
    connect(source, target, transform=scale)
    return with_constant(target, offset)


def placed(sources: list[Any], name: str, size: int) -> Any:
    """Inputs side by side, or with zeros around, each where `places` says."""
    target = nengo.Node(size_in=size, label=name)
    for number, source in enumerate(sources):
        connect(source, target[ARRAYS[f"{name}/places_{number}"]])
    return target


def added(sources: list[Any], name: str) -> Any:
    """The sum of several inputs."""
    target = nengo.Node(size_in=sources[0].size_out, label=name)
    for source in sources:
        connect(source, target)
    return target


def with_constant(target: Any, values: np.ndarray) -> Any:
    """The same node, which also receives a constant, and that at once."""
    nengo.Connection(nengo.Node(values, label=f"{target.label} bias"), target, synapse=None)
    return target


def connect(source: Any, target: Any, **options: Any) -> None:
    """Connect two layers; what neurons send passes the synapse."""
    fired = isinstance(source, nengo.ensemble.Neurons)
    nengo.Connection(source, target, synapse=SYNAPSE_S if fired else None, **options)
