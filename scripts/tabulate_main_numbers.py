"""Tabulate the numbers that answer the study's question."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.files import write_csv
    from spikesweep.study.synapse_and_scaling.main_numbers import main_numbers
    from spikesweep.tables import read_tables

    numbers = main_numbers(read_tables(snakemake.input.sweeps), **snakemake.params.config)
    write_csv(numbers, snakemake.output.numbers)
