"""What `make bench` measured, as docs/validation.md tells it."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from spikesweep.benchmarks import page
from spikesweep.marked import markers

ROOT = Path(__file__).resolve().parents[3]
MEASURED = pd.DataFrame(
    {
        "network": ["net", "net", "net", "other"],
        "neuron": ["spiking_relu", "spiking_relu", "lif", "spiking_relu"],
        "study": ["single setting", "7 x 7 sweep", "single setting", "single setting"],
        "fused_per_s": [73246.0, 1234567.0, 512.3, 999.6],
        "nengo_dl_per_s": [386.4, 1000.0, 51.23, 4.0],
        "nengo_dl_batch": [32, 256, 32, 4],
        "ratio": [189.56, 1234.567, 10.0, 249.9],
        "fused_peak_mb": [300.4, 310.0, 200.0, 100.0],
        "nengo_dl_peak_mb": [900.0, 910.0, 800.0, 700.0],
    }
)


def test_networks_and_neurons_are_named_once():
    assert page.speed(MEASURED).splitlines()[2:] == [
        "| net | `spiking_relu` | single setting | 73,200 | 386 | 32 | 190 | 300, 900 |",
        "| | | 7 x 7 sweep | 1,230,000 | 1,000 | 256 | 1,230 | 310, 910 |",
        "| | `lif` | single setting | 512 | 51.2 | 32 | 10.0 | 200, 800 |",
        "| other | `spiking_relu` | single setting | 1,000 | 4.00 | 4 | 250 | 100, 700 |",
    ]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "validation.md").write_text("A\n<!-- speed -->\n<!-- /speed -->\nB\n")
    return tmp_path


def test_only_the_block_is_written(checkout, monkeypatch):
    MEASURED.to_csv(checkout / "engines.csv", index=False)
    monkeypatch.setattr("sys.argv", ["page", "engines.csv"])
    # As its command does.
    runpy.run_path(page.__file__, run_name="__main__")
    text = (checkout / "docs" / "validation.md").read_text()
    assert text == f"A\n<!-- speed -->\n{page.speed(MEASURED)}\n<!-- /speed -->\nB\n"


def test_without_a_benchmark_it_is_told_what_makes_one(checkout, monkeypatch):
    monkeypatch.setattr("sys.argv", ["page"])
    with pytest.raises(SystemExit, match="make bench"):
        page.main()


def test_the_committed_page_has_its_markers():
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert all(text.count(marker) == 1 for marker in markers(page.BLOCK))
