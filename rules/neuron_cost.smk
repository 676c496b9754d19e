# What another neuron, start or read-out saves at the same accuracy.

NEURON_COST = "neuron_cost/{network}/seed{seed}"


use rule run_study as run_neuron_cost with:
    input:
        **SPIKING_NETWORK,
    output:
        costs=f"{RESULTS}/{NEURON_COST}.csv",
        standard=f"{RESULTS}/{NEURON_COST}_standard.csv",
        standard_answers=f"{RESULTS}/{NEURON_COST}_standard_answers.npz",
        metadata=f"{RESULTS}/{NEURON_COST}.metadata.json",
    log:
        f"{RESULTS}/logs/run_neuron_cost/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_neuron_cost/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "neuron_cost",
            lambda wc: slices.simulation_slice(config, "neuron_cost", wc.network),
        ),
    message:
        "Giving {wildcards.network} (seed {wildcards.seed}) other neurons"


use rule make_tables as compare_neurons with:
    input:
        costs=of_seeds(f"{NEURON_COST}.csv"),
    output:
        comparison=report(
            f"{RESULTS}/neuron_cost/comparison.csv",
            caption="../reports/captions/neuron_cost.rst",
            category=parts.category_of("neuron_cost"),
            labels={"table": "neurons compared"},
        ),
    log:
        f"{RESULTS}/logs/compare_neurons.log",
    params:
        **table_params("neuron_cost.compare", slices.neuron_comparison_slice(config)),
    message:
        "Comparing what neurons cost"


use rule make_tables as tabulate_standard with:
    input:
        standard=of_seeds(f"{NEURON_COST}_standard.csv"),
    output:
        table=report(
            f"{RESULTS}/neuron_cost/standard_table.csv",
            caption="../reports/captions/standard_table.rst",
            category=parts.category_of("neuron_cost"),
            labels={"table": "accuracy after few steps"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_standard.log",
    params:
        **table_params("neuron_cost.standard", slices.confidence_slice(config)),
    message:
        "Tabulating accuracy after few steps"


use rule plot_figure as plot_neuron_cost with:
    input:
        costs=seeds_of_network(f"{NEURON_COST}.csv"),
    output:
        **figure_files("neuron_cost"),
    log:
        figure_log("neuron_cost"),
    params:
        **figure_params("neuron_cost"),
