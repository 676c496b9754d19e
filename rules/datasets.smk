# Datasets: one verified file each, wherever they came from.

from spikesweep.data.contents import content_of
from spikesweep.data.user_files import user_files


rule prepare_dataset:
    output:
        dataset="results/data/{dataset}.npz",
        summary="results/data/{dataset}.csv",
        metadata="results/data/{dataset}.metadata.json",
    log:
        "results/logs/prepare_dataset/{dataset}.log",
    benchmark:
        "results/benchmarks/prepare_dataset/{dataset}.tsv"
    # First, so that a mistake in a user's files is found before anything is trained.
    priority: 20
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
    params:
        config=lambda wildcards: slices.dataset_slice(config, wildcards.dataset),
        code=code_of("prepare_dataset"),
        # Not their times, and as no inputs, whose names would be patterns.
        content=lambda wildcards: content_of(
            user_files(config["datasets"][wildcards.dataset])
        ),
        # Verified downloads stay here: reading them again needs no network.
        raw_folder="results/data/raw/{dataset}",
    message:
        "Preparing the dataset {wildcards.dataset}"
    script:
        "../scripts/prepare_dataset.py"


use rule plot_figure as plot_dataset_examples with:
    input:
        dataset=f"{DATA}/{{dataset}}.npz",
    output:
        **figure_files("dataset_examples"),
    log:
        figure_log("dataset_examples"),
    params:
        **figure_params("dataset_examples"),
