"""Simulate a network, from one seed or several, for one study: `spikesweep.study.<study>.run`."""

from importlib import import_module

from spikesweep.each_seed import each_seed
from spikesweep.job import job

with job() as snakemake:
    study = import_module(snakemake.params.module)
    for one in each_seed(snakemake):
        study.run(
            inputs=one.inputs,
            outputs=one.outputs,
            network=snakemake.wildcards.network,
            seed=one.seed,
            config=snakemake.params.config,
            threads=snakemake.threads,
            mem_mb=snakemake.resources.mem_mb,
        )
