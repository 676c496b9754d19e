"""How much work a slice of the config asks for."""

import pytest

from spikesweep.forecast.network_size import entry_of, million_multiply_adds, scaled_layers
from spikesweep.forecast.work import work_in

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


def test_a_training_on_smaller_images_at_first_is_shorter():
    cifar10 = {"dataset": "cifar10", "options": {"units": [10]}}
    whole = {"epochs": 8, "image_sizes": []}
    smaller = whole | {"image_sizes": [{"size": 16, "until": 0.25}, {"size": 24, "until": 0.5}]}
    share = 0.25 * 0.25 + 0.25 * 0.5625 + 0.5
    work = [work_in({"training": training}, cifar10) for training in (whole, smaller)]
    assert work[1] == pytest.approx(share * work[0])
    # Images that are no larger than that stay as they are.
    larger = whole | {"image_sizes": [{"size": 64, "until": 0.5}]}
    assert work_in({"training": larger}, cifar10) == pytest.approx(work[0])


def test_a_search_tries_all_of_a_small_space_and_so_many_of_a_large_one():
    few, many = ({"options": {"units": [10] * layers}} for layers in (3, 4))
    networks = 2 * 4 * 100 * 60
    assert work_in(SEARCH, few) / million_multiply_adds(few) == pytest.approx(27 * networks)
    assert work_in(SEARCH, many) / million_multiply_adds(many) == pytest.approx(86 * networks)
    # Nobody knows the layers of a file before it is read.
    assert work_in(SEARCH, {"file": "mine.keras"}) == 50 * networks


def test_a_choice_grows_with_the_images_that_confirm_it_not_with_the_trials():
    choice = SEARCH | {"bootstrap": 100, "confirm_images": 400}
    assert work_in(choice | {"trials": 999}) == work_in(choice)
    assert work_in(choice | {"confirm_images": 800}) == 2 * work_in(choice)


@pytest.mark.parametrize("config", [None, {"confidence": 0.95}, {"title": "A figure"}])
def test_tables_and_figures_have_no_work_that_grows(config):
    assert work_in(config) == 0


@pytest.mark.parametrize(
    ("entry", "millions"),
    [
        ({"dataset": "mnist", "options": {"units": [256, 10]}}, (784 * 256 + 256 * 10) / 1e6),
        (
            {"dataset": "mnist", "options": {"filters": [8, 16], "strides": [2, 1]}},
            14 * 14 * (9 * 8 + 9 * 8 * 16) / 1e6,
        ),
        ({"file": "mine.keras"}, 1),
    ],
)
def test_the_size_of_a_network_is_what_an_image_costs(entry, millions):
    assert million_multiply_adds(entry) == pytest.approx(millions)


def test_resnet_20_costs_what_is_published():
    # He et al. 2016, table 6, and others who counted: 41 million.
    options = {"first": 16, "filters": [16, 32, 64], "blocks": [3, 3, 3], "strides": [1, 2, 2]}
    entry = {"dataset": "cifar10", "options": options | {"pooled": False}}
    assert million_multiply_adds(entry) == pytest.approx(41, rel=0.02)


def test_a_variant_has_the_size_of_its_network():
    networks = {"net": {"options": {"units": [1]}}}
    assert entry_of(networks, "pruning/net/magnitude_80") == entry_of(networks, "net")
    assert entry_of(networks, "other") == {}


@pytest.mark.parametrize(
    ("options", "layers"),
    [
        ({"units": [32, 16]}, 2),
        ({"filters": [8, 16, 32]}, 3),
        ({"filters": [16, 32], "blocks": [2, 1], "pooled": True}, 9),
        ({"filters": [16, 32], "blocks": [2, 1], "pooled": False}, 7),
    ],
)
def test_layers_are_counted_from_the_options_of_an_architecture(options, layers):
    assert scaled_layers({"options": options}) == layers
    assert scaled_layers({"file": "mine.keras"}) is None
