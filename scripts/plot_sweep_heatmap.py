"""Draw the accuracy of one network over synapse and scale."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.sweep_heatmap import sweep_heatmap
    from spikesweep.plots.tables import read_tables

    figure = sweep_heatmap(
        read_tables(snakemake.input.sweeps),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
