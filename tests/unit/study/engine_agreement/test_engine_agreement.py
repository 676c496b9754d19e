"""A disagreement of the engines ends the run; agreement is told setting by setting."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from spikesweep.errors import UserError
from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.interface import Limits
from spikesweep.study.engine_agreement import run as module

CONFIG = {
    "settings": [
        {"synapse_s": None, "scale_firing_rates": 1},
        {"synapse_s": 0.01, "scale_firing_rates": 5},
    ]
}


@pytest.fixture
def compare(network, sample, engine, monkeypatch, tmp_path):
    """Run the comparison, the fast engine's responses changed by `spoil`."""

    def run(spoil=lambda response: response, name="fused", chosen="fused"):
        fast = type(engine)()
        fast.name = name
        experiment = Experiment(network, sample, 20, fast, Limits())
        monkeypatch.setattr(module, "load_experiment", lambda **_: experiment)
        reference = type(engine)()
        reference.name = "nengo_dl"
        monkeypatch.setattr(module, "engine_named", lambda _name: reference)

        fast.run = lambda *arguments, **options: map(spoil, engine.run(*arguments, **options))
        module.run(
            inputs={},
            outputs={
                "agreement": str(tmp_path / "agreement.csv"),
                "metadata": str(tmp_path / "metadata.json"),
            },
            network="net",
            seed=0,
            config=CONFIG | {"engine": chosen},
            threads=1,
            mem_mb=1000,
        )
        return pd.read_csv(tmp_path / "agreement.csv")

    return run


def test_equal_engines_are_within_the_budget(compare):
    table = compare()
    # those of the config, and one with scales by layer
    assert len(table) == len(CONFIG["settings"]) + 1
    assert table["scale_firing_rates"].astype(str).str.contains(":").sum() == 1
    assert table["within_budget"].all()
    assert (table["class_agreement"] == 1).all()


def test_another_class_on_several_images_ends_the_run(compare):
    def other_classes(response):
        return replace(response, scores=-response.scores)

    with pytest.raises(UserError, match="net seed 0: the engines fused and nengo_dl disagree"):
        compare(other_classes)


def test_other_spikes_end_the_run(compare, tmp_path):
    def one_spike_more(response):
        layers = {
            name: replace(activity, neuron_spikes=activity.neuron_spikes + np.int32(1))
            for name, activity in response.layers.items()
        }
        return replace(response, layers=layers)

    with pytest.raises(UserError, match="disagree by more than rounding"):
        compare(one_spike_more)
    assert not (tmp_path / "agreement.csv").exists()


def test_a_spike_by_rounding_ends_no_run_of_a_small_network(compare):
    def moved(spikes):
        def one_layer(response):
            if response.first > 0:
                return response
            (name, activity), *_ = response.layers.items()
            counts = activity.neuron_spikes.copy()
            counts.flat[:spikes] += 1
            changed = replace(activity, neuron_spikes=counts)
            return replace(response, layers=response.layers | {name: changed})

        return one_layer

    table = compare(moved(3))
    assert table["within_budget"].all()
    assert (table["spike_count_differences"] > 0).all()
    with pytest.raises(UserError, match="disagree by more than rounding"):
        compare(moved(4))


def test_disagreement_is_only_told_where_nengo_dl_simulates_the_studies(compare):
    table = compare(lambda r: replace(r, scores=-r.scores), chosen="nengo_dl")
    assert not table["within_budget"].any()


def test_network_for_nengo_dl_alone_has_an_empty_table(compare):
    table = compare(name="nengo_dl")
    assert table.empty
    assert {"network", "class_agreement"} <= set(table.columns)
