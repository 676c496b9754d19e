"""The figure of neurons: legible, and the same bytes for the same table."""

import pytest
from figure_checks import assert_legible, assert_same_bytes
from neuron_costs import costs

from spikesweep.study.neuron_cost.plot_neuron_cost import plot_neuron_cost


def draw(table=None):
    return plot_neuron_cost(
        costs() if table is None else table,
        title="What the neuron costs",
        network_label="CIFAR-10 CNN",
        palette="colorblind",
        accuracy_margin=0.01,
    )


def silent():
    table = costs()
    table.loc[table["scale_firing_rates"] == 1, "synops_per_image"] = 0
    return table


@pytest.mark.parametrize("table", [costs, silent, lambda: costs(seeds=(0,))])
def test_no_text_is_small_cut_off_or_on_top_of_another(table):
    assert_legible(draw(table()))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(draw, tmp_path)


def test_each_method_has_a_front_and_a_course():
    left, right = draw().axes
    # Two neurons, one start, two read-outs, and the line of the ANN.
    assert len(left.lines) == len(right.lines) == 5
    assert left.get_xscale() == "log"
