"""Files appear whole or not at all."""

import pandas as pd
import pytest

from spikesweep.files import atomic_path, write_json
from spikesweep.tables import write_csv


def test_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail_half_way():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_suffix_is_kept_for_writers_that_choose_their_format_by_it(tmp_path):
    with atomic_path(tmp_path / "new" / "a.npz") as temporary:
        assert temporary.suffix == ".npz"
    assert (tmp_path / "new" / "a.npz").exists()


def test_equal_tables_give_equal_bytes(tmp_path):
    frame = pd.DataFrame({"x": [0.1 + 0.2, 1e-20, None], "n": [1, 2, 3]})
    write_csv(frame, tmp_path / "a.csv")
    write_csv(frame.assign(x=[0.3, 1e-20, None]), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.csv").read_text() == "x,n\n0.3,1\n1e-20,2\n,3\n"


def test_keys_of_json_are_sorted(tmp_path):
    write_json({"b": 1, "a": {"d": 1, "c": 2}}, tmp_path / "a.json")
    write_json({"a": {"c": 2, "d": 1}, "b": 1}, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
