"""What a finished run found, as pages for the repository: python -m spikesweep.report.results_page.

`docs/results.md` has all numbers, README a short version between two markers, and
`docs/accuracy_and_cost.png` a figure. Of another study than the default one, `--page` writes all
numbers to a page of its own. Every word of them follows from the tables of the run.
"""

import argparse
import math
import re
import shutil
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from spikesweep.errors import UserError
from spikesweep.files import atomic_path, write_text
from spikesweep.marked import with_block
from spikesweep.report.by_way import outcomes_by_way
from spikesweep.report.conclusions import best_by, direction, factor
from spikesweep.report.filters import FILTERS, points_decimals
from spikesweep.report.finished_run import read_run
from spikesweep.report.rows import grouped
from spikesweep.report.ways import NEURONS, READ_OUTS, method_in_words
from spikesweep.snn.energy import CONVENTIONS
from spikesweep.study.findings.units import written_distance
from spikesweep.study.pruning.axis import METHODS
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY
from spikesweep.words import counted, factor_between, number, points

BLOCK = "results"
_FIGURE = Path("figures", "accuracy_and_cost", "mnist_cnn.png")
_TEMPLATES = Path("reports", "results")


def main() -> None:
    """Write the pages of this checkout; end with a message if there is nothing to write."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.results_page", description=main.__doc__
    )
    parser.add_argument("results", nargs="?", default="results", help="folder (%(default)s)")
    parser.add_argument("--page", type=Path, help="all numbers into this page, and nothing else")
    chosen = parser.parse_args()
    results, checkout = Path(chosen.results), Path.cwd()
    try:
        if chosen.page:
            write_text(rendered_page(results, checkout, chosen.page), checkout / chosen.page)
            written = [chosen.page]
        else:
            written = write_results(results, checkout)
        for path in written:
            print(f"Written: {path}")
    except UserError as error:
        sys.exit(str(error))


def write_results(results: Path, checkout: Path) -> list[Path]:
    """Write docs/results.md, README's block and its picture, and return what was written.

    results: the folder of a finished run. A run without the figure leaves the picture as it is.

    Raises UserError if the run is not finished, or README has no markers.
    """
    picture = checkout / "docs" / "accuracy_and_cost.png"
    # All are rendered before the first is written: a fault in either leaves all as they were.
    pages = rendered_pages(results, checkout)
    for page, text in pages.items():
        write_text(text, page)
    written = list(pages)
    if (figure := results / _FIGURE).is_file():
        with atomic_path(picture) as temporary:
            shutil.copyfile(figure, temporary)
        written.append(picture)
    return written


def rendered_pages(results: Path, checkout: Path) -> dict[Path, str]:
    """What docs/results.md and README.md of a checkout would hold after this run, by their paths.

    Raises UserError as `write_results` does.
    """
    run = read_run(results)
    readme = checkout / "README.md"
    pages = _environment(checkout / _TEMPLATES)
    full, short = (
        _tidied(pages.get_template(name).render(run)) for name in ("results.md.j2", "readme.md.j2")
    )
    updated = with_block(readme.read_text(encoding="utf-8"), BLOCK, short, readme.name)
    return {checkout / "docs" / "results.md": full, readme: updated}


def rendered_page(results: Path, checkout: Path, page: Path) -> str:
    """All numbers of this run, for a page of their own, which names the command that wrote it.

    Raises UserError if the run is not finished.
    """
    run = read_run(results)
    # The folder as its config names it: this one may be a copy elsewhere.
    command = f"make results RESULTS={run['results']} PAGE={page}"
    pages = _environment(checkout / _TEMPLATES)
    return _tidied(pages.get_template("results.md.j2").render(run | {"command": command}))


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        # Markdown, not HTML.
        autoescape=False,
    )
    environment.filters |= FILTERS | {
        "number": number,
        "distance": written_distance,
        # Of a round share, such as a margin: 0.01 is `1`.
        "neuron": NEURONS.get,
        "read_out": READ_OUTS.get,
        "pruned": METHODS.get,
        "points_briefly": lambda share: points(share, "g"),
    }
    environment.tests["close_to"] = math.isclose
    environment.globals |= {
        "counted": counted,
        "direction": direction,
        "factor": factor,
        "factor_between": factor_between,
        "best_by": best_by,
        "grouped": grouped,
        "outcomes_by_way": outcomes_by_way,
        "method_in_words": method_in_words,
        "points_decimals": points_decimals,
        "largest": lambda parts: max(parts, key=lambda name: parts[name] or 0),
        "energy_conventions": CONVENTIONS,
        "published_sparsity": PUBLISHED_SPARSITY,
    }
    return environment


def _tidied(text: str) -> str:
    """Without blank lines in a row, and with one line break at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


if __name__ == "__main__":
    main()
