"""The guard of the tests themselves: none sees, or leaves, results in this checkout."""

import subprocess
import sys

import pytest
import untouched
from checkout import DOWNLOADS, ROOT


@pytest.mark.parametrize("file", ["results/findings.csv", ".snakemake/log/today.log"])
@pytest.mark.parametrize("mode", ["r", "w"])
def test_files_of_a_run_cannot_be_opened(monkeypatch, file, mode):
    monkeypatch.chdir(ROOT)
    for path in (ROOT / file, file, (ROOT / file).as_posix().encode()):
        with pytest.raises(AssertionError, match="depends on what was run here"):
            open(path, mode)  # noqa: PTH123, SIM115
    with pytest.raises(AssertionError, match="depends on what was run here"):
        (ROOT / file).with_suffix("").mkdir()


def test_other_files_and_downloads_can(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "findings.csv").write_text("")
    (ROOT / "Snakefile").read_text()
    with pytest.raises(FileNotFoundError):
        (ROOT / DOWNLOADS / "no such dataset").read_text()


@pytest.mark.parametrize("folder", [ROOT, str(ROOT), None])
def test_snakemake_cannot_be_run_here(monkeypatch, folder):
    monkeypatch.chdir(ROOT)
    with pytest.raises(AssertionError, match="runs Snakemake in this checkout"):
        subprocess.run([sys.executable, "-m", "snakemake", "--version"], cwd=folder, check=False)


def test_what_runs_leave_is_seen(monkeypatch, tmp_path):
    (tmp_path / "results" / "smoke").mkdir(parents=True)
    monkeypatch.setattr(untouched, "MADE", (tmp_path / "results", tmp_path / ".snakemake"))
    assert untouched.made_here() == {tmp_path / "results", tmp_path / "results" / "smoke"}
