"""Check a recommended setting on images that its search did not see."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.recommendation.check import check_recommendation

    check_recommendation(
        dataset=snakemake.input.dataset,
        networks=snakemake.input.networks,
        ann_classes=snakemake.input.ann_classes,
        seeds=snakemake.params.seeds,
        snippet_path=snakemake.input.snippet,
        candidates_path=snakemake.input.candidates,
        check_path=snakemake.output.check,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
