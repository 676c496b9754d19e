"""Measure how fast both engines simulate the networks of a study."""

from spikesweep.job import job


def main() -> None:
    with job() as snakemake:
        from spikesweep.benchmarks.engines import Case, benchmark_engines
        from spikesweep.tables import write_csv

        files = zip(snakemake.input.networks, snakemake.input.datasets, strict=True)
        cases = (Case(*both) for both in files)
        table = benchmark_engines(
            dict(zip(snakemake.params.names, cases, strict=True)), threads=snakemake.threads
        )
        write_csv(table, snakemake.output.table)
        print(table.to_string(index=False, float_format="{:.3g}".format))


# Each engine is measured in its own process, which starts by importing this file.
if __name__ == "__main__":
    main()
