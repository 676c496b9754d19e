"""Reading an answer from the scores of a presentation, in other ways than from the last step.

All functions take scores (images, steps, classes), as `Response.scores`, and return as many, in
float64: the scores from which the answer is read if the presentation ends after that step. They
need no simulation and no spike; costs up to the step are the same for all of them.
"""

from collections.abc import Callable

import numpy as np


def last(scores: np.ndarray) -> np.ndarray:
    """The scores of the step itself: what the synapse has kept of the spikes so far."""
    return scores.astype(np.float64)


def mean(scores: np.ndarray) -> np.ndarray:
    """The mean over all steps so far.

    Without a synapse it counts all spikes so far, each with its weight: what the voltage of a
    neuron that never fires would be, divided by the time. With a synapse it holds the first steps,
    in which the network had not settled, against the answer; see `mean_from` and `settled`.
    """
    return mean_from(scores, 1)


def mean_from(scores: np.ndarray, first: int) -> np.ndarray:
    """The mean over the steps from number `first` on, counted from 1; before it, as `last`.

    Raises ValueError if there is no such step.
    """
    steps = scores.shape[1]
    if not 1 <= first <= steps:
        raise ValueError(f"first: found {first}; there are steps 1 to {steps}")
    read = last(scores)
    sums = np.cumsum(read[:, first - 1 :], axis=1)
    read[:, first - 1 :] = sums / np.arange(1, steps - first + 2)[:, None]
    return read


def second_half(scores: np.ndarray) -> np.ndarray:
    """The mean over the later half of the steps so far: n // 2 + 1 to n."""
    sums = np.cumsum(np.pad(last(scores), ((0, 0), (1, 0), (0, 0))), axis=1)
    steps = np.arange(1, scores.shape[1] + 1)
    return (sums[:, steps] - sums[:, steps // 2]) / (steps - steps // 2)[:, None]


def settled(scores: np.ndarray, bias: np.ndarray, response: np.ndarray) -> np.ndarray:
    """The scores that the network approaches, judged by how far it has settled.

    bias + (scores - bias) / response, and the scores themselves where the response is 0.

    bias: (classes,), the constant current of the readout, which passes no synapse and is there
        in full from the first step on.
    response: (steps,), see `step_response`; of means over steps, the mean of it over the same.

    Among classes with the same bias this changes no answer: it tells only how much the bias
    weighs. It is exact for the mean over noise if all layers behind the first spiking one have no
    bias: their currents then grow together, and a ReLU passes such a factor on. With biases these
    arrive before the spikes that they are to balance, and with residual connections the paths
    settle at different speeds; then it is an approximation that improves with every step.
    """
    shares = np.where(response == 0, 1.0, response)
    return bias + (last(scores) - bias) / shares[:, None]


def step_response(synapse_s: float | None, synapses: int, steps: int, dt: float) -> np.ndarray:
    """(steps,) share of its final value that a constant signal has behind a cascade of synapses.

    synapse_s: time constant (s), as in `Setting`. None passes the signal on at once: all are 1.
    synapses: how many synapses the signal passes: from the first spiking layer to the readout, the
        number of spiking layers.

    Each synapse is NengoDL's lowpass: F[n + 1] = keep F[n] + (1 - keep) x[n] with F[1] = 0 and
    keep = exp(-dt / synapse_s), or 0 if synapse_s is at most 0.03 dt. Source: LowpassBuilder of
    NengoDL.
    """
    # It takes longer to import than most jobs take to read their answers.
    from scipy.signal import lfilter

    signal = np.ones(steps)
    if synapse_s is None:
        return signal
    keep = 0.0 if synapse_s <= 0.03 * dt else np.exp(-dt / synapse_s)
    for _ in range(synapses):
        signal = lfilter([0, 1 - keep], [1, -keep], signal)
    return signal


# Those that need no more than the scores, by the name that the config gives them.
READ_OUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "last": last,
    "mean": mean,
    "second_half": second_half,
}
