"""Draw what scaling layers and pairs of layers of one network gains."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.layer_scaling.plot_subset_matrix import plot_subset_matrix
    from spikesweep.tables import read_tables

    figure = plot_subset_matrix(
        read_tables(snakemake.input.scaling),
        read_tables([snakemake.input.matched]),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
