"""What `make` says at the end of a study."""

import pytest

from spikesweep.report.closing import closing_words, main, results_of


@pytest.mark.parametrize(
    ("written", "folder"),
    [
        ("results: results/mine  # a folder of its own\n", "results/mine"),
        ('results: "results/my study"\n', "results/my study"),
        ("study: {parts: []}\n", "results"),
        ("", "results"),
    ],
)
def test_the_folder_is_that_of_the_last_config_that_names_one(written, folder, tmp_path):
    (tmp_path / "config.yaml").write_text("results: results  # for everything\n")
    (tmp_path / "overlay.yaml").write_text(written)
    assert results_of([tmp_path / "config.yaml", tmp_path / "overlay.yaml"]) == folder


def test_the_summary_and_the_report_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text(f"results: {tmp_path}/else where\n")
    assert closing_words(tmp_path / "else where") == ""
    (tmp_path / "else where").mkdir()
    (tmp_path / "else where/summary.txt").write_text("Found: much.\n")
    main([])
    assert capsys.readouterr().out == (
        f"Found: much.\nThe report: {tmp_path.resolve()}/else where/report.html\n"
    )
