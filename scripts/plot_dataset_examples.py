"""Draw a few images of every class of one dataset."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.data.dataset import load_dataset
    from spikesweep.plots.plot_dataset_examples import plot_dataset_examples
    from spikesweep.plots.style import save_figure

    figure = plot_dataset_examples(
        load_dataset(snakemake.input.dataset),
        **snakemake.params.config,
    )
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
