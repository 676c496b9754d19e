"""Time and memory of a run, from Snakemake's benchmark files."""

import subprocess
import sys

import pytest

from spikesweep.benchmarks.budgets import jobs_by_rule
from spikesweep.benchmarks.memory import told_excess

HEADER = "s\th:m:s\tmax_rss\tresources\n"


RESOURCES = "{'tmpdir': '/tmp', 'mem_mb': 750, 'mem': '750 MB', '_cores': 1}"


def test_jobs_are_summed_by_rule(tmp_path):
    for path, seconds, memory in (
        ("train/a/seed0.tsv", 10, 700),
        ("train/a/seed1.tsv", 30, 800),
        ("prepare/mnist.tsv", 5, 100),
        # of a rule without wildcards
        ("report.tsv", 2, 50),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{HEADER}{seconds}\t0:00:00\t{memory}\t{RESOURCES}\n")
    table = jobs_by_rule(tmp_path)
    assert table.index.tolist() == ["train", "prepare", "report"]
    assert table.loc["train"].tolist() == [2, 40, 30, 800, 750]


def test_folder_without_a_run_is_told(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "spikesweep.benchmarks.budgets", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "run a study first" in run.stderr


@pytest.mark.parametrize(
    ("peak", "resources", "said"),
    [
        ("749.9", RESOURCES, ""),
        ("900", RESOURCES, "train used 900 MB of memory, more than the 750 MB that it declares"),
        # Too short to be measured; of a run without what was declared; cut off by a kill.
        ("NA", RESOURCES, ""),
        ("900", "", ""),
        (None, None, ""),
    ],
)
def test_a_rule_that_took_more_memory_than_it_declares_is_told(tmp_path, peak, resources, said):
    (tmp_path / "train").mkdir()
    row = "" if peak is None else f"1\t0:00:01\t{peak}\t{resources}\n"
    (tmp_path / "train" / "seed0.tsv").write_text(HEADER + row)
    (tmp_path / "train" / "seed1.tsv").write_text(f"{HEADER}1\t0:00:01\t10\t{RESOURCES}\n")
    told = told_excess(tmp_path)
    assert told.startswith(said)
    assert bool(told) == bool(said)
    assert "--set-resources train:mem_mb=1080" in told or not said
