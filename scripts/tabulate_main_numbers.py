"""Tabulate the numbers that answer the study's question."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.files import write_csv
    from spikesweep.plots.tables import read_tables
    from spikesweep.report.main_numbers import main_numbers

    numbers = main_numbers(read_tables(snakemake.input.sweeps), **snakemake.params.config)
    write_csv(numbers, snakemake.output.numbers)
