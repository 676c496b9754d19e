"""Draw what a search found and what is recommended."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.style import save_figure
    from spikesweep.study.recommendation.plot_recommendation import plot_recommendation

    names = ("search", "check", "layers")
    figure = plot_recommendation(
        *(pd.read_csv(snakemake.input[name]) for name in names),
        **snakemake.params.config,
        **snakemake.params.margin,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
