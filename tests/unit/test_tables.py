"""How tables are written and read: no synapse is a word in files, and NaN in memory."""

import numpy as np
import pandas as pd
import pytest

from spikesweep.tables import read_table, read_tables, write_csv


@pytest.fixture
def sweep():
    return pd.DataFrame(
        {"synapse_s": [np.nan, 0.005, 0.1 + 0.2], "scale_firing_rates": 5.5, "accuracy": 0.25}
    )


def test_no_synapse_is_a_word_in_the_file_and_nan_when_read(sweep, tmp_path):
    path = tmp_path / "sweep.csv"
    write_csv(sweep, path)
    assert path.read_text().splitlines()[1:] == ["none,5.5,0.25", "0.005,5.5,0.25", "0.3,5.5,0.25"]
    for read in (read_table(path), read_tables([path])):
        assert read["synapse_s"].dtype == float
        pd.testing.assert_frame_equal(read, sweep)
    # As its readers use it: no row is left out.
    assert len(pd.read_csv(path).groupby("synapse_s")) == 3


def test_the_table_in_memory_stays_as_it_was(sweep, tmp_path):
    before = sweep.copy()
    write_csv(sweep, tmp_path / "sweep.csv")
    pd.testing.assert_frame_equal(sweep, before)


def test_where_there_is_no_setting_there_is_no_word(tmp_path):
    path = tmp_path / "numbers.csv"
    found = {"cheapest_synapse_s": [np.nan, np.nan], "cheapest_scale_firing_rates": [np.nan, 10.0]}
    write_csv(pd.DataFrame(found), path)
    assert path.read_text().splitlines()[1:] == [",", "none,10"]


def test_a_table_whose_settings_are_all_without_synapse(tmp_path):
    path = tmp_path / "table.csv"
    write_csv(pd.DataFrame({"best_synapse_s": [None, None], "step": [1, 2]}), path)
    assert path.read_text() == "best_synapse_s,step\nnone,1\nnone,2\n"
    assert read_table(path)["best_synapse_s"].isna().all()


def test_the_same_word_elsewhere_is_a_word(tmp_path):
    path = tmp_path / "techniques.csv"
    write_csv(pd.DataFrame({"technique": ["none"], "synapse_s": [np.nan]}), path)
    read = read_table(path)
    assert read["technique"].tolist() == ["none"]
