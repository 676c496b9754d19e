"""Draw the effects that decide the claims of the original study."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.findings.plot_findings import plot_findings
    from spikesweep.tables import read_tables

    figure = plot_findings(
        read_tables([snakemake.input.findings]),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
