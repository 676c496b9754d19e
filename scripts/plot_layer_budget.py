"""Draw where one network spends spikes best."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.layer_scaling.plot_layer_budget import plot_layer_budget
    from spikesweep.tables import read_tables

    figure = plot_layer_budget(
        read_tables(snakemake.input.scaling),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
