# Why: does the gain from scaling a layer follow its firing rate, or its place?


rule transfer_rates:
    input:
        dataset=dataset_of,
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
    output:
        table=f"{RESULTS}/rate_transfer/{{network}}/seed{{seed}}.csv",
        metadata=f"{RESULTS}/rate_transfer/{{network}}/seed{{seed}}.metadata.json",
    log:
        f"{RESULTS}/logs/transfer_rates/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/transfer_rates/{{network}}/seed{{seed}}.tsv"
    priority: 5
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=rate_transfer_slice(),
        code=code_of("transfer_rates"),
    message:
        "Giving layers of {wildcards.network} other rates (seed {wildcards.seed})"
    script:
        "../scripts/transfer_rates.py"


rule relate_gain_to_rate:
    input:
        transfer=of_layer_scaling("rate_transfer/{network}/seed{seed}.csv"),
    output:
        benefit=report(
            f"{RESULTS}/rate_transfer/benefit.csv",
            caption="../reports/captions/benefit.rst",
            category="7 Why",
            labels={"table": "gain and rate"},
        ),
        metadata=f"{RESULTS}/rate_transfer/benefit.metadata.json",
    log:
        f"{RESULTS}/logs/relate_gain_to_rate.log",
    benchmark:
        f"{RESULTS}/benchmarks/relate_gain_to_rate.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=rate_benefit_slice(),
        code=code_of("relate_gain_to_rate"),
    message:
        "Relating the gain from scaling to the firing rate"
    script:
        "../scripts/relate_gain_to_rate.py"


rule plot_gain_and_rate:
    input:
        transfer=of_layer_scaling("rate_transfer/{network}/seed{seed}.csv"),
        benefit=f"{RESULTS}/rate_transfer/benefit.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/gain_and_rate.svg",
            caption="../reports/captions/gain_and_rate.rst",
            category="7 Why",
            labels={"figure": "gain and rate"},
        ),
        png=f"{RESULTS}/figures/gain_and_rate.png",
    log:
        f"{RESULTS}/logs/plot_gain_and_rate.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("gain_and_rate"),
        code=code_of("plot_gain_and_rate"),
    message:
        "Drawing gain against firing rate"
    script:
        "../scripts/plot_gain_and_rate.py"


rule plot_rate_transfer:
    input:
        transfer=lambda wc: of_seeds(
            "rate_transfer/{network}/seed{seed}.csv", [wc.network]
        ),
        benefit=f"{RESULTS}/rate_transfer/benefit.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/rate_transfer/{{network}}.svg",
            caption="../reports/captions/rate_transfer.rst",
            category="7 Why",
            labels={"network": "{network}", "figure": "rate or place"},
        ),
        png=f"{RESULTS}/figures/rate_transfer/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_rate_transfer/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("rate_transfer", wc.network),
        code=code_of("plot_rate_transfer"),
    message:
        "Drawing where the gain of {wildcards.network} goes"
    script:
        "../scripts/plot_rate_transfer.py"
