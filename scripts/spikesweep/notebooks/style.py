"""The look of the plots in notebooks."""

import matplotlib as mpl
from cycler import cycler
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure


def set_style() -> None:
    """Make the plots of this notebook large enough to read, sharp, and free of ornament."""
    mpl.rcParams.update(
        {
            "figure.figsize": (7.5, 2.6),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.prop_cycle": cycler(color=["#0173b2", "#de8f05", "#029e73", "#cc78bc"]),
            "grid.color": "0.9",
            "legend.frameon": False,
            "lines.linewidth": 1.3,
        }
    )


def show(figure: Figure, description: str) -> None:
    """Show a plot in the notebook, with a description for readers who cannot see it."""
    display(figure, metadata={"image/png": {"alt": description}})
    plt.close(figure)
