# Verdicts on the claims of the original study.


use rule make_tables as judge_findings with:
    input:
        sweeps=of_seeds(f"{SWEEP}.csv"),
        sweep_answers=of_seeds(f"{SWEEP}_answers.npz"),
        pruning=of_part("pruning", [f"{RESULTS}/pruning/accuracy.csv"]),
        settling=of_part("settling", of_seeds(f"{SETTLING}.csv")),
        settling_answers=of_part("settling", of_seeds(f"{SETTLING}_answers.npz")),
        standard=of_part("neuron_cost", of_seeds(f"{NEURON_COST}_standard.csv")),
        standard_answers=of_part(
            "neuron_cost", of_seeds(f"{NEURON_COST}_standard_answers.npz")
        ),
        layers=of_part("layer_scaling", of_seeds(f"{SUBSETS}.csv")),
        layer_answers=of_part("layer_scaling", of_seeds(f"{SUBSETS}_answers.npz")),
        matched=of_part(
            "layer_scaling",
            expand(
                f"{RESULTS}/layer_scaling/{{network}}/matched.csv", network=NETWORKS
            ),
        ),
        rates=of_part("rate_transfer", of_seeds(f"{TRANSFER}.csv")),
        rate_answers=of_part("rate_transfer", of_seeds(f"{TRANSFER}_answers.npz")),
    output:
        findings=report(
            f"{RESULTS}/findings.csv",
            caption="../reports/captions/findings.rst",
            category=parts.category_of("findings"),
            labels={"table": "verdicts"},
        ),
        uncertainty=report(
            f"{RESULTS}/uncertainty.csv",
            caption="../reports/captions/uncertainty.rst",
            category=parts.category_of("findings"),
            labels={"table": "uncertainty"},
        ),
    log:
        f"{RESULTS}/logs/judge_findings.log",
    benchmark:
        f"{RESULTS}/benchmarks/judge_findings.tsv"
    params:
        **table_params("findings.table", slices.findings_slice(config)),
    message:
        "Judging the claims of the original study"


use rule plot_figure as plot_findings with:
    input:
        findings=f"{RESULTS}/findings.csv",
    output:
        **figure_files("findings"),
    log:
        figure_log("findings"),
    params:
        **figure_params("findings"),


use rule plot_figure as plot_uncertainty with:
    input:
        uncertainty=f"{RESULTS}/uncertainty.csv",
    output:
        **figure_files("uncertainty"),
    log:
        figure_log("uncertainty"),
    params:
        **figure_params("uncertainty"),
