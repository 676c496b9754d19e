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


rule benchmark_engines:
    input:
        networks=of_first_seeds("snn/{network}/seed{seed}/network.npz"),
        datasets=[dataset_file(network) for network in NETWORKS],
    output:
        table=f"{RESULTS}/engines.csv",
    log:
        f"{RESULTS}/logs/benchmark_engines.log",
    conda:
        "../envs/environment.yaml"
    # All other jobs come before it, so nothing disturbs the measurement.
    threads: 2
    resources:
        mem_mb=3000,
    params:
        names=NETWORKS,
        code=code_of("benchmark_engines"),
    message:
        "Measuring both engines with all neurons (many minutes)"
    script:
        "../scripts/benchmark_engines.py"
