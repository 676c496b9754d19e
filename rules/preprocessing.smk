# Techniques against overfitting: their networks are trained, converted and swept as any other.

from spikesweep.training.techniques import image_settings


rule tabulate_preprocessing:
    input:
        history=of_seeds("networks/{network}/seed{seed}/history.csv", PREPROCESSED),
        accuracy=of_seeds("networks/{network}/seed{seed}/accuracy.csv", PREPROCESSED),
        metadata=of_seeds("networks/{network}/seed{seed}/metadata.json", PREPROCESSED),
        sweeps=of_converted_seeds(
            "sweeps/synapse_and_scaling/{network}/seed{seed}.csv", PREPROCESSED
        ),
    output:
        ranking=report(
            f"{RESULTS}/preprocessing/ranking.csv",
            caption="../reports/captions/preprocessing_ranking.rst",
            category="8 Preprocessing",
            labels={"table": "ranking"},
        ),
        gap=f"{RESULTS}/preprocessing/gap.csv",
        spiking=report(
            f"{RESULTS}/preprocessing/spiking.csv",
            caption="../reports/captions/preprocessing_spiking.rst",
            category="8 Preprocessing",
            labels={"table": "as spiking networks"},
        ),
        # Seconds: the one table that another run does not give again.
        cost=report(
            f"{RESULTS}/preprocessing/cost.csv",
            caption="../reports/captions/preprocessing_cost.rst",
            category="8 Preprocessing",
            labels={"table": "cost of training"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_preprocessing.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_preprocessing.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=preprocessing_slice(),
        code=code_of("tabulate_preprocessing"),
    message:
        "Comparing the preprocessing techniques"
    script:
        "../scripts/tabulate_preprocessing.py"


rule plot_preprocessing_examples:
    input:
        datasets=sorted({f"{DATA}/{dataset_name(name)}.npz" for name in PREPROCESSED}),
    output:
        svg=report(
            f"{RESULTS}/figures/preprocessing_examples.svg",
            caption="../reports/captions/preprocessing_examples.rst",
            category="8 Preprocessing",
            labels={"figure": "examples"},
        ),
        png=f"{RESULTS}/figures/preprocessing_examples.png",
    log:
        f"{RESULTS}/logs/plot_preprocessing_examples.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        config=figure_slice("preprocessing_examples"),
        variants={
            name: {
                "dataset": f"{DATA}/{dataset_name(name)}.npz",
                "entry": image_settings(training_slice(name)),
                "seed": seeds_of(name)[0],
            }
            for name in PREPROCESSED
        },
        code=code_of("plot_preprocessing_examples"),
    message:
        "Drawing what networks see under each technique"
    script:
        "../scripts/plot_preprocessing_examples.py"


rule plot_preprocessing_gap:
    input:
        gap=f"{RESULTS}/preprocessing/gap.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/preprocessing_gap.svg",
            caption="../reports/captions/preprocessing_gap.rst",
            category="8 Preprocessing",
            labels={"figure": "overfitting"},
        ),
        png=f"{RESULTS}/figures/preprocessing_gap.png",
    log:
        f"{RESULTS}/logs/plot_preprocessing_gap.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("preprocessing_gap"),
        code=code_of("plot_preprocessing_gap"),
    message:
        "Drawing overfitting under each technique"
    script:
        "../scripts/plot_preprocessing_gap.py"


rule plot_preprocessing_ranking:
    input:
        ranking=f"{RESULTS}/preprocessing/ranking.csv",
    output:
        svg=report(
            f"{RESULTS}/figures/preprocessing_ranking.svg",
            caption="../reports/captions/preprocessing_ranking.rst",
            category="8 Preprocessing",
            labels={"figure": "ranking"},
        ),
        png=f"{RESULTS}/figures/preprocessing_ranking.png",
    log:
        f"{RESULTS}/logs/plot_preprocessing_ranking.log",
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=700,
    params:
        config=figure_slice("preprocessing_ranking"),
        code=code_of("plot_preprocessing_ranking"),
    message:
        "Drawing the techniques in their order"
    script:
        "../scripts/plot_preprocessing_ranking.py"
