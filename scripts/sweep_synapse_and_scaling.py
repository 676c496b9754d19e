"""Sweep synapse and firing-rate scale of one spiking network."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.synapse_and_scaling.run import synapse_and_scaling

    synapse_and_scaling(
        inputs=dict(snakemake.input.items()),
        settings_path=snakemake.output.settings,
        over_time_path=snakemake.output.over_time,
        layers_path=snakemake.output.layers,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
