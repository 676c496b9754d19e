"""Draw how fast the layers of one network fire."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.firing_rates.plot_firing_rates import plot_firing_rates
    from spikesweep.tables import read_tables

    figure = plot_firing_rates(
        read_tables(snakemake.input.rates),
        read_tables(snakemake.input.histogram),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
