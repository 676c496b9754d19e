"""Draw the techniques in their order, as trained and as spikes."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.style import save_figure
    from spikesweep.study.preprocessing.plot_preprocessing_ranking import plot_preprocessing_ranking

    figure = plot_preprocessing_ranking(
        pd.read_csv(snakemake.input.ranking), **snakemake.params.config
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
