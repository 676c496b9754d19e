"""Compare published ways to choose scales with the recommended settings of a network."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.recommendation.baselines.compare import compare_baselines

    compare_baselines(
        dataset=snakemake.input.dataset,
        networks=snakemake.input.networks,
        candidates_path=snakemake.input.candidates,
        answers_path=snakemake.input.answers,
        validation_path=snakemake.input.validation,
        settings_path=snakemake.output.settings,
        methods_path=snakemake.output.methods,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
