"""Where and how people run the study."""

import shutil
import subprocess
import sys

import keras
import pandas as pd
import pytest
from toy import BROUGHT, NPZ, write_npz

pytestmark = [pytest.mark.cases, pytest.mark.timeout(1800)]


def any_network(case, shape=(12, 12, 1), name="net"):
    la = keras.layers
    hidden = [la.Flatten(), la.Dense(8, "relu"), la.Dense(4)]
    keras.Sequential([keras.Input(shape), *hidden]).save(case.brought / f"{name}.keras")


def test_jobs_keep_to_the_memory_that_they_declare(case):
    """github.com/nengo/nengo-dl/issues/178: 8,000 images of STL-10's size."""
    la = keras.layers
    write_npz(case.brought / "d.npz", train=500, test=8000, shape=(96, 96, 3), classes=10)
    first = [la.Conv2D(8, 5, 4, activation="relu"), la.Conv2D(16, 3, 2, activation="relu")]
    model = keras.Sequential([keras.Input((96, 96, 3)), *first, la.Flatten(), la.Dense(10)])
    model.save(case.brought / "net.keras")
    case.study("net", "net.keras", NPZ, firing_rates={"steps": 1000, "images": 100})
    case.run("net", "snn/net/seed0/network.npz", "firing_rates/net/seed0.csv")
    limits = {"import_network": 2500, "convert_network": 2500, "run_firing_rates": 2000}
    for rule, limit in limits.items():
        path = case.folder / f"results/net/benchmarks/{rule}/net/seed0.tsv"
        assert pd.read_csv(path, sep="\t")["max_rss"].iloc[0] < limit, rule


def test_data_and_network_with_blanks_and_braces_in_their_names(case):
    """github.com/snakemake/snakemake/issues/2645."""
    write_npz(case.brought / "my data {1}.npz")
    any_network(case, name="my net's")
    dataset = {"format": "npz", "path": f"{BROUGHT}/my data {{1}}.npz"}
    case.study("net", "my net's.keras", dataset)
    case.import_network("net")


@pytest.mark.parametrize("name", ["my project", "it's here", "{x}"])
def test_a_checkout_whose_path_snakemake_cannot_take(case, name):
    """One line before any job, or it works."""
    write_npz(case.brought / "d.npz")
    any_network(case)
    case.study("net", "net.keras", NPZ)
    moved = case.folder.parent / name
    case.folder.rename(moved)
    case.checkout.folder = moved
    target = "results/net/networks/net/seed0/accuracy.csv"
    run = case.checkout.attempt("--", target, overlays=("net.yaml",))
    assert "Traceback" not in run.stdout
    if run.returncode:
        assert name in run.stdout, run.stdout
        assert not (moved / "results" / "net").exists()
    else:
        assert (moved / target).exists()


def test_runs_from_elsewhere_say_where_to_run(case):
    """github.com/blobtoolkit/pipeline/issues/10: half a config is read."""
    write_npz(case.brought / "d.npz")
    any_network(case)
    overlay = case.study("net", "net.keras", NPZ)
    elsewhere = case.folder.parent / "elsewhere"
    elsewhere.mkdir()
    file = str(case.folder / "Snakefile")
    for folder, arguments in (
        (elsewhere, ["-s", file]),
        (elsewhere, ["-s", file, "--configfile", str(case.folder / overlay)]),
        (case.folder, ["--directory", str(elsewhere)]),
    ):
        run = snakemake(folder, "-n", *arguments)
        assert "Traceback" not in run.stdout
        assert run.returncode == 0 or str(case.folder) in run.stdout, run.stdout
    linked = case.folder.parent / "linked"
    linked.symlink_to(case.folder)
    case.import_network("net")
    target = "results/net/networks/net/seed0/accuracy.csv"
    run = snakemake(linked, "-n", "--configfile", overlay, "--", target)
    assert "Nothing to be done" in run.stdout


def test_snakemakes_own_report_and_graphs(case):
    """github.com/NBChub/bgcflow/issues/111 and snakemake/issues/4129."""
    write_npz(case.brought / "d.npz")
    any_network(case)
    overlay = case.study("net", "net.keras", NPZ, synapse_and_scaling={"images": 40})
    case.run("net")
    run = snakemake(case.folder, "--configfile", overlay, "--report", "r.html")
    assert run.returncode == 0, run.stdout[-3000:]
    assert (case.folder / "r.html").stat().st_size > 1e6
    for graph in ("--dag", "--rulegraph", "--filegraph"):
        run = subprocess.run(
            [sys.executable, "-m", "snakemake", "--configfile", overlay, "--forceall", graph],
            cwd=case.folder, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert run.stdout.startswith("digraph")
    shutil.rmtree(case.folder / "results/net/figures")
    run = snakemake(case.folder, "--configfile", overlay, "--report", "s.html")
    assert "Traceback" not in run.stdout


def snakemake(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
