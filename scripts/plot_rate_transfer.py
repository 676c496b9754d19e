"""Draw where the gain from scaling goes if other layers of a network are slow."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.style import save_figure
    from spikesweep.study.rate_transfer.plot_rate_transfer import plot_rate_transfer
    from spikesweep.tables import read_tables

    figure = plot_rate_transfer(
        read_tables(snakemake.input.transfer),
        pd.read_csv(snakemake.input.benefit),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
