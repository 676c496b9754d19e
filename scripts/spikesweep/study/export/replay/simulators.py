"""Show images to an exported graph in another simulator.

A program for the environment that `make foreign` sets up:

    .venv-foreign/bin/python simulators.py sinabs network.nir images.npz answers.npz

It needs NumPy, nir, PyTorch and the simulator, and imports nothing of this library.

images.npz: input (images, channels, height, width) float32; steps; dt_s.
answers.npz: scores (images, steps, classes) float32; spikes (images,), of all neurons together;
    version, of the simulator.
"""

import sys
from collections.abc import Callable
from graphlib import TopologicalSorter
from importlib.metadata import version
from typing import Any

import nir
import numpy as np
import torch

_BATCH = 20


def main(simulator: str, graph_path: str, images_path: str, answers_path: str) -> None:
    """Replay all images and write what came out."""
    torch.set_num_threads(1)
    graph = nir.read(graph_path)
    with np.load(images_path) as file:
        images, steps, dt_s = file["input"], int(file["steps"]), float(file["dt_s"])
    replay, package = SIMULATORS[simulator]
    scores, spikes = [], []
    with torch.no_grad():
        for first in range(0, len(images), _BATCH):
            shown = torch.from_numpy(images[first : first + _BATCH])
            found, fired = replay(graph, shown, steps, dt_s)
            scores.append(found.numpy())
            spikes.append(fired.numpy())
    np.savez(
        answers_path,
        scores=np.concatenate(scores),
        spikes=np.concatenate(spikes),
        version=version(package),
    )


Replay = Callable[[Any, torch.Tensor, int, float], tuple[torch.Tensor, torch.Tensor]]


def in_sinabs(
    graph: Any, images: torch.Tensor, steps: int, dt_s: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """sinabs 3.1: signed current, a lowest voltage of -1, start at 0, no delay.

    Its leaky integrator takes its time constant in steps, adds up what it receives instead of
    averaging, and has one time constant for all neurons; a node behind it makes up for that.
    """
    from sinabs import nir as sinabs_nir

    model = sinabs_nir.from_nir(_leaks_in_steps(graph, dt_s), batch_size=len(images))
    return _in_multi_step(model, images, steps, "IAFSqueeze")


def in_sinabs_from_start(
    graph: Any, images: torch.Tensor, steps: int, dt_s: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """As `in_sinabs`, with the start voltages that the file holds as metadata."""
    from sinabs import nir as sinabs_nir

    model = sinabs_nir.from_nir(_leaks_in_steps(graph, dt_s), batch_size=len(images))
    for name, node in graph.nodes.items():
        if isinstance(node, nir.IF):
            start = torch.as_tensor(node.metadata["v_start"])
            layer = model.get_submodule(name)
            layer.v_mem = start.expand(len(images), *start.shape).clone()
    return _in_multi_step(model, images, steps, "IAFSqueeze")


def in_spikingjelly(
    graph: Any, images: torch.Tensor, steps: int, dt_s: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """SpikingJelly 2.0: signed current, reset to 0, one spike per step, start at 0, no filters.

    It has no leaky integrator, so filters are left out.
    """
    from spikingjelly.activation_based import functional
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    model = import_from_nir(_without_filters(graph), dt=dt_s, step_mode="s")
    functional.reset_net(model)
    fired = _spike_counter(model, "_NIRStatefulModule", len(images))
    state, scores = None, []
    for _ in range(steps):
        found, state = model(images, state)
        scores.append(found)
    return torch.stack(scores, dim=1), fired()


# By their names, and the package whose version is told.
SIMULATORS: dict[str, tuple[Replay, str]] = {
    "sinabs": (in_sinabs, "sinabs"),
    "sinabs_start": (in_sinabs_from_start, "sinabs"),
    "spikingjelly": (in_spikingjelly, "spikingjelly"),
}


def _in_multi_step(
    model: Any, images: torch.Tensor, steps: int, neurons: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Run a model that takes (images * steps, ...) at once."""
    model.execution_order = _in_order(model)
    fired = _spike_counter(model, neurons, len(images))
    found = model(images.repeat_interleave(steps, dim=0))
    scores = found[0] if isinstance(found, tuple) else found
    return scores.reshape(len(images), steps, -1), fired()


def _in_order(model: Any) -> list[Any]:
    """The nodes of a model, each after all that it reads.

    nirtorch 2.6 runs them as a walk from the input meets them: where paths meet, it runs what is
    behind the one before the other, and leaves that out of the sum without a word.
    """
    known = set(model.execution_order)
    sources = {
        node: [one for one in model.graph.find_source_nodes_of(node) if one in known]
        for node in model.execution_order
    }
    return list(TopologicalSorter(sources).static_order())


def _spike_counter(model: Any, neurons: str, images: int) -> Callable[[], torch.Tensor]:
    """Counts what all neurons of a model put out, per image; called, it tells the sum."""
    counts = torch.zeros(images, dtype=torch.int64)

    def count(_module: Any, _received: Any, sent: Any) -> None:
        sent = sent[0] if isinstance(sent, tuple) else sent
        counts.add_(sent.reshape(images, -1).sum(dim=1).to(torch.int64))

    for module in model.modules():
        if type(module).__name__ == neurons:
            module.register_forward_hook(count)
    return lambda: counts


def _leaks_in_steps(graph: Any, dt_s: float) -> Any:
    """The graph with each `nir.LI` as sinabs reads it, and a node behind it for its gain."""
    nodes, edges = {}, []
    for name, node in graph.nodes.items():
        nodes[name] = _plain_conv2d(node, node.weight) if isinstance(node, nir.Conv2d) else node
        if isinstance(node, nir.LI):
            steps = float(node.tau.flat[0]) / dt_s
            one = np.ones(1, np.float32)
            nodes[name] = nir.LI(tau=one * np.float32(steps), r=one, v_leak=0 * one)
            nodes[f"{name}_gain"] = _times(1 - np.exp(-1 / steps), node.tau.shape)
            edges.append((name, f"{name}_gain"))
    for source, target in graph.edges:
        leaks = isinstance(graph.nodes[source], nir.LI)
        edges.append((f"{source}_gain" if leaks else source, target))
    return nir.NIRGraph(nodes=nodes, edges=edges, metadata={}, type_check=False)


def _times(factor: float, shape: tuple[int, ...]) -> Any:
    """A node that multiplies each value by the same number: sinabs reads no `nir.Scale`."""
    each = np.eye(shape[0], dtype=np.float32) * np.float32(factor)
    zeros = np.zeros(shape[0], np.float32)
    if len(shape) == 1:
        return nir.Affine(each, zeros)
    return nir.Conv2d(shape[1:], each[:, :, None, None], (1, 1), (0, 0), (1, 1), 1, zeros)


def _without_filters(graph: Any) -> Any:
    """The graph with what each `nir.LI` reads in its place."""
    before = {target: source for source, target in graph.edges}
    filters = {name for name, node in graph.nodes.items() if isinstance(node, nir.LI)}
    edges = [
        (before[source] if source in filters else source, target)
        for source, target in graph.edges
        if target not in filters
    ]
    nodes = {
        name: _plain_conv2d(node, node.weight) if isinstance(node, nir.Conv2d) else node
        for name, node in graph.nodes.items()
        if name not in filters
    }
    return nir.NIRGraph(nodes=nodes, edges=edges, metadata={})


def _plain_conv2d(node: Any, weight: np.ndarray) -> Any:
    """The same with whole numbers of Python, where the file has those of NumPy."""
    stride, padding = (tuple(int(n) for n in pair) for pair in (node.stride, node.padding))
    return nir.Conv2d(node.input_shape, weight, stride, padding, (1, 1), 1, node.bias)


if __name__ == "__main__":
    main(*sys.argv[1:])
