"""Draw what scaling a layer gains against its rate, for all networks."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.gain_and_rate import gain_and_rate
    from spikesweep.plots.style import save_figure
    from spikesweep.plots.tables import read_tables

    figure = gain_and_rate(
        read_tables(snakemake.input.transfer),
        pd.read_csv(snakemake.input.benefit),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
