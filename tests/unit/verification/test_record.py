"""The record of a study names each result that is altered, gone or from nowhere."""

import json

import pytest

from spikesweep.errors import UserError
from spikesweep.verification import verify
from spikesweep.verification.record import read_record, write_record


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Two results, their data, and things that are no results, in `results`."""
    monkeypatch.chdir(tmp_path)
    names = ("sweeps/a.csv", "networks/data/a.csv", "networks/logs/a.csv", "provenance/config.yaml")
    for name in (*names, "logs/a.log", "data/raw/d.gz"):
        _write(tmp_path / "results" / name)
    # Another study below it, which has not come to its record.
    for name in ("logs/b.log", "sweeps/b.csv"):
        _write(tmp_path / "results/smoke" / name)
    _write(tmp_path / "elsewhere/mnist.npz")
    # Of a study with another dataset, whose results lie elsewhere.
    _write(tmp_path / "results/data/mine.npz")
    _write(tmp_path / "results/data/mnist.csv")
    write_record("results", ["elsewhere/mnist.npz", "results/data/mnist.csv"], {})
    monkeypatch.setattr(verify, "_MADE_AGAIN", {})
    return tmp_path / "results"


def _write(path, text="before\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_results_and_datasets_are_recorded_and_nothing_else(study):
    assert set(read_record(study).checksums) == {
        "sweeps/a.csv",
        "networks/data/a.csv",
        "networks/logs/a.csv",
        "provenance/config.yaml",
        "../elsewhere/mnist.npz",
        "data/mnist.csv",
    }
    assert verify.faults("results") == []
    _write(study / "data/other.npz")
    assert verify.faults("results") == []


def test_networks_stay_in_the_order_of_the_study(tmp_path):
    (tmp_path / "provenance").mkdir()
    made_again = {"write_report": {"config": {"network_labels": {"b": "B", "a": "A"}}}}
    write_record(tmp_path, [], made_again)
    labels = read_record(tmp_path).made_again["write_report"]["config"]["network_labels"]
    assert list(labels) == ["b", "a"]


def test_each_altered_missing_or_added_file_is_named(study):
    _write(study / "sweeps/a.csv", "after\n")
    (study / "provenance/config.yaml").unlink()
    _write(study / "sweeps/added.csv")
    _write(study.parent / "elsewhere/mnist.npz", "after\n")
    assert verify.faults("results") == [
        "results/../elsewhere/mnist.npz: altered since the run that wrote it",
        "results/provenance/config.yaml: missing",
        "results/sweeps/a.csv: altered since the run that wrote it",
        "results/sweeps/added.csv: not from the run that is recorded",
    ]


def test_verdicts_that_do_not_follow_from_their_tables_are_named(study, monkeypatch):
    def again(arguments, folder):
        (folder / "a.csv").write_text("otherwise\n")
        return {"sweeps/a.csv": folder / "a.csv"}

    monkeypatch.setattr(verify, "_MADE_AGAIN", {"judge": again})
    record = study / "provenance/record.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"made_again": {"judge": {}}}))
    assert verify.faults("results") == [
        "results/sweeps/a.csv: made again from its tables, by this checkout, it is different"
    ]


@pytest.mark.parametrize(("text", "told"), [(None, "finish the study first"), ("{", "make report")])
def test_without_a_record_nothing_can_be_said(tmp_path, text, told):
    if text is not None:
        _write(tmp_path / "provenance/record.json", text)
    with pytest.raises(UserError, match=told):
        verify.faults(tmp_path)
