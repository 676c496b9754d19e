"""Record the config of this run, and the versions that made its results."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.report.provenance import record_provenance

    record_provenance(
        snakemake.input.metadata,
        config=snakemake.params.config,
        config_path=snakemake.output.config,
        versions_path=snakemake.output.versions,
    )
