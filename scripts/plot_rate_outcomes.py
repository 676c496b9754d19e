"""Draw how fast one network fires on correct and on wrong images."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.rate_outcomes import rate_outcomes
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.tables import read_tables

    figure = rate_outcomes(
        read_tables(snakemake.input.outcomes),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
