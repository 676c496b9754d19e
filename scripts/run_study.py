"""Simulate one network for one study: `spikesweep.study.<study>.run`."""

from importlib import import_module

from spikesweep.job import job

with job() as snakemake:
    import_module(snakemake.params.module).run(
        inputs=dict(snakemake.input.items()),
        outputs=dict(snakemake.output.items()),
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
