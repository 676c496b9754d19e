"""The mean of a current that varies and is rectified.

NengoDL's neuron integrates max(J, 0). Behind a synapse the current of a step is the mean m plus the
ripple of filtered spikes, a sum of many terms of which each is small, so about normal with some
standard deviation d. A rectified normal has the mean

    E max(J, 0) = m Phi(m / d) + d phi(m / d)

(Frey and Hinton 1999, Neural Computation 11, 193-213, equation 11), which exceeds max(m, 0) by

    d g(|m| / d),    g(x) = phi(x) - x Phi(-x):

most, 0.4 d, where the mean is zero, and on neurons that would be silent.
"""

import numpy as np
from scipy.special import ndtr

_ROOT = np.sqrt(2 * np.pi)


def rectified_mean(mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """E max(J, 0) of a normal J; max(mean, 0) where it does not vary."""
    mean, deviation = np.asarray(mean), np.asarray(deviation)
    varies = deviation > 0
    z = np.divide(mean, deviation, out=np.zeros_like(mean), where=varies)
    density = np.exp(-(z**2) / 2) / _ROOT
    return np.where(varies, mean * ndtr(z) + deviation * density, np.maximum(mean, 0))
