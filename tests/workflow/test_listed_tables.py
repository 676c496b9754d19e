"""docs/tables.md knows every table that a study writes, and its columns."""

import re

from checkout import ROOT

from spikesweep.report.tables_page import PAGE, columns_of_tables


def test_the_page_lists_every_table_of_the_smoke_study_with_its_columns(smoke_results):
    lines = dict(
        re.findall(r"^\| `([^`]+)` \| [^|]+ \| (.*) \|$", (ROOT / PAGE).read_text(), re.MULTILINE)
    )
    found = columns_of_tables(smoke_results)
    assert len(found) > 30
    for table, columns in found.items():
        assert table in lines, f"{table} is not in {PAGE}: run make docs after a run"
        listed = set(re.findall(r"`([^`]+)`", lines[table]))
        bounds = {f"{name}{end}" for name in listed for end in ("_low", "_high")}
        missing = set(columns) - listed - bounds
        assert not missing, f"{table} has {missing}, {PAGE} does not: run make docs after a run"
