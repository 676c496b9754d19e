"""Export pruned networks in forms in which they run elsewhere."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.export.pruned import export_pruned

    export_pruned(
        datasets=snakemake.input.datasets,
        networks=snakemake.input.networks,
        sweeps=snakemake.input.sweeps,
        of=snakemake.params.of,
        description_paths=snakemake.output.description,
        fit_path=snakemake.output.fit,
        metadata_path=snakemake.output.metadata,
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
