"""Draw how fast one network fires on correct and on wrong images."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.firing_rates.plot_rate_outcomes import plot_rate_outcomes
    from spikesweep.tables import read_tables

    figure = plot_rate_outcomes(
        read_tables(snakemake.input.outcomes),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
