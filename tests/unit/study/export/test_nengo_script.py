"""The exported script runs where there is nothing but Nengo and NumPy, and answers as the study."""

import runpy
import subprocess
import sys

import nengo
import numpy as np
import pytest
from exported_networks import (
    CLASSES,
    NETWORKS,
    STEPS,
    own,
    per_layer,
    residual_network,
    written,
)
from fused_networks import random_network

from spikesweep.conversion.compat import nengo_dl
from spikesweep.experiments.readings import Reading
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import LIF, IntegrateAndFire

# Runs a script in a Python that has only these packages, beside the standard library.
ALONE = """
import runpy, sys
from importlib.abc import MetaPathFinder
allowed = {"nengo", "numpy", *sys.stdlib_module_names}
class Others(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in allowed:
            raise ImportError(f"not in this environment: {name}")
sys.meta_path.insert(0, Others())
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def scores(script, network):
    names = runpy.run_path(str(script))
    with nengo.Simulator(names["model"], dt=network.dt, progress_bar=False) as simulator:
        simulator.run_steps(STEPS)
    return simulator.data[names["answer"]]


@pytest.mark.parametrize("synapse_s", [None, 0.0, 0.01])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_script_gives_the_scores_of_the_study(name, synapse_s, tmp_path):
    network = NETWORKS[name]()
    setting = per_layer(network, synapse_s)
    found = scores(written(network, setting, tmp_path), network)
    expected = own(network, setting).scores[0]
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("shape", ["concatenated", "mixed", "normalised", "padded"])
def test_layers_that_nir_lacks_are_in_the_script(shape, tmp_path):
    network = random_network(shape, 1)
    setting = Setting(0.01, 4.0)
    found = scores(written(network, setting, tmp_path), network)
    np.testing.assert_allclose(found, own(network, setting).scores[0], rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("neuron", [IntegrateAndFire(1), IntegrateAndFire(), LIF()])
def test_other_neurons_are_in_the_script(neuron, tmp_path):
    network = random_network("dense", 1, neuron)
    setting = Setting(None, 1.0 if isinstance(neuron, LIF) else 4.0)
    found = scores(written(network, setting, tmp_path), network)
    np.testing.assert_allclose(found, own(network, setting).scores[0], rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("readout", ["last", "mean", "last_third"])
def test_the_script_needs_nengo_and_numpy_alone_and_prints_the_class(readout, tmp_path):
    network = residual_network(1)
    setting = Setting(0.01, 8.0)
    script = written(network, setting, tmp_path, readout, image=1)
    command = [sys.executable, "-I", "-c", ALONE, str(script)]
    # From another folder.
    run = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer = Reading(STEPS, readout).classes(own(network, setting).scores)[1]
    assert run.stdout == f"{CLASSES[answer]}\n"


def test_nengo_dl_runs_the_model_of_the_script(tmp_path):
    network = residual_network(1)
    setting = Setting(0.01, 8.0)
    names = runpy.run_path(str(written(network, setting, tmp_path)))
    with nengo_dl.Simulator(names["model"], dt=network.dt, progress_bar=False) as simulator:
        simulator.run_steps(STEPS)
    expected = own(network, setting).scores[0]
    found = simulator.data[names["answer"]]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-2)
