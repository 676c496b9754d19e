"""SIMULATION in plain NumPy, one time step after another: what the fused engine must equal.

Everything is float32. `dyadic` networks have weights and inputs of a few bits, a power of
two as 1 / dt, and are run at scales that are powers of two: then no sum over synapses is
ever rounded, its order does not matter, and spikes must be equal to the last one.
"""

import numpy as np

from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.snn.fan_out import fan_out
from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Input,
    Reshape,
    Spiking,
    ZeroPadding2D,
)
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU

F = np.float32


def step_by_step(network, images, setting, steps):
    """A Response to all images, with the spikes of every neuron."""
    dt = F(network.dt)
    images = np.asarray(images, np.float32)
    spiking = network.spiking_layers
    silent = {layer.name: np.zeros((len(images), *layer.shape), F) for layer in spiking}
    constant = linear_parts(network, {network.input.name: images, **silent}, biases=True)
    ends = [layer.inputs[0] for layer in spiking] + [network.readout.name]
    filtered = {end: np.zeros_like(constant[end]) for end in ends}
    state = {
        layer.name: [
            np.tile(
                layer.initial_voltages.reshape(layer.shape), (len(images), *[1] * len(layer.shape))
            ),
            np.zeros((len(images), *layer.shape), F),
        ]
        for layer in spiking
    }
    spikes = {name: [] for name in silent}
    scores = []
    for _ in range(steps):
        z = dict(silent)
        before = {end: value.copy() for end, value in filtered.items()}

        def arriving(end, z=z, before=before):
            if setting.synapse_s is not None:
                return constant[end] + before[end]
            no_image = {network.input.name: np.zeros_like(images), **z}
            return constant[end] + linear_parts(network, no_image, biases=False)[end]

        for layer in spiking:
            scale = F(setting.scale_of(layer.name))
            current = scale * arriving(layer.inputs[0])
            k = fire(layer.neuron, current, state[layer.name], dt)
            z[layer.name] = k * (F(layer.neuron.amplitude / float(scale)) / dt)
            spikes[layer.name].append(k.astype(np.int64).reshape(len(images), -1))
        scores.append(arriving(network.readout.name))
        if setting.synapse_s is not None:
            driven = linear_parts(
                network, {network.input.name: np.zeros_like(images), **z}, biases=False
            )
            keep, take = F(0), F(1)
            if setting.synapse_s > 0.03 * network.dt:
                keep = F(np.exp(-network.dt / setting.synapse_s))
                take = F(1 - np.exp(-network.dt / setting.synapse_s))
            for end in ends:
                filtered[end] = keep * filtered[end] + take * driven[end]
    fans = fan_out(network)
    counts = {name: np.stack(steps_of, axis=1) for name, steps_of in spikes.items()}
    return Response(
        setting,
        0,
        np.stack(scores, axis=1),
        {
            name: LayerActivity(
                count.sum(axis=2), count @ fans[name], count.sum(axis=1).astype(np.int32)
            )
            for name, count in counts.items()
        },
    )


def fire(neuron, current, state, dt):
    """One step of all neurons of a layer: spikes, float32; `state` is changed in place."""
    voltage, refractory = state
    if isinstance(neuron, LIF):
        tau_rc, tau_ref = F(neuron.tau_rc), F(neuron.tau_ref)
        duration = np.clip(dt - refractory, F(0), dt)
        voltage = voltage + (voltage - current) * np.expm1(-duration / tau_rc)
        spiked = voltage > 1
        with np.errstate(all="ignore"):
            passed = -tau_rc * np.log1p((F(1) - voltage) / (current - F(1)))
        state[1] = np.where(spiked, tau_ref - passed, refractory - dt)
        state[0] = np.where(spiked, F(0), np.maximum(voltage, F(neuron.min_voltage)))
        return spiked.astype(F)
    if isinstance(neuron, IntegrateAndFire):
        voltage = voltage + current * dt
        k = np.clip(np.floor(voltage), F(0), neuron.most_spikes_a_step)
        state[0] = voltage - k
        return k
    assert isinstance(neuron, SpikingReLU), neuron
    voltage = voltage + np.maximum(current, F(0)) * dt
    k = np.floor(voltage)
    state[0] = voltage - k
    return k


def linear_parts(network, values, *, biases):
    """Output of every layer, given what the image and the spiking layers put out."""
    values = dict(values)
    for layer in network.layers:
        if not isinstance(layer, Spiking | Input):
            read = [values[name] for name in layer.inputs]
            values[layer.name] = linear(layer, read, biases).astype(F)
    return values


def linear(layer, read, biases):
    x = read[0]
    match layer:
        case Dense():
            return x @ layer.kernel + (layer.bias if biases else F(0))
        case Conv2D():
            return convolved(layer, x) + (layer.bias if biases else F(0))
        case Affine():
            return layer.scale * x + (layer.offset if biases else F(0))
        case AveragePooling2D():
            pooled = windows(x, layer.pool_size, layer.strides).mean(axis=(-2, -1), dtype=F)
            return pooled.reshape(len(x), *layer.shape)
        case ZeroPadding2D():
            return np.pad(x, ((0, 0), *layer.padding, (0, 0)))
        case Reshape():
            return x.reshape(len(x), *layer.shape)
        case Add():
            return sum(read[1:], start=x)
        case Concatenate():
            return np.concatenate(read, axis=layer.axis % len(layer.shape) + 1)
    raise AssertionError(layer)


def convolved(layer, x):
    kernel = layer.kernel
    if layer.padding == "same":
        pads = []
        for size, window, stride in zip(x.shape[1:3], kernel.shape, layer.strides, strict=False):
            total = max((-(-size // stride) - 1) * stride + window - size, 0)
            pads.append((total // 2, total - total // 2))
        x = np.pad(x, ((0, 0), *pads, (0, 0)))
    return np.einsum("byxcij,ijcd->byxd", windows(x, kernel.shape[:2], layer.strides), kernel)


def windows(x, size, strides):
    view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
    return view[:, :: strides[0], :: strides[1]]
