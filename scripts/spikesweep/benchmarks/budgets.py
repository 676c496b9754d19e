"""Time and memory of a finished run by rule: python -m spikesweep.benchmarks.budgets [RESULTS]."""

import argparse
from pathlib import Path

import pandas as pd

from spikesweep.benchmarks.memory import memory_by_rule, rule_of, told_excess


def main() -> None:
    """Print the time and memory that the jobs of a run used."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.benchmarks.budgets", description=main.__doc__
    )
    parser.add_argument("results", nargs="?", default="results", help="folder (%(default)s)")
    folder = Path(parser.parse_args().results) / "benchmarks"
    table = jobs_by_rule(folder)
    if table.empty:
        parser.exit(1, f"{folder} holds no benchmarks of jobs: run a study first\n")
    print(table.to_string(float_format="{:.0f}".format))
    if excess := told_excess(folder):
        print(excess)


def jobs_by_rule(folder: Path) -> pd.DataFrame:
    """Jobs of each rule, from Snakemake's benchmark files, the most expensive rule first.

    Columns: jobs; total_s, the sum over jobs; longest_s; peak_mb, the largest memory of a
    job; declared_mb, the memory that the rule declares. The times were measured while other jobs
    ran at the same time.
    """
    rows = [
        {"rule": rule_of(file.relative_to(folder)), **pd.read_csv(file, sep="\t").iloc[-1]}
        for file in sorted(folder.rglob("*.tsv"))
    ]
    if not rows:
        return pd.DataFrame()
    by_rule = pd.DataFrame(rows).groupby("rule")
    table = pd.DataFrame(
        {
            "jobs": by_rule.size(),
            "total_s": by_rule["s"].sum(),
            "longest_s": by_rule["s"].max(),
            "peak_mb": by_rule["max_rss"].max(),
        }
    )
    declared = {memory.rule: memory.declared_mb for memory in memory_by_rule(folder)}
    table["declared_mb"] = [declared.get(rule) for rule in table.index]
    return table.sort_values("total_s", ascending=False)


if __name__ == "__main__":
    main()
