"""Properties of the learning curves, drawn from tables that are computed from formulas."""

import pytest
import synthetic_tables
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.plots.plot_learning_curves import plot_learning_curves

NETWORKS = {f"net{index}": f"Network number {index}" for index in range(7)}
LOOK = {"title": "Title", "palette": "colorblind"}


def draw(networks, epochs, seeds):
    labels = dict(list(NETWORKS.items())[:networks])
    history = synthetic_tables.history(labels, epochs=epochs, seeds=seeds)
    return plot_learning_curves(history, network_labels=labels, **LOOK)


@pytest.mark.parametrize(
    "sizes", [(1, 1, (0,)), (3, 4, (0, 1)), (7, 12, (0,))], ids=["one", "some", "many"]
)
def test_no_text_is_small_cut_off_or_on_top_of_another(sizes):
    assert_legible(draw(*sizes))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(3, 4, (0, 1)), tmp_path)


def test_networks_that_were_not_trained_have_no_panel():
    history = synthetic_tables.history(("net0",))
    figure = plot_learning_curves(history, network_labels=NETWORKS, **LOOK)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Network number\n0", ""]


def test_each_seed_has_a_thin_line_besides_the_thick_mean():
    assert len(draw(1, 8, (0,)).axes[0].lines) == 2
    several = draw(1, 8, (0, 1, 2))
    assert len(several.axes[0].lines) == 2 * (3 + 1)
    loss = several.axes[1].lines
    # Losses of the seeds lie 0.02 apart; training and validation take turns.
    thin, mean = loss[:3], loss[6]
    assert {line.get_linewidth() for line in thin} == {0.6}
    assert mean.get_ydata() == pytest.approx(sum(line.get_ydata() for line in thin) / 3)
