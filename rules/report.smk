# What made the results, and the page that shows all of it.

PUBLISHED_COMPARISON = [f"{RESULTS}/published_comparison.csv"] if COMPARED else []
FIGURES = [
    figure.name
    for part in parts.parts_of(config["study"]["parts"])
    for figure in part.figures
    # There are none if all networks are users' files.
    if figure.name != "learning_curves" or LEARNED
]
CAPTIONS = [*FIGURES, *(Path(table).stem for table in PUBLISHED_COMPARISON)]
SECTIONS = sorted(path.name for path in Path(REPORT_TEXTS, "sections").iterdir())
DATASET_METADATA = expand(f"{DATA}/{{dataset}}.metadata.json", dataset=DATASETS)
WITH_VARIANTS = NETWORKS + PRUNED + PREPROCESSED
# What each job that made a model or numbers wrote next to its results.
METADATA = [
    *DATASET_METADATA,
    *of_seeds("networks/{network}/seed{seed}/metadata.json", WITH_VARIANTS),
    *of_converted_seeds("snn/{network}/seed{seed}/metadata.json", WITH_VARIANTS),
    *of_converted_seeds(f"{SWEEP}.metadata.json", WITH_VARIANTS),
    *of_seeds(f"{RATES}.metadata.json"),
    *of_first_seeds(f"{AGREEMENT}.metadata.json"),
    *of_part("settling", of_seeds(f"{SETTLING}.metadata.json")),
    *of_part("neuron_cost", of_seeds(f"{NEURON_COST}.metadata.json")),
    *of_part("layer_scaling", of_seeds(f"{SUBSETS}.metadata.json")),
    *of_part("rate_transfer", of_seeds(f"{TRANSFER}.metadata.json")),
    *of_part("rate_transfer", [f"{RESULTS}/rate_transfer/benefit.metadata.json"]),
    *of_part(
        "recommendation",
        expand(
            f"{RESULTS}/{FOUND}_{{stage}}.metadata.json",
            network=NETWORKS,
            stage=["search", "candidates", "check"],
        ),
    ),
    *of_part("export", of_first_seeds(f"{EXPORT}/metadata.json")),
    *PRUNED_EXPORTS,
]


rule record_provenance:
    input:
        metadata=METADATA,
    output:
        config=report(
            f"{RESULTS}/provenance/config.yaml",
            caption="../reports/captions/provenance.rst",
            category=parts.category_of("provenance"),
            labels={"table": "config"},
        ),
        versions=report(
            f"{RESULTS}/provenance/versions.csv",
            caption="../reports/captions/provenance.rst",
            category=parts.category_of("provenance"),
            labels={"table": "versions"},
        ),
    log:
        f"{RESULTS}/logs/record_provenance.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=700,
    params:
        # The one job that shows the whole config may depend on the whole config.
        config=slices.resolved(config),
        code=code_of("record_provenance"),
    message:
        "Recording the config and the versions"
    script:
        "../scripts/record_provenance.py"


rule write_report:
    input:
        **EXPORTS,
        template=f"{REPORT_TEXTS}/report.html.j2",
        sections=expand(f"{REPORT_TEXTS}/sections/{{section}}", section=SECTIONS),
        captions=expand(f"{REPORT_TEXTS}/captions/{{name}}.rst", name=CAPTIONS),
        figures=[
            file
            for name in FIGURES
            for file in expand(
                f"{RESULTS}/figures/{figure_path(name)}.svg",
                network=NETWORKS,
                dataset=DATASETS,
            )
        ],
        main_numbers=f"{RESULTS}/main_numbers.csv",
        accuracies=of_seeds("networks/{network}/seed{seed}/accuracy.csv"),
        imports=of_seeds("networks/{network}/seed{seed}/metadata.json", FROM_FILES),
        replaced=of_seeds("networks/{network}/seed{seed}/replaced_layers.csv", ADAPTED),
        agreement=of_first_seeds(f"{AGREEMENT}.csv"),
        published=PUBLISHED_COMPARISON,
        findings=f"{RESULTS}/findings.csv",
        recommendations=of_part("recommendation", [f"{RESULTS}/recommendations.csv"]),
        snippets=of_part(
            "recommendation", expand(f"{RESULTS}/{FOUND}.yaml", network=NETWORKS)
        ),
        python_lines=of_part(
            "recommendation", expand(f"{RESULTS}/{FOUND}.py", network=NETWORKS)
        ),
        lost=of_part("pruning", [f"{RESULTS}/pruning/lost.csv"]),
        knee=of_part("pruning", [f"{RESULTS}/pruning/knee.csv"]),
        pruned_scale=of_part("pruning", [f"{RESULTS}/pruning/scale.csv"]),
        ranking=of_part("preprocessing", [f"{RESULTS}/preprocessing/ranking.csv"]),
        neuron_costs=of_part("neuron_cost", [f"{RESULTS}/neuron_cost/comparison.csv"]),
        notebooks=expand(f"{RESULTS}/first_steps/{{notebook}}.html", notebook=NOTEBOOKS),
        datasets=DATASET_METADATA,
        config=f"{RESULTS}/provenance/config.yaml",
        versions=f"{RESULTS}/provenance/versions.csv",
    output:
        report=f"{RESULTS}/report.html",
        # The report is the last result, so that all others can be recorded with it.
        record=f"{RESULTS}/provenance/record.json",
    log:
        f"{RESULTS}/logs/write_report.log",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=1000,
    params:
        config=slices.report_slice(config),
        figure_folder=f"{RESULTS}/figures",
        results=RESULTS,
        prepared=[f"{DATA}/{name}.npz" for name in DATASETS],
        judged=lambda wc: {
            "inputs": {
                name: [*map(str, [files] if isinstance(files, str) else files)]
                for name, files in rules.judge_findings.input.items()
            },
            "config": slices.findings_slice(config),
        },
        code=code_of("write_report"),
    message:
        "Writing the report"
    script:
        "../scripts/write_report.py"
