"""A small interpreter of the graphs that `to_nir` writes, independent of the engines.

It reads nothing but the graph, and knows no layer of the study: what it plays is what the file
says. Each node's whole time course is computed before the next node's, as the graphs have no
circles.
"""

from dataclasses import dataclass
from functools import reduce
from graphlib import TopologicalSorter
from typing import Any

import nir
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# Images that are played at once; their activity is what takes memory.
_BATCH = 10


@dataclass(frozen=True)
class Dialect:
    """How a simulator reads what NIR leaves open. By default as the study simulates.

    start: whether neurons start at `v_start`; otherwise at 0, as NIR has no word for it.
    rectified: whether the negative current of a step is dropped.
    subtract: whether a spike lowers the voltage by the threshold; otherwise it becomes `v_reset`,
        as NIR's equation has it, and what was above the threshold is lost.
    most: how often a neuron may fire in one step; None for as many as its voltage holds.
    delayed: whether a filter passes on what it held before the step.
    filtered: whether filters filter; otherwise they pass on what arrives in the step.
    lowest: below which no voltage falls.
    """

    start: bool = True
    rectified: bool = True
    subtract: bool = True
    most: int | None = None
    delayed: bool = True
    filtered: bool = True
    lowest: float | None = None


@dataclass(frozen=True, eq=False)
class Played:
    """What a graph did.

    scores: (images, steps, classes) float32.
    spikes: (images, steps, neurons) uint16 of each `nir.IF` node, channels first.
    """

    scores: np.ndarray
    spikes: dict[str, np.ndarray]

    def counts(self, node: str) -> np.ndarray:
        """(images, neurons) int64, the spikes of each neuron over the whole time."""
        return self.spikes[node].sum(axis=1, dtype=np.int64)


def play(
    graph: Any, images: np.ndarray, steps: int, dt: float, dialect: Dialect | None = None
) -> Played:
    """Show images to a graph, each for so many steps of dt seconds.

    images: (images, channels, height, width), the network's input, constant over time.

    Raises ValueError for a kind of node that `to_nir` does not write.
    """
    parts = [
        _play(graph, images[first : first + _BATCH], steps, dt, dialect or Dialect())
        for first in range(0, len(images), _BATCH)
    ]
    return Played(
        np.concatenate([part.scores for part in parts]),
        {name: np.concatenate([part.spikes[name] for part in parts]) for name in parts[0].spikes},
    )


def _play(graph: Any, images: np.ndarray, steps: int, dt: float, dialect: Dialect) -> Played:
    sources: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for source, target in graph.edges:
        sources[target].append(source)
    # (images, steps, ...) of each node, one step where it is constant.
    found: dict[str, np.ndarray] = {}
    spikes: dict[str, np.ndarray] = {}
    left = {name: sum(source == name for source, _ in graph.edges) for name in graph.nodes}
    scores = np.zeros(0)
    for name in TopologicalSorter(sources).static_order():
        node = graph.nodes[name]
        if isinstance(node, nir.Input):
            found[name] = images[:, None].astype(np.float32)
            continue
        arriving = reduce(np.add, [found[source] for source in sources[name]])
        for source in sources[name]:
            left[source] -= 1
            if not left[source]:
                del found[source]
        match node:
            case nir.Output():
                scores = np.broadcast_to(arriving, (len(images), steps, *arriving.shape[2:]))
            case nir.IF():
                found[name] = _fire(node, arriving, steps, dt, dialect)
                spikes[name] = found[name].reshape(len(images), steps, -1).astype(np.uint16)
            case _:
                found[name] = _passed(node, arriving, steps, dt, dialect)
    return Played(np.ascontiguousarray(scores), spikes)


def _passed(node: Any, x: np.ndarray, steps: int, dt: float, dialect: Dialect) -> np.ndarray:
    match node:
        case nir.Affine():
            return x @ node.weight.T + node.bias
        case nir.Conv2d():
            return _convolve(node, x)
        case nir.SumPool2d():
            return _sum_pool(node, x)
        case nir.Flatten():
            return x.reshape(*x.shape[:2], -1)
        case nir.Delay():
            late = round(float(node.delay.flat[0]) / dt)
            return np.concatenate([np.zeros_like(x[:, :late]), x[:, : steps - late]], axis=1)
        case nir.LI():
            return _filter(node, x, steps, dt, dialect)
    raise ValueError(f"no rule for a node of the kind {type(node).__name__}")


def _convolve(node: Any, x: np.ndarray) -> np.ndarray:
    """x: (images, steps, channels, height, width)."""
    windows = _windows(x, node.weight.shape[2:], node.stride, node.padding)
    rows = windows.reshape(np.prod(windows.shape[:3]), -1)
    kernel = node.weight.transpose(2, 3, 1, 0).reshape(rows.shape[1], -1)
    y = (rows @ kernel + node.bias).reshape(*x.shape[:2], *windows.shape[1:3], -1)
    return y.transpose(0, 1, 4, 2, 3)


def _sum_pool(node: Any, x: np.ndarray) -> np.ndarray:
    windows = _windows(x, node.kernel_size, node.stride, node.padding)
    y = windows.sum(axis=(3, 4)).reshape(*x.shape[:2], *windows.shape[1:3], -1)
    return y.transpose(0, 1, 4, 2, 3)


def _windows(x: np.ndarray, window: Any, stride: Any, padding: Any) -> np.ndarray:
    """(images * steps, rows, columns, height and width of a window, channels)."""
    (top, left), (high, wide) = padding, window
    # Channels last, so that a window is copied in long runs.
    images = x.reshape(-1, *x.shape[2:]).transpose(0, 2, 3, 1)
    images = np.pad(images, ((0, 0), (int(top),) * 2, (int(left),) * 2, (0, 0)))
    images = np.ascontiguousarray(images)
    windows = sliding_window_view(images, (int(high), int(wide)), axis=(1, 2))
    return windows[:, :: int(stride[0]), :: int(stride[1])].transpose(0, 1, 2, 4, 5, 3)


def _filter(node: Any, x: np.ndarray, steps: int, dt: float, dialect: Dialect) -> np.ndarray:
    """The exact solution of tau dv/dt = r x - v over each step, for x that is constant in it."""
    if not dialect.filtered:
        return x
    keep = np.exp(-dt / node.tau).astype(np.float32)
    take = (1 - np.exp(-dt / node.tau)).astype(np.float32)
    state = np.zeros_like(x[:, 0])
    y = np.empty((len(x), steps, *x.shape[2:]), np.float32)
    for step in range(steps):
        before = state
        state = keep * state + take * node.r * x[:, min(step, x.shape[1] - 1)]
        y[:, step] = before if dialect.delayed else state
    return y


def _fire(node: Any, x: np.ndarray, steps: int, dt: float, dialect: Dialect) -> np.ndarray:
    """Spikes in each step, float32."""
    per_step = (node.r * dt).astype(np.float32)
    start = node.metadata["v_start"] if dialect.start else np.zeros_like(node.v_threshold)
    voltage = np.repeat(start[None].astype(np.float32), len(x), axis=0)
    fired = np.empty((len(x), steps, *x.shape[2:]), np.float32)
    for step in range(steps):
        current = x[:, min(step, x.shape[1] - 1)]
        voltage += per_step * (np.maximum(current, 0) if dialect.rectified else current)
        k = np.clip(np.floor(voltage / node.v_threshold), 0, dialect.most)
        fired[:, step] = k
        if dialect.subtract:
            voltage -= k * node.v_threshold
        else:
            voltage = np.where(k > 0, node.v_reset, voltage)
        if dialect.lowest is not None:
            voltage = np.maximum(voltage, dialect.lowest)
    return fired
