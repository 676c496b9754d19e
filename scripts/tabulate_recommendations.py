"""Tabulate the recommended settings and how their searches compare."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.files import write_csv
    from spikesweep.study.recommendation.tabulate import compare_methods, tabulate_recommendations
    from spikesweep.tables import read_tables

    candidates, checks, searches = (
        read_tables(snakemake.input[name]) for name in ("candidates", "checks", "searches")
    )
    write_csv(tabulate_recommendations(candidates, checks), snakemake.output.recommendations)
    write_csv(compare_methods(searches), snakemake.output.methods)
