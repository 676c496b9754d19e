"""A setting is the same after it was written and read, and is refused where it does not fit."""

import math

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from known_engine import network

from spikesweep.errors import UserError
from spikesweep.simulation.setting import Setting
from spikesweep.tables import SETTING_COLUMNS
from spikesweep.words import yaml_line

__all__ = ["network"]

NAMES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=30)
SCALES = st.floats(1e-6, 1e7).map(lambda scale: float(f"{scale:.9g}"))
SYNAPSES = st.sampled_from([None, 0.0, 1e-5, 0.0075])
PER_LAYER = st.builds(Setting.per_layer, SYNAPSES, st.dictionaries(NAMES, SCALES, min_size=1))
ANY = st.builds(Setting, SYNAPSES, SCALES) | PER_LAYER


@given(ANY)
def test_a_setting_comes_back_from_a_table(setting):
    synapse = math.nan if setting.synapse_s is None else setting.synapse_s
    row = pd.DataFrame([[synapse, setting.table_scale]], columns=SETTING_COLUMNS).iloc[0]
    assert Setting.from_table(*row[SETTING_COLUMNS]) == setting


@given(ANY)
def test_a_scale_comes_back_from_a_column_that_was_read_as_text(setting):
    assert Setting.from_table(setting.synapse_s, str(setting.table_scale)) == setting


@given(PER_LAYER, st.randoms())
def test_scales_come_back_from_their_text_in_any_order_of_layers(setting, random):
    layers = [layer for layer, _ in setting.scale_firing_rates]
    random.shuffle(layers)
    text = setting.scales_text(layers)
    assert "\n" not in text
    assert list(yaml.safe_load(text)) == layers
    assert Setting.from_table(setting.synapse_s, text) == setting


@given(ANY)
def test_a_setting_comes_back_from_the_config(setting):
    scale = setting.scale_firing_rates
    entry = {
        "network": "net",
        "synapse_s": "none" if setting.synapse_s is None else setting.synapse_s,
        "scale_firing_rates": dict(scale) if isinstance(scale, tuple) else scale,
    }
    assert Setting.from_config(entry) == setting
    assert Setting.from_yaml(f"# a comment\n- {yaml_line(entry)}\n") == setting


def test_scales_are_written_as_in_the_config():
    setting = Setting.per_layer(0.01, {"conv2": 50.0, "conv1": 20.5})
    assert setting.table_scale == "{conv1: 20.5, conv2: 50}"
    assert setting.scales_text(["conv2", "conv1"]) == "{conv2: 50, conv1: 20.5}"
    assert Setting(0.01, 20.0).table_scale == 20.0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (Setting(-0.001), "synapse_s: found -0.001"),
        (Setting(0.01, 0.0), "scale_firing_rates of all layers: found 0.0; it must be > 0"),
        (Setting.per_layer(0.01, {"hidden": -1.0}), "scale_firing_rates of hidden: found -1.0"),
        (Setting.per_layer(0.01, {"hiden": 2.0}), "no spiking layer is named 'hiden'; .* hidden"),
        # The words with which messages name all layers are not a layer's name.
        (Setting.per_layer(0.01, {"all layers": 2.0}), "no spiking layer is named 'all layers'"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(network, setting, message):
    with pytest.raises(UserError, match=message):
        setting.check(network)


def test_a_setting_that_fits_is_accepted(network):
    for setting in (Setting(None), Setting(0.0, 2.0), Setting.per_layer(0.01, {"hidden": 2.0})):
        setting.check(network)
