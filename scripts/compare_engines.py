"""Simulate a sample of images on both engines and refuse a disagreement."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.engine_agreement.run import engine_agreement

    engine_agreement(
        inputs=dict(snakemake.input.items()),
        agreement_path=snakemake.output.agreement,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
