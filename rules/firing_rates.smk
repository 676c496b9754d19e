# How fast the neurons of each layer fire, before and after scaling.

RATES = "firing_rates/{network}/seed{seed}"


use rule run_study as run_firing_rates with:
    input:
        **SPIKING_NETWORK,
    output:
        rates=f"{RESULTS}/{RATES}.csv",
        histogram=f"{RESULTS}/{RATES}_histogram.csv",
        outcomes=f"{RESULTS}/{RATES}_outcomes.csv",
        metadata=f"{RESULTS}/{RATES}.metadata.json",
    log:
        f"{RESULTS}/logs/run_firing_rates/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_firing_rates/{{network}}/seed{{seed}}.tsv"
    params:
        **study_params(
            "firing_rates", lambda wc: slices.firing_rates_slice(config, wc.network)
        ),
    message:
        "Probing the firing rates of {wildcards.network} (seed {wildcards.seed})"


use rule plot_figure as plot_firing_rates with:
    input:
        rates=seeds_of_network(f"{RATES}.csv"),
        histogram=seeds_of_network(f"{RATES}_histogram.csv"),
    output:
        **figure_files("firing_rates"),
    log:
        figure_log("firing_rates"),
    params:
        **figure_params("firing_rates"),


use rule plot_figure as plot_rate_outcomes with:
    input:
        outcomes=seeds_of_network(f"{RATES}_outcomes.csv"),
    output:
        **figure_files("rate_outcomes"),
    log:
        figure_log("rate_outcomes"),
    params:
        **figure_params("rate_outcomes"),


use rule plot_figure as plot_network_graph with:
    input:
        layers=lambda wc: SPIKING_FILES["layers"].format(
            network=wc.network, seed=slices.seeds_of(config, wc.network)[0]
        ),
        rates=seeds_of_network(f"{RATES}.csv"),
        recommended=lambda wc: of_part(
            "recommendation",
            [f"{RESULTS}/{FOUND}_layers.csv".format(network=wc.network)],
        ),
    output:
        **figure_files("network_graph"),
    log:
        figure_log("network_graph"),
    params:
        **figure_params("network_graph"),
