"""Compare subsets of the layers of one network at the same cost."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.layer_scaling.budgets import match_budgets

    match_budgets(
        scaling_paths=snakemake.input.scaling,
        matched_path=snakemake.output.matched,
        contrast_path=snakemake.output.contrast,
    )
