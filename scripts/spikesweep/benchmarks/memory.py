"""Jobs that used more memory than their rule declares (`mem_mb`): Snakemake lets them."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_DECLARED = re.compile(r"'mem_mb': (\d+)")


@dataclass(frozen=True)
class Memory:
    """Memory of a rule, in MB: the largest of its jobs, and what it declares; None if unknown."""

    rule: str
    peak_mb: float
    declared_mb: int | None

    @property
    def is_over(self) -> bool:
        return self.declared_mb is not None and self.peak_mb > self.declared_mb


def told_excess(benchmarks: Path) -> str:
    """A line for each rule of a run that used more memory than it declares; empty if none did.

    benchmarks: folder of Snakemake's benchmark files, with `benchmark-extended`.
    """
    return "\n".join(_told(memory) for memory in memory_by_rule(benchmarks) if memory.is_over)


def memory_by_rule(benchmarks: Path) -> list[Memory]:
    """The memory of each rule that has benchmarks, in the order of their names."""
    found: dict[str, Memory] = {}
    for file in sorted(benchmarks.rglob("*.tsv")):
        rule = rule_of(file.relative_to(benchmarks))
        memory = _read(rule, file)
        if memory and (rule not in found or memory.peak_mb > found[rule].peak_mb):
            found[rule] = memory
    return list(found.values())


def rule_of(file: Path) -> str:
    """A rule with wildcards has a folder of files, one without has a file."""
    return file.with_suffix("").parts[0]


def _told(memory: Memory) -> str:
    return (
        f"{memory.rule} used {memory.peak_mb:.0f} MB of memory, more than the "
        f"{memory.declared_mb} MB that it declares: with little memory, run fewer jobs at once "
        f"(make CORES=1), or tell Snakemake: --set-resources {memory.rule}:mem_mb="
        f"{1.2 * memory.peak_mb:.0f}"
    )


def _read(rule: str, file: Path) -> Memory | None:
    """The last run of a job; None if it was too short to be measured, or the file was cut off."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    try:
        peak = float(rows[-1]["max_rss"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None
    declared = _DECLARED.search(rows[-1].get("resources") or "")
    return Memory(rule, peak, int(declared[1]) if declared else None)
