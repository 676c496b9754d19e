"""Compare this run's accuracies with a published table."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.synapse_and_scaling.published import compare_with_published

    compare_with_published(
        sweep_paths=snakemake.input.sweeps,
        over_time_paths=snakemake.input.over_time,
        comparison_path=snakemake.output.comparison,
        config=snakemake.params.config,
    )
