# Which layers should fire faster: each subset of them, at the same factor and at the same cost.


rule scale_layers:
    input:
        dataset=dataset_of,
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
        # Only names in more_subsets are looked up there.
        layers=lambda wc: (
            of_first_seeds("snn/{network}/seed{seed}/layers.csv")
            if layer_scaling_slice()["more_subsets"]
            else []
        ),
    output:
        scaling=f"{RESULTS}/layer_scaling/{{network}}/seed{{seed}}.csv",
        layers=f"{RESULTS}/layer_scaling/{{network}}/seed{{seed}}_layers.csv",
        metadata=f"{RESULTS}/layer_scaling/{{network}}/seed{{seed}}.metadata.json",
    log:
        f"{RESULTS}/logs/scale_layers/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/scale_layers/{{network}}/seed{{seed}}.tsv"
    priority: 5
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=layer_scaling_slice(),
        code=code_of("scale_layers"),
    message:
        "Scaling layers of {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/scale_layers.py"


rule match_budgets:
    input:
        scaling=lambda wc: of_seeds(
            "layer_scaling/{network}/seed{seed}.csv", [wc.network]
        ),
    output:
        matched=f"{RESULTS}/layer_scaling/{{network}}/matched.csv",
        contrast=report(
            f"{RESULTS}/layer_scaling/{{network}}/early_late.csv",
            caption="../reports/captions/early_late.rst",
            category="6 Layers",
            labels={"network": "{network}", "table": "early and late layers"},
        ),
    log:
        f"{RESULTS}/logs/match_budgets/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        code=code_of("match_budgets"),
    message:
        "Matching what subsets of layers of {wildcards.network} cost"
    script:
        "../scripts/match_budgets.py"


rule plot_subset_matrix:
    input:
        scaling=lambda wc: of_seeds(
            "layer_scaling/{network}/seed{seed}.csv", [wc.network]
        ),
        matched=f"{RESULTS}/layer_scaling/{{network}}/matched.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/subset_matrix/{{network}}.svg",
            caption="../reports/captions/subset_matrix.rst",
            category="6 Layers",
            labels={"network": "{network}", "figure": "subsets of layers"},
        ),
        png=f"{RESULTS}/figures/subset_matrix/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_subset_matrix/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("subset_matrix", wc.network),
        code=code_of("plot_subset_matrix"),
    message:
        "Drawing what subsets of layers of {wildcards.network} gain"
    script:
        "../scripts/plot_subset_matrix.py"


rule plot_layer_budget:
    input:
        scaling=lambda wc: of_seeds(
            "layer_scaling/{network}/seed{seed}.csv", [wc.network]
        ),
    output:
        svg=report(
            f"{RESULTS}/figures/layer_budget/{{network}}.svg",
            caption="../reports/captions/layer_budget.rst",
            category="6 Layers",
            labels={"network": "{network}", "figure": "accuracy against cost"},
        ),
        png=f"{RESULTS}/figures/layer_budget/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_layer_budget/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("layer_budget", wc.network),
        code=code_of("plot_layer_budget"),
    message:
        "Drawing where {wildcards.network} spends spikes best"
    script:
        "../scripts/plot_layer_budget.py"
