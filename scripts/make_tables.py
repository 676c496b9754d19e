"""Make tables from tables: the function of the rule's name, in the module that the rule names."""

from importlib import import_module

from spikesweep.job import job

with job() as snakemake:
    make = getattr(import_module(snakemake.params.module), snakemake.rule)
    make(
        inputs=dict(snakemake.input.items()),
        outputs=dict(snakemake.output.items()),
        config=snakemake.params.config,
    )
