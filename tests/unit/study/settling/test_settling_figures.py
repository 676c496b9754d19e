"""The figures of settling: legible, and the same bytes for the same table."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes
from settling_answers import answered, moving, resting

from spikesweep.study.settling.best_synapse import best_synapses
from spikesweep.study.settling.plot_best_synapse import plot_best_synapse
from spikesweep.study.settling.plot_settling import plot_settling


def per_network(seeds=(0, 1)):
    table = pd.concat([answered(moving, seed=seed)[0] for seed in seeds])
    return plot_settling(table, title="Settling", network_label="MNIST CNN", palette="viridis")


def of_all(networks=3):
    pairs = [
        answered(moving if number % 2 else resting, network=f"net{number}")
        for number in range(networks)
    ]
    tables, right = zip(*pairs, strict=True)
    labels = {f"net{number}": f"CIFAR-10 CNN {number}" for number in range(networks)}
    return plot_best_synapse(
        best_synapses(tables, right, 0.95),
        title="The best synapse",
        network_labels=labels,
        palette="colorblind",
    )


@pytest.mark.parametrize("draw", [per_network, of_all, lambda: of_all(1), lambda: of_all(6)])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw):
    assert_legible(draw())


@pytest.mark.parametrize("draw", [per_network, of_all])
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(draw, tmp_path)


def test_every_synapse_has_a_line_in_every_panel():
    figure = per_network()
    assert len(figure.axes) == 2
    for axes in figure.axes:
        assert len(axes.containers) == 4


def test_bars_reach_over_what_is_alike():
    left, _ = of_all(2).axes
    (one, other) = left.collections
    assert len(one.get_segments()) == len(other.get_segments()) == 5
    assert not np.isnan(np.array(one.get_segments())).any()
