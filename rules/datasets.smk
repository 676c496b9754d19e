"""Datasets: one verified file each, whatever they came from."""


rule prepare_dataset:
    input:
        dataset_files,
    output:
        dataset="results/data/{dataset}.npz",
        summary="results/data/{dataset}.csv",
        metadata="results/data/{dataset}.metadata.json",
    log:
        "results/logs/prepare_dataset/{dataset}.log",
    benchmark:
        "results/benchmarks/prepare_dataset/{dataset}.tsv"
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wildcards: dataset_slice(wildcards.dataset),
        code=code_of("prepare_dataset"),
        # Verified downloads stay here: reading them again needs no network.
        raw_folder="results/data/raw/{dataset}",
    message:
        "Preparing the dataset {wildcards.dataset}"
    script:
        "../scripts/prepare_dataset.py"
