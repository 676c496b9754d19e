"""Small random networks of every shape that the engines know."""

import numpy as np

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
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU

# A step of a power of two, at which the outputs of neurons have few bits; see step_by_step.
DT = 2.0**-10
SHAPES = ("dense", "conv", "pooled", "padded", "residual", "concatenated", "normalised", "mixed")


class Builder:
    """Appends layers with random weights of few bits."""

    def __init__(self, seed, shape, neuron):
        self.rng = np.random.default_rng(seed)
        self.neuron = neuron
        self.layers = [Input("image", (), shape)]

    def add(self, kind, shape, *arrays, inputs=None, **named):
        name = f"{kind.__name__.lower()}_{len(self.layers)}"
        inputs = inputs or (self.layers[-1].name,)
        self.layers.append(kind(name, inputs, tuple(int(n) for n in shape), *arrays, **named))
        return name

    @property
    def last(self):
        return self.layers[-1]

    def few_bits(self, *shape, span=64):
        return (self.rng.integers(-span, span + 1, shape) / 64).astype(np.float32)

    def dense(self, units):
        return self.add(
            Dense, (units,), self.few_bits(*self.last.shape, units), self.few_bits(units)
        )

    def conv(self, channels, size=(3, 3), strides=(1, 1), padding="valid", source=None):
        shape = source.shape if source else self.last.shape
        if padding == "same":
            out = [-(-n // s) for n, s in zip(shape, strides, strict=False)]
        else:
            out = [(n - k) // s + 1 for n, k, s in zip(shape, size, strides, strict=False)]
        kernel = self.few_bits(*size, shape[2], channels)
        inputs = (source.name,) if source else None
        arrays = (kernel, self.few_bits(channels), strides, padding)
        return self.add(Conv2D, (*out, channels), *arrays, inputs=inputs)

    def pool(self, size=(2, 2), strides=(2, 2)):
        shape = self.last.shape
        out = [(n - k) // s + 1 for n, k, s in zip(shape, size, strides, strict=False)]
        return self.add(AveragePooling2D, (*out, shape[2]), size, strides)

    def global_pool(self):
        shape = self.last.shape
        return self.add(AveragePooling2D, shape[2:], shape[:2], shape[:2])

    def pad(self, padding):
        height, width, channels = self.last.shape
        (top, bottom), (left, right) = padding
        return self.add(
            ZeroPadding2D, (height + top + bottom, width + left + right, channels), padding
        )

    def affine(self):
        channels = self.last.shape[-1]
        return self.add(Affine, self.last.shape, self.few_bits(channels), self.few_bits(channels))

    def reshape(self, *shape):
        return self.add(Reshape, shape or (np.prod(self.last.shape),))

    def spiking(self):
        shape = self.last.shape
        voltages = self.rng.integers(0, 1024, int(np.prod(shape))) / 1024
        self.add(Spiking, shape, self.neuron, voltages.astype(np.float32))
        return self.last

    def join(self, kind, *sources, **named):
        shape = list(sources[0].shape)
        if kind is Concatenate:
            axis = named["axis"]
            shape[axis] = sum(source.shape[axis] for source in sources)
        return self.add(kind, shape, inputs=tuple(source.name for source in sources), **named)

    def network(self, dt=DT):
        one = np.ones(1, np.float32)
        return SpikingNetwork(tuple(self.layers), 0, dt, one, 0 * one)


def random_network(shape, seed=0, neuron=SpikingReLU(), dt=DT):  # noqa: B008
    """A network of one of `SHAPES`, over images of 8 x 9 pixels in 2 channels."""
    b = Builder(seed, (8, 9, 2), neuron)
    strides = tuple(int(n) for n in b.rng.integers(1, 3, 2))
    size = tuple(int(n) for n in b.rng.integers(1, 4, 2))
    padding = str(b.rng.choice(["valid", "same"]))
    match shape:
        case "dense":
            b.reshape(), b.dense(12), b.spiking(), b.dense(7), b.spiking()
        case "conv":
            b.conv(4, size, strides, padding), b.spiking()
            b.conv(5, (2, 3), strides, "same"), b.spiking(), b.reshape()
        case "pooled":
            b.conv(4, (3, 3), (1, 1), "same"), b.spiking(), b.pool((2, 2), (1, 2))
            b.conv(5, size, (1, 1), padding), b.pool(), b.spiking(), b.global_pool()
        case "padded":
            b.pad(((1, 0), (2, 3))), b.conv(4), b.spiking(), b.pad(((0, 2), (1, 1)))
            b.conv(3, size, strides, padding), b.spiking(), b.reshape()
        case "residual":
            b.conv(4, (3, 3), (1, 1), "same")
            first = b.spiking()
            b.conv(4, (3, 3), (1, 1), "same"), b.spiking(), b.conv(4, size, (1, 1), "same")
            b.join(Add, first, b.last), b.spiking(), b.conv(2, source=first), b.spiking()
            b.reshape()
        case "concatenated":
            b.conv(4, (3, 3), (1, 1), "same")
            first = b.spiking()
            b.conv(6, (3, 3), (1, 1), "same")
            second = b.spiking()
            b.join(Concatenate, first, second, axis=-1), b.conv(3, size, strides), b.spiking()
            third = b.last
            b.join(Concatenate, third, third, axis=0), b.reshape()
        case "normalised":
            b.conv(4), b.affine(), b.spiking(), b.affine(), b.conv(3), b.affine(), b.spiking()
            b.reshape(), b.affine()
        case "mixed":
            b.reshape(), b.dense(48), b.reshape(4, 4, 3), b.spiking(), b.conv(4, (2, 2))
            b.reshape(6, 6), b.spiking(), b.reshape(3, 3, 4), b.conv(2, (2, 2)), b.spiking()
            b.reshape()
    b.dense(5)
    return b.network(dt)


def random_images(count, seed=0, shape=(8, 9, 2)):
    """Images of few bits, some pixels zero, bright enough for some thousand hertz."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 17, (count, *shape)) * (rng.random((count, *shape)) < 0.7)
    return (pixels * 8).astype(np.float32)
