"""Thresholds that the literature gives neurons without training: the activation worth one spike.

All take the activations of one spiking layer on training images, (images, ..., channels) and not
negative, and return theta, one for the layer or one per channel, (channels,). A neuron that
integrates signed current and fires at most once a step then gives outputs of up to theta; in the
terms of this project it has the firing-rate scale 1 / (theta dt).
"""

from collections.abc import Callable

import numpy as np

Threshold = float | np.ndarray

# Rueckauer et al. found percentiles from 99 to 99.999 to be good; most code has this one.
PERCENTILE = 99.9
# Steps for which the threshold with the least error is looked for.
MMSE_STEPS = 16
# How often all images are gone through, and images of each correction of a threshold.
BALANCING_PASSES = 20
BALANCING_BATCH = 100


def max_norm(activations: np.ndarray) -> Threshold:
    """theta = max a: no rate saturates.

    Source: Diehl et al. (2015), Fast-classifying, high-accuracy spiking deep networks through
    weight and threshold balancing, doi.org/10.1109/IJCNN.2015.7280696, data-based normalisation.
    """
    return _positive(float(activations.max()))


def percentile(activations: np.ndarray) -> Threshold:
    """theta = the 99.9th percentile of the activations that are not zero: outliers saturate.

    Source: Rueckauer et al. (2017), doi.org/10.3389/fnins.2017.00682, robust normalisation; that
    zeros do not count is as in the authors' code (snn_toolbox).
    """
    fired = activations[activations > 0]
    return _positive(float(np.percentile(fired, PERCENTILE)) if len(fired) else 0.0)


def per_channel(activations: np.ndarray) -> Threshold:
    """`percentile` of each channel; a channel that is always silent gets that of the layer.

    Source: Kim et al. (2020), Spiking-YOLO, doi.org/10.1609/aaai.v34i07.6787, channel-wise
    normalisation.
    """
    of_layer = percentile(activations)
    by_channel = activations.reshape(-1, activations.shape[-1]).T
    return np.array([percentile(one) if one.any() else of_layer for one in by_channel])


def mmse(activations: np.ndarray) -> Threshold:
    """theta with the least mean of (a - (theta / T) floor(clip(a T / theta, 0, T)))^2, T = 16.

    Candidates are max a (1 - i / 100) with i = 0 to 94; of equals the largest. Source: Li et al.
    (2021), A free lunch from ANN, arXiv 2106.06984; the candidates are those of the authors' code
    (SNN_Calibration).
    """
    candidates = _positive(float(activations.max())) * (1 - 0.01 * np.arange(95))
    # Zeros add nothing to the error of any candidate.
    fired = activations[activations > 0]
    errors = [np.square(fired - _floored(fired, float(one))).sum() for one in candidates]
    return float(candidates[int(np.argmin(errors))])


def local_balancing(activations: np.ndarray) -> Threshold:
    """From 0, theta_c += 2 mean(max(a_c - theta_c, 0)) for one batch of images after the other.

    Each step goes down the gradient of mean((a - clip(a, 0, theta))^2), so that theta comes to rest
    where few activations are above it. Source: Bu et al. (2025), Inference-scale complexity in
    ANN-SNN conversion, arXiv 2409.03368, local threshold balancing, with the authors' factor of 1.
    There the layers before are clipped while thresholds grow; here each layer sees the activations
    of the trained network. A channel that is always silent gets the mean of the others.
    """
    theta = np.zeros(activations.shape[-1])
    batches = [
        activations[first : first + BALANCING_BATCH].reshape(-1, len(theta))
        for first in range(0, len(activations), BALANCING_BATCH)
    ]
    for _ in range(BALANCING_PASSES):
        for batch in batches:
            theta += 2 * np.maximum(batch - theta, 0).mean(axis=0)
    if not theta.any():
        return 1.0
    return np.where(theta > 0, theta, theta[theta > 0].mean())


def mean_activation(activations: np.ndarray) -> Threshold:
    """theta = mean a, with which all layers fire at the same mean rate.

    Of no publication: a control that knows the level of the activations, not their spread.
    """
    return _positive(float(activations.mean(dtype=np.float64)))


# By the name that config and tables give them.
THRESHOLDS: dict[str, Callable[[np.ndarray], Threshold]] = {
    "max_norm": max_norm,
    "percentile": percentile,
    "per_channel": per_channel,
    "mmse": mmse,
    "local_balancing": local_balancing,
    "equal_rates": mean_activation,
}
# Those with a threshold for each channel.
BY_CHANNEL = ("per_channel", "local_balancing")


def _floored(values: np.ndarray, theta: float) -> np.ndarray:
    return theta / MMSE_STEPS * np.floor(np.clip(values * (MMSE_STEPS / theta), 0, MMSE_STEPS))


def _positive(theta: float) -> float:
    # A layer that is always silent is as well off with any threshold.
    return theta if theta > 0 else 1.0
