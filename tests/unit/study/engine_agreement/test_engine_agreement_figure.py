"""Properties of the figure of the engines, drawn from tables that are computed from formulas."""

import pytest
import synthetic_tables
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.engine_agreement.plot_engine_agreement import plot_engine_agreement

NETWORKS = {f"net{index}": f"Network number {index}" for index in range(7)}
LOOK = {"title": "Title", "network_labels": NETWORKS, "palette": "colorblind"}


def draw(networks, settings, seeds):
    names = list(NETWORKS)[:networks]
    return plot_engine_agreement(
        synthetic_tables.agreement(names, settings=settings, seeds=seeds), **LOOK
    )


@pytest.mark.parametrize(
    "sizes", [(1, 1, (0,)), (3, 4, (0, 1)), (7, 12, (0,))], ids=["one", "some", "many"]
)
def test_no_text_is_small_cut_off_or_on_top_of_another(sizes):
    assert_legible(draw(*sizes))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(3, 4, (0, 1)), tmp_path)


def test_engines_that_were_not_compared_are_said_to_be_so():
    empty = synthetic_tables.agreement(("net0",)).iloc[:0]
    figure = plot_engine_agreement(empty, **LOOK)
    assert any("reference engine alone" in text.get_text() for text in figure.texts)
