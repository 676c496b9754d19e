"""Snakemake runs in the checkout itself, whose path its commands can hold."""

import pytest

from spikesweep.config.place import check_place
from spikesweep.errors import UserError


def test_the_checkout_itself_also_through_a_link(tmp_path, monkeypatch):
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (tmp_path / "linked").symlink_to(checkout)
    monkeypatch.chdir(tmp_path / "linked")
    check_place(checkout, "/usr/bin/python")
    check_place(tmp_path / "linked", "/usr/bin/python")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=f"run snakemake in the folder .*: cd {checkout};"):
        check_place(checkout, "/usr/bin/python")


@pytest.mark.parametrize("name", ["my project", "it's", "a{b}"])
def test_a_path_that_breaks_commands_is_refused(name, tmp_path, monkeypatch):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    with pytest.raises(UserError, match="which breaks Snakemake's commands: move the checkout"):
        check_place(tmp_path / name, "/usr/bin/python")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="which breaks Snakemake's commands"):
        check_place(tmp_path, tmp_path / name / "python")
