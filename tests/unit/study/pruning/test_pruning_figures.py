"""Properties of the pruning figures, drawn from tables that are computed from formulas."""

import itertools

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes, visible_texts

from spikesweep.plots.style import figure_style
from spikesweep.study.pruning.knee import knees
from spikesweep.study.pruning.plot_pruning_accuracy import in_words, plot_pruning_accuracy
from spikesweep.study.pruning.plot_pruning_layers import plot_pruning_layers
from spikesweep.study.pruning.plot_pruning_spikes import in_words as spikes_in_words
from spikesweep.study.pruning.plot_pruning_spikes import plot_pruning_spikes
from spikesweep.study.pruning.plot_pruning_weights import plot_pruning_weights
from spikesweep.study.pruning.scale import pruned_scale

LOOK = {"title": "Title", "network_label": "A network"}
ONE = {"sparsities": {"magnitude": (0, 0.5)}, "seeds": (0,), "layers": 2}
SOME = {
    "sparsities": {"magnitude": (0, 0.5, 0.8, 0.95), "structured": (0.5, 0.9)},
    "seeds": (0, 1, 2),
    "layers": 3,
}
MANY = {
    "sparsities": {
        "magnitude": (0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99),
        "structured": (0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98),
    },
    "seeds": (0, 1),
    "layers": 8,
}


def variants(axes):
    for method, sparsities in axes["sparsities"].items():
        for sparsity, seed in itertools.product(sparsities, axes["seeds"]):
            yield {
                "network": f"pruning/{method}_{100 * sparsity:g}",
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
    return pd.DataFrame(rows)


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
    for variant, scale in itertools.product(variants(axes), (1, 5, 20, 100)):
        left = 1 - variant["sparsity"]
        rows.append(
            {
                **variant,
                "synapse_s": 0.01,
                "scale_firing_rates": scale,
                "accuracy": 0.95 - 0.7 / scale / left**0.2,
                "ann_accuracy": 0.96,
                "spikes_per_image": 100 * scale * left**0.3,
                "synops_per_image": 3000 * scale * left**1.3,
            }
        )
    return pd.DataFrame(rows)


def accuracy_figure(axes):
    table = accuracies(axes)
    found = knees(table, margin=0.005, confidence=0.95)
    return plot_pruning_accuracy(table, found, **LOOK, palette="colorblind")


def layer_figure(axes):
    return plot_pruning_layers(layers(axes), **LOOK, palette="colorblind")


def weight_figure(axes):
    return plot_pruning_weights(histograms(axes), **LOOK, palette="viridis")


def spike_figure(axes):
    table = spiking(axes)
    return plot_pruning_spikes(table, pruned_scale(table, 0.95), **LOOK, palette="viridis")


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
    places = figure.axes[2].transData.transform([(s, 0) for s in (0, 0.9, 0.99)])[:, 0]
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], rel=0.01)


def knee_row(**changes):
    row = {
        "method": "magnitude",
        "split": "train",
        "margin": 0.005,
        "seeds": 3,
        "seeds_never_fallen": 0,
        "knee_sparsity": 0.8,
        "knee_low": 0.75,
        "knee_high": 0.85,
        "published_sparsity": 0.8,
        "lost_at_published": 0.012,
        "lost_at_published_low": -0.001,
        "lost_at_published_high": 0.025,
        "confidence": 0.95,
    }
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "falls from 80.0 % on (75.0 to 85.0 %), 80 % lies within;"),
        (
            {"knee_low": 0.81},
            "later than 80 %; at 80 %, 1.2 points lost (\N{MINUS SIGN}0.1 to 2.5).",
        ),
        ({"knee_high": 0.79}, "earlier than 80 %;"),
        (
            {"seeds_never_fallen": 3, "knee_sparsity": 0.99},
            "does not fall up to 99.0 %; published: 80 %.",
        ),
        ({"knee_low": float("nan"), "knee_high": float("nan")}, "one seed, no interval"),
    ],
)
def test_the_published_claim_is_answered_in_words(changes, words):
    sentence = in_words(knee_row(**changes), "magnitude", "train").replace("\u2009", " ")
    assert sentence.startswith("Training, single weights: ")
    assert words in sentence


def test_the_longest_answer_fits():
    table = accuracies(SOME)
    found = knees(table, margin=0.005, confidence=0.95)
    found[["knee_sparsity", "knee_low", "knee_high"]] = [0.555, 0.123, 1.0]
    found[["lost_at_published_low", "lost_at_published_high"]] = [-0.021, 0.123]
    figure = plot_pruning_accuracy(table, found, **LOOK, palette="colorblind")
    with figure_style():
        figure.draw_without_rendering()
    (text,) = (text for text in visible_texts(figure) if "lies within" in text.get_text())
    assert text.get_window_extent().x1 < figure.bbox.x1


def test_of_several_synapses_the_one_in_the_middle_is_drawn():
    table = spiking(SOME)
    table = pd.concat([table.assign(synapse_s=s, accuracy=s) for s in (0.005, 0.01, 0.02)])
    figure = plot_pruning_spikes(table, pruned_scale(table, 0.95), **LOOK, palette="viridis")
    assert "synapse 10 ms" in figure.get_suptitle()
    assert {y for line in figure.axes[0].lines for y in line.get_ydata()} == {0.01}


def test_the_answer_is_in_the_figure():
    figure = accuracy_figure(SOME)
    text = figure.get_supxlabel()
    assert text.count("\n") == 4
    assert text.startswith("Trained on 3,000 images, 3 seeds.")
    for subject in ("Training, single weights", "Test, whole units"):
        assert subject in text


def test_work_is_relative_to_the_unpruned_network():
    figure = spike_figure(SOME)
    for axes in figure.axes[2:]:
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
    }
    for column, value in (
        *(("spikes_ratio", 0.9), ("synops_ratio", 0.18)),
        *(("scale_ratio", 1.5), ("synops_ratio_at_loss", 0.25)),
    ):
        row |= {column: value, f"{column}_low": 0.9 * value, f"{column}_high": 1.1 * value}
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "90 % of the spikes and 18 % of the synops: sparsity and low rates multiply;"),
        ({}, "1.50 times (1.35 to 1.65) the unpruned scale and 0.25 times (0.23 to 0.28) its"),
        ({"synops_ratio": 0.3}, "sparsity and low rates do not multiply;"),
        ({"scale_ratio": float("nan")}, "loses more than 5 points to spikes at every scale"),
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
    figure = plot_pruning_spikes(table, pruned_scale(table, 0.95), **LOOK, palette="viridis")
    for axes in figure.axes[2:]:
        low, high = axes.get_ylim()
        for line in axes.lines:
            assert all(low <= y <= high for y in line.get_ydata())


def test_where_more_is_lost_at_every_scale_the_panel_says_so():
    table = spiking(SOME).assign(accuracy=0.5)
    figure = plot_pruning_spikes(table, pruned_scale(table, 0.95), **LOOK, palette="viridis")
    needed = figure.axes[1]
    assert [text.get_text() for text in needed.texts] == ["more is lost\nat every scale"]
    assert not len(needed.get_yticks())
