"""Check the results of a finished study: python -m spikesweep.verification [RESULTS]."""

import argparse

from spikesweep.errors import UserError
from spikesweep.verification.record import read_record
from spikesweep.verification.verify import faults
from spikesweep.words import counted


def main() -> None:
    """Check the results of a finished study.

    All files against the checksums that its run wrote down; the verdicts and the report also by
    making them again from their tables. What is wrong is named, and the exit status is 1.
    """
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.verification", description=main.__doc__
    )
    parser.add_argument("results", nargs="?", default="results", help="folder (%(default)s)")
    results = parser.parse_args().results
    try:
        found = faults(results)
    except UserError as error:
        parser.exit(1, f"{error}\n")
    if found:
        parser.exit(1, "\n".join([*found, f"{results}: {counted(len(found), 'fault')}", ""]))
    count = len(read_record(results).checksums)
    print(
        f"{results}: {count:,} files are as their run wrote them; verdicts and report follow from "
        "their tables."
    )


if __name__ == "__main__":
    main()
