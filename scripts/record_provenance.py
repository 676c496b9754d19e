"""Record the config of this run, and the versions that made its results."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.report.provenance import record_provenance

    record_provenance(
        snakemake.input.metadata,
        config=snakemake.params.config,
        config_path=snakemake.output.config,
        versions_path=snakemake.output.versions,
    )
