"""Draw what sparsity means for spikes."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.pruning.plot_pruning_spikes import plot_pruning_spikes
    from spikesweep.tables import read_tables

    figure = plot_pruning_spikes(
        read_tables([snakemake.input.spiking]),
        read_tables([snakemake.input.scale]),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
