"""A failed run ends with the jobs that failed and the line that says why."""

import pytest

from spikesweep.failures import failures_in, told_failures

NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "E0000 00:00:1795661500.498577   17859 cuda_platform.cc:52] failed call to cuInit\n"
)


def _run(log, rule="train_network"):
    return (
        f"[Thu Nov 26 02:50:47 2026]\nError in rule {rule}:\n    message: None\n    jobid: 5\n"
        f"    output: model.keras\n    log: {log} (check log file(s) for error details)\n"
        "Logfile\n"
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("02:50:46 INFO begins\n02:50:47 ERROR d.npz: no labels\n" + NOISE, "d.npz: no labels"),
        (
            "02:50:46 ERROR rule x failed\nTraceback (most recent call last):\n"
            '  File "a.py", line 1\nValueError: 3 is not 4\n',
            "ValueError: 3 is not 4",
        ),
        (
            NOISE + "02:50:46 INFO epoch 3/8\n",
            "it ended without an error, after: epoch 3/8. It may have been killed",
        ),
        (NOISE, "its log is empty: it never began, or was killed; Snakemake says more above"),
    ],
    ids=["mistake", "traceback", "killed", "killed at once"],
)
def test_the_line_that_matters_is_told(tmp_path, written, reason):
    log = tmp_path / "a log.log"
    log.write_text(written)
    run = tmp_path / "snakemake.log"
    run.write_text(_run(log))
    told = told_failures([str(run)])
    assert told.splitlines() == [
        "1 job failed:",
        f"  train_network, log {log}",
        f"    {reason}",
        "All finished results stay: after the repair, the same command goes on from here.",
    ]


def test_a_job_that_failed_twice_is_told_once_and_others_too(tmp_path):
    log = tmp_path / "a.log"
    again = _run(log) + _run(log) + _run(log, "prune_network")
    assert [one.rule for one in failures_in(again)] == ["train_network", "prune_network"]
    assert {one.reason for one in failures_in(again)} == {
        "it wrote no log; Snakemake says more above"
    }


def test_a_run_without_failed_jobs_was_stopped(tmp_path):
    run = tmp_path / "snakemake.log"
    run.write_text("Building DAG of jobs...\n")
    assert "The run stopped" in told_failures([str(run)])
