"""Time and memory of a run, from Snakemake's benchmark files."""

import subprocess
import sys

from spikesweep.benchmarks.budgets import jobs_by_rule

HEADER = "s\th:m:s\tmax_rss\n"


def test_jobs_are_summed_by_rule(tmp_path):
    for path, seconds, memory in (
        ("train/a/seed0.tsv", 10, 700),
        ("train/a/seed1.tsv", 30, 800),
        ("prepare/mnist.tsv", 5, 100),
        # of a rule without wildcards
        ("report.tsv", 2, 50),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{HEADER}{seconds}\t0:00:00\t{memory}\n")
    table = jobs_by_rule(tmp_path)
    assert table.index.tolist() == ["train", "prepare", "report"]
    assert table.loc["train"].tolist() == [2, 40, 30, 800]


def test_folder_without_a_run_is_told(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "spikesweep.benchmarks.budgets", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "run a study first" in run.stderr
