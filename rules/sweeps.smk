# Accuracy and cost of each spiking network over synapse and firing-rate scale.


rule sweep_synapse_and_scaling:
    input:
        dataset=dataset_of,
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
    output:
        settings=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/seed{{seed}}.csv",
        over_time=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/seed{{seed}}_over_time.csv",
        layers=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/seed{{seed}}_layers.csv",
        metadata=f"{RESULTS}/sweeps/synapse_and_scaling/{{network}}/seed{{seed}}.metadata.json",
    log:
        f"{RESULTS}/logs/sweep_synapse_and_scaling/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/sweep_synapse_and_scaling/{{network}}/seed{{seed}}.tsv"
    priority: 5
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: sweep_slice(wc.network),
        code=code_of("sweep_synapse_and_scaling"),
    message:
        "Sweeping synapse and scale of {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/sweep_synapse_and_scaling.py"


rule compare_with_published:
    input:
        sweeps=lambda wc: published_sweeps(""),
        over_time=lambda wc: published_sweeps("_over_time"),
    output:
        comparison=report(
            f"{RESULTS}/published_comparison.csv",
            caption="../reports/captions/published_comparison.rst",
            category="3 Synapse and scaling",
            labels={"table": "published accuracies"},
        ),
    log:
        f"{RESULTS}/logs/compare_with_published.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=published_slice(),
        code=code_of("compare_with_published"),
    message:
        "Comparing with published accuracies"
    script:
        "../scripts/compare_with_published.py"
