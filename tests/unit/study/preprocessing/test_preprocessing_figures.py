"""Properties of the preprocessing figures, drawn from tables that are computed from formulas."""

import contextlib
import itertools
import tempfile

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes
from matplotlib.colors import to_hex

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.plots.colours import category_colours
from spikesweep.study.preprocessing.plot_preprocessing_examples import plot_preprocessing_examples
from spikesweep.study.preprocessing.plot_preprocessing_gap import plot_preprocessing_gap
from spikesweep.study.preprocessing.plot_preprocessing_ranking import plot_preprocessing_ranking

NAMES = [
    "rescaling", "none", "standardisation", "whitening", "shift", "rotation", "flip", "noise",
    "dropout", "batch_norm", "l2", "shift+dropout", "flip+shift+batch_norm",
]  # fmt: skip
LOOK = {"title": "Title", "palette": "colorblind"}
LOOK["network_labels"] = {"net0": "A network", "net1": "Another"}


ONE = {"networks": ["net0"], "techniques": NAMES[:2]}
SOME = {"networks": ["net0", "net1"], "techniques": NAMES[:5]}
MANY = {"networks": ["net0", "net1"], "techniques": NAMES}


def gap_table(networks, techniques, epochs=8):
    rows = itertools.product(networks, enumerate(techniques), range(1, epochs + 1))
    table = pd.DataFrame(
        {
            "network": network,
            "technique": technique,
            "epoch": epoch,
            "train_accuracy": 1 - 0.5 / epoch,
            "test_accuracy": 1 - (0.5 + 0.03 * place * epoch / epochs) / epoch,
        }
        for network, (place, technique), epoch in rows
    )
    table["gap"] = table["train_accuracy"] - table["test_accuracy"]
    return table.assign(gap_low=table["gap"] - 0.01, gap_high=table["gap"] + 0.01)


def ranking_table(networks, techniques):
    rows = []
    for network, (place, technique) in itertools.product(networks, enumerate(techniques)):
        found = {"network": network, "technique": technique, "rank": place + 1}
        values = {
            "test_accuracy": 0.9 - 0.01 * place,
            "snn_difference": 0.02 - 0.01 * place if technique != "rescaling" else np.nan,
            "cost_ratio_at_accuracy": 1.2**place if technique != "rescaling" else np.nan,
            "cost_ratio": 1.3**place if technique != "rescaling" else np.nan,
        }
        for column, value in values.items():
            found |= {column: value, f"{column}_low": value - 0.01, f"{column}_high": value + 0.01}
        rows.append(found)
    return pd.DataFrame(rows)


def gap(sizes):
    return plot_preprocessing_gap(gap_table(**sizes), **LOOK)


def ranking(sizes):
    return plot_preprocessing_ranking(ranking_table(**sizes), **LOOK)


def examples(sizes):
    """Each technique, and two of which the images show nothing."""
    variants = {
        f"preprocessing/{network}/{technique}": entry(network, technique, place)
        for network in sizes["networks"]
        for place, technique in enumerate([*sizes["techniques"], "l2", "x"])
    }
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for network, channels in zip(sizes["networks"], (1, 3), strict=False):
            save_dataset(noise(channels), f"{network}.npz")
        return plot_preprocessing_examples(
            [f"{network}.npz" for network in sizes["networks"]],
            title="Title",
            network_labels=LOOK["network_labels"],
            variants=variants,
            images_per_technique=4,
        )


def entry(network, technique, place):
    shift = 0 if technique in ("rescaling", "l2", "x") else place
    training = {"training_images": 20, "validation_images": 8, "shift": shift}
    return {"dataset": f"{network}.npz", "entry": {"training": training}, "seed": 0}


def noise(channels):
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, channels), dtype=np.uint8)
    labels = np.arange(40) % 4
    return Dataset(images, labels, images, labels, np.array(list("abcd")))


FIGURES = [gap, ranking, examples]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)


@all_figures
@pytest.mark.parametrize("sizes", [ONE, SOME, MANY], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, sizes):
    assert_legible(draw(sizes))


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(SOME), tmp_path)


def test_panels_go_from_the_smallest_gap_to_the_largest():
    figure = plot_preprocessing_gap(gap_table(["net0"], NAMES[:6]), **LOOK)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title.split("\n")[0] for title in titles] == NAMES[:6]
    assert titles[0].split("\n")[1] == "gap 0.0 ± 1.0 points"


def test_a_single_seed_has_no_interval_and_is_drawn_without():
    table = gap_table(["net0"], NAMES[:2]).assign(gap_low=np.nan, gap_high=np.nan)
    title = plot_preprocessing_gap(table, **LOOK).axes[0].get_title(loc="left")
    assert title.endswith("gap 0.0 points")
    ranked = ranking_table(["net0"], NAMES[:2])
    bounds = [column for column in ranked if column.endswith(("_low", "_high"))]
    figure = plot_preprocessing_ranking(ranked.assign(**dict.fromkeys(bounds, np.nan)), **LOOK)
    assert dots(figure.axes[0], 0) == [0.9, 0.89]


def test_ranking_keeps_the_order_of_the_table_from_top_to_bottom():
    figure = plot_preprocessing_ranking(ranking_table(["net0"], NAMES[:5]), **LOOK)
    accuracy = figure.axes[0]
    assert [label.get_text() for label in accuracy.get_yticklabels()] == NAMES[:5]
    low, high = accuracy.get_ylim()
    assert low > high
    assert dots(accuracy, 0) == pytest.approx([0.9, 0.89, 0.88, 0.87, 0.86])
    # Rescaling is compared with itself.
    assert dots(figure.axes[1], 1) == pytest.approx([0, 0.01, 0, -0.01, -0.02])


def test_a_technique_that_never_loses_so_little_has_no_dot_for_its_cost():
    table = ranking_table(["net0"], NAMES[:3])
    table.loc[1, "cost_ratio"] = np.nan
    rescaling, without, third = dots(plot_preprocessing_ranking(table, **LOOK).axes[2], 1)
    assert rescaling == 1
    assert np.isnan(without)
    assert third == pytest.approx(1.69)


def dots(axes, colour):
    """Horizontal places of the dots of a colour, top to bottom."""
    wanted = to_hex(category_colours(LOOK["palette"], 2)[colour])
    line = next(
        line
        for line in axes.lines
        if line.get_marker() == "o" and to_hex(line.get_color()) == wanted
    )
    return list(line.get_xdata())
