# What it does that spikes on the skip paths of residual networks arrive early.

SKIP_PATHS = "skip_paths/{network}/seed{seed}"


use rule run_study as run_skip_paths with:
    input:
        **SPIKING_NETWORK,
    output:
        table=f"{RESULTS}/{SKIP_PATHS}.csv",
        answers=f"{RESULTS}/{SKIP_PATHS}_answers.npz",
        metadata=f"{RESULTS}/{SKIP_PATHS}.metadata.json",
    log:
        f"{RESULTS}/logs/run_skip_paths/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_skip_paths/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "skip_paths",
            lambda wc: slices.simulation_slice(config, "skip_paths", wc.network),
        ),
    message:
        "Relaying the skip paths of {wildcards.network} (seed {wildcards.seed})"


use rule make_tables as compare_paths with:
    input:
        skip_paths=of_seeds(f"{SKIP_PATHS}.csv", RESIDUAL),
        answers=of_seeds(f"{SKIP_PATHS}_answers.npz", RESIDUAL),
    output:
        gained=report(
            f"{RESULTS}/skip_paths/gained.csv",
            caption="../reports/captions/skip_paths.rst",
            category=parts.category_of("skip_paths"),
            labels={"table": "gain of early arrival"},
        ),
    log:
        f"{RESULTS}/logs/compare_paths.log",
    params:
        **table_params("skip_paths.early_arrival", slices.confidence_slice(config)),
    message:
        "Comparing skip paths with relayed ones"


use rule plot_figure as plot_skip_paths with:
    input:
        gained=f"{RESULTS}/skip_paths/gained.csv",
    output:
        **figure_files("skip_paths"),
    log:
        figure_log("skip_paths"),
    params:
        **figure_params("skip_paths"),
