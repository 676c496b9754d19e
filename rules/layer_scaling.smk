# Which layers should fire faster: each subset of them, at the same factor and at the same cost.

SUBSETS = "layer_scaling/{network}/seed{seed}"


use rule run_study as run_layer_scaling with:
    input:
        **SPIKING_NETWORK,
        # Names in more_subsets are looked up there; nothing else needs it.
        layers=lambda wc: (
            of_first_seeds("snn/{network}/seed{seed}/layers.csv")
            if slices.section_of(config, "layer_scaling", wc.network)["more_subsets"]
            else []
        ),
    output:
        scaling=f"{RESULTS}/{SUBSETS}.csv",
        layers=f"{RESULTS}/{SUBSETS}_layers.csv",
        answers=f"{RESULTS}/{SUBSETS}_answers.npz",
        metadata=f"{RESULTS}/{SUBSETS}.metadata.json",
    log:
        f"{RESULTS}/logs/run_layer_scaling/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_layer_scaling/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "layer_scaling",
            lambda wc: slices.simulation_slice(config, "layer_scaling", wc.network),
        ),
    message:
        "Scaling layers of {wildcards.network} (seed {wildcards.seed})"


use rule make_tables as match_budgets with:
    input:
        scaling=seeds_of_network(f"{SUBSETS}.csv"),
        answers=seeds_of_network(f"{SUBSETS}_answers.npz"),
    output:
        matched=f"{RESULTS}/layer_scaling/{{network}}/matched.csv",
        contrast=report(
            f"{RESULTS}/layer_scaling/{{network}}/early_late.csv",
            caption="../reports/captions/early_late.rst",
            category=parts.category_of("layer_scaling"),
            labels={"network": "{network}", "table": "early and late layers"},
        ),
    log:
        f"{RESULTS}/logs/match_budgets/{{network}}.log",
    params:
        **table_params("layer_scaling.budgets", slices.confidence_slice(config)),
    message:
        "Matching the cost of subsets of layers of {wildcards.network}"


use rule plot_figure as plot_subset_matrix with:
    input:
        scaling=seeds_of_network(f"{SUBSETS}.csv"),
        matched=f"{RESULTS}/layer_scaling/{{network}}/matched.csv",
    output:
        **figure_files("subset_matrix"),
    log:
        figure_log("subset_matrix"),
    params:
        **figure_params("subset_matrix"),


use rule plot_figure as plot_layer_budget with:
    input:
        scaling=seeds_of_network(f"{SUBSETS}.csv"),
    output:
        **figure_files("layer_budget"),
    log:
        figure_log("layer_budget"),
    params:
        **figure_params("layer_budget"),
