# Which synapse is best when images are shown for longer and longer.

SETTLING = "settling/{network}/seed{seed}"


use rule run_study as run_settling with:
    input:
        **SPIKING_NETWORK,
    output:
        settling=f"{RESULTS}/{SETTLING}.csv",
        answers=f"{RESULTS}/{SETTLING}_answers.npz",
        metadata=f"{RESULTS}/{SETTLING}.metadata.json",
    log:
        f"{RESULTS}/logs/run_settling/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_settling/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "settling",
            lambda wc: slices.simulation_slice(config, "settling", wc.network),
        ),
    message:
        "Showing images to {wildcards.network} (seed {wildcards.seed}) for longer"


use rule make_tables as find_best_synapses with:
    input:
        settling=of_seeds(f"{SETTLING}.csv"),
        answers=of_seeds(f"{SETTLING}_answers.npz"),
    output:
        best=report(
            f"{RESULTS}/settling/best_synapse.csv",
            caption="../reports/captions/best_synapse.rst",
            category=parts.category_of("settling"),
            labels={"table": "best synapse"},
        ),
    log:
        f"{RESULTS}/logs/find_best_synapses.log",
    params:
        **table_params("settling.best_synapse", slices.confidence_slice(config)),
    message:
        "Finding the best synapse after each presentation time"


use rule plot_figure as plot_settling with:
    input:
        settling=seeds_of_network(f"{SETTLING}.csv"),
    output:
        **figure_files("settling"),
    log:
        figure_log("settling"),
    params:
        **figure_params("settling"),


use rule plot_figure as plot_best_synapse with:
    input:
        best=f"{RESULTS}/settling/best_synapse.csv",
    output:
        **figure_files("best_synapse"),
    log:
        figure_log("best_synapse"),
    params:
        **figure_params("best_synapse"),
