import math
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spikesweep.plots.axes import (
    as_points,
    cost_axis,
    interval_errors,
    log_percent_axis,
    panel_grid,
)
from spikesweep.plots.style import figure_style, legend_label, new_figure, save_figure


def test_bitmap_has_at_least_200_dots_per_inch(tmp_path):
    save_figure(new_figure(1, "Title"), svg=tmp_path / "f.svg", png=tmp_path / "f.png")
    assert Image.open(tmp_path / "f.png").width >= 200 * 7.1


@pytest.mark.parametrize("titled", [True, False])
def test_a_pdf_has_its_text_as_text_and_a_title_only_if_asked(tmp_path, titled):
    for name in "ab":
        with figure_style():
            figure = new_figure(1, "Title")
            figure.text(0.5, 0.5, "word")
        svg, pdf = tmp_path / f"{name}.svg", tmp_path / f"{name}.pdf"
        save_figure(figure, svg=svg, pdf=pdf, pdf_title=titled)
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert pdf == (tmp_path / "b.pdf").read_bytes()
    assert b"CreationDate" not in pdf
    # Embedded TrueType fonts of what is written: letters are no paths.
    fonts = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", pdf))
    assert fonts == {b"DejaVuSans", *([b"DejaVuSans-Bold"] if titled else [])}
    assert "Title" in (tmp_path / "a.svg").read_text()


def test_a_short_last_row_leaves_tick_labels_below_each_column():
    panels = panel_grid(new_figure(4, "Title"), 5, 3, sharex=True)
    labelled = [axes.xaxis.get_tick_params()["labelbottom"] for axes in panels]
    assert labelled == [False, False, True, True, True]


def test_error_bars_reach_to_the_interval_and_never_backwards():
    table = pd.DataFrame({"a": [0.5, 0.5], "a_low": [0.4, 0.5 + 1e-17], "a_high": [0.7, math.nan]})
    np.testing.assert_allclose(interval_errors(table, "a"), [[0.1, 0], [0.2, math.nan]])


def test_shares_within_a_decade_have_more_than_one_tick():
    axes = new_figure(2, "Title").add_subplot()
    axes.set_ylim(0.04, 0.3)
    log_percent_axis(axes)
    assert written(axes.yaxis) == ["5 %", "10 %", "20 %"]


@pytest.mark.parametrize(
    ("costs", "ticks"),
    [
        ([1500, 30_000], ["2 k", "5 k", "10 k", "20 k"]),
        ([150, 300_000], ["1 k", "10 k", "100 k"]),
        # A tenth of an operation is no milli-operation.
        ([0.05, 20_000], ["0.1", "1", "10", "100", "1 k", "10 k"]),
    ],
)
def test_ticks_of_costs_are_as_dense_as_their_range_allows(costs, ticks):
    axes = new_figure(2, "Title").add_subplot()
    axes.set_xlim(*costs)
    cost_axis(axes, pd.Series(costs))
    assert written(axes.xaxis) == ticks


def test_costs_of_a_silent_network_are_on_a_linear_axis():
    axes = new_figure(2, "Title").add_subplot()
    cost_axis(axes, pd.Series([0, 100]))
    assert axes.get_xscale() == "linear"


def test_negative_points_have_a_minus_sign():
    assert as_points()(-0.0125) == "\N{MINUS SIGN}1.25"


def written(axis):
    """Labels of the major ticks in view."""
    low, high = axis.get_view_interval()
    axis.figure.draw_without_rendering()
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [tick.label1.get_text().replace("\u2009", " ") for tick in ticks]


def test_names_are_text_and_no_mathematics(tmp_path):
    with figure_style():
        figure = new_figure(2, title="50 % of $N$ <b>_i: Ba$$in, $$")
        axes = figure.subplots()
        axes.plot([0, 1], label=legend_label("_dark"))
        shown = [text.get_text() for text in axes.legend().get_texts()]
    save_figure(figure, svg=tmp_path / "a.svg", png=tmp_path / "a.png")
    assert [text.strip() for text in shown] == ["_dark"]
