"""Numbers in README and docs that a run does not bear out are named."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from finished_runs import finished_run

from spikesweep.errors import UserError
from spikesweep.marked import markers
from spikesweep.report.drift import compare_with_run
from spikesweep.report.results_page import BLOCK, write_results
from spikesweep.report.written_numbers import without_numbers, written_numbers

ROOT = Path(__file__).resolve().parents[3]
THIN, NARROW, MINUS = "\u2009", "\u202f", "\u2212"
NOTHING = "\u2013"


@pytest.fixture
def checkout(tmp_path):
    """Pages written from a run, which lies beside it as `results`."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "reports" / "results", folder / "reports" / "results")
    (folder / "docs").mkdir()
    first, last = markers(BLOCK)
    (folder / "README.md").write_text(f"It takes 5 minutes.\n\n{first}\n{last}\n\n7 more.\n")
    write_results(finished_run(folder / "results"), folder)
    return folder


def edit(path, old, new):
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


def drifted(checkout, **changed):
    """What is found of a run that differs in the first rows of these tables."""
    return compare_with_run(finished_run(checkout / "other", **changed), checkout)


def test_the_run_that_wrote_the_pages_bears_out_every_number(checkout):
    found = compare_with_run(checkout / "results", checkout)
    assert found.compared > 100
    assert found.drifted == found.changed == []


def test_an_altered_number_is_named_with_its_place_and_what_is_allowed(checkout):
    edit(checkout / "docs" / "results.md", "+62.0 points of accuracy", "+69.0 points of accuracy")
    (line,) = compare_with_run(checkout / "results", checkout).drifted
    assert line.startswith("docs/results.md:")
    # Beyond its interval, it may lie off by what is allowed of an accuracy without one.
    assert "+69.0 is now +62.0; allowed is 68 to 70 (the accuracy margin, or" in line
    assert "Scaling raises accuracy" in line


@pytest.mark.parametrize(
    ("table", "change", "page", "said"),
    [
        ("findings", {"effect": 0.70, "effect_high": 0.72}, "README.md", "(its interval)"),
        ("recommendations", {"operations_over_ann": 1.5}, "README.md", "1.25 is now 1.50"),
        ("recommendations", {"steps": 61}, "README.md", "(chosen by the config)"),
        ("ranking", {"cost_ratio": 0.6, "cost_ratio_high": 0.7}, "docs/results.md", "0.38 is now"),
        ("lost", {"lost": 0.06, "lost_high": 0.07}, "docs/results.md", "2.3 is now 6.0"),
    ],
)
def test_a_number_of_any_table_that_drifts_too_far_is_named(checkout, table, change, page, said):
    found = drifted(checkout, **{table: change}).drifted
    assert any(line.startswith(page) and said in line for line in found), found


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("findings", {"effect": 0.645, "effect_low": 0.60, "effect_high": 0.66}),
        ("recommendations", {"operations_over_ann": 1.3}),
        ("recommendations", {"synops_per_image": 9500}),
        ("uncertainty", {"se_images": 0.005}),
    ],
)
def test_a_number_within_its_interval_or_kind_may_move(checkout, table, change):
    found = drifted(checkout, **{table: change})
    assert found.drifted == found.changed == []


def test_another_verdict_is_told_as_a_change_of_words(checkout):
    found = drifted(checkout, findings={"verdict": "not reproduced"})
    assert any(
        "is now: | Scaling raises accuracy | original | not reproduced" in line
        for line in found.changed
    )


def test_numbers_outside_the_markers_are_not_the_runs(checkout):
    edit(checkout / "README.md", "5 minutes", "6 minutes")
    assert compare_with_run(checkout / "results", checkout).drifted == []


def test_another_commit_is_no_drift(checkout):
    edit(checkout / "README.md", "commit 0123456789", "commit fedcba9876")
    found = compare_with_run(checkout / "results", checkout)
    assert found.drifted == found.changed == []


def test_another_study_is_not_compared(checkout):
    with pytest.raises(UserError, match="about another study than this run"):
        drifted(checkout, seeds=(0, 1, 2))


@pytest.mark.parametrize("altered", [False, True])
def test_the_command_fails_if_anything_drifted(checkout, altered):
    if altered:
        edit(checkout / "README.md", "1.25", "1.75")
    run = subprocess.run(
        [sys.executable, "-m", "spikesweep.report.drift"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == altered
    assert f"compared: {int(altered)} drifted" in run.stdout
    assert ("make results" in run.stderr) == altered


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("CIFAR-10 CNN at commit 8f3a210 of `seed0`", []),
        (f"2{NARROW}000 images, 24.2{THIN}M operations", [2000, 24.2e6]),
        (f"{MINUS}1.4 points ({MINUS}2.4 to +0.1)", [-1.4, -2.4, 0.1]),
        (f"13.3{THIN}µJ; ANN 19.7{THIN}mJ", [13.3e-6, 19.7e-3]),
        (f"95{THIN}% of 3.5", [95, 3.5]),
    ],
)
def test_numbers_are_read_as_they_are_written(line, values):
    found = [number.value for number in written_numbers(line, [], 0.01)]
    assert found == pytest.approx(values)
    assert without_numbers(line).count("#") == len(values)


def test_a_number_may_lie_in_its_interval_and_the_ends_move_by_half_of_it():
    for line in (
        "0.92 (0.90 to 0.98)",
        "| 0.92 | 0.90 to 0.98 |",
        f"exponent 0.92 (0.90{NOTHING}0.98)",
    ):
        value, low, high = written_numbers(line, [], 0.01)
        assert (value.low, value.high) == pytest.approx((0.90, 0.98))
        assert (low.low, low.high) == pytest.approx((0.86, 0.94))
        assert (high.low, high.high) == pytest.approx((0.94, 1.02))


def test_what_is_shown_as_rounded_may_differ_by_its_last_digit():
    (number,) = written_numbers("0.02 times", [], 0.01)
    assert (number.low, number.high) == pytest.approx((0.01, 0.03))
