"""The figure of a network's layers, with what they read."""

import pandas as pd
import pytest
import synthetic_tables
from figure_checks import assert_legible, assert_same_bytes, visible_texts

from spikesweep.study.firing_rates.plot_network_graph import edges, plot_network_graph

LOOK = {"title": "Title", "network_label": "A network", "palette": "viridis"}
# As ResNet-20 has them.
DEEP = ("conv1", *(f"block{k}{part}" for k in range(1, 10) for part in ("_conv1_relu", "_relu")))


def chain(names):
    """A layer reads the one before it, and every second one that two before it, too."""
    reads = [
        " ".join(names[max(row - 2, 0) : row] if row % 2 == 0 else names[row - 1 : row])
        for row in range(len(names) + 1)
    ]
    table = {"layer": [*names, "output"], "reads": reads, "shape": "32 x 32 x 16"}
    # As a table is read from a file.
    return pd.DataFrame(table).replace({"": None})


def drawn(names, scales=(1, 100), recommended=True):
    found = pd.DataFrame({"layer": names, "scale": range(20, 20 + 30 * len(names), 30)})
    rates = synthetic_tables.rates(layers=names, scales=scales, seeds=(0, 1))
    return plot_network_graph(chain(names), rates, found if recommended else pd.DataFrame(), **LOOK)


@pytest.mark.parametrize("names", [("dense",), ("conv1", "conv2", "conv3"), DEEP])
@pytest.mark.parametrize("recommended", [True, False])
def test_no_text_is_small_cut_off_or_on_top_of_another(names, recommended):
    figure = drawn(names, recommended=recommended)
    assert_legible(figure)
    words = " ".join(text.get_text() for text in visible_texts(figure))
    assert ("recommended scale" in words) == recommended


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: drawn(("conv1", "conv2")), tmp_path)


def test_connections_go_from_what_is_read_to_what_reads_it():
    assert edges(chain(("a", "b", "c"))) == [(0, 1), (1, 2), (1, 3), (2, 3), (3, 4)]
