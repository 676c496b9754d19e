"""Properties of the figure of a recommendation, drawn from tables computed from formulas."""

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


def tables(methods, settings, layers, best_loss=0.0):
    """Search, check and layers; accuracy rises with the synops, to that of the ANN minus a loss."""
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
    check = pd.DataFrame(
        {
            "seed": ["0", "mean"] * 2,
            "kind": ["recommended", "recommended", "uniform", "uniform"],
            "synops_per_image": [1500.0, 1600.0, 2500.0, 2600.0],
            "loss": best_loss + np.array([0.004, 0.005, 0.006, 0.007]),
        }
    )
    check = check.assign(loss_low=check["loss"] - 0.003, loss_high=check["loss"] + 0.003)
    scales = pd.DataFrame(
        {
            "layer": layers,
            "depth": range(len(layers)),
            "scale": [20.0 * (1 + index) for index in range(len(layers))],
            "mean_rate_hz": [10.0 + index for index in range(len(layers))],
        }
    )
    return search, check, scales


def draw(*, margin=0.01, best_loss=0.0, **sizes):
    return plot_recommendation(
        *tables(best_loss=best_loss, **sizes), **LOOK, accuracy_margin=margin
    )


@pytest.mark.parametrize("best_loss", [0.0, 0.05], ids=["within", "beyond"])
@pytest.mark.parametrize("sizes", [ONE, SOME, MANY], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(sizes, best_loss):
    assert_legible(draw(**sizes, best_loss=best_loss))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(**SOME), tmp_path)


def lines(figure, gid):
    return [line for axes in figure.axes for line in axes.get_lines() if line.get_gid() == gid]


def test_each_method_has_its_front_and_its_course():
    search, check, layers = tables(**SOME)
    search["on_front"] = search["evaluation"] <= 3
    figure = plot_recommendation(search, check, layers, **LOOK, accuracy_margin=0.01)
    for method in METHODS:
        [front] = lines(figure, f"front-{method}")
        shown = search[(search["method"] == method) & search["on_front"]]
        assert sorted(front.get_xdata()) == pytest.approx(sorted(shown["synops_per_image"]))
        assert len(lines(figure, f"budget-{method}")) == 1


def test_recommended_setting_stands_where_the_test_images_put_it():
    figure = draw(**SOME)
    expected = (1600, -0.005), (2600, -0.007)
    for marked, (synops, below) in zip(figure.axes[0].containers, expected, strict=True):
        point, _, (bars,) = marked
        assert (point.get_xdata()[0], point.get_ydata()[0]) == pytest.approx((synops, below))
        [bar] = bars.get_segments()
        assert sorted(bar[:, 1]) == pytest.approx([below - 0.003, below + 0.003])


def test_where_nothing_is_within_the_margin_the_figure_says_so():
    figure = draw(**SOME, best_loss=0.05)
    assert "none found" in [text.get_text() for text in figure.axes[1].texts]
    low, high = figure.axes[0].get_ylim()
    assert low < -0.055 - 0.003
    assert high > 0
