"""What the networks look at: a few images of every class."""

import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spikesweep.data.dataset import Dataset, load_dataset
from spikesweep.plots.style import PAGE_WIDTH_INCHES, figure_style, new_figure

_MOST_COLUMNS = 10
_MOST_CLASSES = 30


def plot_dataset_examples(
    dataset: str | Path, *, title: str, dataset_label: str, images_per_class: int
) -> Figure:
    """Draw the first training images of every class, one column per class.

    dataset: path, as `load_dataset` reads it.
    """
    data = load_dataset(dataset)
    classes = min(_MOST_CLASSES, len(data.class_names))
    columns = min(_MOST_COLUMNS, classes)
    blocks = math.ceil(classes / columns)
    with figure_style():
        figure = new_figure(
            height_inches=0.75 + blocks * (0.25 + 0.68 * images_per_class),
            title=f"{title}: {dataset_label}",
            width_inches=max(4.4, PAGE_WIDTH_INCHES * columns / _MOST_COLUMNS),
        )
        figure.supxlabel(_in_words(data, classes), x=0.012, ha="left", size=8)
        grid = figure.subplots(blocks * images_per_class, columns, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for label, name in enumerate(data.class_names[:classes]):
            block, column = divmod(label, columns)
            panels = grid[block * images_per_class : (block + 1) * images_per_class, column]
            panels[0].set_title(_shortened(str(name)), size=8)
            examples = np.flatnonzero(data.y_train == label)[:images_per_class]
            for axes, index in zip(panels, examples, strict=False):
                image = data.x_train[index]
                axes.imshow(image.squeeze(), cmap="gray", vmin=0, vmax=255, interpolation="none")
    return figure


def _shortened(name: str) -> str:
    # A longer name would run into its neighbour's.
    return name if len(name) <= 10 else f"{name[:9]}…"


def _in_words(dataset: Dataset, classes: int) -> str:
    height, width, channels = dataset.x_train.shape[1:]
    shown = "" if classes == len(dataset.class_names) else f"; the first {classes} classes"
    return (
        f"{height} by {width} pixels, {'grey' if channels == 1 else 'RGB'}; "
        f"{len(dataset.x_train):,} training and {len(dataset.x_test):,} test images{shown}"
    )
