# Techniques against overfitting: their networks are trained, converted and swept like any other,
# but all seeds in one job: the start of a job takes longer than such a small network.

from spikesweep.config.variants import entry_of
from spikesweep.training.techniques import image_settings

TECHNIQUE_SEEDS = config["preprocessing"]["seeds"]
SPIKING_SEEDS = TECHNIQUE_SEEDS[: config["preprocessing"]["converted_seeds"]]


use rule train_network as train_technique with:
    output:
        **of_each_seed(TRAINED_FILES, TECHNIQUE_SEEDS),
    log:
        f"{RESULTS}/logs/train_technique/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_technique/{{network}}.tsv"
    wildcard_constraints:
        network=one_of(PREPROCESSED),
    params:
        **TRAINING_PARAMS,
        seeds=TECHNIQUE_SEEDS,
    message:
        "Training {wildcards.network} (seeds {params.seeds})"


use rule convert_network as convert_technique with:
    input:
        **of_each_seed(CONVERTED_FROM, SPIKING_SEEDS),
        dataset=dataset_of,
    output:
        **of_each_seed(SPIKING_FILES, SPIKING_SEEDS),
    log:
        f"{RESULTS}/logs/convert_technique/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/convert_technique/{{network}}.tsv"
    wildcard_constraints:
        network=one_of(PREPROCESSED),
    params:
        **CONVERSION_PARAMS,
        seeds=SPIKING_SEEDS,
    message:
        "Converting {wildcards.network} (seeds {params.seeds}) into spiking networks"


use rule run_synapse_and_scaling as sweep_technique with:
    input:
        **of_each_seed(SIMULATED, SPIKING_SEEDS),
        dataset=dataset_of,
    output:
        **of_each_seed(SWEEP_FILES, SPIKING_SEEDS),
    log:
        f"{RESULTS}/logs/sweep_technique/{{network}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/sweep_technique/{{network}}.tsv"
    wildcard_constraints:
        network=one_of(PREPROCESSED),
    params:
        **SWEEP_PARAMS | {"seeds": SPIKING_SEEDS},
    message:
        "Sweeping synapse and scale of {wildcards.network} (seeds {params.seeds})"


use rule make_tables as tabulate_preprocessing with:
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
            category=parts.category_of("preprocessing"),
            labels={"table": "ranking"},
        ),
        gap=f"{RESULTS}/preprocessing/gap.csv",
        spiking=report(
            f"{RESULTS}/preprocessing/spiking.csv",
            caption="../reports/captions/preprocessing_spiking.rst",
            category=parts.category_of("preprocessing"),
            labels={"table": "as spiking networks"},
        ),
        # Times in seconds: the only table that differs from run to run.
        cost=report(
            f"{RESULTS}/preprocessing/cost.csv",
            caption="../reports/captions/preprocessing_cost.rst",
            category=parts.category_of("preprocessing"),
            labels={"table": "cost of training"},
        ),
    log:
        f"{RESULTS}/logs/tabulate_preprocessing.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_preprocessing.tsv"
    params:
        **table_params("preprocessing.tables", slices.confidence_slice(config)),
    message:
        "Comparing the preprocessing techniques"


use rule plot_figure as plot_preprocessing_examples with:
    input:
        datasets=sorted({dataset_file(name) for name in PREPROCESSED}),
    output:
        **figure_files("preprocessing_examples"),
    log:
        figure_log("preprocessing_examples"),
    resources:
        mem_mb=1000,
    params:
        **figure_params("preprocessing_examples"),
        variants={
            name: {
                "dataset": dataset_file(name),
                "entry": image_settings(entry_of(config, name)),
                "seed": slices.seeds_of(config, name)[0],
            }
            for name in PREPROCESSED
        },


use rule plot_figure as plot_preprocessing_gap with:
    input:
        gap=f"{RESULTS}/preprocessing/gap.csv",
    output:
        **figure_files("preprocessing_gap"),
    log:
        figure_log("preprocessing_gap"),
    params:
        **figure_params("preprocessing_gap"),


use rule plot_figure as plot_preprocessing_ranking with:
    input:
        ranking=f"{RESULTS}/preprocessing/ranking.csv",
    output:
        **figure_files("preprocessing_ranking"),
    log:
        figure_log("preprocessing_ranking"),
    params:
        **figure_params("preprocessing_ranking"),
