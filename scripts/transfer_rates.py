"""Scale single layers of one network, its layers given other firing rates beforehand."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.rate_transfer.run import rate_transfer

    rate_transfer(
        inputs=dict(snakemake.input.items()),
        table_path=snakemake.output.table,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
