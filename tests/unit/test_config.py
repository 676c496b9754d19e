"""What a config means: the slices that jobs get of it, and the files that it names."""

import copy
from importlib import import_module
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
import yaml

from spikesweep import parts
from spikesweep.config import slices as study_config
from spikesweep.config.check import check_config
from spikesweep.config.files_alone import leave_out_trainings
from spikesweep.errors import UserError

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "config" / "schema.yaml"


@pytest.fixture
def config():
    return yaml.safe_load((ROOT / "config" / "config.yaml").read_text())


def put(config, path, value):
    *parents, last = path.split("/")
    for part in parents:
        config = config[part]
    config[last] = value


def test_config_as_shipped_is_valid(config):
    check_config(config, SCHEMA)


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_the_kind_of_a_network_is_declared_or_told_by_its_layers(config, library, tmp_path):
    import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

    keras = import_module(library)
    image = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(2, 3, padding="same")(image)
    chain = keras.layers.Dense(10)(keras.layers.Flatten()(x))
    added = keras.layers.Add()([x, keras.layers.Conv2D(2, 1)(image)])
    shortcut = keras.layers.Dense(10)(keras.layers.Flatten()(added))
    for name, logits in {"chain": chain, "shortcut": shortcut}.items():
        keras.Model(image, logits).save(tmp_path / f"{name}.keras")
        file = str(tmp_path / f"{name}.keras")
        config["networks"][name] = {"dataset": "mnist", "file": file}
    config["study"]["networks"] = ["chain", "shortcut", "mnist_dense", "mnist_cnn"]
    assert study_config.findings_slice(config)["networks"] == {
        "chain": "convolutional",
        "shortcut": "residual",
        "mnist_dense": "dense",
        "mnist_cnn": "convolutional",
    }


def test_images_of_a_study_that_does_not_run_are_not_counted(config):
    config["layer_scaling"]["images"] = 10_001
    config["recommendation"]["check_images"] = 10_001
    config["study"]["parts"] = ["pruning"]
    check_config(config, SCHEMA)


def test_a_file_that_is_not_of_keras_is_refused_whatever_its_dataset(config, tmp_path):
    np_file = tmp_path / "photos.npz"
    np_file.write_bytes(b"no archive")
    config["datasets"]["photos"] = {"format": "npz", "path": str(np_file)}
    config["networks"]["mine"] = {"dataset": "photos", "file": str(np_file)}
    config["study"]["networks"] = ["mine"]
    with pytest.raises(UserError, match=r"^config networks\.mine\.file: .* not a Keras file"):
        check_config(config, SCHEMA)


@pytest.mark.parametrize("margin", [0.005, {"of_ann_errors": 0.5}])
def test_a_margin_is_a_share_of_all_images_or_of_the_errors(config, margin):
    config["recommendation"]["accuracy_margin"] = margin
    check_config(config, SCHEMA)
    for of in (
        study_config.recommendation_slice(config, "mnist_cnn"),
        study_config.recommendation_check_slice(config, "mnist_cnn"),
    ):
        assert of["accuracy_margin"] == margin


def test_slices_do_not_depend_on_the_order_of_keys(config):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return value

    training = study_config.training_slice
    assert str(training(config, "mnist_cnn")) == str(training(turned(config), "mnist_cnn"))
    assert str(study_config.sweep_slice(config, "mnist_cnn")) == str(
        study_config.sweep_slice(turned(config), "mnist_cnn")
    )


def test_labels_and_sweep_values_do_not_reach_the_training(config):
    before = copy.deepcopy(study_config.training_slice(config, "mnist_cnn"))
    config["synapse_and_scaling"]["synapse_s"].append(0.5)
    config["figures"]["network_labels"]["mnist_cnn"] = "Another label"
    config["networks"]["mnist_cnn"]["seeds"].append(17)
    assert study_config.training_slice(config, "mnist_cnn") == before


def test_a_network_has_settings_of_its_own_in_each_study(config):
    own = {"images": 77}
    sections = [
        *("synapse_and_scaling", "settling", "neuron_cost", "firing_rates", "engine_agreement"),
        *("layer_scaling", "rate_transfer", "recommendation"),
    ]
    put(config, "networks/mnist_cnn/studies", dict.fromkeys(sections, own))
    check_config(config, SCHEMA)

    def slices_of(network):
        return [
            study_config.sweep_slice(config, network),
            *(
                study_config.simulation_slice(config, section, network)
                for section in ("settling", "neuron_cost", "layer_scaling", "rate_transfer")
            ),
            study_config.firing_rates_slice(config, network),
            study_config.agreement_slice(config, network),
            study_config.recommendation_slice(config, network),
        ]

    assert [found["images"] for found in slices_of("mnist_cnn")] == [77] * 8
    assert 77 not in [found["images"] for found in slices_of("mnist_dense")]
    assert "studies" not in study_config.training_slice(config, "mnist_cnn")


def test_networks_with_skip_paths_are_those_whose_rates_a_relay_can_pass_on(config):
    assert study_config.residual_networks(config) == ["cifar10_residual"]
    put(config, "study/networks", ["mnist_dense", "mnist_cnn"])
    assert study_config.residual_networks(config) == []
    put(config, "study/networks", ["cifar10_residual"])
    put(config, "conversion/neuron", "lif")
    assert study_config.residual_networks(config) == []


def test_none_is_no_synapse_and_zero_is_one(config):
    config["synapse_and_scaling"]["synapse_s"] = ["none", None, 0, 0.01]
    found = study_config.sweep_slice(config, "mnist_cnn")["synapse_s"]
    assert found == [None, None, 0.0, 0.01]


@pytest.mark.parametrize("figure", list(parts.all_figures()), ids=lambda one: one.name)
def test_every_figure_may_have_a_title_and_its_own_colours(config, figure):
    of = {"study": None, "network": "mnist_cnn", "dataset": "mnist"}[figure.of]
    assert study_config.figure_slice(config, figure.name, of)["title"] == figure.title
    look = {"title": "Mine"}
    if figure.colours:
        shared = study_config.figure_slice(config, figure.name, of)["palette"]
        assert shared == config["figures"]["palettes"][figure.colours]
        look["palette"] = {"ordered": "mako", "categories": "Set2"}[figure.colours]
    config["figures"].setdefault(figure.name, {}).update(look)
    check_config(config, SCHEMA)
    found = study_config.figure_slice(config, figure.name, of)
    assert {key: found[key] for key in look} == look


def test_one_value_changes_the_palette_of_all_figures_of_a_kind(config):
    config["figures"]["palettes"]["ordered"] = "rocket"
    ordered = [figure for figure in parts.all_figures() if figure.colours == "ordered"]
    assert len(ordered) > 5
    for figure in ordered:
        of = "mnist_cnn" if figure.of == "network" else None
        assert study_config.figure_slice(config, figure.name, of)["palette"] == "rocket"


def test_confidence_reaches_what_writes_intervals_and_reruns_no_search_and_no_sweep(config):
    def slices():
        return {
            "firing rates": study_config.firing_rates_slice(config, "mnist_cnn"),
            "layers": study_config.confidence_slice(config),
            "matrix": study_config.figure_slice(config, "subset_matrix", "mnist_cnn"),
            "choice": study_config.recommendation_choice_slice(config, "mnist_cnn"),
            "check": study_config.recommendation_check_slice(config, "mnist_cnn"),
            "search": study_config.recommendation_slice(config, "mnist_cnn"),
            "sweep": study_config.sweep_slice(config, "mnist_cnn"),
            "training": study_config.training_slice(config, "mnist_cnn"),
        }

    before = slices()
    put(config, "statistics/confidence", 0.9)
    changed = {name for name, found in slices().items() if found != before[name]}
    assert changed == {"firing rates", "layers", "matrix", "choice", "check"}


@pytest.mark.parametrize(
    "network", ["mnist_few", "pruning/mnist_small_cnn/magnitude_0", "preprocessing/mnist_few/shift"]
)
def test_variants_are_built_by_the_architecture_of_their_network(config, network):
    config["networks"][study_config.base_of(config, network)]["architecture"] = "residual"
    module = study_config.architecture_module(config, network)
    assert module == "spikesweep.networks.architectures.residual"


@pytest.mark.parametrize("technique", ["rescaling", "whitening", "shift+dropout"])
def test_the_training_knows_all_that_its_slice_gives_it(config, technique):
    from spikesweep.training.train import train_network

    config["preprocessing"]["tests"]["mnist_few"] = [technique]
    found = study_config.training_slice(config, f"preprocessing/mnist_few/{technique}")
    assert found.keys() <= signature(train_network).parameters.keys()
    assert "input" not in found


def test_a_study_of_files_alone_leaves_out_what_trains_other_networks(config):
    both = [*config["study"]["parts"]]
    assert leave_out_trainings(config) == []
    config["networks"]["mine"] = {"dataset": "mnist", "file": "mine.keras"}
    config["study"]["networks"] = ["mine", "mnist_cnn"]
    assert leave_out_trainings(config) == []
    assert config["study"]["parts"] == both
    config["study"]["networks"] = ["mine"]
    assert leave_out_trainings(config) == ["pruning", "preprocessing"]
    assert config["study"]["parts"] == [p for p in both if p not in ("pruning", "preprocessing")]
    # What the checks refuse afterwards.
    assert leave_out_trainings({"study": {"networks": ["gone"]}, "networks": {}}) == []


def test_trainings_of_one_network_are_its_seeds(config, tmp_path):
    import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

    keras = import_module("keras")
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(20, "relu")]
    model = keras.Sequential([*layers, keras.layers.Dense(10)])
    for seed in (0, 3):
        model.save(tmp_path / f"net{seed}.keras")
    mine = {"dataset": "mnist", "file": str(tmp_path / "net{seed}.keras"), "seeds": [0, 3]}
    config["networks"]["mine"] = mine
    config["study"]["networks"] = ["mine"]
    check_config(config, SCHEMA)
    assert study_config.seeds_of(config, "mine") == [0, 3]
    assert study_config.file_of(config, "mine", 3) == str(tmp_path / "net3.keras")
    mine["seeds"] = [0, 1]
    with pytest.raises(UserError, match=r"net1\.keras does not exist"):
        check_config(config, SCHEMA)
    del mine["seeds"]
    with pytest.raises(UserError, match="and the list of its seeds; give both or neither"):
        check_config(config, SCHEMA)


def test_a_file_for_other_images_is_refused_at_once_whatever_the_format(config, tmp_path):
    import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

    keras = import_module("keras")
    layers = [keras.Input((32, 32, 3)), keras.layers.Flatten(), keras.layers.Dense(10)]
    keras.Sequential(layers).save(tmp_path / "photos.keras")
    np.savez(tmp_path / "d.npz", x_train=np.zeros((6, 8, 8), np.uint8), y_train=np.arange(6) % 3)
    config["datasets"]["mine"] = {
        "format": "npz", "path": str(tmp_path / "d.npz"), "test_share": 0.5,
    }  # fmt: skip
    config["networks"]["mine"] = {"dataset": "mine", "file": str(tmp_path / "photos.keras")}
    config["study"]["networks"] = ["mine"]
    with pytest.raises(UserError, match=r"^config networks\.mine\.file: .*\(32, 32, 3\).*8, 8, 1"):
        check_config(config, SCHEMA)


@pytest.mark.parametrize(
    ("own", "found"), [(True, "both x_test and"), (False, "neither x_test nor")]
)
def test_an_archive_has_a_test_part_or_a_share_to_hold_out(config, tmp_path, own, found):
    images, labels = np.zeros((6, 8, 8), np.uint8), np.arange(6) % 3
    test = {"x_test": images, "y_test": labels} if own else {}
    np.savez(tmp_path / "d.npz", x_train=images, y_train=labels, **test)
    dataset = {"format": "npz", "path": str(tmp_path / "d.npz")}
    config["networks"]["mnist_dense"] |= {"dataset": "mine"}
    config["networks"]["mnist_dense"]["training"]["validation_images"] = 1
    config["study"] = {"networks": ["mnist_dense"], "parts": []}
    config["datasets"]["mine"] = dataset | ({"test_share": 0.5} if own else {})
    with pytest.raises(
        UserError, match=rf"^config datasets\.mine: found {found} test_share; give "
    ):
        check_config(config, SCHEMA)
    config["datasets"]["mine"] = dataset | ({} if own else {"test_share": 0.5})
    check_config(config, SCHEMA)


def test_an_archive_with_other_names_is_told_how_to_rename_them(config, tmp_path):
    images, labels = np.zeros((6, 8, 8), np.uint8), np.arange(6) % 3
    parts = {"train_images": images, "train_labels": labels, "test_images": images}
    np.savez(tmp_path / "d.npz", **parts, test_labels=labels)
    config["datasets"]["mine"] = {"format": "npz", "path": str(tmp_path / "d.npz")}
    config["networks"]["mnist_dense"] |= {"dataset": "mine"}
    config["study"] = {"networks": ["mnist_dense"], "parts": []}
    with pytest.raises(UserError, match=r"lacks x_train, y_train: .*x_train=z\['train_images'\]"):
        check_config(config, SCHEMA)


def test_adaptation_is_refused_where_nothing_would_be_replaced(config, tmp_path):
    import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

    keras = import_module("keras")
    la = keras.layers
    mine = {"dataset": "mnist", "file": str(tmp_path / "net.keras"), "adapt": {"epochs": 5}}
    config["networks"]["mine"] = mine
    config["study"] = {"networks": ["mine"], "parts": []}

    def save(*first):
        end = [la.Flatten(), la.Dense(20, "relu"), la.Dense(10)]
        keras.Sequential([keras.Input((28, 28, 1)), *first, *end]).save(mine["file"])

    save(la.MaxPooling2D(2))
    check_config(config, SCHEMA)
    assert study_config.training_slice(config, "mine") == {"adapt": {"epochs": 5}}
    save()
    with pytest.raises(
        UserError, match=r"^config networks\.mine\.adapt: every layer of .* converts"
    ):
        check_config(config, SCHEMA)
    mine["adapt"] = {"epochs": 5, "flip": True}
    with pytest.raises(UserError, match=r"networks\.mine\.adapt: a mirrored digit"):
        check_config(config, SCHEMA)


@pytest.mark.parametrize(("start", "draws"), [("uniform", 16), ("half", 1), ("zero", 1)])
def test_what_is_not_drawn_counts_as_one_draw(config, start, draws):
    config["simulation"]["voltage_draws"] = 16
    config["conversion"]["initial_voltages"] = start
    assert study_config.report_slice(config)["draws"] == draws
