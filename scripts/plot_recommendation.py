"""Draw what a search found and what is recommended."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    import pandas as pd

    from spikesweep.plots.recommendation import recommendation
    from spikesweep.plots.style import save_figure

    names = ("search", "check", "layers")
    figure = recommendation(
        *(pd.read_csv(snakemake.input[name]) for name in names),
        **snakemake.params.config,
        **snakemake.params.margin,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
