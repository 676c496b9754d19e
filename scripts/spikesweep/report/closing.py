"""What a finished study found, and where its report is: python -m spikesweep.report.closing

For `make`, which says it even if there was nothing to do; a run without `make` says it itself.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import yaml

_DEFAULT = Path("config", "config.yaml")
_RESULTS = "results"


def closing_words(results: str | Path) -> str:
    """The summary of the study in a folder, and where its report is; empty without a summary."""
    summary = Path(results, "summary.txt")
    if not summary.is_file():
        return ""
    told = summary.read_text(encoding="utf-8")
    return f"{told}The report: {Path(results, 'report.html').resolve()}\n"


def results_of(configs: Iterable[str | Path]) -> str:
    """The folder of the results, by the last of these configs that names one."""
    named = [yaml.safe_load(Path(path).read_text(encoding="utf-8")) for path in configs]
    # Overlays may leave it out, or be empty.
    return [one[_RESULTS] for one in named if one and _RESULTS in one][-1]


def main(arguments: list[str] | None = None) -> None:
    """Print it."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.closing",
        description="Say what a finished study found, and where its report is.",
    )
    parser.add_argument("overlay", nargs="*", help="config on top of the default one")
    given = parser.parse_args(arguments)
    print(closing_words(results_of([_DEFAULT, *given.overlay])), end="")


if __name__ == "__main__":
    main()
