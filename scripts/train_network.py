"""Train one network from one seed."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.train import train_network

    train_network(
        dataset=snakemake.input.dataset,
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
        accuracy_path=snakemake.output.accuracy,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        **snakemake.params.config,
    )
