# Trained networks: trained here from a seed, or taken in from a user's Keras file.


rule train_network:
    input:
        dataset=dataset_of,
    output:
        model=f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
        history=f"{RESULTS}/networks/{{network}}/seed{{seed}}/history.csv",
        accuracy=f"{RESULTS}/networks/{{network}}/seed{{seed}}/accuracy.csv",
        metadata=f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
    log:
        f"{RESULTS}/logs/train_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(TRAINED_NETWORKS),
    # The longest jobs first: short ones fill the end.
    priority: 10
    conda:
        "../envs/environment.yaml"
    # One, whatever the machine has: with more, the same seed gives other weights.
    threads: 1
    resources:
        mem_mb=2000,
    params:
        config=lambda wc: training_slice(wc.network),
        seed=lambda wc: int(wc.seed),
        code=code_of("train_network"),
    message:
        "Training {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/train_network.py"


rule import_network:
    input:
        dataset=dataset_of,
        file=network_file_of,
    output:
        model=f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
        accuracy=f"{RESULTS}/networks/{{network}}/seed{{seed}}/accuracy.csv",
        metadata=f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
    log:
        f"{RESULTS}/logs/import_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/import_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(IMPORTED_NETWORKS),
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2500,
    params:
        config=lambda wc: training_slice(wc.network),
        seed=lambda wc: int(wc.seed),
        code=code_of("import_network"),
    message:
        "Taking in {wildcards.network} from {input.file}"
    script:
        "../scripts/import_network.py"
