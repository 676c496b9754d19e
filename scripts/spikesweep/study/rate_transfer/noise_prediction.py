"""What the noise of spikes should do to a network's decisions, predicted without simulating.

A neuron that represents the value a fires at f = s a, where s is the scale of its layer. If it
fires regularly, its filtered spikes ripple around a, and the ripple reaches the scores along their
gradients.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import numpy as np

from spikesweep.snn.layers import Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.rates import rates, score_gradients

# Images at once: the gradients of all their scores are in memory together.
_BATCH = 25
# Neurons that fire less often than this, in Hz, count as silent: once in eleven days.
_SILENT_HZ = 1e-6
# Draws of the noise for each image. The accuracy on a few hundred images is far more
# uncertain than this number of draws leaves it.
_DRAWS = 100


@dataclass(frozen=True, eq=False)
class ScoreNoise:
    """The scores of a network, and what the spikes of each layer add to them at each scale.

    scores: (images, classes), of the network as rates. covariance[layer, scale]: (images,
    classes, classes), of the noise that the layer causes in the scores at that scale.
    whole[layer]: the same if the noise of each neuron were as large as its output.
    """

    scores: np.ndarray
    covariance: Mapping[tuple[str, float], np.ndarray]
    whole: Mapping[str, np.ndarray]


def relative_variance(
    rate_hz: np.ndarray, synapse_s: float | None, dt: float, filters: int = 1
) -> np.ndarray:
    """Variance of a regular neuron's filtered spikes over their squared mean.

    For spikes 1 / f apart, behind a lowpass of time constant tau and seen at a random phase,
    it is x coth(x) - 1 with x = 1 / (2 f tau): about x - 1 if the filter has forgotten a spike
    when the next one comes, x^2 / 3 if it holds many. This is the sum over the harmonics of f,

        2 sum_k |H(k f)|^2,   |H(g)|^2 = 1 / (1 + (2 pi g tau)^2),

    and with `filters` such lowpasses in a row, |H|^2 is raised to that power.

    A synapse that is not long against `dt` (s) counts as tau = dt / 2 coth(dt / (2 synapse_s)),
    which keeps the variance that rare spikes have in time steps; no synapse as dt / 2. Where f
    comes near 1 / dt, at which each step has its spike, the true ripple is smaller.
    """
    if not synapse_s:
        tau, filters = dt / 2, 1
    else:
        tau = dt / 2 / np.tanh(dt / (2 * synapse_s))
    x = 1 / (2 * tau * np.asarray(rate_hz, np.float64))
    return x / np.tanh(x) - 1 if filters == 1 else _cascade_variance(x, filters)


def score_noise(
    network: SpikingNetwork,
    images: np.ndarray,
    scales: Mapping[str, Iterable[float]],
    synapse_s: float | None,
) -> tuple[ScoreNoise, ScoreNoise]:
    """The noise that each layer adds to the scores, at each scale.

    images: (N, H, W, C) float32, as `SpikingNetwork.prepare` makes them.

    The variance of a neuron's output times the gradients of two scores, summed over the layer:
    neurons are taken to be independent, and their noise to be small and caused only by their own
    spikes.

    Returns it twice: filtered once, by the synapse that the layer's spikes pass first; and
    filtered by all synapses on the shortest way to the scores.
    """
    ahead = _filters_ahead(network)
    scores: list[np.ndarray] = []
    whole: dict[str, list[np.ndarray]] = {}
    once: dict[tuple[str, float], list[np.ndarray]] = {}
    cascade: dict[tuple[str, float], list[np.ndarray]] = {}
    for first in range(0, len(images), _BATCH):
        outputs = rates(network, images[first : first + _BATCH])
        scores.append(outputs[network.readout.name])
        for name, each in score_gradients(network, outputs).items():
            gradient = each.reshape(*each.shape[:2], -1)
            output = outputs[name].reshape(len(gradient), -1)
            whole.setdefault(name, []).append(_covariance(gradient, output**2))
            for scale in scales[name]:
                for found, filters in ((once, 1), (cascade, ahead[name])):
                    variance = ripple_variance(output, scale, synapse_s, network.dt, filters)
                    found.setdefault((name, scale), []).append(_covariance(gradient, variance))
    all_scores, all_whole = np.concatenate(scores), _joined(whole)
    return (
        ScoreNoise(all_scores, _joined(once), all_whole),
        ScoreNoise(all_scores, _joined(cascade), all_whole),
    )


def predicted_accuracy(noise: ScoreNoise, scales: Mapping[str, float], labels: np.ndarray) -> float:
    """Share of images and draws of normal noise in which the label has the highest score."""
    covariance: np.ndarray = reduce(np.add, (noise.covariance[key] for key in scales.items()))
    # A matrix that rounding has made singular has no Cholesky root.
    least = 1e-6 * np.trace(covariance, axis1=1, axis2=2)[:, None, None] + 1e-12
    root = np.linalg.cholesky(covariance + least * np.eye(covariance.shape[-1]))
    # The same draws for each setting, so that predictions differ only by the noise.
    draws = np.random.default_rng(0).standard_normal((*noise.scores.shape, _DRAWS))
    noisy = noise.scores[:, :, None] + root @ draws
    return float((noisy.argmax(axis=1) == labels[:, None]).mean())


def margin_variance(noise: ScoreNoise, covariance: np.ndarray) -> float:
    """Variance of the margin of the best score over the second, over the mean squared margin.

    Averaged over images. The margin is what noise must overcome to change the answer.
    """
    images = np.arange(len(noise.scores))
    second, first = noise.scores.argsort(axis=1)[:, -2:].T
    margin = noise.scores[images, first] - noise.scores[images, second]
    variance = (
        covariance[images, first, first]
        + covariance[images, second, second]
        - 2 * covariance[images, first, second]
    )
    return float(variance.mean() / (margin**2).mean())


@dataclass(frozen=True)
class LayerOutput:
    """What the neurons of a layer put out as rates, over neurons and images.

    mean: their mean rate in Hz at scale 1. active_share: share of the outputs that are not zero.
    """

    mean: float
    active_share: float


def layer_outputs(network: SpikingNetwork, images: np.ndarray) -> dict[str, LayerOutput]:
    """The outputs of each spiking layer."""
    names = [layer.name for layer in network.spiking_layers]
    sums, active = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
    for first in range(0, len(images), _BATCH):
        outputs = rates(network, images[first : first + _BATCH])
        for name in names:
            sums[name] += float(outputs[name].sum(dtype=np.float64))
            active[name] += int(np.count_nonzero(outputs[name]))
    sizes = {layer.name: layer.neurons * len(images) for layer in network.spiking_layers}
    return {
        name: LayerOutput(mean=sums[name] / sizes[name], active_share=active[name] / sizes[name])
        for name in names
    }


def ripple_variance(
    output: np.ndarray, scale: float, synapse_s: float | None, dt: float, filters: int
) -> np.ndarray:
    """Of the filtered spikes of neurons that represent these outputs; see `relative_variance`."""
    fires = scale * output > _SILENT_HZ
    variance = np.zeros_like(output)
    firing = output[fires]
    variance[fires] = firing**2 * relative_variance(scale * firing, synapse_s, dt, filters)
    return variance


def _cascade_variance(x: np.ndarray, filters: int) -> np.ndarray:
    known, table = _cascade_table(filters)
    logarithm = np.interp(np.log(x), np.log(known), np.log(table))
    # Beyond the table, spikes are so rare that the variance grows as the time between them.
    return np.where(x > known[-1], (table[-1] + 1) * x / known[-1] - 1, np.exp(logarithm))


@cache
def _cascade_table(filters: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.geomspace(1e-3, 300, 400)
    # 3000 harmonics: ten times as many as the filters pass at the last x.
    harmonics = np.arange(1, 3001)
    passed = (1 + (np.pi * harmonics / x[:, None]) ** 2) ** -float(filters)
    return x, 2 * passed.sum(axis=1)


def _filters_ahead(network: SpikingNetwork) -> dict[str, int]:
    """Synapses that a spike of each layer passes on the shortest way to the scores."""
    ahead = {network.readout.name: 0}
    for layer in reversed(network.layers):
        here = ahead[layer.name] + isinstance(layer, Spiking)
        for name in layer.inputs:
            ahead[name] = min(here, ahead.get(name, here))
    return {layer.name: ahead[layer.name] + 1 for layer in network.spiking_layers}


def _covariance(gradient: np.ndarray, variance: np.ndarray) -> np.ndarray:
    return (gradient * variance[:, None]) @ gradient.transpose(0, 2, 1)


def _joined(parts: Mapping[Any, list[np.ndarray]]) -> dict[Any, np.ndarray]:
    return {key: np.concatenate(batches) for key, batches in parts.items()}
