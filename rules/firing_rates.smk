# How fast the neurons of each layer fire, before and after scaling.


rule probe_firing_rates:
    input:
        dataset=dataset_of,
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
    output:
        rates=f"{RESULTS}/firing_rates/{{network}}/seed{{seed}}.csv",
        histogram=f"{RESULTS}/firing_rates/{{network}}/seed{{seed}}_histogram.csv",
        outcomes=f"{RESULTS}/firing_rates/{{network}}/seed{{seed}}_outcomes.csv",
        metadata=f"{RESULTS}/firing_rates/{{network}}/seed{{seed}}.metadata.json",
    log:
        f"{RESULTS}/logs/probe_firing_rates/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/probe_firing_rates/{{network}}/seed{{seed}}.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: firing_rates_slice(wc.network),
        code=code_of("probe_firing_rates"),
    message:
        "Probing the firing rates of {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/probe_firing_rates.py"


rule plot_rate_outcomes:
    input:
        outcomes=lambda wc: of_seeds(
            "firing_rates/{network}/seed{seed}_outcomes.csv", [wc.network]
        ),
    output:
        svg=report(
            f"{RESULTS}/figures/rate_outcomes/{{network}}.svg",
            caption="../reports/captions/rate_outcomes.rst",
            category="4 Firing rates",
            labels={"network": "{network}", "figure": "correct and wrong images"},
        ),
        png=f"{RESULTS}/figures/rate_outcomes/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_rate_outcomes/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("rate_outcomes", wc.network),
        code=code_of("plot_rate_outcomes"),
    message:
        "Drawing the rates of {wildcards.network} on correct and wrong images"
    script:
        "../scripts/plot_rate_outcomes.py"
