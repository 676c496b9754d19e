"""Judge the claims of the original study from this run's tables."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.findings.table import judge_findings

    judge_findings(
        sweep_paths=snakemake.input.sweeps,
        pruning_paths=snakemake.input.pruning,
        layer_paths=snakemake.input.layers,
        matched_paths=snakemake.input.matched,
        benefit_paths=snakemake.input.benefit,
        findings_path=snakemake.output.findings,
        config=snakemake.params.config,
    )
