"""Which synapse is best after which presentation time, and whether that comes to rest.

Noise and delay pull in opposite directions: a longer synapse filters more noise, and is longer
on its way. If a network had a best synapse of its own, images that are shown for longer would
leave it where it is; if it only balances noise against delay, it moves on with the time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answers import load_answers
from spikesweep.plots.levels import has_synapse, synapse_levels
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.effect import Effect
from spikesweep.tables import read_table, write_csv

COLUMNS = (
    *("network", "step", "time_s", "seeds", "images", "best_synapse_s", "best_accuracy"),
    *("ann_accuracy", "shortest_alike_s", "longest_alike_s", "longest_settled_share"),
    *("reference_step", "kept_synapse_s", "lost_by_keeping", "lost_low", "lost_high"),
)
# A synapse is compared with that which was best when images were shown a quarter as long.
_REFERENCE = 0.25


def find_best_synapses(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `best_synapses` for all networks.

    inputs: settling, the tables of all networks and seeds; answers, the files beside them.
    outputs: best. config: confidence.
    """
    tables = [read_table(path) for path in inputs["settling"]]
    right = [load_answers(path).correct for path in inputs["answers"]]
    write_csv(best_synapses(tables, right, config["confidence"]), outputs["best"])


def best_synapses(
    tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]], confidence: float
) -> pd.DataFrame:
    """One row per (network, step): the synapse with the highest accuracy, averaged over scales.

    tables: that of each network and seed; right: (settings, steps, images) of each, whether an
        image was recognised.

    shortest_alike_s, longest_alike_s: the shortest and the longest synapse that cannot be told
        from the best, see `_alike`. Empty: no synapse.
    longest_settled_share: what share of the response has arrived through the longest synapse.
    lost_by_keeping: accuracy that is lost at this step with the synapse that was best at
        reference_step, the last read-out within a quarter of the longest, against the best at
        this step; both chosen on the other seeds. lost_low, lost_high: its interval.
    """
    found = [
        row for network in _networks(tables, right).values() for row in _rows(network, confidence)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def kept_less_best(
    tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]]
) -> dict[str, tuple[NDArray[np.float64], int]]:
    """What keeping a synapse gains on the one that is best in the end, by network.

    Arguments as for `best_synapses`. The differences, (seeds, images), are those of
    `lost_by_keeping` at the last step, negated; the number is that of the synapses chosen among.
    """
    found = {}
    for name, network in _networks(tables, right).items():
        last = len(network.steps) - 1
        kept = network.best_elsewhere(_reference(network.steps))
        difference = network.at(kept, last) - network.at(network.best_elsewhere(last), last)
        found[name] = difference, len(network.synapses)
    return found


def _networks(
    tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]]
) -> dict[str, "_Network"]:
    names = [str(table["network"].iloc[0]) for table in tables]
    return {
        name: _Network(
            [table for table, of in zip(tables, names, strict=True) if of == name],
            [answers for answers, of in zip(right, names, strict=True) if of == name],
        )
        for name in dict.fromkeys(names)
    }


class _Network:
    """The answers of one network.

    right: (seeds, synapses, steps, images), the share of scales at which an image is recognised.
    """

    def __init__(self, tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]]) -> None:
        self.table = pd.concat(tables, ignore_index=True)
        self.synapses = synapse_levels(tables[0]["synapse_s"])
        self.steps = sorted(tables[0]["step"].unique())
        # A row per step of each setting, so every so-manieth is a setting.
        settings = tables[0]["synapse_s"].iloc[:: len(self.steps)]
        of_synapse = [np.flatnonzero(has_synapse(settings, one)) for one in self.synapses]
        self.right = np.array([[one[rows].mean(axis=0) for rows in of_synapse] for one in right])

    def best(self, step: int) -> int:
        """The synapse with the highest accuracy of all seeds."""
        return int(self.right[:, :, step].mean(axis=(0, 2)).argmax())

    def best_elsewhere(self, step: int) -> list[int]:
        """For each seed, the synapse that is best on the others; a lone seed chooses for itself."""
        accuracy = self.right[:, :, step].mean(axis=-1)
        if len(accuracy) == 1:
            return [int(accuracy[0].argmax())]
        others = (accuracy.sum(axis=0) - accuracy) / (len(accuracy) - 1)
        return [int(choice) for choice in others.argmax(axis=1)]

    def at(self, synapses: Sequence[int], step: int) -> NDArray[np.float64]:
        """(seeds, images), what each seed answers with its own one of the synapses."""
        return np.array(
            [one[synapse, step] for one, synapse in zip(self.right, synapses, strict=True)]
        )


def _rows(network: _Network, confidence: float) -> list[dict[str, Any]]:
    reference = _reference(network.steps)
    kept = network.best_elsewhere(reference)
    return [_row(network, step, reference, kept, confidence) for step in range(len(network.steps))]


def _reference(steps: Sequence[int]) -> int:
    """Position of the last step within a quarter of the longest presentation, or of the first."""
    return max(0, int(np.searchsorted(steps, _REFERENCE * steps[-1], side="right")) - 1)


def _row(
    network: _Network, step: int, reference: int, kept: Sequence[int], confidence: float
) -> dict[str, Any]:
    rows = network.table[network.table["step"] == network.steps[step]]
    best = network.best(step)
    alike = _alike(network, step, confidence)
    lost = _difference(network, network.best_elsewhere(step), kept, step, confidence)
    return {
        "network": rows["network"].iloc[0],
        "step": network.steps[step],
        "time_s": rows["time_s"].iloc[0],
        "seeds": len(network.right),
        "images": network.right.shape[-1],
        "best_synapse_s": network.synapses[best],
        "best_accuracy": network.right[:, best, step].mean(),
        "ann_accuracy": rows["ann_accuracy"].mean(),
        "shortest_alike_s": network.synapses[alike[0]],
        "longest_alike_s": network.synapses[alike[-1]],
        "longest_settled_share": rows["settled_share"].min(),
        "reference_step": network.steps[reference],
        "kept_synapse_s": network.synapses[network.best(reference)],
        "lost_by_keeping": lost.value,
        "lost_low": lost.low,
        "lost_high": lost.high,
    }


def _alike(network: _Network, step: int, confidence: float) -> list[int]:
    """The best synapse, and those that are not shown to be worse than it, ascending."""
    best = network.best_elsewhere(step)
    not_worse = [
        synapse
        for synapse in range(len(network.synapses))
        if _difference(network, best, [synapse] * len(best), step, confidence).low <= 0
    ]
    return sorted({*not_worse, network.best(step)})


def _difference(
    network: _Network,
    first: Sequence[int],
    second: Sequence[int],
    step: int,
    confidence: float,
) -> Effect:
    return crossed_effect(
        network.at(first, step) - network.at(second, step),
        confidence=confidence,
        choices=len(network.synapses),
    )
