"""Writes the speed of the engines into docs/validation.md.

`python -m spikesweep.benchmarks.page` reads what `make bench` measured.
"""

import argparse
import math
import sys
from pathlib import Path

import pandas as pd

from spikesweep.errors import UserError
from spikesweep.marked import write_block
from spikesweep.tables import read_table

PAGE = Path("docs", "validation.md")
BLOCK = "speed"


def main() -> None:
    """Write the measured speed of both engines into docs/validation.md."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.benchmarks.page", description=main.__doc__
    )
    parser.add_argument(
        "table", nargs="?", default="results/bench/engines.csv", help="(%(default)s)"
    )
    path = Path(parser.parse_args().table)
    if not path.is_file():
        sys.exit(f"{path}: there is no such file; `make bench` writes it")
    text = speed(read_table(path))
    try:
        write_block(PAGE, BLOCK, text)
    except UserError as error:
        sys.exit(str(error))


def speed(table: pd.DataFrame) -> str:
    """A Markdown table with a line for each network, neuron and study.

    table: as `benchmark_engines` writes it.
    """
    lines = [
        "| network | neuron | study | `fused` | NengoDL | its batch | ratio | peak memory, MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    before = ("", "")
    for row in table.itertuples():
        now = (row.network, row.neuron)
        cells = [
            "" if row.network == before[0] else row.network,
            "" if now == before else f"`{row.neuron}`",
            row.study,
            *map(_rounded, (row.fused_per_s, row.nengo_dl_per_s)),
            f"{row.nengo_dl_batch}",
            _rounded(row.ratio),
            f"{row.fused_peak_mb:.0f}, {row.nengo_dl_peak_mb:.0f}",
        ]
        lines.append("".join(f"| {cell} " if cell else "| " for cell in cells) + "|")
        before = now
    return "\n".join(lines)


def _rounded(value: float) -> str:
    """Three significant digits, with commas: 73246 is 73,200."""
    digits = 2 - math.floor(math.log10(value))
    return f"{round(value, digits):,.{max(0, digits)}f}"


if __name__ == "__main__":
    main()
