"""The exported script runs where there is nothing but Nengo and NumPy, and answers as the study."""

import runpy
import subprocess
import sys
from dataclasses import replace

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
sys.argv[:] = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def alone(*arguments):
    """What a script does there, started in another folder."""
    command = [sys.executable, "-I", "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)


def renamed(network, old, new):
    """The network with another name of one layer."""

    def of(name):
        return new if name == old else name

    layers = [
        replace(one, name=of(one.name), inputs=tuple(map(of, one.inputs))) for one in network.layers
    ]
    return replace(network, layers=tuple(layers))


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
    run = alone(written(network, setting, tmp_path, readout, image=1))
    assert run.returncode == 0, run.stderr
    answer = Reading(STEPS, readout).classes(own(network, setting).scores)[1]
    assert run.stdout == f"{CLASSES[answer]} (the study: class 3; the image: class 4)\n"


def test_the_script_answers_to_images_of_a_file_as_the_study_does(tmp_path):
    scale, offset = np.float32([0.5, 1.5]), np.float32([3, -40])
    network = replace(residual_network(5), input_scale=scale, input_offset=offset)
    setting = Setting(0.01, 8.0)
    images = np.random.default_rng(0).integers(0, 256, (12, 8, 9, 2), np.uint8)
    np.save(tmp_path / "images.npy", images)
    found = own(network, setting, network.prepare(images))
    answers = Reading(STEPS, "last").classes(found.scores)
    assert len(set(answers)) > 1
    run = alone(written(network, setting, tmp_path), tmp_path / "images.npy")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [CLASSES[answer] for answer in answers]


@pytest.mark.parametrize(
    ("images", "why"),
    [
        (np.zeros((2, 8, 8, 2), np.uint8), "uint8 (2, 8, 8, 2), expected one array, uint8"),
        (np.zeros((2, 8, 9, 2)), "float64 (2, 8, 9, 2), expected one array, uint8"),
        (None, "No such file"),
    ],
)
def test_other_files_of_images_are_refused_in_a_line(images, why, tmp_path):
    if images is not None:
        np.save(tmp_path / "images.npy", images)
    script = written(residual_network(), Setting(0.01, 8.0), tmp_path)
    run = alone(script, tmp_path / "images.npy")
    assert run.returncode == 2
    assert why in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


def test_help_says_what_is_printed(tmp_path):
    run = alone(written(residual_network(), Setting(0.01, 8.0), tmp_path), "--help")
    assert "prints the class of each" in run.stdout
    assert "8 x 9 x 2" in run.stdout


@pytest.mark.parametrize(
    "name", ["len", "DT", "STEPS", "main", "received", "argparse", "answer", "1st x²", "a'b\"c\\"]
)
def test_layers_may_be_called_whatever_the_script_uses(name, tmp_path):
    network = renamed(residual_network(), "spiking_2", name)
    setting = Setting(0.01, 8.0)
    found = scores(written(network, setting, tmp_path), network)
    np.testing.assert_allclose(found, own(network, setting).scores[0], rtol=1e-4, atol=1e-2)
    assert alone(tmp_path / "network.py").returncode == 0


def test_what_is_said_of_the_network_may_hold_any_sign(tmp_path):
    odd = 'C:\\new "quoted" """thrice""" $name é'
    words = {"about": odd, "name": odd, "class_names": [odd] * 5}
    names = runpy.run_path(str(written(residual_network(), Setting(0.01), tmp_path, **words)))
    assert odd in names["__doc__"]
    assert names["CLASSES"] == [odd] * 5
    assert names["model"].label == odd


def test_scales_are_written_with_all_their_digits(tmp_path):
    text = written(residual_network(), Setting(0.01, 1234.5678901), tmp_path).read_text()
    assert "scale=1234.5678901)" in text
    text = written(residual_network(), Setting(0.01, 100 / 3), tmp_path).read_text()
    assert f"scale={100 / 3!r})" in text


def test_nengo_dl_runs_the_model_of_the_script(tmp_path):
    network = residual_network(1)
    setting = Setting(0.01, 8.0)
    names = runpy.run_path(str(written(network, setting, tmp_path)))
    with nengo_dl.Simulator(names["model"], dt=network.dt, progress_bar=False) as simulator:
        simulator.run_steps(STEPS)
    expected = own(network, setting).scores[0]
    found = simulator.data[names["answer"]]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-2)
