"""The cost of one more seed is that of its jobs, on average."""

import pytest

from spikesweep.report.seed_cost import minutes_of_a_seed


def _benchmark(folder, name, seconds):
    path = folder / "benchmarks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"s\th:m:s\tcpu_time\n{seconds}\t0:00:00\tNA\n")


def test_jobs_of_a_seed_are_summed_and_seeds_averaged(tmp_path):
    _benchmark(tmp_path, "train_network/net/seed0.tsv", 60)
    _benchmark(tmp_path, "run_settling/net/seed0.tsv", 6)
    _benchmark(tmp_path, "train_network/net/seed1.tsv", 180)
    _benchmark(tmp_path, "run_settling/net/seed1.tsv", 6)
    # Of no seed; of another network.
    _benchmark(tmp_path, "search_settings/net.tsv", 100)
    _benchmark(tmp_path, "train_network/pruning/net/seed0.tsv", 100)
    assert minutes_of_a_seed(tmp_path, ["net", "other"]) == {"net": pytest.approx(2.1)}
