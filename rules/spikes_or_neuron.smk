# The claims again, with other neurons and read-outs.

# Each study that is repeated: its part, if it may not run, and its files.
ASKED_AGAIN = {
    "sweep": (None, SWEEP),
    "layers": ("layer_scaling", SUBSETS),
    "rates": ("rate_transfer", TRANSFER),
}
AGAIN = "spikes_or_neuron/{network}/seed{seed}"
ENDINGS = {"": ".csv", "_answers": "_answers.npz"}
ANSWERED_AGAIN = {
    f"{study}{what}": f"{RESULTS}/{AGAIN}_{study}{ending}"
    for study in ASKED_AGAIN
    for what, ending in ENDINGS.items()
} | {"metadata": f"{RESULTS}/{AGAIN}.metadata.json"}
COMPARED_CLAIMS = {
    f"{other}{study}{what}": (
        of_seeds(f"{files}{ending}") if part in (None, *PARTS) else []
    )
    for study, (part, studied) in ASKED_AGAIN.items()
    for other, files in (("", studied), ("other_", f"{AGAIN}_{study}"))
    for what, ending in ENDINGS.items()
}


# One job for all seeds of a network: each alone would take hardly longer than its start. Networks
# may have other seeds, so each has a rule.
for simulated in NETWORKS:

    rule:
        name:
            f"run_spikes_or_neuron_{simulated}"
        input:
            **of_each_seed(SIMULATED, slices.seeds_of(config, simulated)),
            dataset=dataset_file(simulated),
        output:
            **of_each_seed(ANSWERED_AGAIN, slices.seeds_of(config, simulated)),
        log:
            f"{RESULTS}/logs/run_spikes_or_neuron/{{network}}.log",
        benchmark:
            f"{RESULTS}/benchmarks/run_spikes_or_neuron/{{network}}.tsv"
        wildcard_constraints:
            network=one_of([simulated]),
        priority: 5
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=2000,
            runtime=480,
        params:
            **study_params(
                "spikes_or_neuron",
                lambda wc: slices.spikes_or_neuron_slice(config, wc.network),
            )
            | {"seeds": slices.seeds_of(config, simulated)},
        message:
            "Asking {wildcards.network} again with other neurons"
        script:
            "../scripts/run_study.py"


use rule make_tables as compare_claims with:
    input:
        **COMPARED_CLAIMS,
    output:
        claims=report(
            f"{RESULTS}/spikes_or_neuron/claims.csv",
            caption="../reports/captions/claims_by_way.rst",
            category=parts.category_of("spikes_or_neuron"),
            labels={"table": "claims with other neurons"},
        ),
    log:
        f"{RESULTS}/logs/compare_claims.log",
    params:
        **table_params("spikes_or_neuron.claims", slices.claims_by_way_slice(config)),
    message:
        "Judging the claims with other neurons"
