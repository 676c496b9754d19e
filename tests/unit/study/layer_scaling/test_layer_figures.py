"""Properties of the figures of layers, drawn from tables that are computed from formulas."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.layer_scaling.budgets import matched_budgets
from spikesweep.study.layer_scaling.plot_layer_budget import plot_layer_budget
from spikesweep.study.layer_scaling.plot_subset_matrix import plot_subset_matrix
from spikesweep.study.layer_scaling.subsets import subsets

LOOK = {"title": "Title", "network_label": "A network", "palette": "viridis"}
SMALL = {"layers": ("dense",), "bases": (10,), "factors": (5,), "seeds": (0,)}
SOME = {
    "layers": ("conv1", "conv2", "conv3", "conv4"),
    "bases": (1, 20),
    "factors": (2, 10, 50),
    "seeds": (0, 1),
}
LARGE = {
    "layers": tuple(f"block{index}_conv_relu" for index in range(6)),
    "bases": (1, 10),
    "factors": (2, 20),
    "seeds": (0, 1),
}


# More layers than ResNet-20 has, by their names there.
DEEP = {
    "layers": ("conv1", *(f"block{k}{part}" for k in range(1, 11) for part in ("_conv1", ""))),
    "bases": (1, 10),
    "factors": (2, 20),
    "seeds": (0,),
    "pairs_up_to": 4,
}


def scaling(layers, bases, factors, seeds, pairs_up_to=6):
    """Early layers gain more, late ones cost less; the first base scale is poor."""
    rows = []
    for seed, base in itertools.product(seeds, bases):
        for subset in [(), *subsets(layers, 4, pairs_up_to)]:
            for factor in factors if subset else (1,):
                places = [layers.index(layer) for layer in subset]
                gain = sum(0.2 / (place + 1) for place in places) / 3 * math.log(factor)
                accuracy = min(0.98, 0.4 + base / 100 + gain + 0.01 * seed)
                cost = 100 * base * (1 + (factor - 1) * sum(0.3 / (1 + p) for p in places))
                rows.append(
                    {
                        "network": "net",
                        "seed": seed,
                        "images": 1000,
                        "synapse_s": 0.01,
                        "operating_point": base / 20,
                        "base_scale": base,
                        "factor": factor,
                        "subset": "+".join(subset) or np.nan,
                        "layers_scaled": len(subset),
                        "accuracy": accuracy,
                        "accuracy_low": accuracy - 0.02,
                        "accuracy_high": accuracy + 0.02,
                        "ann_accuracy": 0.99,
                        "spikes_per_image": cost,
                        "synops_per_image": 50 * cost,
                    }
                )
    return pd.DataFrame(rows)


def drawn(table, confidence=0.95):
    return plot_subset_matrix(table, matched_budgets(table), confidence=confidence, **LOOK)


def matrix(sizes):
    return drawn(scaling(**sizes))


def budget(sizes):
    return plot_layer_budget(scaling(**sizes), **LOOK)


FIGURES = [matrix, budget]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)


@all_figures
@pytest.mark.parametrize("sizes", [SMALL, SOME, LARGE, DEEP], ids=["one", "some", "many", "deep"])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, sizes):
    assert_legible(draw(sizes))


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(SOME | {"bases": (20,)}), tmp_path)


def test_matrix_states_gains_of_singles_pairs_and_all_layers_in_points():
    table = scaling(**SOME | {"bases": (10,), "factors": (4,), "seeds": (0,)})
    accuracies = {"conv1": 0.55, "conv1+conv3": 0.6, "conv4": 0.45}
    accuracies["+".join(SOME["layers"])] = 0.75
    for subset, accuracy in accuracies.items():
        table.loc[table["subset"] == subset, "accuracy"] = accuracy
    panel = drawn(table).axes[0]
    written = {text.get_position(): text.get_text() for text in panel.texts}
    # The base has 50 %.
    assert written[0.5, 0.5] == "+5.0"
    assert written[0.5, 2.5] == "+10.0"
    assert written[3.5, 3.5] == "\u22125.0"
    assert "all layers\n+25.0" in written.values()
    assert (2.5, 0.5) not in written


def test_matrix_states_half_the_interval_over_seeds():
    table = scaling(**SOME | {"bases": (10,), "factors": (4,), "seeds": (0, 1)})
    chosen = table["subset"] == "conv2"
    table.loc[chosen, "accuracy"] = [0.52, 0.57]
    # Gains of 2 and 6 points: 4 in the mean, 12.706 * sqrt(8) / sqrt(2) = 25.4; 6.314 for 90 %.
    for confidence, half in ((0.95, 25), (0.9, 13)):
        panel = drawn(table, confidence).axes[0]
        written = {text.get_position(): text.get_text() for text in panel.texts}
        assert written[1.5, 1.5] == f"+4.0\n±{half}"


def test_a_deep_network_has_a_list_of_layers_by_depth_and_of_sets():
    table = scaling(**DEEP | {"bases": (10,), "factors": (4,)})
    early = "+".join(DEEP["layers"][:10])
    table.loc[table["subset"] == early, "accuracy"] = 0.75
    table.loc[table["subset"] == "block3", "accuracy"] = 0.45
    panel = drawn(table).axes[0]
    rows = [label.get_text() for label in panel.get_yticklabels()]
    halves = ["conv1 to block5_conv1", "block6_conv1 to block10"]
    assert rows == [*DEEP["layers"], *halves, "all layers"]
    written = {text.get_position(): text.get_text() for text in panel.texts}
    assert written[0.5, rows.index("block3") + 0.5] == "\u22125.0"
    assert written[0.5, rows.index(halves[0]) + 0.5] == "+25.0"


def test_a_list_without_a_budget_that_all_reach_says_so():
    table = scaling(**DEEP | {"bases": (10,), "factors": (4,)})
    table.loc[table["subset"] == "block3", ["spikes_per_image", "synops_per_image"]] = 0.0
    texts = [text.get_text() for text in drawn(table).axes[0].texts]
    assert texts.count("(none that all reach)") == 2


def test_panel_without_a_budget_that_all_reach_says_so():
    table = scaling(**SOME | {"factors": (2,)})
    cheap = table["subset"] == "conv4"
    table.loc[cheap, ["spikes_per_image", "synops_per_image"]] = 0.0
    figure = drawn(table)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert sum("none that all reach" in title for title in titles) == 2 * len(SOME["bases"])


def test_a_network_that_reaches_no_operating_point_has_figures_that_say_so():
    nothing = scaling(**SMALL).iloc[:0]
    for figure in (drawn(nothing), plot_layer_budget(nothing, **LOOK)):
        assert_legible(figure)
        assert "no operating point" in " ".join(text.get_text() for text in figure.texts)


def test_lines_of_the_budget_start_at_the_base_and_join_the_factors():
    table = scaling(**SOME | {"bases": (10,), "seeds": (0,)})
    axes = plot_layer_budget(table, **LOOK).axes[0]
    base = table[table["subset"].isna()].iloc[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 1 + len(SOME["factors"])]
    assert len(lines) == table["subset"].nunique()
    for line in lines:
        assert line.get_xdata()[0] == base["spikes_per_image"]
        assert line.get_ydata()[0] == base["accuracy"]


def test_silent_network_is_drawn_on_a_linear_axis():
    table = scaling(**SOME).assign(spikes_per_image=0.0, synops_per_image=0.0)
    assert plot_layer_budget(table, **LOOK).axes[0].get_xscale() == "linear"
