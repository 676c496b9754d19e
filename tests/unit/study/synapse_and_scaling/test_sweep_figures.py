"""Properties of the figures of a sweep, drawn from tables that are computed from formulas."""

import math

import pytest
import synthetic_tables
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.synapse_and_scaling.plot_accuracy_and_cost import plot_accuracy_and_cost
from spikesweep.study.synapse_and_scaling.plot_accuracy_over_time import plot_accuracy_over_time
from spikesweep.study.synapse_and_scaling.plot_sweep_heatmap import plot_sweep_heatmap

SMALL = {"synapses_s": (math.nan,), "scales": (1,), "seeds": (0,)}
MIDDLE = {"synapses_s": (math.nan, 0.005, 0.01), "scales": (1, 5, 20, 50), "seeds": (0, 1)}
LARGE = {
    "synapses_s": (math.nan, *(0.001 * ms for ms in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30))),
    "scales": (0.5, 1, 2, 3, 4, 5, 8, 10, 20, 50, 100, 200),
    "seeds": (0,),
}
LOOK = {"title": "Title", "network_label": "A network", "palette": "viridis"}


def heatmap(sizes):
    sweeps = synthetic_tables.sweeps(**sizes)
    return plot_sweep_heatmap(sweeps, alike(sweeps), **LOOK)


def alike(sweeps, margin=0.02):
    """Settings are alike the best within a margin."""
    columns = ["synapse_s", "scale_firing_rates"]
    rows = sweeps[sweeps["seed"] == sweeps["seed"].min()][[*columns, "accuracy"]]
    return rows.assign(alike=rows["accuracy"] >= rows["accuracy"].max() - margin)


def cost(sizes):
    costs = synthetic_tables.costs(seeds=sizes["seeds"])
    return plot_accuracy_and_cost(synthetic_tables.sweeps(**sizes), costs, **LOOK)


def time_course(sizes):
    return plot_accuracy_over_time(
        synthetic_tables.over_time(**sizes),
        synthetic_tables.sweeps(**sizes),
        **LOOK,
        synapses_shown=6,
        scales_shown=6,
        accuracy_margin=0.01,
    )


FIGURES = [heatmap, cost, time_course]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)


@all_figures
@pytest.mark.parametrize("sizes", [SMALL, MIDDLE, LARGE], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, sizes):
    assert_legible(draw(sizes))


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(MIDDLE), tmp_path)


def test_heatmap_frames_the_best_cell_and_those_as_good():
    sweeps = synthetic_tables.sweeps(
        synapses_s=(math.nan, 0.005, 0.01), scales=(1, 2, 5), seeds=(0,)
    )
    sweeps["accuracy"] = 0.5
    chosen = (sweeps["synapse_s"] == 0.005) & (sweeps["scale_firing_rates"] == 2)
    sweeps.loc[chosen, "accuracy"] = 0.9
    close = sweeps["synapse_s"].isna() & (sweeps["scale_firing_rates"] == 5)
    sweeps.loc[close, "accuracy"] = 0.885
    figure = plot_sweep_heatmap(sweeps, alike(sweeps), **LOOK)
    assert framed(figure, "best") == {(1, 1)}
    assert framed(figure, "as-good") == {(2, 0)}


def test_heatmap_states_percentages_and_leaves_missing_pairs_empty():
    sweeps = synthetic_tables.sweeps(synapses_s=(0.005, 0.01), scales=(1, 2), seeds=(0,)).iloc[:3]
    sweeps["accuracy"] = [0.1234, 0.5, 0.25]
    figure = plot_sweep_heatmap(sweeps, alike(sweeps), **LOOK)
    written = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(written) == ["12.3", "25.0", "50.0"]


def test_pareto_front_is_drawn_through_the_unbeaten_settings():
    sweeps = synthetic_tables.sweeps(synapses_s=(0.005,), scales=(1, 2, 5, 10), seeds=(0,))
    sweeps["synops_per_image"] = [10.0, 20.0, 30.0, 40.0]
    sweeps["operations_per_image"] = sweeps["synops_per_image"] + synthetic_tables.INPUT_MACS
    sweeps["accuracy"] = [0.5, 0.8, 0.7, 0.9]
    costs = synthetic_tables.costs(seeds=(0,))
    _, _, everything, no_zeros = plot_accuracy_and_cost(sweeps, costs, **LOOK).axes
    for axes, first_layer in ((everything, 100352), (no_zeros, 0.2 * 100352)):
        front = line_of(axes, "pareto-front")
        assert front.get_ydata().tolist() == [0.5, 0.8, 0.9]
        assert front.get_xdata() == pytest.approx([first_layer + more for more in (10, 20, 40)])


def test_both_networks_are_counted_alike_in_each_panel():
    _, _, everything, no_zeros = cost(MIDDLE).axes
    # 100352 multiply-adds of pixels, a fifth of them not zero; half of the 34442 others not zero
    assert line_of(everything, "ann-cost").get_xdata()[0] == 134794
    assert line_of(no_zeros, "ann-cost").get_xdata()[0] == pytest.approx(20070.4 + 17221)


def test_a_network_that_never_fires_can_be_drawn():
    sweeps = synthetic_tables.sweeps(**MIDDLE).assign(synops_per_image=0.0, spikes_per_image=0.0)
    silent = sweeps.assign(operations_per_image=0.0)
    costs = synthetic_tables.costs().assign(input_effective_macs_per_image=0.0)
    figure = plot_accuracy_and_cost(silent, costs, **LOOK)
    assert [axes.get_xscale() for axes in figure.axes[2:]] == ["linear", "linear"]


def test_accuracy_over_time_shows_milliseconds_and_evenly_chosen_settings():
    figure = time_course(LARGE)
    panels = [axes for axes in figure.axes if axes.lines]
    assert len(panels) == 6
    titles = [axes.get_title(loc="left") for axes in panels]
    assert titles[0] == "no synapse"
    assert titles[-1] == "synapse 30 ms"
    assert panels[0].lines[0].get_xdata()[-1] == pytest.approx(synthetic_tables.STEPS)


def test_accuracy_over_time_always_shows_the_best_synapse_and_scale():
    """The optimum of the synthetic tables, 10 ms, lies between evenly chosen synapses."""
    sizes = {"synapses_s": (0.001, 0.005, 0.01, 0.03, 0.05), "scales": (1, 5, 20), "seeds": (0,)}
    figure = plot_accuracy_over_time(
        synthetic_tables.over_time(**sizes),
        synthetic_tables.sweeps(**sizes),
        **LOOK,
        synapses_shown=2,
        scales_shown=1,
        accuracy_margin=0.0,
    )
    titles = [axes.get_title(loc="left") for axes in figure.axes if axes.lines]
    assert "synapse 10 ms" in titles
    assert len(titles) == 2


def line_of(axes, gid):
    """The line of this id."""
    return next(line for line in axes.lines if line.get_gid() == gid)


def framed(figure, kind):
    """Cells (column, row) with a frame of this kind."""
    return {
        (int(patch.get_x()), int(patch.get_y()))
        for patch in figure.axes[0].patches
        if patch.get_gid() == kind
    }
