"""Recommend one of the settings that the search found."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.recommendation.recommend import recommend_setting

    recommend_setting(
        dataset=snakemake.input.dataset,
        networks=snakemake.input.networks,
        search_path=snakemake.input.search,
        validation_path=snakemake.input.validation,
        snippet_path=snakemake.output.snippet,
        python_path=snakemake.output.python,
        candidates_path=snakemake.output.candidates,
        answers_path=snakemake.output.answers,
        savings_path=snakemake.output.savings,
        layers_path=snakemake.output.layers,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
