"""Draw what scaling a layer gains against its rate, for all networks."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.style import save_figure
    from spikesweep.study.rate_transfer.plot_gain_and_rate import plot_gain_and_rate
    from spikesweep.tables import read_tables

    figure = plot_gain_and_rate(
        read_tables(snakemake.input.transfer),
        pd.read_csv(snakemake.input.benefit),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
