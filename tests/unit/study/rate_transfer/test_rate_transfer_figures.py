"""Properties of the figures of gain and rate, drawn from tables that are computed from formulas."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.rate_transfer.benefit import benefit
from spikesweep.study.rate_transfer.plot_gain_and_rate import plot_gain_and_rate
from spikesweep.study.rate_transfer.plot_rate_transfer import plot_rate_transfer
from spikesweep.study.rate_transfer.variants import variants

SMALL = {"layers": ("dense",), "networks": 1, "rates_hz": (5,)}
SOME = {
    "layers": ("conv1_relu", "conv2_relu", "conv3_relu", "c4"),
    "networks": 3,
    "rates_hz": (5, 15),
}
LARGE = {
    "layers": tuple(f"block{index}_conv_relu" for index in range(6)),
    "networks": 4,
    "rates_hz": (0.5, 5, 50),
}
SIZES = pytest.mark.parametrize("axes", [SMALL, SOME, LARGE], ids=["one", "some", "many"])
LABELS = {f"net{index}": f"Network number {index}" for index in range(7)}


def transfer(layers, networks, rates_hz):
    """What slow layers gain, as a share of what is lost; some rates lie decades apart."""
    outputs = {layer: 0.3 * (1 + place) for place, layer in enumerate(layers)}
    rows = []
    for network, seed, mean in itertools.product(list(LABELS)[:networks], (0, 1), rates_hz):
        for variant, scales in variants(outputs, mean, 10).items():
            for place, layer in enumerate(layers):
                rate = scales[layer] * outputs[layer]
                gain = 0.3 * math.exp(-rate / 4) - 0.01 * seed
                rows.append(
                    {
                        "network": network,
                        "seed": seed,
                        "operating_point": 0.01 * mean,
                        "mean_rate_hz": mean,
                        "variant": variant,
                        "layer": layer,
                        "depth": place,
                        "factor": 10,
                        "base_rate_hz": rate,
                        "active_share": 0.5,
                        "base_accuracy": 0.6,
                        "gain": gain,
                        "predicted_gain": 0.8 * gain,
                        "predicted_gain_cascade": 1.1 * gain,
                        "predicted_gain_rectified": 0.9 * gain,
                        "nominal_rate_hz": 8.0,
                        "predicted_rate_hz": 9.0,
                        "predicted_base_accuracy": 0.6,
                        "predicted_base_accuracy_rectified": 0.5,
                    }
                )
    return pd.DataFrame(rows)


def benefit_of(table):
    tables = [rows.reset_index(drop=True) for _, rows in table.groupby(["network", "seed"])]
    rng = np.random.default_rng(0)
    correct = [rng.random((len(rows), 50)) < 0.6 for rows in tables]
    return benefit(tables, correct, {"confidence": 0.95, "bootstrap": 5, "seed": 0})


def all_networks(axes):
    table = transfer(**axes)
    look = {"title": "Title", "network_labels": LABELS, "palette": "colorblind"}
    return plot_gain_and_rate(table, benefit_of(table), **look)


def one_network(axes):
    table = transfer(**axes)
    of_network = table[table["network"] == "net0"]
    look = {"title": "Title", "network_label": "A network", "palette": "viridis"}
    return plot_rate_transfer(of_network, benefit_of(table), **look)


FIGURES = pytest.mark.parametrize("draw", [all_networks, one_network])


@FIGURES
@SIZES
def test_texts_are_legible(draw, axes):
    assert_legible(draw(axes))


@FIGURES
def test_same_tables_give_same_bytes(draw, tmp_path):
    assert_same_bytes(lambda: draw(SOME), tmp_path)


@FIGURES
def test_networks_that_cannot_be_rescaled_are_said_to_be_so(draw, monkeypatch):
    empty = transfer(**SMALL).iloc[:0]
    monkeypatch.setitem(globals(), "transfer", lambda **axes: empty)
    figure = draw(SMALL)
    assert any("Nothing to show" in text.get_text() for text in figure.texts)


def test_the_slowed_layer_of_each_row_is_framed():
    figure = one_network(SOME)
    frames = [patch for patch in figure.axes[0].patches if patch.get_gid() == "slowed"]
    # Below the rows of the trained network and of layers that are all alike.
    cells = [(int(frame.get_x()), int(frame.get_y())) for frame in frames]
    assert cells == [(0, 2), (1, 3), (2, 4), (3, 5)]


def test_cells_hold_mean_gain_in_points_and_rate():
    figure = one_network({**SOME, "rates_hz": (5,)})
    written = [text.get_text() for text in figure.axes[0].texts]
    # Seeds differ by 1 point.
    gain = 100 * (0.3 * math.exp(-0.5 / 4) - 0.005)
    assert written.count(f"+{gain:.1f}\n0.5\u2009Hz") == 4


def test_panels_state_what_slow_layers_of_their_network_gain_more():
    table = transfer(**SOME)
    tests = benefit_of(table)
    chosen = (tests["test"] == "slowest_less_others") & (tests["network"] == "net1")
    tests.loc[chosen, "statistic"] = -0.987
    figure = plot_gain_and_rate(
        table, tests, title="T", network_labels=LABELS, palette="colorblind"
    )
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title.splitlines()[0] for title in titles] == [LABELS[f"net{n}"] for n in range(3)]
    assert ["trained \u221298.7 [" in title for title in titles] == [False, True, False]
    assert all("slowed " in title for title in titles)
    points = [path for one in figure.axes[0].collections for path in one.get_offsets()]
    assert len(points) == 2 * 2 * 6 * 4
    assert np.min(points) > -0.02
