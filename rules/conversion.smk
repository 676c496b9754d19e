# From a Keras model to a SpikingNetwork, through NengoDL's Converter.

CONVERTED_FROM = {
    "model": f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
    "trained": f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
}
SPIKING_FILES = {
    "network": f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
    "ann_classes": f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
    "layers": f"{RESULTS}/snn/{{network}}/seed{{seed}}/layers.csv",
    "costs": f"{RESULTS}/snn/{{network}}/seed{{seed}}/costs.csv",
    "metadata": f"{RESULTS}/snn/{{network}}/seed{{seed}}/metadata.json",
}
CONVERSION_PARAMS = {
    "config": slices.conversion_slice(config),
    "code": code_of("convert_network"),
}


rule convert_network:
    input:
        **CONVERTED_FROM,
        dataset=dataset_of,
    output:
        **SPIKING_FILES,
    log:
        f"{RESULTS}/logs/convert_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/convert_network/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of([*config["networks"], *PRUNED]),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2500,
    params:
        **CONVERSION_PARAMS,
        seeds=the_seed,
    message:
        "Converting {wildcards.network} (seed {wildcards.seed}) into a spiking network"
    script:
        "../scripts/convert_network.py"
