"""Opening a model in NengoGUI leaves the repository's and the user's files alone."""

import sys

import pytest

from spikesweep.errors import UserError
from spikesweep.first_steps import gui


def test_a_model_is_copied_with_its_layout(tmp_path):
    copy = gui.own_copy("integrator", tmp_path / "gui")
    source = gui.Path(gui.__file__).with_name("integrator.py")
    assert copy == tmp_path / "gui" / "integrator.py"
    assert copy.read_bytes() == source.read_bytes()
    assert gui.Path(f"{copy}.cfg").read_bytes() == gui.Path(f"{source}.cfg").read_bytes()


def test_a_copy_that_the_user_changed_is_kept(tmp_path):
    copy = gui.own_copy("neuron", tmp_path)
    copy.write_text("mine")
    gui.Path(f"{copy}.cfg").write_text("my layout")
    gui.own_copy("neuron", tmp_path)
    assert copy.read_text() == "mine"
    assert gui.Path(f"{copy}.cfg").read_text() == "my layout"


def test_an_unknown_model_is_named(tmp_path):
    with pytest.raises(UserError, match="found oscillator; allowed: neuron, representation"):
        gui.own_copy("oscillator", tmp_path / "gui")
    assert not (tmp_path / "gui").exists()


def test_without_a_model_they_are_listed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["gui"])
    gui.main()
    assert capsys.readouterr().out.splitlines()[1].split()[0] == "neuron"


def test_only_this_machine_can_connect(tmp_path):
    server = gui.server_of(gui.own_copy("neuron", tmp_path), 0).server
    try:
        addresses = [binding.socket.getsockname() for binding in server.bindings]
        assert [host for host, _ in addresses] == ["127.0.0.1"]
        taken = addresses[0][1]
        with pytest.warns(), pytest.raises(UserError, match=f"PORT: found {taken}"):
            gui.server_of(tmp_path / "neuron.py", taken)
    finally:
        for binding in server.bindings:
            binding.socket.close()


def test_every_model_has_a_file_and_a_layout():
    folder = gui.Path(gui.__file__).parent
    models = {path.stem for path in folder.glob("*.py")} - {"__init__", "gui"}
    assert models == set(gui.MODELS)
    assert {path.name for path in folder.glob("*.cfg")} == {f"{name}.py.cfg" for name in models}
