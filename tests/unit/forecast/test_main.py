"""What `make estimate` says to a mistake."""

import pytest

from spikesweep.forecast.__main__ import main


def test_an_overlay_that_there_is_not_is_named(tmp_path, monkeypatch, capsys):
    missing = tmp_path / "my_study.yaml"
    monkeypatch.setattr("sys.argv", ["forecast", str(missing)])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith(f"{missing}: there is no such file; give the overlay of a study")
    )
