"""Reading an answer from the scores of a presentation, in other ways than from the last step.

The functions of `READ_OUTS`, `mean_from` and `settled` take scores (images, steps, classes), as
`Response.scores`, and return as many, in float64: the scores from which the answer is read if the
presentation ends after that step. They need no simulation and no spike; costs up to the step are
the same for all of them. `read_after` gives the same for one step alone.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

# How many scores, the last of a presentation of so many steps, are averaged by the read-outs that
# need no more than the scores, by the name that the config gives them.
_AVERAGED: dict[str, Callable[[int], int]] = {
    "last": lambda steps: 1,
    "mean": lambda steps: steps,
    "second_half": lambda steps: steps - steps // 2,
    # Late enough for the signal to have passed all layers, long enough to average out spikes.
    "last_third": lambda steps: max(1, steps // 3),
}


def averaged_steps(read_out: str, steps: int) -> int:
    """How many scores a read-out averages, the last ones of a presentation of `steps`.

    Raises KeyError for an unknown read-out.
    """
    return _AVERAGED[read_out](steps)


def read_after(scores: np.ndarray, read_out: str, steps: int) -> np.ndarray:
    """The scores that are read after `steps`, (images, classes), in the precision of `scores`.

    scores: (images, steps or more, classes). Raises KeyError for an unknown read-out.
    """
    return scores[:, steps - averaged_steps(read_out, steps) : steps].mean(axis=1)


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


def mean_of_last(scores: np.ndarray, read_out: str) -> np.ndarray:
    """The mean over the last `averaged_steps` of the steps so far."""
    sums = np.cumsum(np.pad(last(scores), ((0, 0), (1, 0), (0, 0))), axis=1)
    steps = np.arange(1, scores.shape[1] + 1)
    averaged = np.array([averaged_steps(read_out, step) for step in steps.tolist()])
    return (sums[:, steps] - sums[:, steps - averaged]) / averaged[:, None]


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


# By the names of `_AVERAGED`.
READ_OUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "last": last,
    "mean": mean,
    "second_half": partial(mean_of_last, read_out="second_half"),
    "last_third": partial(mean_of_last, read_out="last_third"),
}
