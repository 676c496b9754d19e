"""Properties of the figure of a recommendation, drawn from tables computed from formulas."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.recommendation.plot_recommendation import plot_recommendation

LOOK = {"title": "Title", "network_label": "A network", "palette": "colorblind"}
METHODS = ("uniform", "greedy_by_rate", "greedy_by_saving", "optuna", "exhaustive")
ONE = {"methods": METHODS[:1], "settings": 1, "layers": ("relu",)}
SOME = {"methods": METHODS, "settings": 40, "layers": ("conv1", "conv2", "conv3")}
MANY = {
    "methods": METHODS,
    "settings": 900,
    "layers": tuple(f"residual_block_{index}_activation" for index in range(14)),
}


def tables(methods, settings, layers, best_loss=0.0, margin=0.01):
    """What the figure shows; accuracy rises with the synops, to that of the ANN minus a loss."""
    synops = 1000.0 * 1.01 ** np.arange(settings)
    loss = best_loss + 0.2 * np.exp(-np.arange(settings) / 8) * (settings > 1)
    order = np.random.default_rng(0).permutation(settings)
    tried = pd.DataFrame(
        {
            "synapse_s": 0.01,
            "scale_firing_rates": "{a: 1}",
            "evaluation": range(1, settings + 1),
            "accuracy": 0.9 - loss[order],
            "ann_accuracy": 0.9,
            "synops_per_image": synops[order],
            "on_front": True,
        }
    )
    within = tried["synops_per_image"].where(tried["accuracy"] >= 0.89)
    tried["cheapest_synops_per_image"] = within.cummin().ffill()
    search = pd.concat([tried.assign(method=method) for method in methods], ignore_index=True)
    candidates = pd.DataFrame(
        {
            "kind": ["by_layer", "by_layer", "uniform", "uniform"],
            "synops_per_image": [1200.0, 1500.0, 1300.0, 2500.0],
            "loss": best_loss + np.array([0.012, 0.005, 0.013, 0.001]),
            "within_margin": [False, best_loss == 0, False, best_loss == 0],
            "accepted_loss": margin,
        }
    )
    check = pd.DataFrame({"seed": ["0", "mean"], "synops_per_image": [1500.0, 1600.0]})
    check = check.assign(synapse_s=0.0075, steps=40, readout="last_third")
    check["loss"] = best_loss + np.array([0.004, 0.005])
    check = check.assign(loss_low=check["loss"] - 0.003, loss_high=check["loss"] + 0.003)
    scales = pd.DataFrame(
        {
            "layer": layers,
            "depth": range(len(layers)),
            "scale": [20.0 * (1 + index) for index in range(len(layers))],
            "unscaled_mean_rate_hz": [0.25 + index for index in range(len(layers))],
            "mean_rate_hz": [10.0 + index for index in range(len(layers))],
        }
    )
    return search, candidates, check, scales


def draw(**given):
    return plot_recommendation(*tables(**given), **LOOK)


@pytest.mark.parametrize("best_loss", [0.0, 0.05], ids=["within", "beyond"])
@pytest.mark.parametrize("sizes", [ONE, SOME, MANY], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(sizes, best_loss):
    assert_legible(draw(**sizes, best_loss=best_loss))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(**SOME), tmp_path)


def lines(figure, gid):
    return [line for axes in figure.axes for line in axes.get_lines() if line.get_gid() == gid]


def test_each_method_has_its_front_and_its_course():
    search, *others = tables(**SOME)
    search["on_front"] = search["evaluation"] <= 3
    figure = plot_recommendation(search, *others, **LOOK)
    for method in METHODS:
        [front] = lines(figure, f"front-{method}")
        shown = search[(search["method"] == method) & search["on_front"]]
        assert sorted(front.get_xdata()) == pytest.approx(sorted(shown["synops_per_image"]))
        assert len(lines(figure, f"budget-{method}")) == 1


def test_recommended_setting_stands_where_the_test_images_put_it():
    [marked] = draw(**SOME).axes[0].containers
    point, _, (bars,) = marked
    assert (point.get_xdata()[0], point.get_ydata()[0]) == pytest.approx((1600, -0.005))
    [bar] = bars.get_segments()
    assert sorted(bar[:, 1]) == pytest.approx([-0.008, -0.002])


def test_what_was_judged_is_full_where_it_was_shown_to_be_within_the_margin():
    figure = draw(**SOME)
    drawn = {
        (kind, shown): [tuple(xy) for line in lines(figure, gid) for xy in line.get_xydata()]
        for kind, shown in product(("by_layer", "uniform"), (True, False))
        for gid in [f"judged-{kind}-{shown}"]
    }
    assert drawn == {
        ("by_layer", True): [(1500, -0.005)],
        ("by_layer", False): [(1200, -0.012)],
        ("uniform", True): [(2500, -0.001)],
        ("uniform", False): [(1300, -0.013)],
    }


def test_figure_says_when_and_how_the_answer_is_read():
    assert "40 steps,\nmean score over the last third" in draw(**SOME).axes[2].get_xlabel()


def test_the_accepted_loss_is_shaded():
    for margin in (0.01, 0.004):
        [band] = draw(**SOME, margin=margin).axes[0].patches
        assert band.get_y() == pytest.approx(-margin)


def test_where_nothing_is_within_the_margin_the_figure_says_so():
    figure = draw(**SOME, best_loss=0.05)
    assert "none found" in [text.get_text() for text in figure.axes[1].texts]
    low, high = figure.axes[0].get_ylim()
    assert low < -0.055 - 0.003
    assert high > 0


def test_rates_without_scaling_are_those_of_the_table():
    texts = [text.get_text() for axes in draw(**SOME).axes for text in axes.texts]
    assert "20:  0.25 → 10 Hz" in texts
    assert "40:  1.2 → 11 Hz" in texts
