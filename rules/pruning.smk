# Networks that are pruned while they train, and what that means for their accuracy and spikes.


PRUNED_FILES = TRAINED_FILES | {
    "layer_sparsity": f"{RESULTS}/networks/{{network}}/seed{{seed}}/layer_sparsity.csv",
    "weight_histogram": f"{RESULTS}/networks/{{network}}/seed{{seed}}/weight_histogram.csv",
    "test_correct": f"{RESULTS}/networks/{{network}}/seed{{seed}}/test_correct.npy",
}
PRUNED_SEEDS = config["pruning"]["seeds"]


# One job for all seeds: the start of TensorFlow takes half as long as a small training.
rule prune_network:
    input:
        dataset=dataset_of,
        # What is pruned, unless pruning starts from scratch.
        trained=lambda wc: (
            []
            if config["pruning"]["start"] == "scratch"
            else expand(
                TRAINED_FILES["model"],
                network=base_of(config, wc.network),
                seed=PRUNED_SEEDS,
            )
        ),
    output:
        **of_each_seed(PRUNED_FILES, PRUNED_SEEDS),
    log:
        f"{RESULTS}/logs/prune_network/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/prune_network/{{network}}.tsv"
    wildcard_constraints:
        network=one_of(PRUNED),
    priority: 10
    conda:
        "../envs/environment.yaml"
    threads: lambda wc: slices.training_threads(config, wc.network)
    resources:
        mem_mb=2000,
        runtime=480,
    params:
        config=lambda wc: slices.pruning_slice(config, wc.network),
        seeds=PRUNED_SEEDS,
        code=lambda wc: code_of(
            "prune_network", slices.architecture_module(config, wc.network)
        ),
    message:
        "Pruning {wildcards.network} (seeds {params.seeds})"
    script:
        "../scripts/prune_network.py"


use rule make_tables as tabulate_pruning with:
    input:
        accuracy=of_seeds("networks/{network}/seed{seed}/accuracy.csv", PRUNED),
        test_correct=of_seeds("networks/{network}/seed{seed}/test_correct.npy", PRUNED),
        layer_sparsity=of_seeds(
            "networks/{network}/seed{seed}/layer_sparsity.csv", PRUNED
        ),
        sweeps=of_converted_seeds(
            "sweeps/synapse_and_scaling/{network}/seed{seed}.csv", PRUNED
        ),
    output:
        accuracy=f"{RESULTS}/pruning/accuracy.csv",
        lost=report(
            f"{RESULTS}/pruning/lost.csv",
            caption="../reports/captions/pruning_lost.rst",
            category=parts.category_of("pruning"),
            labels={"table": "accuracy lost by pruning"},
        ),
        knee=report(
            f"{RESULTS}/pruning/knee.csv",
            caption="../reports/captions/pruning_knee.rst",
            category=parts.category_of("pruning"),
            labels={"table": "where accuracy begins to fall"},
        ),
        spiking=f"{RESULTS}/pruning/spiking.csv",
        scale=report(
            f"{RESULTS}/pruning/scale.csv",
            caption="../reports/captions/pruning_scale.rst",
            category=parts.category_of("pruning"),
            labels={"table": "the scale that pruned networks need"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_pruning.log",
    params:
        **table_params("pruning.tables", slices.pruning_analysis_slice(config)),
    message:
        "Tabulating accuracy and cost after pruning"


use rule plot_figure as plot_pruning_accuracy with:
    input:
        accuracy=f"{RESULTS}/pruning/accuracy.csv",
        lost=f"{RESULTS}/pruning/lost.csv",
        knee=f"{RESULTS}/pruning/knee.csv",
    output:
        **figure_files("pruning_accuracy"),
    log:
        figure_log("pruning_accuracy"),
    params:
        **figure_params("pruning_accuracy"),


use rule plot_figure as plot_pruning_layers with:
    input:
        layer_sparsity=of_seeds(
            "networks/{network}/seed{seed}/layer_sparsity.csv", PRUNED
        ),
    output:
        **figure_files("pruning_layers"),
    log:
        figure_log("pruning_layers"),
    params:
        **figure_params("pruning_layers"),


use rule plot_figure as plot_pruning_weights with:
    input:
        histograms=of_seeds(
            "networks/{network}/seed{seed}/weight_histogram.csv", PRUNED
        ),
    output:
        **figure_files("pruning_weights"),
    log:
        figure_log("pruning_weights"),
    params:
        **figure_params("pruning_weights"),


use rule plot_figure as plot_pruning_spikes with:
    input:
        spiking=f"{RESULTS}/pruning/spiking.csv",
        scale=f"{RESULTS}/pruning/scale.csv",
    output:
        **figure_files("pruning_spikes"),
    log:
        figure_log("pruning_spikes"),
    params:
        **figure_params("pruning_spikes"),
