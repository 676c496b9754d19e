"""Properties of the figures of rates, drawn from tables that are computed from formulas."""

import itertools

import numpy as np
import pandas as pd
import pytest
import synthetic_tables
from figure_checks import assert_legible, assert_same_bytes, visible_texts

from spikesweep.plots.style import save_figure
from spikesweep.study.firing_rates.plot_firing_rates import plot_firing_rates
from spikesweep.study.firing_rates.plot_rate_outcomes import plot_rate_outcomes

ONE = {"layers": ("dense",), "scales": (1,), "seeds": (0,)}
SOME = {"layers": ("conv1", "conv2", "conv3", "conv4"), "scales": (1, 20), "seeds": (0, 1)}
MANY = {
    "layers": tuple(f"block{index}_conv_relu" for index in range(6)),
    "scales": (1, 10, 100),
    "seeds": (0, 1),
}
LOOK = {"title": "Title", "network_label": "A network", "palette": "viridis"}


def outcomes(layers, scales, seeds):
    rows = []
    for seed, scale, (depth, layer), outcome in itertools.product(
        seeds, scales, enumerate(layers), ("correct", "wrong")
    ):
        rate = scale * (depth + 1) * (0.9 if outcome == "wrong" else 1.0) + 0.05 * seed
        silent = 0.5 if outcome == "wrong" else 0.46
        rows.append(
            {
                "network": "net",
                "seed": seed,
                "synapse_s": 0.01,
                "scale_firing_rates": scale,
                "layer": layer,
                "depth": depth,
                "outcome": outcome,
                "images": 20 if outcome == "wrong" else 180,
                "mean_rate_hz": rate,
                "mean_rate_low_hz": 0.97 * rate,
                "mean_rate_high_hz": 1.03 * rate,
                "silent_share": silent,
                "silent_share_low": silent - 0.02,
                "silent_share_high": silent + 0.02,
            }
        )
    return pd.DataFrame(rows)


def rates(sizes):
    return plot_firing_rates(
        synthetic_tables.rates(**sizes), synthetic_tables.histogram(**sizes), **LOOK
    )


def by_outcome(sizes):
    return plot_rate_outcomes(outcomes(**sizes), **LOOK | {"palette": "colorblind"})


FIGURES = [rates, by_outcome]
all_figures = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)


@all_figures
@pytest.mark.parametrize("sizes", [ONE, SOME, MANY], ids=["one", "some", "many"])
def test_no_text_is_small_cut_off_or_on_top_of_another(draw, sizes):
    assert_legible(draw(sizes))


@all_figures
def test_same_table_gives_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(SOME), tmp_path)


def test_distributions_and_shares_are_means_over_seeds():
    sizes = {"layers": ("dense",), "scales": (1, 20), "seeds": (0, 1)}
    table, histogram = synthetic_tables.rates(**sizes), synthetic_tables.histogram(**sizes)
    table.loc[table["seed"] == 0, ["silent_share", "saturated_share"]] = [0.5, 0.1]
    table.loc[table["seed"] == 1, ["silent_share", "saturated_share"]] = [0.3, 0.3]
    fires = histogram["rate_high_hz"] > 0
    histogram.loc[fires & (histogram["seed"] == 0), "share"] = 0.02
    histogram.loc[fires & (histogram["seed"] == 1), "share"] = 0.04
    distribution, _, shares = plot_firing_rates(table, histogram, **LOOK).axes
    for outline in distribution.collections:
        assert outline.get_paths()[0].vertices[:, 1].max() == pytest.approx(0.03)
    bars = [(bar.get_y(), bar.get_height()) for bar in shares.patches]
    np.testing.assert_allclose(bars, [(0, 0.4)] * 2 + [(1, -0.2)] * 2)


def test_a_scale_for_each_layer_comes_after_those_for_all():
    sizes = {"scales": (20, 3, 7), "synapses_s": (0.005, 0.01)}
    chosen = {7: "{dense_1: 1, dense_2: 2}"}
    tables = [
        table.assign(scale_firing_rates=table["scale_firing_rates"].replace(chosen).astype(str))
        for table in (synthetic_tables.rates(**sizes), synthetic_tables.histogram(**sizes))
    ]
    legend = plot_firing_rates(*tables, **LOOK).subfigs[1].legends[0]
    assert legend.get_title().get_text() == "scale, synapse"
    names = [text.get_text() for text in legend.get_texts()]
    assert names == [
        *("3, 5 ms", "3, 10 ms", "20, 5 ms", "20, 10 ms"),
        *("by layer 1, 5 ms", "by layer 2, 10 ms"),
    ]


def test_a_network_that_never_fires_can_be_drawn(tmp_path):
    table = synthetic_tables.rates()
    columns = [column for column in table if column.endswith("_hz")]
    silent = synthetic_tables.histogram().query("rate_high_hz == 0").assign(share=1.0)
    table = table.assign(silent_share=1.0, **dict.fromkeys(columns, 0.0))
    figure = plot_firing_rates(table, silent, **LOOK)
    save_figure(figure, svg=tmp_path / "f.svg", png=tmp_path / "f.png")


def test_outcomes_are_compared_within_seeds_and_counted():
    table = outcomes(**SOME | {"scales": (10,), "seeds": (0, 1)})
    figure = plot_rate_outcomes(table, **LOOK | {"palette": "colorblind"})
    rates, silent = figure.axes
    dots = rates.lines[0].get_ydata()
    # Rates of 9 and 10 Hz, and of 9.05 and 10.05 Hz, in the first layer.
    assert dots[0] == pytest.approx((9 / 10 + 9.05 / 10.05) / 2 - 1)
    assert silent.lines[0].get_ydata() == pytest.approx(0.04)
    assert "10: 40 of 400 wrong" in {text.get_text() for text in visible_texts(figure)}


def test_network_that_errs_on_no_image_can_be_drawn(tmp_path):
    table = outcomes(**SOME)
    wrong = table["outcome"] == "wrong"
    table.loc[wrong, "images"] = 0
    table.loc[wrong, [name for name in table if "rate_" in name or "share" in name]] = np.nan
    figure = plot_rate_outcomes(table, **LOOK | {"palette": "colorblind"})
    figure.savefig(tmp_path / "figure.png")
    assert "1: 0 of 360 wrong" in {text.get_text() for text in visible_texts(figure)}
