"""Train a network, from one seed or several."""

from spikesweep.each_seed import each_seed
from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.run import TrainedFiles
    from spikesweep.training.train import train_network

    for one in each_seed(snakemake):
        train_network(
            dataset=one.inputs["dataset"],
            files=TrainedFiles(**one.outputs),
            network=snakemake.wildcards.network,
            seed=one.seed,
            code=snakemake.params.code,
            **snakemake.params.config,
        )
