# Proof, in each run, that the fast engine does what NengoDL does.


rule compare_engines:
    input:
        dataset=dataset_of,
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
    output:
        agreement=f"{RESULTS}/agreement/{{network}}/seed{{seed}}.csv",
        metadata=f"{RESULTS}/agreement/{{network}}/seed{{seed}}.metadata.json",
    log:
        f"{RESULTS}/logs/compare_engines/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_engines/{{network}}/seed{{seed}}.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2500,
    params:
        config=lambda wc: agreement_slice(wc.network),
        code=code_of("compare_engines"),
    message:
        "Comparing both engines on {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/compare_engines.py"


rule benchmark_engines:
    input:
        networks=lambda wc: of_first_seeds("snn/{network}/seed{seed}/network.npz"),
        datasets=lambda wc: [
            f"{DATA}/{dataset_name(network)}.npz" for network in NETWORKS
        ],
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
        "Measuring both engines (5 to 10 minutes)"
    script:
        "../scripts/benchmark_engines.py"
