"""How the templates of pages are read, and what they can use."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from spikesweep.report.by_way import outcomes_by_way
from spikesweep.report.conclusions import best_by, direction
from spikesweep.report.filters import FILTERS, points_decimals
from spikesweep.report.rows import grouped
from spikesweep.report.ways import NEURONS, READ_OUTS, STARTS, method_in_words
from spikesweep.study.pruning.axis import METHODS
from spikesweep.words import factor_between, listed, yaml_line


def page_environment(folder: Path) -> Environment:
    """Templates of HTML in a folder; a name that is not defined is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= FILTERS | {
        "page_title": _page_title,
        "yaml_line": yaml_line,
        "listed": listed,
        "neuron": NEURONS.get,
        "start": STARTS.get,
        "read_out": READ_OUTS.get,
        "pruned": METHODS.get,
        "labelled": _labelled,
        "by": lambda rows, key: grouped(rows, key).items(),
    }
    environment.globals |= {
        "direction": direction,
        "best_by": best_by,
        "method_in_words": method_in_words,
        "outcomes_by_way": outcomes_by_way,
        "points_decimals": points_decimals,
        "factor_between": factor_between,
    }
    return environment


def _labelled(text: str, labels: Mapping[str, str]) -> str:
    """A text with the names of networks in place of their keys."""
    keys = "|".join(map(re.escape, labels))
    return re.sub(rf"\b({keys})\b", lambda found: labels[found[1]], text)


def _page_title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    # nbconvert gives each page one.
    assert found is not None
    return html.unescape(found[1])
