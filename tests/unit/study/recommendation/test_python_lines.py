"""The lines of Python under a recommendation run, and print the accuracy of its setting."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from fused_networks import random_network

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import save_network
from spikesweep.study.recommendation.python_lines import python_lines


@pytest.mark.parametrize("readout", ["last", "mean", "last_third"])
@pytest.mark.parametrize("synapse_s", [None, 0.01])
def test_the_lines_print_the_accuracy_at_the_setting(readout, synapse_s, tmp_path, capsys):
    network = random_network("conv", 2)
    layers = [layer.name for layer in network.spiking_layers]
    setting = Setting.per_layer(synapse_s, dict(zip(layers, (20.0, 2.5), strict=True)))
    candidate = Candidate(setting, Reading(15, readout))
    images = np.random.default_rng(0).integers(0, 120, (40, *network.input.shape), np.uint8)
    [found] = simulate(
        network, network.prepare(images), [setting], 15, engine=engine_named("fused")
    )
    answers = candidate.reading.classes(found.scores)
    # Three in four are right.
    labels = np.where(np.arange(40) % 4, answers, (answers + 1) % 5)
    names = np.array([str(number) for number in range(5)])
    save_dataset(Dataset(images, labels, images, labels, names), tmp_path / "data.npz")
    save_network(network, tmp_path / "network.npz")
    files = {"network": tmp_path / "network.npz", "dataset": tmp_path / "data.npz"}
    text = python_lines(candidate, **files, layers=layers)
    assert len([line for line in text.splitlines() if line]) == 8
    assert '"spiking_2": 20, "spiking_4": 2.5' in text
    exec(text, {})
    assert capsys.readouterr().out == "0.75\n"


def test_the_readme_shows_the_same_lines():
    # Their setting is the one that some run recommended.
    text = (Path(__file__).parents[4] / "README.md").read_text()
    shown = re.search(
        r"```python\n(.*?Setting\.per_layer\((.*?), (\{.*?\})\).*?)```", text, re.DOTALL
    )
    lines, synapse_s, scales = shown.groups()
    steps = int(re.search(r"steps=(\d+)", lines).group(1))
    setting = Setting.per_layer(float(synapse_s), json.loads(scales))
    written = python_lines(
        Candidate(setting, Reading(steps, "last")),
        network="results/snn/mnist_cnn/seed0/network.npz",
        dataset="results/data/mnist.npz",
        layers=["conv1", "conv2", "conv3"],
    )
    assert lines == written
