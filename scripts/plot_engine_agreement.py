"""Draw how closely the two engines agree."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.engine_agreement.plot_engine_agreement import plot_engine_agreement
    from spikesweep.tables import read_tables

    figure = plot_engine_agreement(
        read_tables(snakemake.input.agreement),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
