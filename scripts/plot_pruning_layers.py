"""Draw what pruning leaves of each layer."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.pruning.plot_pruning_layers import plot_pruning_layers
    from spikesweep.tables import read_tables

    figure = plot_pruning_layers(
        read_tables(snakemake.input.layer_sparsity),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
