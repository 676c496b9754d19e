"""Draw how weights are spread before and after pruning."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.pruning.plot_pruning_weights import plot_pruning_weights
    from spikesweep.tables import read_tables

    figure = plot_pruning_weights(
        read_tables(snakemake.input.histograms),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
