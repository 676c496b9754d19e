"""The tables that findings are drawn from, and their names."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from spikesweep.study.findings.finding import NOT_RUN, Finding
from spikesweep.tables import read_table


class Source:
    """The tables of one study, joined, and which of them are about which network."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        tables = {str(path): read_table(path) for path in paths}
        # An empty table has no column types and would change those of the others.
        filled = [table for table in tables.values() if len(table)] or list(tables.values())
        self.table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
        self.networks = {path: set(table.get("network", ())) for path, table in tables.items()}

    def named(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings, each with the files that it is drawn from.

        A finding on all networks is drawn from the files of those that the claim was judged on.
        """
        findings = list(findings)
        judged: dict[str, list[str]] = {}
        for finding in findings:
            if finding.network and finding.verdict != NOT_RUN:
                judged.setdefault(finding.claim, []).append(finding.network)
        return [
            finding
            if finding.verdict == NOT_RUN
            else replace(
                finding,
                csv=self._files(
                    [finding.network] if finding.network else judged.get(finding.claim, [])
                ),
            )
            for finding in findings
        ]

    def _files(self, networks: Iterable[str]) -> str:
        """Files of these networks, with a star for seeds; all files, if none is about a network."""
        names = [path for path, found in self.networks.items() if not found or found & {*networks}]
        return ", ".join(
            dict.fromkeys(re.sub(r"seed\d+(?=\.csv$)", "seed*", name) for name in names)
        )
