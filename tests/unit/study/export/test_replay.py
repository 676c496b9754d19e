"""Exported graphs in other simulators, here one that does what a dialect of NIR does."""

import sys
from pathlib import Path

import nir
import numpy as np
import pandas as pd
import pytest
from exported_networks import IMAGES, STEPS, residual_network
from fused_networks import Builder, random_network

import spikesweep
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.export.replay.run import SIMULATORS, replay_table
from spikesweep.study.export.to_nir import to_nir

SETTING = Setting(0.01, 8.0)
PROGRAM = Path(spikesweep.__file__).parent / "study/export/replay/simulators.py"
FOREIGN = Path(__file__).parents[4] / ".venv-foreign" / ".complete"
# Takes the place of simulators.py; the interpreter plays the part of the simulators.
STAND_IN = """
import sys
import nir
import numpy as np
from spikesweep.study.export.interpret import play
from spikesweep.study.export.replay.run import SIMULATORS
name, graph, images, answers = sys.argv[1:]
if name == "spikingjelly":
    sys.exit("Traceback\\nValueError: no such node")
shown = np.load(images)
played = play(
    nir.read(graph), shown["input"], int(shown["steps"]), float(shown["dt_s"]),
    SIMULATORS[name].dialect,
)
spikes = sum(one.sum(axis=(1, 2), dtype=np.int64) for one in played.spikes.values())
np.savez(answers, scores=played.scores, spikes=spikes, version="1.2")
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("replay")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PYTHONPATH", str(Path(spikesweep.__file__).parents[1]))
        return made(tmp_path)


def made(tmp_path, stand_in=STAND_IN):
    network = residual_network()
    nir.write(tmp_path / "network.nir", to_nir(network, SETTING).graph)
    (tmp_path / "stand_in.py").write_text(stand_in)
    return replay_table(
        experiment_of(network),
        Candidate(SETTING, Reading(STEPS, "last")),
        tmp_path / "network.nir",
        [sys.executable, str(tmp_path / "stand_in.py")],
        played_images=3,
    )


def projected():
    """A residual block whose shortcut has weights, so that two paths of nodes meet."""
    b = Builder(2, (8, 9, 2), SpikingReLU())
    b.conv(4, (3, 3), (1, 1), "same")
    first = b.spiking()
    b.conv(6, (3, 3), (2, 2), "same"), b.spiking(), b.conv(6, (3, 3), (1, 1), "same")
    main = b.last
    b.conv(6, (1, 1), (2, 2), "same", source=first)
    b.join(Add, main, b.last), b.spiking(), b.global_pool(), b.dense(5)
    return b.network()


def experiment_of(network):
    labels = np.zeros(len(IMAGES), np.int64)
    sample = Sample(IMAGES, labels, labels, np.arange(len(IMAGES)))
    return Experiment(network, sample, STEPS, engine_named("fused"), Limits())


def test_a_simulator_that_does_what_is_known_of_it_is_as_played(table):
    rows = table[table["refused"].isna()]
    assert len(rows) == 2
    assert (rows["as_played"] == 1).all()
    pd.testing.assert_series_equal(
        rows["spikes_of_played"], rows["played_spikes_per_image"], check_names=False
    )
    assert (rows["images"] == len(IMAGES)).all()
    assert (rows["played_images"] == 3).all()
    # It fires otherwise than the study does.
    assert (rows["spikes_per_image"] != rows["own_spikes_per_image"]).all()


def test_what_a_simulator_refuses_is_told_and_the_others_run(table):
    [row] = table[table["refused"].notna()].to_dict("records")
    assert row["simulator"] == SIMULATORS["spikingjelly"].label
    assert row["refused"] == "ValueError: no such node"


def test_scores_of_no_classes_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(spikesweep.__file__).parents[1]))
    wide = STAND_IN.replace("scores=played.scores", "scores=np.zeros((4, 20, 64))")
    refused = made(tmp_path, wide)["refused"]
    assert refused[0] == "it gives 64 scores for 5 classes"


@pytest.mark.slow
@pytest.mark.skipif(not FOREIGN.exists(), reason="other simulators are not installed: make foreign")
@pytest.mark.parametrize(
    "network",
    [random_network("conv", 2), residual_network(), residual_network(pooled=False), projected()],
)
def test_sinabs_and_spikingjelly_do_what_is_known_of_them(network, tmp_path):
    nir.write(tmp_path / "network.nir", to_nir(network, SETTING).graph)
    table = replay_table(
        experiment_of(network),
        Candidate(SETTING, Reading(STEPS, "last")),
        tmp_path / "network.nir",
        [str(FOREIGN.parent / "bin" / "python"), str(PROGRAM)],
        played_images=len(IMAGES),
    )
    assert table["refused"].isna().all()
    assert (table["as_played"] == 1).all()
    np.testing.assert_allclose(
        table["spikes_of_played"], table["played_spikes_per_image"], rtol=1e-3
    )
