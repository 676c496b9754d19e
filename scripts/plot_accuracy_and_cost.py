"""Draw what accuracy costs one network."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.accuracy_and_cost import accuracy_and_cost
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.tables import read_tables

    figure = accuracy_and_cost(
        read_tables(snakemake.input.sweeps),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
