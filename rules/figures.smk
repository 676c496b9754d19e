# Every figure: drawn from tables, without TensorFlow, so that a new title takes seconds.


rule plot_dataset_examples:
    input:
        dataset=f"{DATA}/{{dataset}}.npz",
    output:
        svg=report(
            f"{RESULTS}/figures/dataset_examples/{{dataset}}.svg",
            caption="../reports/captions/dataset_examples.rst",
            category="1 Data",
            labels={"dataset": "{dataset}", "figure": "examples"},
        ),
        png=f"{RESULTS}/figures/dataset_examples/{{dataset}}.png",
    log:
        f"{RESULTS}/logs/plot_dataset_examples/{{dataset}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("dataset_examples", wc.dataset),
        code=code_of("plot_dataset_examples"),
    message:
        "Drawing examples of {wildcards.dataset}"
    script:
        "../scripts/plot_dataset_examples.py"


rule plot_learning_curves:
    input:
        history=history_csvs(),
    output:
        svg=report(
            f"{RESULTS}/figures/learning_curves.svg",
            caption="../reports/captions/learning_curves.rst",
            category="2 Training",
            labels={"figure": "learning curves"},
        ),
        png=f"{RESULTS}/figures/learning_curves.png",
    log:
        f"{RESULTS}/logs/plot_learning_curves.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("learning_curves"),
        code=code_of("plot_learning_curves"),
    message:
        "Drawing the learning curves"
    script:
        "../scripts/plot_learning_curves.py"


rule plot_sweep_heatmap:
    input:
        sweeps=sweep_csvs,
    output:
        svg=report(
            f"{RESULTS}/figures/sweep_heatmap/{{network}}.svg",
            caption="../reports/captions/sweep_heatmap.rst",
            category="3 Synapse and scaling",
            labels={"network": "{network}", "figure": "heatmap"},
        ),
        png=f"{RESULTS}/figures/sweep_heatmap/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_sweep_heatmap/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("sweep_heatmap", wc.network),
        code=code_of("plot_sweep_heatmap"),
    message:
        "Drawing the sweep of {wildcards.network}"
    script:
        "../scripts/plot_sweep_heatmap.py"


rule plot_accuracy_and_cost:
    input:
        sweeps=sweep_csvs,
    output:
        svg=report(
            f"{RESULTS}/figures/accuracy_and_cost/{{network}}.svg",
            caption="../reports/captions/accuracy_and_cost.rst",
            category="3 Synapse and scaling",
            labels={"network": "{network}", "figure": "accuracy and cost"},
        ),
        png=f"{RESULTS}/figures/accuracy_and_cost/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_accuracy_and_cost/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("accuracy_and_cost", wc.network),
        code=code_of("plot_accuracy_and_cost"),
    message:
        "Drawing accuracy and cost of {wildcards.network}"
    script:
        "../scripts/plot_accuracy_and_cost.py"


rule plot_accuracy_over_time:
    input:
        over_time=over_time_csvs,
        sweeps=sweep_csvs,
    output:
        svg=report(
            f"{RESULTS}/figures/accuracy_over_time/{{network}}.svg",
            caption="../reports/captions/accuracy_over_time.rst",
            category="3 Synapse and scaling",
            labels={"network": "{network}", "figure": "accuracy over time"},
        ),
        png=f"{RESULTS}/figures/accuracy_over_time/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_accuracy_over_time/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("accuracy_over_time", wc.network),
        code=code_of("plot_accuracy_over_time"),
    message:
        "Drawing the accuracy of {wildcards.network} over time"
    script:
        "../scripts/plot_accuracy_over_time.py"


rule plot_firing_rates:
    input:
        rates=rate_csvs,
        histogram=rate_histogram_csvs,
    output:
        svg=report(
            f"{RESULTS}/figures/firing_rates/{{network}}.svg",
            caption="../reports/captions/firing_rates.rst",
            category="4 Firing rates",
            labels={"network": "{network}", "figure": "rates"},
        ),
        png=f"{RESULTS}/figures/firing_rates/{{network}}.png",
    log:
        f"{RESULTS}/logs/plot_firing_rates/{{network}}.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=lambda wc: figure_slice("firing_rates", wc.network),
        code=code_of("plot_firing_rates"),
    message:
        "Drawing the firing rates of {wildcards.network}"
    script:
        "../scripts/plot_firing_rates.py"


rule plot_engine_agreement:
    input:
        agreement=agreement_csvs(),
    output:
        svg=report(
            f"{RESULTS}/figures/engine_agreement.svg",
            caption="../reports/captions/engine_agreement.rst",
            category="5 Engines",
            labels={"figure": "agreement"},
        ),
        png=f"{RESULTS}/figures/engine_agreement.png",
    log:
        f"{RESULTS}/logs/plot_engine_agreement.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("engine_agreement"),
        code=code_of("plot_engine_agreement"),
    message:
        "Drawing how closely the engines agree"
    script:
        "../scripts/plot_engine_agreement.py"
