# From a Keras model to a SpikingNetwork, through NengoDL's Converter.


rule convert_network:
    input:
        dataset=dataset_of,
        model=f"{RESULTS}/networks/{{network}}/seed{{seed}}/model.keras",
        trained=f"{RESULTS}/networks/{{network}}/seed{{seed}}/metadata.json",
    output:
        network=f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
        ann_classes=f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
        layers=f"{RESULTS}/snn/{{network}}/seed{{seed}}/layers.csv",
        costs=f"{RESULTS}/snn/{{network}}/seed{{seed}}/costs.csv",
        metadata=f"{RESULTS}/snn/{{network}}/seed{{seed}}/metadata.json",
    log:
        f"{RESULTS}/logs/convert_network/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/convert_network/{{network}}/seed{{seed}}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2500,
    params:
        config=slices.conversion_slice(config),
        code=code_of("convert_network"),
    message:
        "Converting {wildcards.network} (seed {wildcards.seed}) into a spiking network"
    script:
        "../scripts/convert_network.py"
