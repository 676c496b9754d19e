# What rules of one kind have in common: `use rule` makes each of them from one of these.


# Draws from tables, without TensorFlow, so that a new title takes seconds.
rule plot_figure:
    log:
        f"{RESULTS}/logs/plot_figure.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=700,
    message:
        "Drawing {output.svg}"
    script:
        "../scripts/plot_figure.py"


# Makes tables from tables, by the function of the rule's name.
rule make_tables:
    log:
        f"{RESULTS}/logs/make_tables.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=700,
    script:
        "../scripts/make_tables.py"


# Simulates one spiking network, once per network and seed.
rule run_study:
    log:
        f"{RESULTS}/logs/run_study.log",
    # Long jobs first: short ones fill the end.
    priority: 5
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=480,
    script:
        "../scripts/run_study.py"
