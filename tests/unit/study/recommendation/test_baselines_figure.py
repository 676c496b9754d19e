"""The figure of published scales: legible, and the same bytes for the same tables."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.recommendation.plot_baselines import METHODS, plot_baselines


def settings(methods=("searched", *METHODS), best_loss=0.002):
    return pd.DataFrame(
        {
            "neurons": kind,
            "method": method,
            "loss": loss,
            "synops_per_image": 1e5
            * (1 + number / 5)
            * (0.03 / (0.015 if loss == 0.01 else loss * 0.7)),
        }
        for kind in ("converted", "signed")
        for number, method in enumerate(methods)
        # The third costs more than the second and loses more.
        for cost, loss in ((1, 0.04), (2, 0.01), (3, 0.02), (9, best_loss))
    )


def draw(table=None):
    return plot_baselines(
        settings() if table is None else table,
        pd.DataFrame({"accepted_loss": [0.01] * 4}),
        title="Published scales and ours",
        network_label="CIFAR-10 CNN",
        palette="colorblind",
    )


@pytest.mark.parametrize("methods", [("searched", *METHODS), ("searched", "mmse")])
def test_no_text_is_small_cut_off_or_on_top_of_another(methods):
    assert_legible(draw(settings(methods)))


def test_same_tables_give_same_bytes(tmp_path):
    assert_same_bytes(draw, tmp_path)


def test_each_kind_of_neurons_has_a_panel_with_a_line_for_each_method():
    panels = draw().axes
    for axes in panels:
        lines = {line.get_gid(): line for line in axes.lines if line.get_gid()}
        assert set(lines) == {
            f"{kind}-{name}" for name in ("searched", *METHODS) for kind in ("judged", "line")
        }
        # Losses are below the ANN, costs grow to the right.
        assert (lines["judged-searched"].get_ydata() < 0).all()
        assert (np.diff(lines["line-searched"].get_ydata()) >= 0).all()
        assert sorted(lines["judged-mmse"].get_xdata()) == list(lines["judged-mmse"].get_xdata())
