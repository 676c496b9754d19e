"""The look that all figures share, and how a figure is saved to reproducible files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure

from spikesweep.files import atomic_path

# Two columns of a printed page; no text is smaller than 8 pt at this width.
PAGE_WIDTH_INCHES = 7.1
BITMAP_DPI = 220

_SETTINGS = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "figure.titlesize": 10,
    "figure.titleweight": "bold",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.title_fontsize": 8,
    "legend.frameon": False,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    # Text as paths: the figure looks the same on a machine that lacks the font.
    "svg.fonttype": "path",
    # Text as text, in an embedded font that can be searched and edited.
    "pdf.fonttype": 42,
    # A dollar sign in a user's name is no mathematics.
    "text.parse_math": False,
    # Without it, each file gets new random ids.
    "svg.hashsalt": "spikesweep",
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Apply the shared look within a block; it must enclose drawing and saving."""
    with mpl.rc_context({**mpl.rcParamsDefault, **sns.axes_style("ticks"), **_SETTINGS}):
        yield


def save_figure(
    figure: Figure,
    *,
    svg: str | Path,
    png: str | Path | None = None,
    pdf: str | Path | None = None,
    pdf_title: bool = True,
) -> None:
    """Write a figure in these formats, without dates: same figure, same bytes.

    pdf_title: whether the PDF has the figure's title, which comes off last.
    """
    with figure_style():
        with atomic_path(svg) as path:
            figure.savefig(path, metadata={"Date": None, "Creator": None})
        if png is not None:
            with atomic_path(png) as path:
                figure.savefig(path, dpi=BITMAP_DPI, metadata={"Software": None})
        if pdf is not None:
            if not pdf_title:
                figure.suptitle("")
            with atomic_path(pdf) as path:
                figure.savefig(path, format="pdf", metadata={"CreationDate": None})


def legend_label(name: str) -> str:
    """A name as a legend shows it: Matplotlib would leave out one that begins with `_`."""
    return f"\N{HAIR SPACE}{name}" if name.startswith("_") else name


def new_figure(height_inches: float, title: str, width_inches: float = PAGE_WIDTH_INCHES) -> Figure:
    """Make an empty figure with its title at the left, like the titles of the axes."""
    figure = Figure(figsize=(width_inches, height_inches))
    figure.suptitle(title, x=0.012, ha="left")
    return figure
