"""Draw the accuracy of one network at every time step."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.synapse_and_scaling.plot_accuracy_over_time import plot_accuracy_over_time
    from spikesweep.tables import read_tables

    figure = plot_accuracy_over_time(
        read_tables(snakemake.input.over_time),
        read_tables(snakemake.input.sweeps),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
