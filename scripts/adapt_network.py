"""Adapt a user's trained network: replace what does not convert, and fine-tune it."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.adapt_network import AdaptedFiles, adapt_network

    adapt_network(
        file=snakemake.params.file,
        dataset=snakemake.input.dataset,
        files=AdaptedFiles(**dict(snakemake.output.items())),
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        code=snakemake.params.code,
        **snakemake.params.config,
    )
