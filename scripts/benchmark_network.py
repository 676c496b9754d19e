"""Measure how fast both engines simulate a network."""

from spikesweep.job import job


def main() -> None:
    with job() as snakemake:
        from spikesweep.benchmarks.engines import Case, benchmark_network
        from spikesweep.tables import write_csv

        table = benchmark_network(
            Case(snakemake.input.network, snakemake.input.dataset),
            snakemake.wildcards.network,
            threads=snakemake.threads,
        )
        write_csv(table, snakemake.output.table)
        print(table.to_string(index=False, float_format="{:.3g}".format))


# Each engine is measured in its own process, which starts by importing this file.
if __name__ == "__main__":
    main()
