"""A matrix of numbers as colours, with words in its cells."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from seaborn.utils import relative_luminance

# Black and white contrast equally with this relative luminance (WCAG 2).
_MIDDLE_LUMINANCE = 0.179


def draw_heatmap(
    axes: Axes,
    values: pd.DataFrame,
    *,
    palette: str,
    words: np.ndarray | None = None,
    **options: Any,
) -> None:
    """Draw a cell per value, with the index at the left, from top to bottom, and columns below.

    values: NaN leaves its cell empty, words and all. words: what each cell says, same shape.
    options: of seaborn's `heatmap`; no colour bar by default.
    """
    options = {"cbar": False, "linewidths": 0.5} | options
    look = {"size": 8, "linespacing": 1.1}
    sns.heatmap(values, ax=axes, cmap=palette, annot=words, fmt="", annot_kws=look, **options)
    _write_legibly(axes, values)
    axes.grid(visible=False)
    axes.tick_params(length=0, labelrotation=0)


def _write_legibly(axes: Axes, values: pd.DataFrame) -> None:
    # Seaborn writes white on all but the palest colours.
    colours = axes.collections[0].get_facecolors()[values.notna().to_numpy().ravel()]
    for text, colour in zip(axes.texts, colours, strict=False):
        text.set_color("black" if relative_luminance(colour) > _MIDDLE_LUMINANCE else "white")
