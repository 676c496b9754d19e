"""Probe the firing rates of one spiking network."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.firing_rates.run import rate_probes

    rate_probes(
        inputs=dict(snakemake.input.items()),
        rates_path=snakemake.output.rates,
        histogram_path=snakemake.output.histogram,
        outcomes_path=snakemake.output.outcomes,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
