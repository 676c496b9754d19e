# Trained networks: trained here from a seed, or imported from a user's Keras file.

FROM_FILES = [name for name in NETWORKS if "file" in config["networks"][name]]
ADAPTED = [name for name in FROM_FILES if "adapt" in config["networks"][name]]
IMPORTED = [name for name in FROM_FILES if name not in ADAPTED]
TRAINED = [name for name, entry in config["networks"].items() if "file" not in entry]
# What the rules give their scripts that take in a user's file.
OF_A_FILE = {
    "config": lambda wc: slices.training_slice(config, wc.network),
    "seed": lambda wc: int(wc.seed),
    "file": lambda wc: slices.file_of(config, wc.network, int(wc.seed)),
    "content": lambda wc: content_of(
        [slices.file_of(config, wc.network, int(wc.seed))]
    ),
}
# Networks of the study that have learning curves.
LEARNED = [name for name in NETWORKS if name not in IMPORTED]

TRAINED_FILES = {
    "model": f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
    "history": f"{RESULTS}/networks/{{network}}/seed{{seed}}/history.csv",
    "accuracy": f"{RESULTS}/networks/{{network}}/seed{{seed}}/accuracy.csv",
    "metadata": f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
}
TRAINING_PARAMS = {
    "config": lambda wc: slices.training_slice(config, wc.network),
    "code": lambda wc: code_of(
        "train_network", slices.architecture_module(config, wc.network)
    ),
}


rule train_network:
    input:
        dataset=dataset_of,
    output:
        **TRAINED_FILES,
    log:
        f"{RESULTS}/logs/train_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(TRAINED),
    # The longest jobs first: short ones fill the end.
    priority: 10
    conda:
        "../envs/environment.yaml"
    threads: lambda wc: slices.training_threads(config, wc.network)
    resources:
        mem_mb=2000,
        runtime=480,
    params:
        **TRAINING_PARAMS,
        seeds=the_seed,
    message:
        "Training {wildcards.network} (seed {wildcards.seed})"
    script:
        "../scripts/train_network.py"


rule import_network:
    input:
        dataset=dataset_of,
    output:
        model=f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
        accuracy=f"{RESULTS}/networks/{{network}}/seed{{seed}}/accuracy.csv",
        metadata=f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
    log:
        f"{RESULTS}/logs/import_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/import_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(IMPORTED),
    # Before trainings: what a user brings is refused early if at all.
    priority: 20
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2500,
    params:
        **OF_A_FILE,
        code=code_of("import_network"),
    message:
        "Importing {wildcards.network} from {params.file}"
    script:
        "../scripts/import_network.py"


rule adapt_network:
    input:
        dataset=dataset_of,
    output:
        **TRAINED_FILES,
        replaced=f"{RESULTS}/networks/{{network}}/seed{{seed}}/replaced_layers.csv",
    log:
        f"{RESULTS}/logs/adapt_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/adapt_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(ADAPTED),
    priority: 20
    conda:
        "../envs/environment.yaml"
    # One thread, as in trainings.
    resources:
        mem_mb=2500,
        runtime=480,
    params:
        **OF_A_FILE,
        code=code_of("adapt_network"),
    message:
        "Adapting {wildcards.network} from {params.file}"
    script:
        "../scripts/adapt_network.py"


use rule plot_figure as plot_learning_curves with:
    input:
        history=of_seeds("networks/{network}/seed{seed}/history.csv", LEARNED),
    output:
        **figure_files("learning_curves"),
    log:
        figure_log("learning_curves"),
    params:
        **figure_params("learning_curves"),
