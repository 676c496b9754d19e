import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from seaborn.utils import relative_luminance

from spikesweep.plots.heatmap import draw_heatmap


def drawn(values, words=None):
    axes = Figure().add_subplot()
    draw_heatmap(axes, values, palette="viridis", words=words)
    return axes


def test_words_contrast_with_every_colour():
    values = pd.DataFrame(np.linspace(0, 1, 40).reshape(4, 10))
    axes = drawn(values, np.char.mod("%.1f", values.to_numpy()))
    luminances = map(relative_luminance, axes.collections[0].get_facecolors())
    for text, cell in zip(axes.texts, luminances, strict=True):
        dark, light = sorted([cell, relative_luminance(text.get_color())])
        # What WCAG 2 asks of small text.
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_cell_without_a_value_says_nothing():
    axes = drawn(pd.DataFrame([[0.1, np.nan], [np.nan, 0.4]]), np.array([["a", "b"], ["c", "d"]]))
    assert [text.get_text() for text in axes.texts] == ["a", "d"]
    assert [text.get_position() for text in axes.texts] == [(0.5, 0.5), (1.5, 1.5)]
