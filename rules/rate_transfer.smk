# Does the gain from scaling a layer follow its firing rate or its depth?

TRANSFER = "rate_transfer/{network}/seed{seed}"


use rule run_study as run_rate_transfer with:
    input:
        **SPIKING_NETWORK,
    output:
        table=f"{RESULTS}/{TRANSFER}.csv",
        answers=f"{RESULTS}/{TRANSFER}_answers.npz",
        metadata=f"{RESULTS}/{TRANSFER}.metadata.json",
    log:
        f"{RESULTS}/logs/run_rate_transfer/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_rate_transfer/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "rate_transfer",
            lambda wc: slices.simulation_slice(config, "rate_transfer", wc.network),
        ),
    message:
        "Changing the firing rates of {wildcards.network} (seed {wildcards.seed})"


use rule make_tables as relate_gain_to_rate with:
    input:
        transfer=of_seeds(f"{TRANSFER}.csv"),
        answers=of_seeds(f"{TRANSFER}_answers.npz"),
    output:
        benefit=report(
            f"{RESULTS}/rate_transfer/benefit.csv",
            caption="../reports/captions/benefit.rst",
            category=parts.category_of("rate_transfer"),
            labels={"table": "gain and rate"},
        ),
        metadata=f"{RESULTS}/rate_transfer/benefit.metadata.json",
    log:
        f"{RESULTS}/logs/relate_gain_to_rate.log",
    benchmark:
        f"{RESULTS}/benchmarks/relate_gain_to_rate.tsv"
    params:
        **table_params("rate_transfer.benefit", slices.rate_benefit_slice(config)),
    message:
        "Relating the gain from scaling to the firing rate"


use rule plot_figure as plot_gain_and_rate with:
    input:
        transfer=of_seeds(f"{TRANSFER}.csv"),
        benefit=f"{RESULTS}/rate_transfer/benefit.csv",
    output:
        **figure_files("gain_and_rate"),
    log:
        figure_log("gain_and_rate"),
    params:
        **figure_params("gain_and_rate"),


use rule plot_figure as plot_rate_transfer with:
    input:
        transfer=seeds_of_network(f"{TRANSFER}.csv"),
        benefit=f"{RESULTS}/rate_transfer/benefit.csv",
    output:
        **figure_files("rate_transfer"),
    log:
        figure_log("rate_transfer"),
    params:
        **figure_params("rate_transfer"),
