"""Compare subsets of the layers of one network at the same cost."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.layer_scaling.budgets import match_budgets

    match_budgets(
        scaling_paths=snakemake.input.scaling,
        matched_path=snakemake.output.matched,
        contrast_path=snakemake.output.contrast,
        config=snakemake.params.config,
    )
