# Networks that lose weights while they train, and what that means for their accuracy and spikes.


rule prune_network:
    input:
        dataset=dataset_of,
        trained=pruning_start,
    output:
        model=f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
        history=f"{RESULTS}/networks/{{network}}/seed{{seed}}/history.csv",
        accuracy=f"{RESULTS}/networks/{{network}}/seed{{seed}}/accuracy.csv",
        layer_sparsity=f"{RESULTS}/networks/{{network}}/seed{{seed}}/layer_sparsity.csv",
        weight_histogram=f"{RESULTS}/networks/{{network}}/seed{{seed}}/weight_histogram.csv",
        metadata=f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
    log:
        f"{RESULTS}/logs/prune_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/prune_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(PRUNED),
    priority: 10
    conda:
        "../envs/environment.yaml"
    # One, whatever the machine has: with more, the same seed gives other weights.
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: pruning_slice(wc.network),
        seed=lambda wc: int(wc.seed),
        code=code_of("prune_network"),
    message:
        "Training {wildcards.network} (seed {wildcards.seed}) while weights go"
    script:
        "../scripts/prune_network.py"


rule tabulate_pruning:
    input:
        accuracy=of_seeds("networks/{network}/seed{seed}/accuracy.csv", PRUNED),
        layer_sparsity=of_seeds(
            "networks/{network}/seed{seed}/layer_sparsity.csv", PRUNED
        ),
        sweeps=of_converted_seeds(
            "sweeps/synapse_and_scaling/{network}/seed{seed}.csv", PRUNED
        ),
    output:
        accuracy=f"{RESULTS}/pruning/accuracy.csv",
        knee=report(
            f"{RESULTS}/pruning/knee.csv",
            caption="../reports/captions/pruning_knee.rst",
            category="7 Pruning",
            labels={"table": "where accuracy begins to fall"},
        ),
        spiking=f"{RESULTS}/pruning/spiking.csv",
        scale=report(
            f"{RESULTS}/pruning/scale.csv",
            caption="../reports/captions/pruning_scale.rst",
            category="7 Pruning",
            labels={"table": "the scale that pruned networks need"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_pruning.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=pruning_analysis_slice(),
        code=code_of("tabulate_pruning"),
    message:
        "Tabulating what pruning costs"
    script:
        "../scripts/tabulate_pruning.py"


rule plot_pruning_accuracy:
    input:
        accuracy=f"{RESULTS}/pruning/accuracy.csv",
        knee=f"{RESULTS}/pruning/knee.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/pruning_accuracy.svg",
            caption="../reports/captions/pruning_accuracy.rst",
            category="7 Pruning",
            labels={"figure": "accuracy and knee"},
        ),
        png=f"{RESULTS}/figures/pruning_accuracy.png",
    log:
        f"{RESULTS}/logs/plot_pruning_accuracy.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("pruning_accuracy", config["pruning"]["network"]),
        code=code_of("plot_pruning_accuracy"),
    message:
        "Drawing accuracy against sparsity"
    script:
        "../scripts/plot_pruning_accuracy.py"


rule plot_pruning_layers:
    input:
        layer_sparsity=of_seeds(
            "networks/{network}/seed{seed}/layer_sparsity.csv", PRUNED
        ),
    output:
        svg=report(
            f"{RESULTS}/figures/pruning_layers.svg",
            caption="../reports/captions/pruning_layers.rst",
            category="7 Pruning",
            labels={"figure": "layers"},
        ),
        png=f"{RESULTS}/figures/pruning_layers.png",
    log:
        f"{RESULTS}/logs/plot_pruning_layers.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("pruning_layers", config["pruning"]["network"]),
        code=code_of("plot_pruning_layers"),
    message:
        "Drawing the sparsity of each layer"
    script:
        "../scripts/plot_pruning_layers.py"


rule plot_pruning_weights:
    input:
        histograms=of_seeds(
            "networks/{network}/seed{seed}/weight_histogram.csv", PRUNED
        ),
    output:
        svg=report(
            f"{RESULTS}/figures/pruning_weights.svg",
            caption="../reports/captions/pruning_weights.rst",
            category="7 Pruning",
            labels={"figure": "weights"},
        ),
        png=f"{RESULTS}/figures/pruning_weights.png",
    log:
        f"{RESULTS}/logs/plot_pruning_weights.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("pruning_weights", config["pruning"]["network"]),
        code=code_of("plot_pruning_weights"),
    message:
        "Drawing weights before and after pruning"
    script:
        "../scripts/plot_pruning_weights.py"


rule plot_pruning_spikes:
    input:
        spiking=f"{RESULTS}/pruning/spiking.csv",
        scale=f"{RESULTS}/pruning/scale.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/pruning_spikes.svg",
            caption="../reports/captions/pruning_spikes.rst",
            category="7 Pruning",
            labels={"figure": "spikes"},
        ),
        png=f"{RESULTS}/figures/pruning_spikes.png",
    log:
        f"{RESULTS}/logs/plot_pruning_spikes.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("pruning_spikes", config["pruning"]["network"]),
        code=code_of("plot_pruning_spikes"),
    message:
        "Drawing what sparsity means for spikes"
    script:
        "../scripts/plot_pruning_spikes.py"
