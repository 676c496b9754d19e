"""How much work a slice of the config asks for."""

import pytest

from spikesweep.forecast.work import scaled_layers, work_in

SWEEP = {"images": 100, "steps": 30, "synapse_s": [None, 0.01], "scale_firing_rates": [1, 10]}
SEARCH = {
    "images": 100,
    "steps": [20, 60],
    "synapse_s": [0.01],
    "scales": [1, 10, 100],
    "seeds": [0, 1],
    "voltage_draws": 4,
    "trials": 50,
    "exhaustive_up_to": 30,
}


@pytest.mark.parametrize(
    ("changed", "factor"),
    [
        ({"images": 200}, 2),
        ({"steps": 60}, 2),
        ({"synapse_s": [None, 0.01, 0.02]}, 1.5),
        ({"scale_firing_rates": [1]}, 0.5),
        ({"voltage_draws": 16}, 16),
        ({"read_at": [15, 90]}, 3),
        ({"confidence": 0.99}, 1),
    ],
)
def test_a_simulation_grows_with_images_steps_settings_and_draws(changed, factor):
    assert work_in(SWEEP | changed) == factor * work_in(SWEEP)


def test_a_training_grows_with_epochs_and_images():
    few = {"training": {"epochs": 2, "training_images": 1000}}
    more = {"training": {"epochs": 6, "training_images": 1500}}
    assert work_in(more) == 4.5 * work_in(few)


def test_a_search_tries_all_of_a_small_space_and_so_many_of_a_large_one():
    assert work_in(SEARCH, layers=3) == 27 * 2 * 4 * 100 * 60
    assert work_in(SEARCH, layers=4) == work_in(SEARCH) == 50 * 2 * 4 * 100 * 60


@pytest.mark.parametrize("config", [None, {"confidence": 0.95}, {"title": "A figure"}])
def test_tables_and_figures_have_no_work_that_grows(config):
    assert work_in(config) == 0


@pytest.mark.parametrize(
    ("options", "layers"),
    [
        ({"units": [32, 16]}, 2),
        ({"filters": [8, 16, 32]}, 3),
        ({"filters": [16, 32], "blocks": [2, 1]}, 9),
    ],
)
def test_layers_are_counted_from_the_options_of_an_architecture(options, layers):
    assert scaled_layers({"options": options}) == layers
    assert scaled_layers({"file": "mine.keras"}) is None
