"""Draw how every network's training went."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.plot_learning_curves import plot_learning_curves
    from spikesweep.plots.style import save_figure
    from spikesweep.tables import read_tables

    figure = plot_learning_curves(
        read_tables(snakemake.input.history),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
