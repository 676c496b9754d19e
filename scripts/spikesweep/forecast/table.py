"""Writes the times that are shipped: python -m spikesweep.forecast.table.

Medians of the times that runs in this checkout have kept, with what the calibration takes here: run
it after the default study, the smoke study and the benchmark, on a machine with nothing else to do.
"""

import csv
import sys
from argparse import ArgumentParser

from spikesweep.files import atomic_path
from spikesweep.forecast.calibration import seconds_here
from spikesweep.forecast.times import (
    CALIBRATION,
    COLUMNS,
    HERE,
    SHIPPED,
    as_row,
    medians,
    read_records,
)


def main() -> None:
    """Write the shipped table from the runs in this folder."""
    ArgumentParser(
        prog="python -m spikesweep.forecast.table", description=main.__doc__
    ).parse_args()
    records = medians(read_records(HERE))
    if not records:
        sys.exit(f"{HERE} holds no times: run a study first (make)")
    with atomic_path(SHIPPED) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerow([CALIBRATION, "", 0, f"{seconds_here():.4f}", 0])
        writer.writerows(as_row(record) for record in records)
    print(f"Written: {SHIPPED}, {len(records)} rows")


if __name__ == "__main__":
    main()
