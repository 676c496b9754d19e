# Proof, in each run, that the fast engine does what NengoDL does; and how much faster it is. One
# seed of each network is enough: another has other weights, but the same layers.

AGREEMENT = "agreement/{network}/seed{seed}"


use rule run_study as run_engine_agreement with:
    input:
        **SPIKING_NETWORK,
    output:
        agreement=f"{RESULTS}/{AGREEMENT}.csv",
        metadata=f"{RESULTS}/{AGREEMENT}.metadata.json",
    log:
        f"{RESULTS}/logs/run_engine_agreement/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_engine_agreement/{{network}}/seed{{seed}}.tsv"
    resources:
        mem_mb=2500,
        runtime=480,
    params:
        **study_params(
            "engine_agreement", lambda wc: slices.agreement_slice(config, wc.network)
        ),
    message:
        "Comparing both engines on {wildcards.network} (seed {wildcards.seed})"


use rule plot_figure as plot_engine_agreement with:
    input:
        agreement=of_first_seeds(f"{AGREEMENT}.csv"),
    output:
        **figure_files("engine_agreement"),
    log:
        figure_log("engine_agreement"),
    params:
        **figure_params("engine_agreement"),


# A network each, so that a measurement that was interrupted goes on with the next one.
rule benchmark_network:
    input:
        network=lambda wc: of_seeds(
            "snn/{network}/seed{seed}/network.npz", [wc.network]
        )[0],
        dataset=dataset_of,
    output:
        table=f"{RESULTS}/engines/{{network}}.csv",
    log:
        f"{RESULTS}/logs/benchmark_network/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    # All other jobs come before it, so nothing disturbs the measurement.
    threads: 2
    resources:
        mem_mb=3000,
    params:
        code=code_of("benchmark_network"),
    message:
        "Measuring both engines on {wildcards.network} with all neurons (minutes)"
    script:
        "../scripts/benchmark_network.py"


use rule make_tables as benchmark_engines with:
    input:
        tables=[f"{RESULTS}/engines/{network}.csv" for network in NETWORKS],
    output:
        table=f"{RESULTS}/engines.csv",
    log:
        f"{RESULTS}/logs/benchmark_engines.log",
    params:
        config=None,
        module="spikesweep.benchmarks.joined",
        code=code_of("make_tables", "spikesweep.benchmarks.joined"),
