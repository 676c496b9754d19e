"""Properties of the pruning figures, drawn from tables that are computed from formulas."""

import itertools

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes, visible_texts

from spikesweep.plots.style import figure_style
from spikesweep.study.pruning.knee import knees
from spikesweep.study.pruning.lost import lost_accuracy
from spikesweep.study.pruning.names import split_names
from spikesweep.study.pruning.plot_pruning_accuracy import in_words, plot_pruning_accuracy
from spikesweep.study.pruning.plot_pruning_layers import plot_pruning_layers
from spikesweep.study.pruning.plot_pruning_spikes import in_words as spikes_in_words
from spikesweep.study.pruning.plot_pruning_spikes import plot_pruning_spikes
from spikesweep.study.pruning.plot_pruning_weights import plot_pruning_weights
from spikesweep.study.pruning.scale import pruned_scale

NETWORKS = {"net": "A network", "other": "Another network"}
ONE = {"networks": ["net"], "sparsities": {"magnitude": (0, 0.5)}, "seeds": (0,), "layers": 2}
SOME = {
    "networks": ["net", "other"],
    "sparsities": {"magnitude": (0, 0.5, 0.8, 0.95), "structured": (0.5, 0.9)},
    "seeds": (0, 1, 2),
    "layers": 3,
}
MANY = {
    "networks": ["net", "other"],
    "sparsities": {
        "magnitude": (0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99),
        "structured": (0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98),
    },
    "seeds": (0, 1),
    "layers": 8,
}


def look(axes, palette):
    labels = {name: NETWORKS[name] for name in axes["networks"]}
    return {"title": "Title", "network_labels": labels, "palette": palette}


def variants(axes):
    """The second network lost single weights only."""
    for network, (method, sparsities) in itertools.product(
        axes["networks"], axes["sparsities"].items()
    ):
        if network == "other" and method == "structured":
            continue
        for sparsity, seed in itertools.product(sparsities, axes["seeds"]):
            yield {
                "network": f"pruning/{network}/{method}_{100 * sparsity:g}",
                "seed": seed,
                "method": method,
                "target_sparsity": sparsity,
                "sparsity": sparsity + 0.001 * seed * (sparsity > 0),
            }


def accuracies(axes):
    """Accuracy falls in proportion to the inverse of what is left."""
    rows = []
    for variant in variants(axes):
        row = {**variant, "weights": 10_000, "nonzero_weights": 10_000 * (1 - variant["sparsity"])}
        row |= {"train_images": 3000, "test_images": 10_000}
        for split, best in (("train", 0.99), ("test", 0.96)):
            accuracy = best - 0.004 * variant["sparsity"] / (1 - variant["sparsity"])
            row |= {
                f"{split}_accuracy": accuracy - 0.002 * variant["seed"],
                f"{split}_accuracy_low": accuracy - 0.01,
                f"{split}_accuracy_high": accuracy + 0.01,
            }
        rows.append(row)
    return split_names(pd.DataFrame(rows))


def layers(axes):
    rows = []
    for variant, layer in itertools.product(variants(axes), range(axes["layers"])):
        left = 1 - variant["sparsity"]
        units = {"units": 16, "units_left": max(1, round(16 * left**0.5))}
        rows.append(
            {**variant, "layer": f"layer{layer}", "weights": 1000, "nonzero": 1000 * left, **units}
        )
    return pd.DataFrame(rows)


def histograms(axes):
    rows = []
    for variant, layer in itertools.product(variants(axes), range(axes["layers"])):
        key = {**variant, "layer": f"layer{layer}"}
        rows.append({**key, "low": 0.0, "high": 0.0, "weights": round(1000 * variant["sparsity"])})
        for low in np.arange(-20, 20) * 0.05:
            if abs(low) >= 0.5 * variant["sparsity"]:
                weights = round(100 * np.exp(-(low**2)))
                rows.append({**key, "low": low, "high": low + 0.05, "weights": weights})
    return pd.DataFrame(rows)


def spiking(axes):
    rows = []
    for variant, scale in itertools.product(variants(axes), (5, 20, 80, 320)):
        left = 1 - variant["sparsity"]
        rows.append(
            {
                **variant,
                "synapse_s": 0.01,
                "scale_firing_rates": scale,
                "images": 1000,
                "accuracy": 0.95 - 0.7 / scale / left**0.2,
                "ann_accuracy": 0.96,
                "spikes_per_image": 100 * scale * left**0.3,
                "synops_per_image": 3000 * scale * left**1.3,
            }
        )
    return split_names(pd.DataFrame(rows))


def losses(accuracy):
    """Of test images, the first ones are recognised."""
    answers = {
        (row.network, row.variant, row.seed): np.arange(500) < round(500 * row.test_accuracy)
        for row in accuracy.itertuples()
    }
    return lost_accuracy(accuracy, answers, 0.95)


def accuracy_figure(axes):
    table = accuracies(axes)
    lost = losses(table)
    found = knees(lost, [0.0025, 0.005, 0.01, 0.03])
    return plot_pruning_accuracy(table, lost, found, **look(axes, "colorblind"))


def layer_figure(axes):
    return plot_pruning_layers(layers(axes), **look(axes, "colorblind"))


def weight_figure(axes):
    return plot_pruning_weights(histograms(axes), **look(axes, "viridis"))


def spike_figure(axes, table=None):
    table = spiking(axes) if table is None else table
    return plot_pruning_spikes(table, pruned_scale(table, 0.95), **look(axes, "viridis"))


FIGURES = [accuracy_figure, layer_figure, weight_figure, spike_figure]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)


@all_figures
@pytest.mark.parametrize("sizes", [ONE, SOME, MANY], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, sizes):
    assert_legible(draw(sizes))


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(ONE), tmp_path)


def test_ninety_to_ninety_nine_percent_take_as_much_room_as_all_below():
    figure = accuracy_figure(MANY)
    for axes, points in ((figure.axes[1], [(s, 0) for s in (0, 0.9, 0.99)]),
                         (figure.axes[2], [(0.01, s) for s in (0, 0.9, 0.99)])):  # fmt: skip
        places = axes.transData.transform(points)
        steps = np.abs(np.diff(places, axis=0)).max(axis=1)
        assert steps[1] == pytest.approx(steps[0], rel=0.01)


def lost_rows(**changes):
    """What a network lost at 80 %: on training and on test images."""
    row = {"network": "net", "method": "magnitude", "images": 55_000, "seeds": 3}
    row |= {"split": "train", "target_sparsity": 0.8, "lost": 0.004}
    row |= {"lost_low": 0.003, "lost_high": 0.005}
    test = {"split": "test", "images": 10_000, "lost": 0.012, "lost_low": -0.001}
    return pd.DataFrame([row | changes, row | test | {"lost_high": 0.025} | changes])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "without single weights: 0.4 of training accuracy (0.3 to 0.5), 1.2 of test"),
        ({}, "1.2 of test accuracy (\N{MINUS SIGN}0.1 to 2.5)"),
        ({"lost_low": np.nan, "lost_high": np.nan}, "0.4 of training accuracy (one seed)"),
        ({"target_sparsity": 0.7}, "not tested"),
    ],
)
def test_the_published_claim_is_answered_in_words(changes, words):
    first, answer = in_words(lost_rows(**changes), {"net": "A network"})
    assert first.replace("\u2009", " ") == (
        "A network, trained on 55,000 images, 3 seeds: lost at 80 %, in points,"
    )
    assert words in answer


def test_the_longest_answer_fits():
    table = accuracies(SOME)
    lost = losses(table)
    lost[["lost", "lost_low", "lost_high"]] = [-0.0216, -0.123, 0.123]
    found = knees(losses(table), [0.005, 0.01])
    figure = plot_pruning_accuracy(table, lost, found, **look(SOME, "colorblind"))
    with figure_style():
        figure.draw_without_rendering()
    (text,) = (text for text in visible_texts(figure) if "lost at" in text.get_text())
    assert text.get_window_extent().x1 < figure.bbox.x1


def test_of_several_synapses_the_one_in_the_middle_is_drawn():
    table = spiking(SOME)
    table = pd.concat([table.assign(synapse_s=s, accuracy=s) for s in (0.005, 0.01, 0.02)])
    figure = spike_figure(SOME, table)
    assert "synapse 10 ms" in figure.get_suptitle()
    assert {y for line in figure.axes[0].lines for y in line.get_ydata()} == {0.01}


def test_a_network_that_was_not_converted_has_no_panels():
    table = spiking(SOME)
    assert len(spike_figure(SOME).axes) == 4 + 3
    assert len(spike_figure(SOME, table[table["network"] == "net"]).axes) == 4


def test_the_answer_is_in_the_figure():
    figure = accuracy_figure(SOME)
    text = figure.get_supxlabel()
    assert text.count("\n") == 4
    assert text.startswith("A network, trained on 3,000 images, 3 seeds")
    for subject in ("Another network", "without whole units"):
        assert subject in text


def test_work_is_relative_to_the_unpruned_network():
    figure = spike_figure(SOME)
    for axes in [*figure.axes[2:4], *figure.axes[6:]]:
        lines = [line for line in axes.lines if line.get_marker() in "^vD"]
        assert len(lines) == 3
        spikes, per_spike, synops = (line.get_ydata() for line in lines)
        assert spikes[0] == per_spike[0] == synops[0] == pytest.approx(1)
        np.testing.assert_allclose(spikes * per_spike, synops, rtol=0.01)


def scale_row(**changes):
    row = {
        "method": "magnitude",
        "target_sparsity": 0.8,
        "weights_left": 0.2,
        "compared_loss": 0.05,
        "loss_reached": "inside",
        "accuracy_reached": "inside",
    }
    for column, value in (
        *(("spikes_ratio", 0.9), ("synops_ratio", 0.18)),
        *(("scale_ratio", 1.5), ("synops_ratio_at_loss", 0.25)),
        ("synops_ratio_at_accuracy", 0.4),
    ):
        row |= {column: value, f"{column}_low": 0.9 * value, f"{column}_high": 1.1 * value}
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "90 % of the spikes and 18 % of the synops: sparsity and low rates multiply;"),
        ({}, "1.50 times (1.35 to 1.65) the unpruned scale and 0.25 times (0.23 to 0.28) its"),
        ({"synops_ratio": 0.3}, "sparsity and low rates do not multiply;"),
        ({"loss_reached": "above"}, "loses more than 5 points to spikes at every scale"),
        ({"loss_reached": "below"}, "loses less than 5 points to spikes at every scale"),
        ({}, "for the same accuracy, 0.40 times (0.36 to 0.44) the synops."),
        ({"accuracy_reached": "above"}, "is less accurate than the unpruned one then at every"),
        ({"scale_ratio_low": float("nan")}, "1.50 times the unpruned scale"),
        ({"target_sparsity": 0}, "only the unpruned network was tried"),
    ],
)
def test_what_sparsity_means_for_spikes_is_answered_in_words(changes, words):
    said = spikes_in_words(scale_row(**changes), "magnitude").replace("\u2009", " ")
    assert said.startswith("Single weights")
    assert words in said


def test_the_sparsity_nearest_to_the_published_one_is_put_in_words():
    rows = pd.concat([scale_row(target_sparsity=s, weights_left=1 - s) for s in (0.5, 0.75, 0.95)])
    said = spikes_in_words(rows.reset_index(drop=True), "magnitude").replace("\u2009", " ")
    assert said.startswith("Single weights, 25 % left")


def test_every_mark_of_the_work_is_in_sight():
    table = spiking(SOME)
    table.loc[table["method"] == "structured", "synops_per_image"] /= 50
    figure = spike_figure(SOME, table)
    for axes in [*figure.axes[2:4], *figure.axes[6:]]:
        low, high = axes.get_ylim()
        for line in axes.lines:
            assert all(low <= y <= high for y in line.get_ydata())


def test_where_more_is_lost_at_every_scale_the_panel_says_so():
    table = spiking(SOME).assign(accuracy=0.5)
    figure = spike_figure(SOME, table)
    needed = figure.axes[1]
    assert [text.get_text() for text in needed.texts] == ["more is lost\nat every scale"]
    assert not len(needed.get_yticks())
