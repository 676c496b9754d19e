"""After a finished study, a change reruns exactly what uses it."""

import pytest

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(900)]

# The report shows the config, so a changed value writes these two again; seconds.
SHOWN = {"record_provenance": 1, "write_report": 1}
JUDGED = {"judge_findings": 1, "plot_findings": 1, "plot_uncertainty": 1}
# The smoke study: two seeds of mnist_dense, one of mnist_cnn, one of cifar10_cnn.
NETWORK_SEEDS = 4
NETWORKS = 3
ARCHITECTURES = "scripts/spikesweep/networks/architectures"


def test_second_run_has_nothing_to_do(finished):
    assert "Nothing to be done" in finished.snakemake()


def test_dry_run_of_a_finished_study_has_nothing_to_do(finished):
    assert finished.jobs() == {}


@pytest.mark.parametrize(
    "values",
    [{"synapse_s": ["none", 0.005, 0.02]}, {"scale_firing_rates": [1, 5, 10]}],
    ids=["synapse", "scale"],
)
def test_one_more_sweep_value_retrains_nothing(finished, values):
    assert finished.jobs(change={"synapse_and_scaling": values}) == {
        "run_synapse_and_scaling": NETWORK_SEEDS,
        "compare_with_best": NETWORKS,
        "plot_sweep_heatmap": NETWORKS,
        "plot_accuracy_and_cost": NETWORKS,
        "plot_accuracy_over_time": NETWORKS,
        "tabulate_main_numbers": 1,
        "compare_claims": 1,
        **JUDGED,
        **SHOWN,
    }


def test_one_training_value_reruns_that_network_alone(finished):
    change = {"networks": {"mnist_cnn": {"training": {"learning_rate": 0.0015}}}}
    assert finished.jobs(change=change) == {
        "train_network": 1,
        "convert_network": 1,
        "run_synapse_and_scaling": 1,
        "run_firing_rates": 1,
        "run_engine_agreement": 1,
        "run_settling": 1,
        "find_best_synapses": 1,
        "run_neuron_cost": 1,
        "compare_neurons": 1,
        "tabulate_standard": 1,
        "run_spikes_or_neuron_mnist_cnn": 1,
        "compare_claims": 1,
        "run_layer_scaling": 1,
        "match_budgets": 1,
        "run_rate_transfer": 1,
        "relate_gain_to_rate": 1,
        "search_settings": 1,
        "recommend_setting": 1,
        "check_recommendation": 1,
        "compare_baselines": 1,
        "tabulate_recommendations": 1,
        "run_export": 1,
        "plot_learning_curves": 1,
        "compare_with_best": 1,
        "plot_sweep_heatmap": 1,
        "plot_accuracy_and_cost": 1,
        "plot_accuracy_over_time": 1,
        "plot_settling": 1,
        "plot_best_synapse": 1,
        "plot_neuron_cost": 1,
        "plot_network_graph": 1,
        "plot_firing_rates": 1,
        "plot_rate_outcomes": 1,
        "plot_engine_agreement": 1,
        "plot_subset_matrix": 1,
        "plot_layer_budget": 1,
        "plot_gain_and_rate": 1,
        # Each shows what the tests over all networks say.
        "plot_rate_transfer": NETWORKS,
        "plot_recommendation": 1,
        "plot_baselines": 1,
        "tabulate_main_numbers": 1,
        **JUDGED,
        **SHOWN,
    }


def test_one_more_presentation_time_reruns_the_study_of_settling_alone(finished):
    assert finished.jobs(change={"settling": {"read_at": [15, 30, 60]}}) == {
        "run_settling": NETWORK_SEEDS,
        "find_best_synapses": 1,
        "plot_settling": NETWORKS,
        "plot_best_synapse": 1,
        **JUDGED,
        **SHOWN,
    }


def test_one_more_read_out_reruns_the_study_of_neurons_alone(finished):
    assert finished.jobs(change={"neuron_cost": {"read_outs": ["last", "second_half"]}}) == {
        "run_neuron_cost": NETWORK_SEEDS,
        "compare_neurons": 1,
        "tabulate_standard": 1,
        "plot_neuron_cost": NETWORKS,
        # one claim is about its table of few steps
        "judge_findings": 1,
        "plot_findings": 1,
        "plot_uncertainty": 1,
        **SHOWN,
    }


def test_other_bits_of_weights_rerun_the_exports_alone(finished):
    assert finished.jobs(change={"export": {"weight_bits": [6]}}) == {
        "run_export": NETWORKS,
        # the one that shows an exported network
        "run_notebook": 1,
        **SHOWN,
    }


LAYER_STUDY = {
    "run_layer_scaling": NETWORK_SEEDS,
    "match_budgets": NETWORKS,
    "plot_subset_matrix": NETWORKS,
    "plot_layer_budget": NETWORKS,
    "compare_claims": 1,
    **JUDGED,
    **SHOWN,
}


def test_one_more_subset_reruns_the_layer_study_alone(finished):
    change = {"layer_scaling": {"more_subsets": [["conv1", "conv2"]]}}
    assert finished.jobs(change=change) == LAYER_STUDY


def test_subsets_of_one_network_are_looked_up_and_rerun_its_study(finished):
    own = {"studies": {"layer_scaling": {"more_subsets": [["conv1", "conv2"]]}}}
    expected = LAYER_STUDY | {
        "run_layer_scaling": 1,
        "match_budgets": 1,
        "plot_subset_matrix": 1,
        "plot_layer_budget": 1,
    }
    assert finished.jobs(change={"networks": {"mnist_cnn": own}}) == expected


def test_one_more_format_draws_all_figures_again_and_nothing_else(finished):
    jobs = finished.jobs(change={"figures": {"formats": ["svg", "png", "pdf"]}})
    assert {rule for rule in jobs if not rule.startswith("plot_")} == set(SHOWN)
    assert jobs["plot_sweep_heatmap"] == NETWORKS


def test_one_more_factor_is_asked_of_other_neurons_too(finished):
    names = ("mnist_dense", "mnist_cnn", "cifar10_cnn")
    expected = LAYER_STUDY | {f"run_spikes_or_neuron_{name}": 1 for name in names}
    assert finished.jobs(change={"layer_scaling": {"factors": [10, 20]}}) == expected


def test_one_more_sparsity_prunes_that_network_alone(finished):
    methods = {"magnitude": [0, 0.8, 0.9]}
    change = {"pruning": {"networks": {"mnist_small_cnn": {"methods": methods}}}}
    assert finished.jobs(change=change) == {
        # with both seeds
        "prune_network": 1,
        "convert_network": 1,
        "run_synapse_and_scaling": 1,
        "export_pruned": 1,
        "tabulate_pruning": 1,
        "plot_pruning_accuracy": 1,
        "plot_pruning_layers": 1,
        "plot_pruning_weights": 1,
        "plot_pruning_spikes": 1,
        **JUDGED,
        **SHOWN,
    }


def test_one_changed_technique_trains_what_uses_it_alone(finished):
    change = {"preprocessing": {"techniques": {"shift": {"shift": 3}}}}
    assert finished.jobs(change=change) == {
        "train_technique": 1,
        "convert_technique": 1,
        "sweep_technique": 1,
        "tabulate_preprocessing": 1,
        "plot_preprocessing_examples": 1,
        "plot_preprocessing_gap": 1,
        "plot_preprocessing_ranking": 1,
        **SHOWN,
    }


def test_one_parameter_of_a_notebook_runs_it_alone(finished):
    change = {"first_steps": {"integrator": {"neurons": 150}}}
    assert finished.jobs(change=change) == {"run_notebook": 1, **SHOWN}


def test_an_edited_model_runs_its_notebook_alone(restored):
    restored.edit("scripts/spikesweep/first_steps/integrator.py", "\ndef ", "\nEXTRA = 1\n\n\ndef ")
    found = restored.jobs()
    assert found.pop("run_notebook") == 1
    assert set(found) <= set(SHOWN)


def test_a_study_that_is_left_out_reruns_nothing_but_the_verdicts(finished):
    found = finished.jobs(change={"study": {"parts": []}})
    # whose graphs show recommended scales no more
    assert found == {**JUDGED, **SHOWN, "plot_network_graph": NETWORKS}


def test_a_setting_with_scales_by_layer_is_probed_in_its_network_alone(finished):
    smoke = [{"synapse_s": 0.01, "scale_firing_rates": scale} for scale in (1, 10, 100)]
    by_layer = {"network": "mnist_dense", "synapse_s": 0.01}
    by_layer["scale_firing_rates"] = {"dense1": 20, "dense2": 10, "dense3": 50}
    assert finished.jobs(change={"firing_rates": {"settings": [*smoke, by_layer]}}) == {
        "run_firing_rates": 2,
        "plot_network_graph": 1,
        "plot_firing_rates": 1,
        "plot_rate_outcomes": 1,
        **SHOWN,
    }


def test_one_plot_title_redraws_that_figure(finished):
    change = {"figures": {"firing_rates": {"title": "How fast neurons fire"}}}
    assert finished.jobs(change=change) == {"plot_firing_rates": NETWORKS, **SHOWN}


def test_one_label_redraws_figures_and_nothing_else(finished):
    change = {"figures": {"network_labels": {"mnist_cnn": "A CNN"}}}
    found = finished.jobs(change=change)
    assert {name for name in found if not name.startswith("plot_")} == set(SHOWN)
    # its own thirteen figures, and the six that show all networks
    assert sum(found.values()) - len(SHOWN) == 19


def test_one_more_seed_trains_one_network(finished):
    change = {"networks": {"mnist_cnn": {"seeds": [0, 1]}}}
    found = finished.jobs(change=change)
    trained = ("train_network", "convert_network", "run_synapse_and_scaling")
    assert [found[rule] for rule in trained] == [1, 1, 1]
    assert found["plot_sweep_heatmap"] == 1


def test_fewer_networks_rerun_no_simulation(finished):
    found = finished.jobs(change={"study": {"networks": ["mnist_dense", "mnist_cnn"]}})
    assert {name.split("_")[0] for name in found} <= {
        *("plot", "tabulate", "record", "write", "judge", "relate", "find", "compare")
    }


def test_edited_library_module_reruns_what_imports_it(restored):
    restored.edit(
        "scripts/spikesweep/study/firing_rates/rates.py",
        "PERCENTILES = {",
        "EXTRA = 1\nPERCENTILES = {",
    )
    assert restored.jobs() == {
        "run_firing_rates": NETWORK_SEEDS,
        "plot_network_graph": NETWORKS,
        "plot_firing_rates": NETWORKS,
        "plot_rate_outcomes": NETWORKS,
        **SHOWN,
    }


def test_edited_words_of_a_library_module_rerun_nothing(restored):
    restored.edit(
        "scripts/spikesweep/study/firing_rates/rates.py", '"""How fast', '"""At which rate'
    )
    assert restored.jobs() == {}


def test_a_new_architecture_reruns_nothing(restored):
    folder = restored.folder / ARCHITECTURES
    added = folder / "another.py"
    added.write_bytes((folder / "cnn.py").read_bytes())
    try:
        assert restored.jobs() == {}
    finally:
        added.unlink()


@pytest.mark.parametrize(
    ("architecture", "trained", "pruned"),
    [
        # Two seeds of mnist_dense.
        ("dense", 2, 0),
        # mnist_cnn, cifar10_cnn, four techniques; five pruned networks.
        ("cnn", 6, 5),
        ("residual", 0, 0),
    ],
)
def test_an_edited_architecture_retrains_what_uses_it_alone(
    restored, architecture, trained, pruned
):
    restored.edit(f"{ARCHITECTURES}/{architecture}.py", "\ndef ", "\nEXTRA = 1\n\n\ndef ")
    found = restored.jobs()
    assert found.get("train_network", 0) + found.get("train_technique", 0) == trained
    assert found.get("prune_network", 0) == pruned
    if not trained:
        assert found == {}


def test_edited_plot_module_redraws_its_figure(restored):
    restored.edit(
        "scripts/spikesweep/study/synapse_and_scaling/plot_sweep_heatmap.py",
        "\ndef ",
        "\nEXTRA = 1\n\n\ndef ",
    )
    found = restored.jobs()
    assert found.pop("write_report") == 1
    assert found == {"plot_sweep_heatmap": NETWORKS}


def test_same_seed_gives_the_same_tables_to_the_byte(finished):
    """Last: it makes results again, so that what follows would see newer files."""
    folder = finished.folder / "results/smoke"
    tables = [
        "networks/mnist_dense/seed0/history.csv",
        "networks/mnist_dense/seed0/accuracy.csv",
        "snn/mnist_dense/seed0/network.npz",
        "sweeps/synapse_and_scaling/mnist_dense/seed0.csv",
        "sweeps/synapse_and_scaling/mnist_dense/seed0_over_time.csv",
        "sweeps/synapse_and_scaling/mnist_dense/seed0_answers.npz",
        "firing_rates/mnist_dense/seed0_histogram.csv",
        "settling/mnist_dense/seed0.csv",
        "neuron_cost/mnist_dense/seed0.csv",
        "neuron_cost/mnist_dense/seed0_standard.csv",
        "spikes_or_neuron/mnist_dense/seed0_sweep.csv",
        "layer_scaling/mnist_dense/seed0.csv",
        "rate_transfer/mnist_dense/seed0.csv",
        "networks/pruning/mnist_small_cnn/magnitude_80/seed0/accuracy.csv",
        "networks/preprocessing/mnist_few/shift+dropout/seed0/history.csv",
        "recommendations/mnist_dense_search.csv",
        "export/mnist_dense/seed0/changes.csv",
        "export/mnist_dense/seed0/network.json",
        "recommendations/mnist_dense_baselines.csv",
    ]
    before = {name: (folder / name).read_bytes() for name in tables}
    for name in tables:
        (folder / name).unlink()
    targets = [f"results/smoke/{name}" for name in tables]
    trainings = ("train_network", "train_technique", "prune_network")
    finished.snakemake("--forcerun", *trainings, "--", *targets)
    assert {name: (folder / name).read_bytes() for name in tables} == before
