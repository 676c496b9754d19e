"""Draw what networks see of their training images under each technique."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.plots.style import save_figure
    from spikesweep.study.preprocessing.examples import examples_of_networks
    from spikesweep.study.preprocessing.plot_preprocessing_examples import (
        plot_preprocessing_examples,
    )

    look = dict(snakemake.params.config)
    networks = examples_of_networks(
        snakemake.params.variants,
        network_labels=look.pop("network_labels"),
        count=look.pop("images_per_technique"),
    )
    figure = plot_preprocessing_examples(networks, **look)
    save_figure(figure, svg=snakemake.output.svg, png=snakemake.output.png)
