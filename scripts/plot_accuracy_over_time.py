"""Draw the accuracy of one network at every time step."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.accuracy_over_time import accuracy_over_time
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.tables import read_tables

    figure = accuracy_over_time(
        read_tables(snakemake.input.over_time),
        read_tables(snakemake.input.sweeps),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
