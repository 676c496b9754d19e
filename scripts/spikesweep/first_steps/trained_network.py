"""First steps 6: a trained network, as rates and as spikes.

A network of ReLUs learns to tell apart the three arms of a spiral. Then each ReLU, which answers
with a number, is replaced by a neuron that fires at that rate, in hertz. This is what a converted
network is: the weights stay the same, and numbers become spikes.

Numbers near 1 are rates near 1 Hz: too few spikes to compute with. Two remedies can be tried:
- `synapse`: a lowpass filter on all spikes averages over time. It costs nothing but delay.
- `scale`: all neurons fire faster by this factor, and each spike counts less by the same factor.

Run this file, or open it in NengoGUI: a point moves through the plane until you drag its slider.
Drag `synapse (ms)` and `scale`, and watch the answer of the spikes settle, flicker, or lag.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import nengo
import numpy as np
from scipy.special import softmax

ARMS = 3
COLOURS = ("#0173b2", "#de8f05", "#029e73")


@dataclass(frozen=True, eq=False)
class Weights:
    """A trained network: scores = W3 relu(W2 relu(W1 x + b1) + b2) + b3.

    weights: (out, in) of each layer; biases: (out,) of each layer.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    def activities(self, points: np.ndarray) -> list[np.ndarray]:
        """Output of each layer for points (N, 2); the last are the scores (N, 3)."""
        answers = [points]
        for depth, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            total = answers[-1] @ weights.T + biases
            answers.append(np.maximum(total, 0) if depth + 1 < len(self.weights) else total)
        return answers[1:]


def wander(t: float) -> tuple[float, float]:
    """A point that circles the centre in 4 s, from arm to arm."""
    return 0.6 * np.cos(np.pi * t / 2), 0.6 * np.sin(np.pi * t / 2)


def build(
    *,
    stimulus: Callable[[float], Sequence[float]] | Sequence[float] = wander,
    neurons: int = 24,
    synapse_s: float = 0.01,
    scale_firing_rates: float = 20.0,
    seed: int = 0,
) -> nengo.Network:
    """Train a network, and build it from rate neurons and from spiking neurons side by side.

    stimulus: the point (x, y), each between -1 and 1, constant or a function of the time in s.
    neurons: number in each of the two hidden layers.
    synapse_s: time constant of the lowpass filter on all spikes, s; a slider in NengoGUI.
    scale_firing_rates: factor by which the spiking neurons fire faster; a slider too.
    seed: of the training points, the initial weights, and the neurons' initial voltages.
    """
    trained = train(neurons, seed)
    with nengo.Network("Trained network", seed=seed) as net:
        net.point = nengo.Node(stimulus, label="point (x, y)")
        net.synapse_ms = nengo.Node([1000 * synapse_s], label="synapse (ms)")
        net.scale = nengo.Node([scale_firing_rates], label="scale")
        net.rates = _rate_network(trained)
        net.spikes = _spiking_network(trained)
        net.plane = nengo.Node(_Plane(), size_in=2 + 2 * ARMS, label="rates (ring), spikes (dot)")
        for source, target in (
            (net.point, net.rates.point),
            (net.point, net.spikes.point),
            (net.synapse_ms, net.spikes.synapse_ms),
            (net.scale, net.spikes.scale),
            (net.point, net.plane[:2]),
            (net.rates.scores, net.plane[2 : 2 + ARMS]),
            (net.spikes.scores, net.plane[2 + ARMS :]),
        ):
            nengo.Connection(source, target, synapse=None)
    return net


@cache
def train(neurons: int, seed: int, steps: int = 600, learning_rate: float = 0.01) -> Weights:
    """Train two hidden layers of ReLUs on points of a spiral, with Adam and cross-entropy."""
    rng = np.random.default_rng(seed)
    points, arms = spiral(300, rng)
    sizes = (2, neurons, neurons, ARMS)
    weights = [
        rng.normal(0, np.sqrt(2 / before), (after, before)) for before, after in pairwise(sizes)
    ]
    biases = [np.zeros(after) for after in sizes[1:]]
    network = Weights(tuple(weights), tuple(biases))
    parameters = [*weights, *biases]
    mean = [np.zeros_like(parameter) for parameter in parameters]
    square = [np.zeros_like(parameter) for parameter in parameters]
    for step in range(1, steps + 1):
        rate = learning_rate * (1 + np.cos(np.pi * step / steps)) / 2
        for k, gradient in enumerate(_gradients(network, points, arms)):
            mean[k] += 0.1 * (gradient - mean[k])
            square[k] += 0.01 * (gradient**2 - square[k])
            unbiased = np.sqrt(square[k] / (1 - 0.99**step))
            # In place, so that the network sees the change.
            parameters[k] -= rate * mean[k] / (1 - 0.9**step) / (unbiased + 1e-8)
    return network


def spiral(per_arm: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw points (N, 2) from three arms that wind around each other, and their arms (N,)."""
    radius = np.sqrt(rng.uniform(0.02, 1, (ARMS, per_arm)))
    points = _on_arm(np.arange(ARMS)[:, None], radius, rng.normal(0, 0.12, radius.shape))
    return points.reshape(-1, 2), np.repeat(np.arange(ARMS), per_arm)


def _on_arm(arm: np.ndarray, radius: np.ndarray, aside: np.ndarray | float = 0) -> np.ndarray:
    angle = 2 * np.pi * arm / ARMS + 3 * radius + aside
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def _gradients(network: Weights, points: np.ndarray, arms: np.ndarray) -> list[np.ndarray]:
    """Gradients of the mean cross-entropy with respect to all weights, then all biases."""
    *hidden, scores = network.activities(points)
    error = (softmax(scores, axis=1) - np.eye(ARMS)[arms]) / len(points)
    by_weights: list[np.ndarray] = []
    by_biases: list[np.ndarray] = []
    for weights, before in zip(reversed(network.weights), reversed([points, *hidden]), strict=True):
        by_weights.insert(0, error.T @ before)
        by_biases.insert(0, error.sum(axis=0))
        error = (error @ weights) * (before > 0)
    return by_weights + by_biases


def _rate_network(trained: Weights) -> nengo.Network:
    """The network as it was trained: it computes with numbers, without delay."""
    with nengo.Network("as rates") as net:
        first, second, last = trained.weights
        net.point = nengo.Node(size_in=2, label="point")
        net.hidden_1 = _neurons(nengo.RectifiedLinear(), trained.biases[0], "hidden 1")
        net.hidden_2 = _neurons(nengo.RectifiedLinear(), trained.biases[1], "hidden 2")
        net.scores = _scores(trained, "scores as rates")
        nengo.Connection(net.point, net.hidden_1.neurons, transform=first, synapse=None)
        nengo.Connection(net.hidden_1.neurons, net.hidden_2.neurons, transform=second, synapse=None)
        nengo.Connection(net.hidden_2.neurons, net.scores, transform=last, synapse=None)
    return net


def _spiking_network(trained: Weights) -> nengo.Network:
    """The same weights between spiking neurons; filter and scale can change at any time.

    As in NengoDL's Converter: weights first, then the filter, then the bias and the scale.
    """
    with nengo.Network("as spikes") as net:
        first, second, last = trained.weights
        net.point = nengo.Node(size_in=2, label="point")
        net.synapse_ms = nengo.Node(size_in=1, label="synapse (ms)")
        net.scale = nengo.Node(size_in=1, label="scale")
        current = nengo.Node(size_in=len(first), label="current")
        nengo.Connection(net.point, current, transform=first, synapse=None)
        net.hidden_1, spikes = spiking_layer(current, trained.biases[0], net.scale, "hidden 1")
        current = _filtered(spikes, second, net.synapse_ms)
        net.hidden_2, spikes = spiking_layer(current, trained.biases[1], net.scale, "hidden 2")
        net.scores = _scores(trained, "scores as spikes")
        nengo.Connection(_filtered(spikes, last, net.synapse_ms), net.scores, synapse=None)
    return net


def spiking_layer(
    current: nengo.Node, biases: np.ndarray, scale: nengo.Node, label: str
) -> tuple[nengo.Ensemble, nengo.Node]:
    """Spiking ReLUs that fire at scale * (current + bias) Hz; each spike is divided by scale."""
    layer = _neurons(nengo.SpikingRectifiedLinear(), np.zeros_like(biases), label)
    count = len(biases)
    sizes = {"size_in": count + 1, "size_out": count}
    drive = nengo.Node(lambda t, x: x[-1] * (x[:-1] + biases), label="drive", **sizes)
    spikes = nengo.Node(lambda t, x: x[:-1] / x[-1], label="spikes / scale", **sizes)
    nengo.Connection(current, drive[:-1], synapse=None)
    nengo.Connection(scale, drive[-1], synapse=None)
    nengo.Connection(drive, layer.neurons, synapse=None)
    nengo.Connection(layer.neurons, spikes[:-1], synapse=None)
    nengo.Connection(scale, spikes[-1], synapse=None)
    return layer, spikes


def _neurons(kind: nengo.neurons.NeuronType, biases: np.ndarray, label: str) -> nengo.Ensemble:
    count = len(biases)
    return nengo.Ensemble(count, 1, neuron_type=kind, gain=np.ones(count), bias=biases, label=label)


def _filtered(spikes: nengo.Node, weights: np.ndarray, synapse_ms: nengo.Node) -> nengo.Node:
    """The weighted spikes after a lowpass filter whose time constant may change at any time."""
    sizes = {"size_in": len(weights) + 1, "size_out": len(weights)}
    lowpass = nengo.Node(LiveLowpass(), label="lowpass", **sizes)
    nengo.Connection(spikes, lowpass[:-1], transform=weights, synapse=None)
    nengo.Connection(synapse_ms, lowpass[-1], synapse=None)
    return lowpass


class LiveLowpass(nengo.Process):
    """nengo.Lowpass that takes its time constant, in ms, as its last input.

    F[n] = A F[n-1] + (1 - A) x[n] with A = exp(-dt / tau); the output is F[n-1].
    """

    def make_state(
        self, shape_in: tuple[int, ...], shape_out: tuple[int, ...], dt: float, dtype: None = None
    ) -> dict[str, np.ndarray]:
        """The filtered value starts at 0."""
        return {"filtered": np.zeros(shape_out)}

    def make_step(
        self,
        shape_in: tuple[int, ...],
        shape_out: tuple[int, ...],
        dt: float,
        rng: np.random.RandomState,
        state: dict[str, np.ndarray],
    ) -> Callable[[float, np.ndarray], np.ndarray]:
        """One time step."""
        filtered = state["filtered"]

        def step(t: float, x: np.ndarray) -> np.ndarray:
            before = filtered.copy()
            tau_s = x[-1] / 1000
            keep = np.exp(-dt / tau_s) if tau_s > 0 else 0.0
            filtered[:] = keep * filtered + (1 - keep) * x[:-1]
            return before

        return step


def _scores(trained: Weights, label: str) -> nengo.Node:
    return nengo.Node(lambda t, x: x + trained.biases[-1], size_in=ARMS, label=label)


class _Plane:
    """The picture in NengoGUI: the arms, and the point in the colours of the two answers."""

    def __init__(self) -> None:
        radius = np.linspace(0.14, 1, 12)
        arms = (100 * (1 + _on_arm(np.full(12, arm), radius) * (1, -1)) for arm in range(ARMS))
        self.arms = "".join(
            f'<polyline points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in arm)}" fill="none" '
            f'stroke="{colour}" stroke-opacity="0.35" stroke-width="14" stroke-linecap="round"/>'
            for arm, colour in zip(arms, COLOURS, strict=True)
        )

    def __call__(self, t: float, x: np.ndarray) -> None:
        """x: the point (2), the scores as rates (3) and as spikes (3)."""
        rates, spikes = COLOURS[np.argmax(x[2:5])], COLOURS[np.argmax(x[5:8])]
        place = f'cx="{100 + 100 * x[0]:.1f}" cy="{100 - 100 * x[1]:.1f}"'
        self._nengo_html_ = (
            f'<svg width="100%" height="100%" viewBox="-10 -10 220 220">{self.arms}'
            f'<circle {place} r="15" fill="white" stroke="{rates}" stroke-width="5"/>'
            f'<circle {place} r="9" fill="{spikes}"/></svg>'
        )


def agreement(duration_s: float, **parameters: Any) -> float:
    """Share of the time in which rates and spikes give the same class; parameters as in `build`."""
    with build(**parameters) as net:
        rates, spikes = nengo.Probe(net.rates.scores), nengo.Probe(net.spikes.scores)
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run(duration_s)
    classes = simulator.data[rates].argmax(axis=1), simulator.data[spikes].argmax(axis=1)
    return float(np.mean(classes[0] == classes[1]))


model = build()

if __name__ == "__main__":
    print("A trained network as spikes: how often it gives the class that it gives as rates")
    for scale in (1.0, 10.0, 100.0):
        share = agreement(4.0, scale_firing_rates=scale)
        print(f"  scale {scale:3.0f}: {100 * share:.0f} % of the time")
