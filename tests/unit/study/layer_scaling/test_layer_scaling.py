"""The layer-scaling study: its design, and its tables from a network whose rates are known."""

import numpy as np
import pandas as pd
import pytest

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.errors import UserError
from spikesweep.experiments.samples import Sample
from spikesweep.experiments.sweep import sweep
from spikesweep.experiments.usable_scales import operating_scales, scale_reaching
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork, save_network
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.layer_scaling.budgets import match_budgets
from spikesweep.study.layer_scaling.run import design, run
from spikesweep.study.layer_scaling.subsets import subsets

CONFIG = {
    "all_subsets_up_to": 4,
    "pairs_up_to": 4,
    "engine": "fused",
    "voltage_draws": 2,
    "factors": [20, 2],
    "images": 4,
    "images_seed": 0,
    "more_subsets": [],
    "operating_points": [0.5, 0.8],
    "steps": 50,
    "synapse_s": 0.001,
}


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """These small networks have few classes, of which one is frequent."""
    monkeypatch.setattr(Sample, "chance", lambda _: 0.0)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Runs the study of a network of two neurons in a row, and returns its two tables.

    Its operating points are at the scales 1 and 4, whatever it answers there.
    """
    reached(monkeypatch, {0.5: 1.0, 0.8: 4.0})
    image = np.full((4, 1, 1, 1), 40, np.uint8)
    labels = np.array([0, 1, 0, 1])
    save_dataset(Dataset(image, labels, image, labels, np.array(["a", "b"])), tmp_path / "data.npz")
    save_network(two_neurons(), tmp_path / "network.npz")
    np.save(tmp_path / "ann.npy", labels)

    def scaled(**changes):
        inputs = {"dataset": "data.npz", "network": "network.npz", "ann_classes": "ann.npy"}
        outputs = {
            "scaling": "scaling.csv",
            "layers": "layers.csv",
            "answers": "answers.npz",
            "metadata": "metadata.json",
        }
        run(
            inputs={name: str(tmp_path / file) for name, file in inputs.items()}
            | {"layers": changes.pop("layer_tables", [])},
            outputs={name: str(tmp_path / file) for name, file in outputs.items()},
            network="net",
            seed=7,
            config=CONFIG | changes,
            threads=1,
            mem_mb=2000,
        )
        scaling, layers = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("scaling", "layers"))
        return scaling.fillna({"subset": ""}), layers.fillna({"subset": ""})

    return scaled


def reached(monkeypatch, scales):
    monkeypatch.setattr("spikesweep.study.layer_scaling.run.operating_scales", lambda *_: scales)


def two_neurons():
    """A current of 40 into `first`, whose rate is the current of `second`."""

    def dense(name, source, *weights):
        kernel = np.array([weights], np.float32)
        return Dense(name, (source,), (len(weights),), kernel, np.zeros(len(weights), np.float32))

    def spiking(name):
        return Spiking(name, (f"{name}.current",), (1,), SpikingReLU(), np.full(1, 0.5, "f4"))

    return SpikingNetwork(
        (
            Input("image", (), (1, 1, 1)),
            Dense("first.current", ("image",), (1,), np.ones((1, 1), "f4"), np.zeros(1, "f4")),
            spiking("first"),
            dense("second.current", "first", 1),
            spiking("second"),
            dense("output", "second", 1, 0),
        ),
        seed=0,
        dt=0.001,
        input_scale=np.float32(1),
        input_offset=np.float32(0),
    )


@pytest.mark.parametrize(
    ("accuracy", "target", "scale"),
    [
        # Half-way between 0.2 and 0.6 is half-way between 2 and 4 in the logarithm.
        ([0.1, 0.2, 0.6, 0.9], 0.4, 2.8),
        ([0.1, 0.2, 0.6, 0.9], 0.6, 4),
        ([0.1, 0.2, 0.6, 0.9], 0.05, 1),
        ([0.1, 0.2, 0.6, 0.9], 0.95, None),
        # It falls from 0.7 to 0.5: noise, so 0.6 at both.
        ([0.1, 0.7, 0.5, 0.9], 0.6, 2),
    ],
)
def test_the_scale_at_which_a_network_is_so_good(accuracy, target, scale):
    assert scale_reaching((1, 2, 4, 8), np.array(accuracy), target) == scale


def test_operating_points_are_those_that_a_network_reaches(experiment, caplog):
    # It recognises all of its images from step 5 on, the trained network three of four.
    found = operating_scales(experiment, 0.01, [0.5, 1.0, 1.5], "network seed 0")
    assert found == {0.5: 1.0, 1.0: 1.0}
    assert "network seed 0 does not reach 1.5 of the ANN's accuracy" in caplog.text


def test_high_scales_are_tried_only_by_networks_that_need_them(experiment, monkeypatch):
    tried = []

    def recorded(few, settings, name):
        tried.append([setting.scale_firing_rates for setting in settings])
        return sweep(few, settings, name)

    monkeypatch.setattr("spikesweep.experiments.usable_scales.sweep", recorded)
    operating_scales(experiment, 0.01, [0.5], "good enough")
    assert tried == [[1, 2, 4, 8, 16, 32, 64, 128]]
    operating_scales(experiment, 0.01, [0.5, 1.5], "never good enough")
    assert tried[1:] == [tried[0], [256, 512, 1024]]


def test_design_scales_the_subset_and_leaves_the_others_at_the_base():
    points = design({0.5: 1.0, 0.8: 10.0}, subsets("ab", 2), [5, 2])
    assert len(points) == 2 * (1 + 3 * 2)
    assert len({point.setting("ab", 0.01) for point in points}) == len(points)
    scales = {
        (point.base_scale, "".join(point.subset), point.factor): (
            point.scale_of("a"),
            point.scale_of("b"),
        )
        for point in points
    }
    assert scales[10, "", 1] == (10, 10)
    assert scales[10, "b", 5] == (10, 50)
    assert scales[1, "ab", 2] == (2, 2)


def test_points_that_are_the_same_setting_are_simulated_once():
    points = design({0.5: 1.0, 0.8: 2.0}, [("a", "b")], [2])
    assert len(points) == 4
    assert len({point.setting("ab", 0.01) for point in points}) == 3


def test_one_row_a_point_and_one_a_layer_of_it(study):
    scaling, layers = study()
    assert len(scaling) == 2 * (1 + 3 * 2)
    assert len(layers) == 2 * len(scaling)
    assert scaling.columns[:2].tolist() == ["network", "seed"]
    none = scaling[scaling["subset"] == ""]
    assert (none["factor"] == 1).all()
    assert (none["layers_scaled"] == 0).all()
    total = layers.groupby(["base_scale", "subset", "factor"])["spikes_per_image"].sum()
    found = scaling.set_index(["base_scale", "subset", "factor"])["spikes_per_image"]
    assert found.to_dict() == pytest.approx(total.to_dict())


def test_only_the_scaled_layer_fires_faster(study):
    _, layers = study()
    rates = layers.set_index(["base_scale", "subset", "factor", "layer"])["mean_rate_hz"]
    # 40 Hz for 50 ms from half a threshold: 2 spikes; 20 times as fast, 40.
    assert rates[1, "", 1, "first"] == pytest.approx(40)
    assert rates[1, "first", 20, "first"] == pytest.approx(800)
    assert rates[1, "second", 20, "first"] == pytest.approx(40)
    # What a layer passes on is its rate divided by its scale: the next fires no faster.
    assert rates[1, "first", 20, "second"] == pytest.approx(40, abs=20)
    assert rates[4, "first+second", 20, "second"] > 70 * 40 * 0.9


def test_scale_of_each_layer_is_told(study):
    _, layers = study()
    scales = layers.set_index(["base_scale", "subset", "factor", "layer"])["scale"]
    assert scales[4, "second", 20, "second"] == 80
    assert scales[4, "second", 20, "first"] == 4


def test_a_network_that_reaches_no_operating_point_is_compared_nowhere(
    study, tmp_path, monkeypatch
):
    columns = [table.columns.tolist() for table in study()]
    reached(monkeypatch, {})
    tables = study()
    assert [table.columns.tolist() for table in tables] == columns
    assert not any(len(table) for table in tables)
    outputs = {name: tmp_path / f"{name}.csv" for name in ("matched", "contrast")}
    files = {"scaling": [tmp_path / "scaling.csv"], "answers": [tmp_path / "answers.npz"]}
    match_budgets(inputs=files, outputs=outputs, config={"confidence": 0.95})
    assert [len(pd.read_csv(path)) for path in outputs.values()] == [0, 0]


def test_configured_subset_must_name_layers_that_some_network_has(study, tmp_path):
    table = tmp_path / "layers_of_all.csv"
    table.write_text("layer,neurons\nfirst,1\nsecond,1\nthird,5\noutput,0\n")
    scaling, _ = study(more_subsets=[["second", "third"]], layer_tables=[table])
    assert set(scaling["subset"]) == {"", "first", "second", "first+second"}
    with pytest.raises(UserError, match="'output'; allowed: first, second, third"):
        study(more_subsets=[["output"]], layer_tables=[table])
