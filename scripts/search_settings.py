"""Search for the cheapest scale of each layer that keeps a network's accuracy."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.recommendation.search import search_settings

    search_settings(
        dataset=snakemake.input.dataset,
        networks=snakemake.input.networks,
        search_path=snakemake.output.search,
        validation_path=snakemake.output.validation,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
