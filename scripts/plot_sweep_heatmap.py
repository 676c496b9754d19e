"""Draw the accuracy of one network over synapse and scale."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.synapse_and_scaling.plot_sweep_heatmap import plot_sweep_heatmap
    from spikesweep.tables import read_tables

    figure = plot_sweep_heatmap(
        read_tables(snakemake.input.sweeps),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
