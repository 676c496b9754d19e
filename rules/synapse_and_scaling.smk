# Accuracy and cost of each spiking network over synapse and firing-rate scale.

SWEEP = "sweeps/synapse_and_scaling/{network}/seed{seed}"
SWEEP_FILES = {
    "settings": f"{RESULTS}/{SWEEP}.csv",
    "over_time": f"{RESULTS}/{SWEEP}_over_time.csv",
    "layers": f"{RESULTS}/{SWEEP}_layers.csv",
    "answers": f"{RESULTS}/{SWEEP}_answers.npz",
    "metadata": f"{RESULTS}/{SWEEP}.metadata.json",
}
SWEEP_PARAMS = study_params(
    "synapse_and_scaling", lambda wc: slices.sweep_slice(config, wc.network)
)
# What the conversion counted.
COSTS = "snn/{network}/seed{seed}/costs.csv"
# The network that is compared with a published one, if the config holds a published table.
COMPARED = [config["published"]["network"]] if "published" in config else []


use rule run_study as run_synapse_and_scaling with:
    input:
        **SPIKING_NETWORK,
    output:
        **SWEEP_FILES,
    log:
        f"{RESULTS}/logs/run_synapse_and_scaling/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_synapse_and_scaling/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of([*NETWORKS, *PRUNED]),
    params:
        **SWEEP_PARAMS,
    message:
        "Sweeping synapse and scale of {wildcards.network} (seed {wildcards.seed})"


use rule make_tables as tabulate_main_numbers with:
    input:
        sweeps=of_seeds(f"{SWEEP}.csv"),
        over_time=of_seeds(f"{SWEEP}_over_time.csv"),
        costs=of_seeds(COSTS),
    output:
        numbers=report(
            f"{RESULTS}/main_numbers.csv",
            caption="../reports/captions/main_numbers.rst",
            category=parts.category_of("synapse_and_scaling"),
            labels={"table": "main numbers"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_main_numbers.log",
    params:
        **table_params(
            "synapse_and_scaling.main_numbers", slices.main_numbers_slice(config)
        ),
    message:
        "Tabulating the main numbers"


use rule make_tables as compare_with_published with:
    input:
        sweeps=of_seeds(f"{SWEEP}.csv", COMPARED),
        over_time=of_seeds(f"{SWEEP}_over_time.csv", COMPARED),
    output:
        comparison=report(
            f"{RESULTS}/published_comparison.csv",
            caption="../reports/captions/published_comparison.rst",
            category=parts.category_of("synapse_and_scaling"),
            labels={"table": "published accuracies"},
        ),
    log:
        f"{RESULTS}/logs/compare_with_published.log",
    params:
        **table_params("synapse_and_scaling.published", slices.published_slice(config)),
    message:
        "Comparing the accuracies with published ones"


use rule make_tables as compare_with_best with:
    input:
        sweeps=seeds_of_network(f"{SWEEP}.csv"),
        answers=seeds_of_network(f"{SWEEP}_answers.npz"),
    output:
        alike=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/alike.csv",
    log:
        f"{RESULTS}/logs/compare_with_best/{{network}}.log",
    params:
        **table_params("synapse_and_scaling.alike", slices.confidence_slice(config)),
    message:
        "Comparing the settings of {wildcards.network} with its best one"


use rule plot_figure as plot_sweep_heatmap with:
    input:
        sweeps=seeds_of_network(f"{SWEEP}.csv"),
        alike=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/alike.csv",
    output:
        **figure_files("sweep_heatmap"),
    log:
        figure_log("sweep_heatmap"),
    params:
        **figure_params("sweep_heatmap"),


use rule plot_figure as plot_accuracy_and_cost with:
    input:
        sweeps=seeds_of_network(f"{SWEEP}.csv"),
        costs=seeds_of_network(COSTS),
    output:
        **figure_files("accuracy_and_cost"),
    log:
        figure_log("accuracy_and_cost"),
    params:
        **figure_params("accuracy_and_cost"),


use rule plot_figure as plot_accuracy_over_time with:
    input:
        over_time=seeds_of_network(f"{SWEEP}_over_time.csv"),
        sweeps=seeds_of_network(f"{SWEEP}.csv"),
    output:
        **figure_files("accuracy_over_time"),
    log:
        figure_log("accuracy_over_time"),
    params:
        **figure_params("accuracy_over_time"),
