"""What networks see of their training images under each technique."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from spikesweep.data.dataset import load_dataset
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.preprocessing.examples import Examples, examples_of_networks
from spikesweep.words import number

_ROW_INCHES = 0.5


def plot_preprocessing_examples(
    datasets: Iterable[str],
    *,
    title: str,
    network_labels: Mapping[str, str],
    variants: Mapping[str, Mapping[str, Any]],
    images_per_technique: int,
) -> Figure:
    """Draw a block per network side by side: a row per technique, with the range of its values.

    datasets: paths. variants: as `examples_of_networks` takes them; `dataset` is one of the paths.
    """
    networks = examples_of_networks(
        {path: load_dataset(path) for path in datasets},
        variants,
        network_labels=network_labels,
        count=images_per_technique,
    )
    rows = max(len(examples.images) for examples in networks)
    count = max(len(next(iter(examples.images.values()))) for examples in networks)
    with figure_style():
        figure = new_figure(1.1 + _ROW_INCHES * rows, title=title)
        blocks = figure.subfigures(1, len(networks), squeeze=False)
        for examples, block in zip(networks, blocks.flat, strict=True):
            _draw_network(block, examples, rows, count)
    return figure


def _draw_network(block: SubFigure, examples: Examples, rows: int, count: int) -> None:
    block.suptitle(examples.label, x=0.02, ha="left", size=9, weight="bold")
    grid = block.subplots(rows, count + 2, squeeze=False, width_ratios=[2, *[1] * count, 1.3])
    for axes in grid.flat:
        axes.set_axis_off()
    for panels, (technique, images) in zip(grid, examples.images.items(), strict=False):
        _write(panels[0], technique.replace("+", "+\n"), 1.0, "right")
        _draw_images(panels[1:-1], images)
        _write(panels[-1], _range(images), 0.0, "left")
    if examples.alike:
        block.supxlabel(_wrapped(examples.alike), x=0.02, ha="left", size=8)


def _draw_images(panels: np.ndarray, images: np.ndarray) -> None:
    # Colours span the range of values in the row, since a screen shows no others.
    low, high = images.min(), images.max()
    for axes, image in zip(panels, images, strict=False):
        shown = ((image - low) / (high - low or 1)).squeeze()
        drawn = axes.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="none")
        # Rounding in the layout would change the ids of clipping rectangles in the SVG.
        drawn.set_clip_on(False)


def _write(axes: Axes, text: str, x: float, side: str) -> None:
    axes.text(x, 0.5, text, ha=side, va="center", size=8, transform=axes.transAxes)


def _range(images: np.ndarray) -> str:
    return f"{_number(images.min())} to\n{_number(images.max())}"


def _number(value: float) -> str:
    return number(value, ".2g" if abs(value) < 10 else ".0f")


def _wrapped(names: tuple[str, ...]) -> str:
    lines = [", ".join(names[start : start + 3]) for start in range(0, len(names), 3)]
    return "as rescaling: " + ",\n".join(lines)
