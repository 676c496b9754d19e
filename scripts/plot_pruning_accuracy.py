"""Draw accuracy against sparsity, and where it begins to fall."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.pruning.plot_pruning_accuracy import plot_pruning_accuracy
    from spikesweep.tables import read_tables

    figure = plot_pruning_accuracy(
        read_tables([snakemake.input.accuracy]),
        read_tables([snakemake.input.knee]),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
