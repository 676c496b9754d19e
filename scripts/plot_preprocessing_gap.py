"""Draw how far training accuracy runs ahead of test accuracy under each technique."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.style import save_figure
    from spikesweep.study.preprocessing.plot_preprocessing_gap import plot_preprocessing_gap

    figure = plot_preprocessing_gap(pd.read_csv(snakemake.input.gap), **snakemake.params.config)
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
