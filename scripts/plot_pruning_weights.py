"""Draw how weights are spread before and after pruning."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.pruning_weights import pruning_weights
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.tables import read_tables

    figure = pruning_weights(
        read_tables(snakemake.input.histograms),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
