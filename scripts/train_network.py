"""Train one network from one seed."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.run import TrainedFiles
    from spikesweep.training.train import train_network

    train_network(
        dataset=snakemake.input.dataset,
        files=TrainedFiles(**dict(snakemake.output.items())),
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        **snakemake.params.config,
    )
