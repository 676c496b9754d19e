"""What the charts of the page get: the sweep's tables, packed, and a pinned program."""

import base64
import gzip
import hashlib
import io
import json
import tarfile

import pandas as pd
import pytest
import synthetic_tables

from spikesweep.errors import UserError
from spikesweep.report import chart_bundle
from spikesweep.report.chart_bundle import Package, fetch_charts
from spikesweep.report.charts import packed_charts
from spikesweep.tables import write_csv

LABELS = {"net": "A network"}


@pytest.fixture
def packed(tmp_path):
    layers = pd.DataFrame(
        [
            {"network": "net", "seed": seed, "synapse_s": 0.01, "scale_firing_rates": 5}
            | {"layer": "conv1", "neurons": 8, "spikes_per_image": 4.0 + seed}
            | {"synops_per_image": 40.0, "mean_rate_hz": 2.0 + seed}
            for seed in (0, 1)
        ]
    )
    tables = {
        "sweeps": synthetic_tables.sweeps(),
        "over_time": synthetic_tables.over_time(),
        "sweep_layers": layers,
    }
    for name, table in tables.items():
        write_csv(table, tmp_path / f"{name}.csv")
    (tmp_path / "charts.js").write_text("draw('é')")
    paths = {name: [tmp_path / f"{name}.csv"] for name in tables}
    return packed_charts([tmp_path / "charts.js"], paths, LABELS), paths, tmp_path


def unpacked(text):
    return gzip.decompress(base64.b64decode(text)).decode()


def test_the_program_comes_out_as_it_went_in(packed):
    assert unpacked(packed[0]["program"]) == "draw('é')"


def test_settings_are_those_of_the_sweep_with_their_means(packed):
    sweeps = synthetic_tables.sweeps()
    rows = json.loads(unpacked(packed[0]["data"]))["settings"]
    assert {row["seed"] for row in rows} == {"mean", "0", "1"}
    assert len(rows) == 1.5 * len(sweeps)
    found = next(r for r in rows if (r["seed"], r["synapse"], r["scale"]) == ("mean", "10 ms", 5))
    of_setting = sweeps[(sweeps["synapse_s"] == 0.01) & (sweeps["scale_firing_rates"] == 5)]
    assert found["accuracy"] == pytest.approx(of_setting["accuracy"].mean(), rel=1e-4)
    assert found["network"] == "A network"
    # YAML says none where a table has an empty cell.
    assert {r["synapse_s"] for r in rows if r["synapse"] == "none"} == {None}


def test_the_front_holds_what_nothing_cheaper_beats(packed):
    rows = json.loads(unpacked(packed[0]["data"]))["settings"]
    rows = [row for row in rows if row["seed"] == "0"]
    for row in rows:
        beaten = any(
            other["accuracy"] >= row["accuracy"] and other["operations"] < row["operations"]
            for other in rows
        )
        assert not (row["front"] and beaten)
    assert max(rows, key=lambda row: row["accuracy"])["accuracy"] in [
        row["accuracy"] for row in rows if row["front"]
    ]


def test_layers_and_times_are_means_over_seeds(packed):
    data = json.loads(unpacked(packed[0]["data"]))
    assert [(row["layer"], row["rate"], row["spikes"]) for row in data["layers"]] == [
        ("conv1", 2.5, 4.5)
    ]
    row = data["over_time"][0]
    assert len(row["time"]) == len(row["accuracy"]) == len(row["synops"])
    assert row["time"] == sorted(row["time"])


def test_the_same_tables_give_the_same_bytes(packed):
    first, paths, folder = packed
    assert packed_charts([folder / "charts.js"], paths, LABELS) == first


def test_without_a_program_there_are_no_charts(packed):
    assert packed_charts([], packed[1], LABELS) is None


@pytest.fixture
def npm(monkeypatch):
    """A registry that serves one small package."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, text in {"package/LICENSE": b"Free */ to use", "package/a.js": b"run()"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    tarball = written.getvalue()
    monkeypatch.setattr(
        chart_bundle,
        "npm_pack",
        lambda package, folder: (folder / f"{package.replace('@', '-')}.tgz").write_bytes(tarball),
    )
    return hashlib.sha256(tarball).hexdigest()


def test_the_program_carries_its_licence(npm, monkeypatch, tmp_path):
    monkeypatch.setattr(chart_bundle, "PACKAGES", [Package("a", "1.0", npm, "package/a.js")])
    fetch_charts(tmp_path / "charts.js")
    script = (tmp_path / "charts.js").read_text()
    assert script.startswith("/*! a 1.0\nFree * / to use*/\nrun()")


def test_a_package_other_than_the_pinned_one_is_refused(npm, monkeypatch, tmp_path):
    monkeypatch.setattr(chart_bundle, "PACKAGES", [Package("a", "1.0", "0" * 64, "package/a.js")])
    with pytest.raises(UserError, match=r"a-1\.0\.tgz.*not used"):
        fetch_charts(tmp_path / "charts.js")
    assert not (tmp_path / "charts.js").exists()
