"""Import a user's trained network into the study."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.import_network import import_network

    import_network(
        file=snakemake.params.file,
        dataset=snakemake.input.dataset,
        model_path=snakemake.output.model,
        accuracy_path=snakemake.output.accuracy,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        **snakemake.params.config,
    )
