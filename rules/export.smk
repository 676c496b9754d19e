# Networks in forms in which they run elsewhere, at their recommended settings; what they do there.

EXPORT = "export/{network}/seed{seed}"
# Written last by `make foreign`.
FOREIGN = ".venv-foreign/.complete"
# In how many forms each network is written; network.nir comes beside them where NIR can express it.
FORMS = {
    "description": "network.json",
    "script": "network.py",
    "arrays": "network.npz",
    "example": "example.npz",
}
# Variants as far as they were converted; like all networks, from their first seed.
EXPORTED_PRUNED = [
    (network, slices.converted_seeds_of(config, network)[0])
    for network in of_part("export", PRUNED)
    if slices.converted_seeds_of(config, network)
]


use rule run_study as run_export with:
    input:
        **SPIKING_NETWORK,
        sweep=[] if "recommendation" in PARTS else f"{RESULTS}/{SWEEP}.csv",
        candidates=of_part("recommendation", f"{RESULTS}/{FOUND}_candidates.csv"),
        check=of_part("recommendation", f"{RESULTS}/{FOUND}_check.csv"),
    output:
        **{form: f"{RESULTS}/{EXPORT}/{file}" for form, file in FORMS.items()},
        changes=f"{RESULTS}/{EXPORT}/changes.csv",
        fit=f"{RESULTS}/{EXPORT}/fit.csv",
        metadata=f"{RESULTS}/{EXPORT}/metadata.json",
    log:
        f"{RESULTS}/logs/run_export/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_export/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(NETWORKS),
    params:
        **study_params("export", slices.export_slice(config)),
    message:
        "Exporting {wildcards.network} (seed {wildcards.seed})"


# With the simulators of other people, where `make foreign` has set up an environment for them.
use rule run_study as run_replay with:
    input:
        **rules.run_export.input,
        description=f"{RESULTS}/{EXPORT}/network.json",
        environment=FOREIGN,
    output:
        replays=f"{RESULTS}/{EXPORT}/replays.csv",
        metadata=f"{RESULTS}/{EXPORT}/replays.metadata.json",
    log:
        f"{RESULTS}/logs/run_replay/{{network}}/seed{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/run_replay/{{network}}/seed{{seed}}.tsv"
    wildcard_constraints:
        network=one_of(NETWORKS),
    params:
        **study_params("export.replay", slices.replay_slice(config)),
        # It runs in the other environment, so that nothing imports it.
        program=code_of("run_study", "spikesweep.study.export.replay.simulators"),
    message:
        "Replaying {wildcards.network} (seed {wildcards.seed}) in other simulators"


# One job for all: each network takes a fraction of a second.
rule export_pruned:
    input:
        datasets=[dataset_file(network) for network, _ in EXPORTED_PRUNED],
        networks=[
            f"{RESULTS}/snn/{network}/seed{seed}/network.npz"
            for network, seed in EXPORTED_PRUNED
        ],
        sweeps=[
            f"{RESULTS}/{SWEEP}.csv".format(network=network, seed=seed)
            for network, seed in EXPORTED_PRUNED
        ],
    output:
        **{
            form: [
                f"{RESULTS}/export/{network}/seed{seed}/{file}"
                for network, seed in EXPORTED_PRUNED
            ]
            for form, file in FORMS.items()
        },
        fit=f"{RESULTS}/export/pruned_fit.csv",
        metadata=f"{RESULTS}/export/pruned.metadata.json",
    log:
        f"{RESULTS}/logs/export_pruned.log",
    benchmark:
        f"{RESULTS}/benchmarks/export_pruned.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=1500,
    params:
        config=slices.exported_files_slice(config),
        of=EXPORTED_PRUNED,
        code=code_of("export_pruned"),
    message:
        "Exporting pruned networks"
    script:
        "../scripts/export_pruned.py"


# What the report reads.
PRUNED_EXPORTS = [f"{RESULTS}/export/pruned.metadata.json"] if EXPORTED_PRUNED else []
REPLAYS = of_part(
    "export",
    of_first_seeds(f"{EXPORT}/replays.csv") if Path(FOREIGN).exists() else [],
)
EXPORTS = {
    "exports": of_part("export", of_first_seeds(f"{EXPORT}/network.json")),
    "export_changes": of_part("export", of_first_seeds(f"{EXPORT}/changes.csv")),
    "export_fits": of_part("export", of_first_seeds(f"{EXPORT}/fit.csv")),
    "pruned_exports": PRUNED_EXPORTS,
    "replays": REPLAYS,
}
